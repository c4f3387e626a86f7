import { type EncodedText, encodedTexts } from '../encoded-text.js';
import { entropyOf } from '../entropy.js';
import type { Match, TextFile, TextRule } from '../rule.js';

/** Longer than any hash or signature that people write into texts (SHA-512 in hex has 128). */
const MIN_BASE64 = 180;
const MIN_HEX = 200;
/** What decodes to text is worth a word from here on; what it says is scanned however short it is. */
const MIN_READABLE = 64;

/** Long base64, base32 or hex: content that neither a reviewer nor a rule can read. */
export const encodedBlob: TextRule = {
  id: 'encoded-blob',
  title: 'Encoded content',
  help: 'Base64, base32, hexadecimal, percent signs or escapes hide content from reviewers. What decodes to text is decoded and scanned with the other rules, also when it was encoded twice or three times. Write content as text, or put it into a file of its own.',
  levels: ['low', 'moderate'],
  *checkText(file: TextFile): Generator<Match> {
    for (const found of encodedTexts(file.text)) {
      const isEscaped = found.encoding === 'escapes' || found.encoding === 'percent signs';
      const match = isEscaped ? undefined : judge(file, found);
      if (match) yield match;
    }
  },
};

function judge({ text }: TextFile, { index, length, encoding, decoded }: EncodedText): Match | undefined {
  if (decoded !== undefined && length >= MIN_READABLE) {
    return {
      level: 'low',
      message: `${length} characters of ${encoding} hold text.`,
      hint: 'Write the text as it is, so that it can be reviewed.',
      index,
    };
  }
  // A prefix tells what it is; measuring megabytes adds nothing.
  const sample = text.slice(index, index + Math.min(length, 4096)).replace(/\s+/g, '');
  const isHex = encoding === 'hexadecimal';
  const isLong = length >= (isHex ? MIN_HEX : MIN_BASE64);
  const isRandom = encoding === 'base64' ? isBase64(sample) : entropyOf(sample) >= (isHex ? 2.5 : 4);
  if (!isLong || !isRandom) return undefined;
  const isPicture = /data:(?:image|font|audio)\/[a-z0-9.+-]{2,20};base64,$/i.test(
    text.slice(Math.max(0, index - 60), index),
  );
  return {
    level: isPicture ? 'low' : 'moderate',
    message: `${length} characters of ${encoding}: nobody can review what they hold.`,
    hint: 'Write the content as text, or put it into a file of its own.',
    index,
  };
}

/** Rulers, long paths and compound identifiers use few of the alphabet's characters, or no digits. */
function isBase64(sample: string): boolean {
  const separators = sample.replace(/[^/_-]/g, '').length;
  return (
    /[0-9]/.test(sample) &&
    /[a-z]/.test(sample) &&
    /[A-Z]/.test(sample) &&
    separators < sample.length / 10 &&
    entropyOf(sample) >= 4
  );
}
