import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

declare const brand: unique symbol;
/** SHA-256 of a value's canonical JSON: `sha256-` and 64 hex digits. */
export type Digest = string & { readonly [brand]: 'Digest' };

/**
 * Digest of a JSON value that does not depend on key order or white space.
 * @param value plain JSON data; `undefined` members count as absent
 * @see RFC 8785, JSON Canonicalization Scheme
 */
export function digestOf(value: unknown): Digest {
  const canonical = canonicalize(value);
  if (canonical === undefined) throw new TypeError('digestOf takes JSON data');
  return digestOfText(canonical);
}

/** Digest of a text's UTF-8 bytes. */
export function digestOfText(text: string): Digest {
  return `sha256-${createHash('sha256').update(text, 'utf8').digest('hex')}` as Digest;
}
