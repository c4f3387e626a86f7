import type { DedupeResult } from '../ops/update/dedupe.js';
import { keyText } from './package-key.js';
import { count } from './problems.js';
import type { Style } from './style.js';
import { moveLines } from './update.js';

/** What was merged, and what stays apart. */
export function dedupeText(result: DedupeResult, style: Style): string {
  const { moved, appeared, gone, additional, apart, dryRun } = result;
  const saved = additional.before - additional.after;
  const lines = [
    ...moveLines(moved, style),
    ...appeared.map(key => `${style.good('+')} ${keyText(key)}`),
    ...gone.map(key => `${style.bad('-')} ${keyText(key)}`),
    ...apart.map(
      ({ name, versions }) =>
        `${style.name(name)} stays in ${versions.join(', ')}: no version fits all who ask`,
    ),
    saved === 0
      ? 'There is nothing to merge.'
      : `${dryRun ? 'Could save' : 'Saved'} ${count(saved, 'version')}.`,
  ];
  return `${lines.join('\n')}\n`;
}
