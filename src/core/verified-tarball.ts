import type { Integrity } from './integrity.js';

declare const verified: unique symbol;
declare const unpacked: unique symbol;

/**
 * An archive whose bytes were hashed and found to be what resolution or the lockfile named.
 * Only `verify/` makes one.
 */
export interface VerifiedTarball {
  readonly [verified]: true;
  readonly bytes: Uint8Array;
  readonly integrity: Integrity;
}

/**
 * The files of a verified archive, checked against every rule for entries and limits.
 * Only `tarball/` makes one, and only from a VerifiedTarball; it is all that the store accepts.
 */
export interface UnpackedPackage {
  readonly [unpacked]: true;
  readonly integrity: Integrity;
  /** Path inside the package (without `package/`) to content, sorted by path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}
