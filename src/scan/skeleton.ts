import { LOOKALIKES } from './lookalikes.js';
import { INVISIBLE_RUN } from './rules/invisible-character.js';

/** A text as a reader takes it, with the way back to the characters that it is made of. */
export interface Skeleton {
  readonly text: string;
  /** Index in the original of a character of the skeleton. */
  originOf(index: number): number;
}

/** Letters in other dress: fullwidth forms, and the alphabets of mathematics and of enclosed letters. */
const DRESSED = /[\uff01-\uff5e\u2460-\u24ff\u2100-\u214f\u{1d400}-\u{1d7ff}\u{1f110}-\u{1f189}]/u;
const ONE_INVISIBLE = new RegExp(INVISIBLE_RUN.source, 'u');

/**
 * Undoes what makes words look alike to people and different to patterns: invisible characters go, letters in other
 * dress and look-alikes of other scripts become Latin ones, and the marks of emphasis in Markdown go. Takes time linear in the text.
 * @returns undefined when nothing had to be undone
 */
export function skeletonOf(text: string): Skeleton | undefined {
  if (!/[^\p{ASCII}]|[*_]/u.test(text)) return undefined;
  const parts: string[] = [];
  const origins: number[] = [];
  let index = 0;
  let changed = false;
  for (const character of text) {
    const plain = isEmphasis(text, index) ? '' : plainOf(character);
    if (plain !== character) changed = true;
    parts.push(plain);
    for (let unit = 0; unit < plain.length; unit++) origins.push(index);
    index += character.length;
  }
  if (!changed) return undefined;
  return { text: parts.join(''), originOf: at => origins[at] ?? text.length };
}

/** A star or an underscore that touches a word; one that stands alone begins a list item. */
function isEmphasis(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  if (code !== 0x2a && code !== 0x5f) return false;
  return /\S/.test(text.charAt(index + 1)) || /\S/.test(text.charAt(index - 1));
}

function plainOf(character: string): string {
  if (character.charCodeAt(0) < 0x80) return character;
  const latin = LOOKALIKES.get(character);
  if (latin !== undefined) return latin;
  if (ONE_INVISIBLE.test(character)) return '';
  return DRESSED.test(character) ? character.normalize('NFKC') : character;
}
