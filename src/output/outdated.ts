import { stepGroup, versionStep } from '../core/version-step.js';
import type { OutdatedPackage } from '../ops/update/outdated.js';
import { columns } from './columns.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** What is newer than what the project has, a package a line. */
export function outdatedText(packages: readonly OutdatedPackage[], style: Style): string {
  if (packages.length === 0) return 'Everything is up to date.\n';
  const rows = packages.map(found => [
    found.asked === found.name ? found.name : `${found.asked} -> ${found.name}`,
    found.current ?? 'missing',
    found.wanted ?? '-',
    found.latest ?? '-',
    found.kind,
    found.where.join(', '),
    notesOf(found),
  ]);
  const header = ['Package', 'Current', 'Wanted', 'Latest', 'Kind', 'Where', 'Notes'];
  return `${columns([header, ...rows], (cell, row, column) =>
    row === 0 ? style.strong(cell) : column === 0 ? style.name(cell) : cell,
  ).join('\n')}\n`;
}

/** As npm prints it: by name; where a package is there in several versions, a list. */
export function outdatedJson(packages: readonly OutdatedPackage[]): Record<string, unknown> {
  const byName = new Map<string, object[]>();
  for (const { asked, name, ...rest } of packages) {
    const entry = { ...(asked === name ? {} : { package: name }), ...rest };
    byName.set(asked, [...(byName.get(asked) ?? []), entry]);
  }
  return Object.fromEntries(
    [...byName].map(([asked, entries]) => [asked, entries.length === 1 ? entries[0] : entries]),
  );
}

function notesOf({ current, wanted, latest, yanked, deprecated }: OutdatedPackage): string {
  const group = current && latest ? stepGroup(versionStep(current, latest)) : undefined;
  return [
    ...(yanked ? ['current is withdrawn'] : []),
    ...(deprecated === undefined ? [] : [`current is deprecated: ${oneLine(deprecated)}`]),
    ...(group === 'breaking' && latest !== current ? ['latest may break'] : []),
    ...(current !== undefined && wanted === undefined ? ['nothing fits any more'] : []),
  ].join('; ');
}

function oneLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ').trim().slice(0, 120);
}
