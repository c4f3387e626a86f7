import type { Match, TextFile, TextRule } from '../rule.js';

/** Runs of letters of the three scripts that share shapes. */
const WORD = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{M}]{2,}/gu;

/**
 * Cyrillic and Greek letters that look like a Latin one in common typefaces, and that letter. Letters that look like
 * nothing else (λ, Ω, Ж) are left out: "λx" and "kΩ" deceive nobody.
 * @see https://www.unicode.org/reports/tr39/#Confusable_Detection
 */
const LOOKALIKES: ReadonlyMap<string, string> = new Map([
  // Cyrillic
  ...pairs('асеорхуіјѕһԁԛԝӏ', 'aceopxyijshdqwl'),
  ...pairs('АВСЕНІЈКМОРЅТХУ', 'ABCEHIJKMOPSTXY'),
  // Greek
  ...pairs('οανρυιγκ', 'oavpuiyk'),
  ...pairs('ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'ABEZHIKMNOPTYX'),
]);

/** A word that mixes Latin letters with letters of another script that look like them. */
export const mixedScript: TextRule = {
  id: 'mixed-script',
  *checkText(file: TextFile): Generator<Match> {
    for (const { 0: word, index } of file.text.matchAll(WORD)) {
      if (!/\p{Script=Latin}/u.test(word)) continue;
      const foreign = [...word].find(letter => LOOKALIKES.has(letter));
      if (foreign === undefined) continue;
      yield {
        severity: 'warning',
        message: `"${word.slice(0, 40)}" mixes scripts: "${foreign}" (${codePoint(foreign)}) looks like the Latin "${LOOKALIKES.get(foreign)}".`,
        hint: 'Type the word again in one script, unless the mixture is meant.',
        index,
      };
    }
  },
};

function pairs(letters: string, latin: string): [string, string][] {
  return [...letters].map((letter, index) => [letter, latin.charAt(index)]);
}

function codePoint(character: string): string {
  return `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`;
}
