import { LOOKALIKES } from '../lookalikes.js';
import type { Match, TextFile, TextRule } from '../rule.js';

/** Runs of letters of the three scripts that share shapes. */
const WORD = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{M}]{2,}/gu;

/** Most texts have none, and need not be taken apart. */
const ANY_LOOKALIKE = new RegExp(`[${[...LOOKALIKES.keys()].join('')}]`, 'u');

/** A word that mixes Latin letters with letters of another script that look like them. */
export const mixedScript: TextRule = {
  id: 'mixed-script',
  title: 'A word of look-alike letters',
  help: 'A word that mixes Latin letters with Cyrillic or Greek ones that look the same reads as something that it is not: a name, an address, a command. Type it again in one script.',
  levels: ['moderate'],
  *checkText(file: TextFile): Generator<Match> {
    if (!ANY_LOOKALIKE.test(file.text)) return;
    for (const { 0: word, index } of file.text.matchAll(WORD)) {
      if (!/\p{Script=Latin}/u.test(word)) continue;
      const foreign = [...word].find(letter => LOOKALIKES.has(letter));
      if (foreign === undefined) continue;
      yield {
        level: 'moderate',
        message: `"${word.slice(0, 40)}" mixes scripts: "${foreign}" (${codePoint(foreign)}) looks like the Latin "${LOOKALIKES.get(foreign)}".`,
        hint: 'Type the word again in one script, unless the mixture is meant.',
        index,
      };
    }
  },
};

function codePoint(character: string): string {
  return `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`;
}
