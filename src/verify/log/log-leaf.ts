import type { LogLeaf } from '../../core/transparency-log.js';
import { leafHash } from './merkle-hash.js';

/**
 * The bytes of a leaf: its five members as canonical JSON.
 * @see RFC 8785: members by name, no white space
 */
export function leafBytes({ integrity, name, nonce, publishedAt, version }: LogLeaf): Buffer {
  return Buffer.from(JSON.stringify({ integrity, name, nonce, publishedAt, version }));
}

/** The hash under which a version stands in the log. */
export function logLeafHash(leaf: LogLeaf): Buffer {
  return leafHash(leafBytes(leaf));
}
