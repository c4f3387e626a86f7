import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import type { LogLeaf, SignedTreeHead, TreeHead } from 'prompd/core';
import { completedBy, nodeHash, type Subtree, treeHeadBytes } from 'prompd/verify';

/** A leaf of the log as somebody may see it: without what it says where that is private. */
export interface LogEntry {
  readonly index: number;
  /** 32 bytes. */
  readonly leafHash: Buffer;
  readonly leaf: LogLeaf | undefined;
}

/** A leaf that is known with all that it says. */
export interface LoggedVersion extends LogLeaf {
  readonly index: number;
}

/** Bytes of randomness in a leaf: as many as nobody tries out. */
export const NONCE_BYTES = 16;

/**
 * The hashes of the subtrees that a new leaf completes, its own first.
 * @param read the hash of a subtree that earlier leaves completed
 */
export function hashesOf(index: number, leafHash: Buffer, read: (subtree: Subtree) => Uint8Array): Buffer[] {
  let hash = leafHash;
  return completedBy(index).map(({ level, index: at }) => {
    if (level > 0) hash = nodeHash(read({ level: level - 1, index: at * 2 }), hash);
    return hash;
  });
}

/** The subtrees whose hashes {@link hashesOf} reads. */
export function neededBy(index: number): Subtree[] {
  return completedBy(index)
    .filter(({ level }) => level > 0)
    .map(({ level, index: at }) => ({ level: level - 1, index: at * 2 }));
}

/** What signs the heads of a log. */
export interface LogSigner {
  /** SubjectPublicKeyInfo in DER, in base64. */
  readonly publicKey: string;
  sign(head: TreeHead): SignedTreeHead;
  /** In base64. @param text that says what it is, so that it is taken for nothing else */
  signText(text: string): string;
}

/** @param key private, Ed25519 */
export function logSigner(key: KeyObject): LogSigner {
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
  return {
    publicKey,
    sign: head => ({
      ...head,
      publicKey,
      signature: sign(null, treeHeadBytes(head), key).toString('base64'),
    }),
    signText: text => sign(null, Buffer.from(text), key).toString('base64'),
  };
}
