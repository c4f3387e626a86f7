import type { SignedVersion } from './registry-signature.js';

declare const byRegistry: unique symbol;
declare const byAuthor: unique symbol;

/** A version whose registry signed exactly these bytes, with keys that cover it. Only `verify/` makes one. */
export interface RegistrySigned extends SignedVersion {
  readonly [byRegistry]: true;
  readonly keyids: readonly string[];
}

/** A version that the holder of a key signed. Only `verify/` makes one; whether that key is trusted is decided before. */
export interface AuthorSigned extends SignedVersion {
  readonly [byAuthor]: true;
  readonly keyid: string;
}
