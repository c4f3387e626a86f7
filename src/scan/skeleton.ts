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
/** What may have to be undone. */
const NOT_PLAIN = /[^\p{ASCII}]|[*_]/gu;
const ONE_INVISIBLE = new RegExp(INVISIBLE_RUN.source, 'u');

/**
 * Undoes what makes words look alike to people and different to patterns: invisible characters go, letters in other
 * dress and look-alikes of other scripts become Latin ones, and the marks of emphasis in Markdown go. Takes time linear in the text.
 * @returns undefined when nothing had to be undone
 */
export function skeletonOf(text: string): Skeleton | undefined {
  const parts: string[] = [];
  // Where a piece begins in the skeleton, and where it stands in the original.
  const starts: number[] = [];
  const origins: number[] = [];
  let length = 0;
  const add = (plain: string, origin: number) => {
    if (plain === '') return;
    starts.push(length);
    origins.push(origin);
    parts.push(plain);
    length += plain.length;
  };
  let done = 0;
  for (const { 0: character, index } of text.matchAll(NOT_PLAIN)) {
    const plain = isEmphasis(text, index) ? '' : plainOf(character);
    if (plain === character) continue;
    add(text.slice(done, index), done);
    // Each unit of what stands for a character has the place of that character.
    for (let unit = 0; unit < plain.length; unit++) add(plain.charAt(unit), index);
    done = index + character.length;
  }
  if (done === 0) return undefined;
  add(text.slice(done), done);
  return {
    text: parts.join(''),
    originOf(at) {
      if (at >= length) return text.length;
      const piece = pieceAt(starts, at);
      return (origins[piece] ?? 0) + at - (starts[piece] ?? 0);
    },
  };
}

/** The last piece that begins at or before a place, by halving. */
function pieceAt(starts: readonly number[], at: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
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
