import type { RegistrySignature, SignedVersion } from 'prompd/core';
import type { SigningKey } from '../domain/signing-key.js';

/** A published version that no key has signed. */
export interface UnsignedVersion extends SignedVersion {
  readonly id: number;
  readonly publishedAt: Date;
}

/** The registry's public keys, and signatures that are made after a version was published. */
export interface SigningKeyRepository {
  /** Every key there ever was, oldest first. */
  list(): Promise<readonly SigningKey[]>;
  /** Adding a key again changes nothing. */
  add(key: Pick<SigningKey, 'keyid' | 'publicKey' | 'createdAt'>): Promise<void>;
  /**
   * Lets a key cover only what was published before a moment. What it signed later loses that signature.
   * @param at undefined for now: then all that it signed keeps its signature; never later than was said before
   * @returns the moment from which on it covers nothing; undefined when there is no such key
   */
  expire(keyid: string, at: Date | undefined, now: Date): Promise<Date | undefined>;
  unsigned(limit: number): Promise<readonly UnsignedVersion[]>;
  addSignatures(signatures: ReadonlyMap<number, RegistrySignature>): Promise<void>;
}
