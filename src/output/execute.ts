import { printable } from './error.js';

/** A model's answer: exactly as it came, but for control characters on a terminal. */
export function executeText(text: string, terminal: boolean): string {
  return terminal ? printable(text) : text;
}
