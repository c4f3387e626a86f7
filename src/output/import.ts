import type { ImportResult } from '../ops/interchange/import.js';
import { printable } from './error.js';
import { count, problemLines } from './problems.js';
import type { Style } from './style.js';

/** The package that was made and its prompts; what was lost on the way is talk and stands on stderr. */
export function importedText(result: ImportResult, style: Style): string {
  const { name, version, dir, dryRun, prompts, notes, problems } = result;
  const made = dryRun ? style.warn('would make') : style.good('made');
  const width = Math.max(...prompts.map(({ id }) => id.length));
  return [
    `${made} ${style.strong(name)} ${version} with ${count(prompts.length, 'prompt')} in ${printable(dir)}`,
    ...prompts.map(
      ({ id, source, format }) => `  ${id.padEnd(width)}  ${style.dim(`${format}, ${printable(source)}`)}`,
    ),
    ...(notes.length === 0
      ? []
      : [`${count(notes.length, 'note')} on what was not carried over or had to change`]),
    ...problemLines(problems, style),
  ].join('\n');
}
