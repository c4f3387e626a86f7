import type { InitResult } from '../ops/prompts/init.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** What was made, and what to do next. */
export function initText({ dir, name, template, files }: InitResult, style: Style): string {
  return [
    `${style.good('made')} ${style.strong(name)} from the template "${template}" in ${printable(dir)}`,
    ...files.map(file => `  ${printable(file)}`),
    '',
    `${style.good('hint')}: Edit the prompts, then run "prompd validate" in the folder.`,
  ].join('\n');
}
