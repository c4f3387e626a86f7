import { createPublicKey, verify } from 'node:crypto';
import type { SignedTreeHead, TreeHead } from '../../core/transparency-log.js';

/**
 * What is signed of a tree head: the structure TreeHeadSignature, version 1, of type tree_hash.
 * @see RFC 6962, section 3.5
 */
export function treeHeadBytes({ size, root, timestamp }: TreeHead): Buffer {
  const start = Buffer.alloc(18);
  start.writeUInt8(0, 0);
  start.writeUInt8(1, 1);
  start.writeBigUInt64BE(BigInt(timestamp), 2);
  start.writeBigUInt64BE(BigInt(size), 10);
  return Buffer.concat([start, Buffer.from(root, 'base64')]);
}

/**
 * Whether a tree head was signed by the key that it names; whether that key is the log's is up to the caller.
 * @see RFC 8032
 */
export function isSignedTreeHead(head: SignedTreeHead): boolean {
  try {
    const key = createPublicKey({
      key: Buffer.from(head.publicKey, 'base64'),
      format: 'der',
      type: 'spki',
    });
    if (key.asymmetricKeyType !== 'ed25519') return false;
    return verify(null, treeHeadBytes(head), key, Buffer.from(head.signature, 'base64'));
  } catch {
    return false;
  }
}
