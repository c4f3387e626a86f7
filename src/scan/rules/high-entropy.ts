import { encodedTexts } from '../encoded-text.js';
import { entropyOf, isPlaceholder } from '../entropy.js';
import type { Match, TextFile, TextRule } from '../rule.js';

/** Runs of the characters that keys are made of; one that is longer than any key is a blob. */
const RUN = /(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{32,}(?![A-Za-z0-9+/_-])={0,2}/g;
const LONGEST = 128;
/** What stands before hashes and embedded files, which are random and no secret, and before the end of a web token. */
const HARMLESS_BEFORE =
  /(?:sha(?:1|256|384|512)[-:]|base64,|integrity["':= ]{1,4}|:\/\/\S{0,200}|\beyJ[\w-]{1,100}\.eyJ[\w-]{1,200}\.)$/i;
const MIN_ENTROPY = 4.4;

/** Random text as long as a key, whatever it is called: nobody remembers or pronounces it. */
export const highEntropy: TextRule = {
  id: 'high-entropy',
  title: 'A random value',
  help: 'A value that looks like a key of some service stands in the text. If it is one, revoke it and make it a parameter; if it is a hash or an example, an exception in the policy says so.',
  levels: ['low'],
  *checkText({ text }: TextFile): Generator<Match> {
    for (const { 0: found, index } of text.matchAll(RUN)) {
      if (found.length > LONGEST || !isRandom(found) || isPlaceholder(found)) continue;
      if (HARMLESS_BEFORE.test(text.slice(Math.max(0, index - 220), index))) continue;
      yield {
        level: 'low',
        message: `A random value of ${found.length} characters may be a key: "${found.slice(0, 3)}...".`,
        hint: 'If it is a secret, revoke it and make it a parameter.',
        index,
      };
    }
  },
};

/** All kinds of characters, changing all the time, without the words that identifiers and paths are made of. */
function isRandom(text: string): boolean {
  if (!/[0-9]/.test(text) || !/[a-z]/.test(text) || !/[A-Z]/.test(text)) return false;
  if (/^sha(?:1|256|384|512)-/.test(text)) return false;
  if (/[a-z]{6}|[A-Z]{8}/.test(text) || (text.match(/[/_-]/g)?.length ?? 0) > 4) return false;
  // What decodes to text is no key; it is scanned as the text that it is.
  return (
    entropyOf(text) >= MIN_ENTROPY && [...encodedTexts(text)].every(({ decoded }) => decoded === undefined)
  );
}
