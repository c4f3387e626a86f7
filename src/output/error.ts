import type { Fact, PrompdError } from '../core/errors.js';
import type { Style } from './style.js';

/** An error as people read it: code and sentence, the facts below, the hint after a blank line. */
export function errorText(error: PrompdError, style: Style): string {
  const lines = [`${style.bad('error')} ${style.strong(error.code)}: ${printable(error.message)}`];
  for (const [name, fact] of Object.entries(error.facts)) lines.push(...factLines(name, fact, style));
  lines.push('', `${style.good('hint')}: ${printable(error.hint)}`);
  return `${lines.join('\n')}\n`;
}

/**
 * Replaces what would move the cursor, recolour the terminal or turn the order of a line: texts in errors and results come
 * from registries and packages. Line feeds and tabs stay.
 */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\u{fffd}');
}

function factLines(name: string, fact: Fact, style: Style): string[] {
  if (typeof fact !== 'object') return [`  ${style.dim(`${name}:`)} ${printable(String(fact))}`];
  if (fact.length === 0) return [];
  return [`  ${style.dim(`${name}:`)}`, ...fact.map(item => `    ${printable(item)}`)];
}
