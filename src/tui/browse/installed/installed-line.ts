import type { InstalledNews, InstalledPackage } from '../../../ops/browse/installed.js';
import { cleanLine, fitted, shortened } from '../../parts/clean-text.js';
import type { Line, Span } from '../../parts/line.js';

/** Widths in columns. */
export interface InstalledColumns {
  readonly name: number;
  readonly version: number;
}

/** What of a width the columns get; the rest is for marks. */
export function installedColumns(width: number): InstalledColumns {
  const version = width >= 100 ? 14 : 9;
  return { version, name: Math.max(12, Math.min(44, width - 4 * (version + 1) - 18)) };
}

/** What the columns are called. */
export function installedHeading({ name, version }: InstalledColumns): Line {
  const titles = ['asked for', 'current', 'wanted', 'latest'].map(title => fitted(title, version));
  return [{ text: `  ${fitted('package', name)} ${titles.join(' ')} marks`, tone: 'dim' }];
}

/** One package: what is there, what there is, and what is wrong with it, in words. */
export function installedLine(
  item: InstalledPackage,
  news: InstalledNews | undefined,
  { name, version }: InstalledColumns,
): Line {
  const { asked, range, current } = item;
  const isBehind = news?.outdated === true;
  return [
    { text: `${fitted(asked, name)} `, tone: 'name' },
    { text: `${fitted(range ?? '', version)} ` },
    { text: `${fitted(current ?? 'none', version)} `, tone: isBehind ? 'warn' : 'plain' },
    { text: `${fitted(news?.wanted ?? '', version)} `, tone: isBehind ? 'good' : 'plain' },
    { text: `${fitted(news?.latest ?? '', version)} ` },
    ...marksOf(item, news),
  ];
}

/** What is to be known of a package, the most urgent first. */
export function marksOf(item: InstalledPackage, news: InstalledNews | undefined): Span[] {
  const worst = news?.advisories[0];
  const marks: Span[] = [
    ...(worst ? [{ text: `advisory:${worst.severity}`, tone: 'bad' } as const] : []),
    ...(news?.yanked ? [{ text: 'withdrawn', tone: 'bad' } as const] : []),
    ...(news?.deprecated === undefined ? [] : [{ text: 'deprecated', tone: 'warn' } as const]),
    ...(news?.outdated ? [{ text: 'outdated', tone: 'warn' } as const] : []),
    ...(item.linked === undefined ? [] : [{ text: 'linked' }]),
    ...(item.present || item.linked !== undefined ? [] : [{ text: 'not installed', tone: 'warn' } as const]),
    ...(item.dev ? [{ text: 'dev', tone: 'dim' } as const] : []),
  ];
  return marks.flatMap((mark, at) => (at === 0 ? [mark] : [{ text: ' ' }, mark]));
}

/** The line below the list: what the marks of the package at the cursor say. */
export function aboutInstalled(
  item: InstalledPackage | undefined,
  news: InstalledNews | undefined,
  width: number,
): Line {
  if (!item) return [];
  const said = [
    ...(news?.advisories.map(({ id, message, about }) => `${id} of ${about}: ${message}`) ?? []),
    ...(news?.deprecated === undefined ? [] : [`deprecated: ${news.deprecated}`]),
    ...(news?.yanked ? ['this version was withdrawn'] : []),
    ...(item.linked === undefined ? [] : [`the folder ${item.linked} stands for it`]),
  ];
  return [{ text: shortened(cleanLine(said.join('; ')), width), tone: said.length > 0 ? 'warn' : 'plain' }];
}

/** How many there are, and of how many there is something to say. */
export function installedSummary(
  items: readonly InstalledPackage[],
  news: ReadonlyMap<string, InstalledNews>,
): string {
  const all = items.map(({ asked }) => news.get(asked));
  const counted = [
    [all.filter(one => one?.outdated).length, 'outdated'],
    [all.filter(one => one?.deprecated !== undefined).length, 'deprecated'],
    [all.filter(one => one?.yanked).length, 'withdrawn'],
    [all.filter(one => (one?.advisories.length ?? 0) > 0).length, 'with advisories'],
  ] as const;
  const packages = `${items.length} ${items.length === 1 ? 'package' : 'packages'}`;
  return [packages, ...counted.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : []))].join(
    ', ',
  );
}
