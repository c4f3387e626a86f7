/**
 * Shannon entropy of a text's characters, in bits a character: about 4 for hex, near 6 for base64 of random bytes,
 * below 3.5 for most words.
 */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) {
    const share = count / text.length;
    bits -= share * Math.log2(share);
  }
  return bits;
}

/** Words that documentation puts where a secret would stand. */
const PLACEHOLDER =
  /example|placeholder|your|dummy|fake|sample|redact|changeme|change-me|insert|replace|xxxx|\*{3}|\.{3}|1234567890|0123456789|abcdefgh|deadbeef/i;

/** Whether a text in the place of a secret is only there to be read. */
export function isPlaceholder(text: string): boolean {
  return PLACEHOLDER.test(text) || new Set(text).size < 6;
}
