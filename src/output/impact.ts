import type { PackageImpact } from '../ops/registry/impact.js';
import { columns } from './columns.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** Whom a version concerns: a line on each kind, then those that depend on the package. */
export function impactText(impact: PackageImpact, style: Style): string {
  const { name, version, published, tags, freshness, dependents, downloads } = impact;
  const state = [published ? 'published' : 'not published', ...tags.map(printable)].join(', ');
  const clients = downloads.clients.map(({ client, count }) => `${printable(client)} ${count}`).join(', ');
  const { packages } = dependents;
  const rows = packages.map(one => [
    `${printable(one.name)}@${printable(one.version)}`,
    printable(one.range),
    one.takes
      ? one.instead === null
        ? 'no other version'
        : `else ${printable(one.instead)}`
      : 'not concerned',
  ]);
  const table = columns(rows, (cell, row, column) => {
    if (column === 0) return style.name(cell);
    if (column === 1 || packages[row]?.takes !== true) return style.dim(cell);
    return packages[row].instead === null ? style.bad(cell) : cell;
  });
  return [
    `${style.name(`${name}@${printable(version)}`)}  ${state}`,
    `latest: ${printable(freshness.latest)}, ${freshness.days} days old`,
    `downloads in 30 days: ${downloads.total}${clients === '' ? '' : ` (${clients})`}`,
    `dependents: ${dependents.total}; ${dependents.taking} may have this version, ${dependents.stranded} no other`,
    ...table,
  ].join('\n');
}
