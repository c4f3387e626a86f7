import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type AuthorSignature, authorPayload } from '../core/author-signature.js';
import { keyIdOf, type SignedVersion } from '../core/registry-signature.js';

/** The half of an author's key that may be shown. */
export interface AuthorKey {
  readonly keyid: string;
  /** Base64 of its SubjectPublicKeyInfo in DER. */
  readonly publicKey: string;
}

/** A new key to sign with: Ed25519, PKCS #8 in PEM. @see RFC 8410 */
export function newAuthorKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** What others know a key by; undefined when the text is no Ed25519 key. @param pem PKCS #8 */
export function authorKeyOf(pem: string): AuthorKey | undefined {
  const key = readKey(pem);
  return key && publicHalf(key);
}

/**
 * An author's signature of a version.
 * @param pem Ed25519, PKCS #8
 * @returns undefined when the text is no such key
 */
export function signAsAuthor(subject: SignedVersion, pem: string): AuthorSignature | undefined {
  const key = readKey(pem);
  if (key === undefined) return undefined;
  const { keyid, publicKey } = publicHalf(key);
  const sig = sign(null, Buffer.from(authorPayload(subject, keyid)), key).toString('base64');
  return { keyid, key: publicKey, sig };
}

function readKey(pem: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem.replaceAll('\\n', '\n'));
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

function publicHalf(key: KeyObject): AuthorKey {
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return { keyid: keyIdOf(spki), publicKey: spki.toString('base64') };
}
