import { EMPTY_ROOT, nodeHash } from './merkle-hash.js';

/** Leaves from `start` up to and without `end`. */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/** A complete subtree: the leaves from `index * 2^level` up to and without `(index + 1) * 2^level`. */
export interface Subtree {
  readonly level: number;
  readonly index: number;
}

/**
 * The ranges of leaves whose hashes prove that a leaf stands in a tree, from the leaf upwards.
 * @param index of the leaf, below `size`
 * @see RFC 6962, section 2.1.1, PATH(m, D[n])
 */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  if (!(index >= 0 && index < size)) throw new RangeError(`there is no leaf ${index} among ${size}`);
  const path: LeafRange[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      path.push({ start: middle, end });
      end = middle;
    } else {
      path.push({ start, end: middle });
      start = middle;
    }
  }
  return path.reverse();
}

/**
 * The ranges of leaves whose hashes prove that a tree is the beginning of a larger one. None are needed when the two are
 * the same, or the smaller one is empty.
 * @param first leaves of the smaller tree; @param second of the larger one
 * @see RFC 6962, section 2.1.2, PROOF(m, D[n])
 */
export function consistencyRanges(first: number, second: number): LeafRange[] {
  if (!(first >= 0 && first <= second))
    throw new RangeError(`a tree of ${first} is not within one of ${second}`);
  const path: LeafRange[] = [];
  if (first === 0 || first === second) return path;
  let [start, end] = [0, second];
  while (end !== first) {
    const middle = start + splitOf(end - start);
    if (first <= middle) {
      path.push({ start: middle, end });
      end = middle;
    } else {
      path.push({ start, end: middle });
      start = middle;
    }
  }
  // Who has the smaller tree's hash is not told it again.
  if (start > 0) path.push({ start, end });
  return path.reverse();
}

/** The complete subtrees that a range is made of, from left to right; the range is one that a proof names, or a whole tree. */
export function subtreesOf({ start, end }: LeafRange): Subtree[] {
  const found: Subtree[] = [];
  for (let at = start; at < end; ) {
    let [level, width] = [0, 1];
    while (at % (width * 2) === 0 && at + width * 2 <= end) {
      level += 1;
      width *= 2;
    }
    found.push({ level, index: at / width });
    at += width;
  }
  return found;
}

/**
 * The Merkle tree hash of a range.
 * @param read the hash of a complete subtree
 * @see RFC 6962, section 2.1, MTH(D[n])
 */
export function rangeHash(range: LeafRange, read: (subtree: Subtree) => Uint8Array): Buffer {
  const hashes = subtreesOf(range).map(read);
  const last = hashes.pop();
  if (last === undefined) return EMPTY_ROOT;
  return hashes.reduceRight<Buffer>((right, left) => nodeHash(left, right), Buffer.from(last));
}

/**
 * The complete subtrees that a new leaf completes, smallest first: its own, and each whose right half it ends.
 * @param index of the leaf
 */
export function completedBy(index: number): Subtree[] {
  const found: Subtree[] = [{ level: 0, index }];
  for (let [level, at] = [1, index]; at % 2 === 1; level += 1) {
    at = (at - 1) / 2;
    found.push({ level, index: at });
  }
  return found;
}

/** The index of the leaf that completes a subtree: its last one. */
export function lastLeafOf({ level, index }: Subtree): number {
  return (index + 1) * 2 ** level - 1;
}

/** The largest power of two below the number of leaves, which is at least 2. */
function splitOf(leaves: number): number {
  let width = 1;
  while (width * 2 < leaves) width *= 2;
  return width;
}
