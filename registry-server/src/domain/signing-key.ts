import { REGISTRY_KEY_TYPE, type RegistryKey } from 'prompd/core';

/** A key that the registry signs with, without its private half. */
export interface SigningKey {
  readonly keyid: string;
  /** Base64 of its SubjectPublicKeyInfo in DER. */
  readonly publicKey: string;
  readonly createdAt: Date;
  /** It covers what was published before; null while it may sign. */
  readonly expiresAt: Date | null;
}

/** Whether a key covers what is published at a moment: one that expires at that very moment does not. */
export function covers({ expiresAt }: Pick<SigningKey, 'expiresAt'>, publishedAt: Date): boolean {
  return expiresAt === null || publishedAt.getTime() < expiresAt.getTime();
}

/** A key in the form in which npm's clients read keys. */
export function publishedKey({ keyid, publicKey, expiresAt }: SigningKey): RegistryKey {
  return {
    expires: expiresAt === null ? null : expiresAt.toISOString(),
    keyid,
    keytype: REGISTRY_KEY_TYPE,
    scheme: REGISTRY_KEY_TYPE,
    key: publicKey,
  };
}
