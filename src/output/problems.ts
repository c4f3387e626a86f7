import type { Problem } from '../core/problem.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** Findings as people and editors read them: `file:line:column severity CODE message`, the hint below. */
export function problemLines(problems: readonly Problem[], style: Style): string[] {
  return problems.flatMap(({ file, line, column, severity, code, message, hint }) => {
    const place = [oneLine(file), line, column].filter(part => part !== undefined).join(':');
    const paint = severity === 'error' ? style.bad : style.warn;
    const first = `${style.name(place)} ${paint(severity)} ${style.strong(code)} ${oneLine(message)}`;
    return hint === undefined ? [first] : [first, `  ${style.good('hint')}: ${oneLine(hint)}`];
  });
}

/** How many there are of each severity: `2 errors, 1 warning`. */
export function problemCounts(problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return `${count(errors, 'error')}, ${count(problems.length - errors, 'warning')}`;
}

/** `1 file`, `2 files`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** A line feed in a file's name or text must not look like another finding. */
function oneLine(text: string): string {
  return printable(text).replace(/\s*\n\s*/g, ' ');
}
