import type { ContractChange } from '../prompt/index.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** One line for each change, below the prompt that it is about. */
export function changeLines(changes: readonly ContractChange[], style: Style): string[] {
  const prompts = [...new Set(changes.map(({ prompt }) => prompt))];
  return prompts.flatMap(prompt => {
    const own = changes.filter(change => change.prompt === prompt);
    const heading = prompt === undefined ? [] : [`  ${style.name(printable(prompt))}`];
    return [...heading, ...own.map(change => changeLine(change, style))];
  });
}

function changeLine({ level, message, prompt }: ContractChange, style: Style): string {
  const mark = { breaking: style.bad, minor: style.warn, patch: style.dim }[level](level.padEnd(8));
  return `${prompt === undefined ? '  ' : '    '}${mark}  ${printable(message).replaceAll('\n', ' ')}`;
}
