import { entropyOf, isPlaceholder } from '../entropy.js';
import type { Match, TextFile, TextRule } from '../rule.js';

const ASSIGNMENT =
  /(?:api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?key|client[_-]?secret|secret|token|passw(?:or)?d|passphrase|credential)["'`]?[ \t]{0,4}(?:=>|:=|[:=])[ \t]{0,4}["'`]?([A-Za-z0-9+/_.~-]{16,})/gi;

/** A random value that a name calls a secret, whoever issued it. */
export const secretAssignment: TextRule = {
  id: 'secret-assignment',
  title: 'A value that is called a secret',
  help: 'A random value stands beside a name such as token, password or api_key. What is published cannot be taken back: replace the secret where it was issued, and make it a parameter.',
  levels: ['critical'],
  *checkText(file: TextFile): Generator<Match> {
    for (const match of file.text.matchAll(ASSIGNMENT)) {
      const value = match[1] ?? '';
      if (isPlaceholder(value) || !isRandom(value)) continue;
      yield {
        level: 'critical',
        message: `A secret seems to be written here: "${match[0].slice(0, match[0].length - value.length)}${value.slice(0, 3)}...".`,
        hint: 'Make it a parameter, or name the place it is kept in.',
        index: match.index,
      };
    }
  },
};

/** Random text changes between letters and digits, or cases, all the time; words, paths and versions do not. */
function isRandom(value: string): boolean {
  const sample = value.slice(0, 200);
  if (entropyOf(sample) < 3.3) return false;
  const pieces = sample.split(/[-_./~+]/);
  if (pieces.some(piece => piece.length >= 12 && changes(piece, kindOfHex) >= 3 && /[a-z]/i.test(piece)))
    return true;
  return sample.length >= 24 && entropyOf(sample) >= 4.2 && changes(sample, kindOf) >= sample.length / 3;
}

function changes(text: string, kind: (character: string) => string): number {
  let count = 0;
  for (let index = 1; index < text.length; index++) {
    if (kind(text.charAt(index)) !== kind(text.charAt(index - 1))) count++;
  }
  return count;
}

function kindOfHex(character: string): string {
  return /[0-9]/.test(character) ? 'digit' : 'letter';
}

function kindOf(character: string): string {
  if (/[0-9]/.test(character)) return 'digit';
  if (/[a-z]/.test(character)) return 'lower';
  return /[A-Z]/.test(character) ? 'upper' : 'other';
}
