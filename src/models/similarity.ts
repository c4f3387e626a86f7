/**
 * How alike two texts are in their words, from 0 to 1: the cosine of the angle between their vectors of word counts.
 * Words are runs of letters, marks and digits after NFKC and lower case; their order counts for nothing. Two texts
 * without any word are alike (1) when they are equal after trimming, and different (0) otherwise.
 * @see Salton, Wong, Yang: A Vector Space Model for Automatic Indexing (1975)
 */
export function similarity(a: string, b: string): number {
  const [left, right] = [wordCounts(a), wordCounts(b)];
  if (left.size === 0 && right.size === 0) return a.trim() === b.trim() ? 1 : 0;
  let [product, leftSquare, rightSquare] = [0, 0, 0];
  for (const [word, count] of left) {
    product += count * (right.get(word) ?? 0);
    leftSquare += count * count;
  }
  for (const count of right.values()) rightSquare += count * count;
  if (product === 0) return 0;
  // Four places are more than the measure means, and the same on every machine.
  return Math.min(1, Math.round((product / Math.sqrt(leftSquare * rightSquare)) * 10_000) / 10_000);
}

function wordCounts(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [word] of text
    .normalize('NFKC')
    .toLowerCase()
    .matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}
