import type { PackageMarks } from '../../../ops/browse/session.js';
import type { SearchHit } from '../../../registry/index.js';
import { cleanLine, fitted, shortened } from '../../parts/clean-text.js';
import type { Line, Span, Tone } from '../../parts/line.js';

export interface HitFacts {
  readonly hit: SearchHit | undefined;
  readonly marks: PackageMarks | undefined;
  /** The version that the project has. */
  readonly installed: string | undefined;
}

export interface HitColumns {
  readonly name: number;
  readonly version: number;
  readonly downloads: number;
  readonly age: number;
  readonly marks: number;
  /** 0 where there is no room for it. */
  readonly description: number;
  /** Whether there is room for marks in words. */
  readonly words: boolean;
}

const WIDE = 110;
/** Blanks between columns, and what stands before the line. */
const GAP = 2;
const MARK = 2;

/** How wide the columns of the list are on a screen. @param width columns of the screen */
export function hitColumns(width: number): HitColumns {
  const words = width >= WIDE;
  const fixed = { version: 12, downloads: 9, age: 5, marks: words ? 32 : 5 };
  const taken = MARK + fixed.version + fixed.downloads + fixed.age + fixed.marks + 4 * GAP;
  const left = Math.max(10, width - taken);
  const name = words ? Math.min(44, Math.floor(left / 2)) : left;
  return { ...fixed, words, name, description: words ? Math.max(0, left - name - GAP) : 0 };
}

/** What stands above the list. */
export function headingLine(columns: HitColumns): Line {
  const { name, version, downloads, age, marks, description, words } = columns;
  const cells = [
    fitted('name', name),
    fitted('version', version),
    fitted('downloads', downloads, 'right'),
    fitted('age', age, 'right'),
    ...(description > 0 ? [fitted('description', description)] : []),
    fitted(words ? 'marks' : 'SADI', marks),
  ];
  return [{ text: `  ${cells.join('  ')}`, tone: 'dim' }];
}

/** One package of the list. @param now for its age */
export function hitLine({ hit, marks, installed }: HitFacts, columns: HitColumns, now: Date): Line {
  if (!hit) return [{ text: '…', tone: 'dim' }];
  const { name, version, downloads, age, description, words } = columns;
  return [
    { text: fitted(hit.name, name), tone: 'name' },
    { text: `  ${fitted(hit.version, version)}` },
    { text: `  ${fitted(countText(hit.downloads), downloads, 'right')}` },
    { text: `  ${fitted(ageText(hit.updated, now), age, 'right')}  `, tone: 'dim' },
    ...(description > 0 ? [{ text: `${fitted(hit.description, description)}  `, tone: 'dim' as const }] : []),
    ...(words ? markWords({ hit, marks, installed }, columns.marks) : markLetters({ hit, marks, installed })),
  ];
}

const LETTERS = [
  ['signed', 'S', 'good'],
  ['approved', 'A', 'good'],
  ['deprecated', 'D', 'warn'],
] as const satisfies readonly (readonly [keyof PackageMarks, string, Tone])[];

/** What the letters of a narrow screen mean, for the help. */
export const LEGEND = 'S signed, A approved, D deprecated, I installed, U installed in another version';

function markLetters({ hit, marks, installed }: HitFacts): Span[] {
  const letters = LETTERS.map(([mark, letter, tone]): Span => {
    return marks?.[mark] ? { text: letter, tone } : { text: ' ' };
  });
  const own = installed === undefined ? ' ' : installed === hit?.version ? 'I' : 'U';
  return [...letters, { text: own, tone: own === 'U' ? 'warn' : 'plain' }];
}

function markWords({ hit, marks, installed }: HitFacts, width: number): Span[] {
  const words = markTexts(marks, { installed, latest: hit?.version });
  let left = width;
  return words.flatMap(({ text, tone }, at): Span[] => {
    const gap = at === 0 ? '' : ' ';
    const cut = shortened(text, Math.max(0, left - gap.length));
    left -= cut.length + gap.length;
    return cut === '' ? [] : [{ text: gap }, { text: cut, tone }];
  });
}

/** Marks in words. */
export function markTexts(
  marks: PackageMarks | undefined,
  { installed, latest }: { readonly installed: string | undefined; readonly latest: string | undefined },
): Span[] {
  const own = installed === latest ? 'installed' : `installed ${installed}`;
  return [
    ...LETTERS.flatMap(([mark, , tone]): Span[] => (marks?.[mark] ? [{ text: mark, tone }] : [])),
    ...(installed === undefined
      ? []
      : [{ text: own, tone: installed === latest ? ('plain' as const) : ('warn' as const) }]),
  ];
}

/** `950`, `12.3k`, `4.5M`. */
export function countText(count: number): string {
  if (count < 1_000) return String(Math.floor(count));
  if (count < 1_000_000) return `${(count / 1_000).toFixed(count < 100_000 ? 1 : 0)}k`;
  return `${(count / 1_000_000).toFixed(1)}M`;
}

const DAY_MS = 86_400_000;

/** How long ago something was: `3h`, `12d`, `5w`, `7mo`, `2y`; '' where nobody knows. @param time ISO time */
export function ageText(time: string, now: Date): string {
  const ms = now.getTime() - Date.parse(time);
  if (Number.isNaN(ms)) return '';
  const days = ms / DAY_MS;
  if (days < 1) return `${Math.max(0, Math.floor(ms / 3_600_000))}h`;
  if (days < 30) return `${Math.floor(days)}d`;
  if (days < 90) return `${Math.floor(days / 7)}w`;
  if (days < 730) return `${Math.floor(days / 30.4)}mo`;
  return `${Math.floor(days / 365)}y`;
}

/** The line below the list: what the package at the cursor is for. */
export function descriptionLine(hit: SearchHit | undefined, width: number): Line {
  return [{ text: shortened(cleanLine(hit?.description ?? ''), width), tone: 'dim' }];
}
