import type { ExportResult } from '../ops/interchange/export.js';
import { printable } from './error.js';
import { count } from './problems.js';
import type { Style } from './style.js';

/** The files that were written; what was lost on the way is talk and stands on stderr. */
export function exportedText({ format, files, dir, notes }: ExportResult, style: Style): string {
  const prompts = new Set(files.map(({ prompt }) => prompt)).size;
  return [
    `${style.good('wrote')} ${count(prompts, 'prompt')} as ${format} to ${printable(dir ?? '')}`,
    ...files.map(({ path, prompt }) => `  ${printable(path)}  ${style.dim(printable(prompt))}`),
    ...(notes.length === 0
      ? []
      : [`${count(notes.length, 'note')} on what was not carried over or had to change`]),
  ].join('\n');
}
