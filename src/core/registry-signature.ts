import { createHash } from 'node:crypto';
import type { Integrity } from './integrity.js';

/** A registry's statement that a version has these bytes, as npm's registries write it into `dist.signatures`. */
export interface RegistrySignature {
  /** `SHA256:` and the unpadded base64 of the SHA-256 of the public key. */
  readonly keyid: string;
  /** Base64 of the signature in DER. */
  readonly sig: string;
}

/** A public key of a registry, as it is served at `/-/npm/v1/keys`. */
export interface RegistryKey {
  readonly keyid: string;
  readonly keytype: string;
  readonly scheme: string;
  /** Base64 of the key's SubjectPublicKeyInfo in DER. */
  readonly key: string;
  /** ISO time: what was published then or later is not covered. null for a key that does not end. */
  readonly expires: string | null;
}

/** The one type and scheme that registries sign with: ECDSA on NIST P-256 over SHA-256. */
export const REGISTRY_KEY_TYPE = 'ecdsa-sha2-nistp256';

/** The name of a key: a hash of its SubjectPublicKeyInfo in DER. */
export function keyIdOf(spki: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(spki).digest('base64').replace(/=+$/, '')}`;
}

/**
 * The text that a registry signs for a version.
 * @see https://docs.npmjs.com/about-registry-signatures
 */
export function registryPayload(subject: SignedVersion): string {
  return `${subject.name}@${subject.version}:${subject.integrity}`;
}

/** What a signature is about. */
export interface SignedVersion {
  readonly name: string;
  readonly version: string;
  readonly integrity: Integrity;
}
