import { createHash } from 'node:crypto';

/** Bytes of each hash of the tree: SHA-256. */
export const HASH_BYTES = 32;

/** The hash of a tree without leaves. */
export const EMPTY_ROOT: Buffer = createHash('sha256').digest();

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

/** The hash of a leaf. Its prefix keeps a leaf from being taken for a node. @see RFC 6962, section 2.1 */
export function leafHash(data: Uint8Array): Buffer {
  return createHash('sha256').update(LEAF).update(data).digest();
}

/** The hash of a node above two others. @see RFC 6962, section 2.1 */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(NODE).update(left).update(right).digest();
}
