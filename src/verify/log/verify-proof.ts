import { EMPTY_ROOT, HASH_BYTES, nodeHash } from './merkle-hash.js';

/** A proof that a leaf stands in a tree. */
export interface InclusionProof {
  readonly index: number;
  readonly leaf: Uint8Array;
  readonly size: number;
  readonly root: Uint8Array;
  readonly path: readonly Uint8Array[];
}

/** A proof that one tree is the beginning of another. */
export interface ConsistencyProof {
  readonly first: number;
  readonly firstRoot: Uint8Array;
  readonly second: number;
  readonly secondRoot: Uint8Array;
  readonly path: readonly Uint8Array[];
}

/**
 * Whether the hashes lead from the leaf to the root, and none is left over.
 * @see RFC 9162, section 2.1.3.2, which says how proofs of RFC 6962 are verified
 */
export function isIncluded({ index, leaf, size, root, path }: InclusionProof): boolean {
  if (!isCount(index) || !isCount(size) || index >= size || !areHashes([leaf, root, ...path])) return false;
  let [at, last] = [index, size - 1];
  let hash: Buffer = Buffer.from(leaf);
  for (const sibling of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else hash = nodeHash(hash, sibling);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && hash.equals(root);
}

/**
 * Whether the hashes show that the first tree's leaves are the first leaves of the second.
 * @see RFC 9162, section 2.1.4.2
 */
export function isConsistent({ first, firstRoot, second, secondRoot, path }: ConsistencyProof): boolean {
  if (!isCount(first) || !isCount(second) || !areHashes([firstRoot, secondRoot, ...path])) return false;
  if (first > second) return false;
  if (first === second) return path.length === 0 && Buffer.from(firstRoot).equals(secondRoot);
  if (first === 0) return path.length === 0 && EMPTY_ROOT.equals(firstRoot);
  const [start, ...rest] = isPowerOfTwo(first) ? [firstRoot, ...path] : path;
  if (start === undefined) return false;
  let [at, last] = [first - 1, second - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  let [old, now]: [Buffer, Buffer] = [Buffer.from(start), Buffer.from(start)];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      [old, now] = [nodeHash(sibling, old), nodeHash(sibling, now)];
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else now = nodeHash(now, sibling);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && old.equals(firstRoot) && now.equals(secondRoot);
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isPowerOfTwo(value: number): boolean {
  let odd = value;
  while (odd % 2 === 0) odd /= 2;
  return odd === 1;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function areHashes(all: readonly Uint8Array[]): boolean {
  return all.every(({ length }) => length === HASH_BYTES);
}
