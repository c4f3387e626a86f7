import { PrompdError } from '../core/errors.js';
import { type Integrity, integrityOf } from '../core/integrity.js';
import type { VerifiedTarball } from '../core/verified-tarball.js';

/** Where bytes came from, for the error that says that they are not the right ones. */
export interface TarballOrigin {
  readonly name: string;
  readonly version: string;
  /** The registry, address or file. */
  readonly source: string;
}

/**
 * Proves that bytes are those which resolution or the lockfile named. Nothing else makes a VerifiedTarball.
 * @throws PrompdError EINTEGRITY with facts `expected` and `found`
 */
export function verifyTarball(bytes: Uint8Array, expected: Integrity, about: TarballOrigin): VerifiedTarball {
  const found = integrityOf(bytes);
  if (found !== expected) {
    throw new PrompdError(
      'EINTEGRITY',
      `The archive of ${about.name}@${about.version} is not the one that was named: its bytes differ.`,
      {
        facts: { name: about.name, version: about.version, source: about.source, expected, found },
        hint: 'Nothing was installed from it. Run the command again; if it stays, the registry or the way to it changed the package.',
      },
    );
  }
  return { bytes, integrity: found } as VerifiedTarball;
}
