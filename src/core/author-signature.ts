import type { SignedVersion } from './registry-signature.js';

/** An author's own signature of a version, with the key that made it: the key id is the hash of that key. */
export interface AuthorSignature {
  readonly keyid: string;
  /** Base64 of the key's SubjectPublicKeyInfo in DER: Ed25519. */
  readonly key: string;
  /** Base64 of the 64 bytes of the signature. */
  readonly sig: string;
}

/** The HTTP header in which a publication carries its author's signature. */
export const AUTHOR_SIGNATURE_HEADER = 'prompd-author-signature';
/** Keeps these signatures from being taken for any other use of the same key. */
const DOMAIN = 'prompd-author-signature-v1';

/**
 * The text that an author signs: five lines, none of whose values can hold a line feed. Described in docs/signatures.md.
 * @param keyid of the key that signs
 */
export function authorPayload({ name, version, integrity }: SignedVersion, keyid: string): string {
  return `${[DOMAIN, name, version, integrity, keyid].join('\n')}\n`;
}

/** A signature as the header of a publication writes it: `ed25519`, the key and the signature, with blanks between. */
export function authorSignatureHeader({ key, sig }: AuthorSignature): string {
  return `ed25519 ${key} ${sig}`;
}
