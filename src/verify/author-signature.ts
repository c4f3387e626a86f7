import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { type AuthorSignature, authorPayload } from '../core/author-signature.js';
import { PrompdError } from '../core/errors.js';
import { keyIdOf, type SignedVersion } from '../core/registry-signature.js';
import type { AuthorSigned } from '../core/verified-signature.js';

/** Bytes of an Ed25519 key as SubjectPublicKeyInfo in DER, and of a signature. @see RFC 8410, RFC 8032 */
const SPKI_BYTES = 44;
const SIGNATURE_BYTES = 64;

/**
 * Reads the header of a publication: `ed25519 <key> <signature>`, both in base64.
 * @returns undefined when it is not of that form, or its key is no Ed25519 key
 */
export function parseAuthorSignature(header: string): AuthorSignature | undefined {
  const [, key, sig] = /^ed25519 ([A-Za-z0-9+/=]{1,100}) ([A-Za-z0-9+/=]{1,100})$/.exec(header) ?? [];
  const spki = key === undefined ? undefined : exactBytes(key, SPKI_BYTES);
  if (key === undefined || sig === undefined || spki === undefined) return undefined;
  if (exactBytes(sig, SIGNATURE_BYTES) === undefined || ed25519Key(spki) === undefined) return undefined;
  return { keyid: keyIdOf(spki), key, sig };
}

/** Whether the key that a signature names signed exactly this version. Whether that key is trusted is another question. */
export function isAuthorSignature(subject: SignedVersion, { keyid, key, sig }: AuthorSignature): boolean {
  const spki = exactBytes(key, SPKI_BYTES);
  const signature = exactBytes(sig, SIGNATURE_BYTES);
  if (spki === undefined || signature === undefined || keyIdOf(spki) !== keyid) return false;
  const publicKey = ed25519Key(spki);
  return (
    publicKey !== undefined && verify(null, Buffer.from(authorPayload(subject, keyid)), publicKey, signature)
  );
}

/**
 * Proves that the key that a signature names signed exactly this version.
 * @throws PrompdError ESIGNATURE when it did not
 */
export function verifyAuthorSignature(subject: SignedVersion, signature: AuthorSignature): AuthorSigned {
  const { name, version, integrity } = subject;
  const { keyid } = signature;
  if (isAuthorSignature(subject, signature)) return { name, version, integrity, keyid } as AuthorSigned;
  throw new PrompdError('ESIGNATURE', `The author's signature of ${name}@${version} does not hold.`, {
    facts: { name, version, keyid, expected: authorPayload(subject, keyid).trim().split('\n') },
    hint: 'Nothing was installed from it. Ask its author: somebody may have changed the package.',
  });
}

/** The bytes of an Ed25519 public key in base64; undefined when the text is none. */
export function ed25519Spki(base64: string): Uint8Array | undefined {
  const spki = exactBytes(base64, SPKI_BYTES);
  return spki !== undefined && ed25519Key(spki) !== undefined ? spki : undefined;
}

function ed25519Key(spki: Buffer): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

/** One form of base64 for each value: no two texts stand for the same key or signature. */
function exactBytes(base64: string, length: number): Buffer | undefined {
  const bytes = Buffer.from(base64, 'base64');
  return bytes.length === length && bytes.toString('base64') === base64 ? bytes : undefined;
}
