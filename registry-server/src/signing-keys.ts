import { resolve } from 'node:path';
import { KeyFolder, publicHalf } from './adapters/key-folder.js';
import { SqlSigningKeyRepository } from './adapters/signing-key-repository.js';
import type { SigningKey } from './domain/signing-key.js';
import { type DataPlace, systemClock, withData } from './open-data.js';
import { SigningService } from './services/signing.js';

export interface KeyPlace extends DataPlace {
  /** The private key that the operator hands in, as PROMPD_SIGNING_KEY has it. */
  readonly signingKey?: string | undefined;
}

/**
 * The keys of a registry, oldest first, without a server.
 * @throws PrompdError ELOCKED while a server uses the embedded database
 */
export function listSigningKeys(place: KeyPlace): Promise<readonly SigningKey[]> {
  return withSigning(place, signing => signing.list());
}

/**
 * Makes a new key to sign with; all others expire now, and what they signed stays valid.
 * @throws PrompdError ELOCKED; ECONFIG when the operator hands in the key
 */
export function rotateSigningKey(place: KeyPlace): Promise<SigningKey> {
  return withSigning(place, signing => signing.rotate());
}

/**
 * Lets a key cover only what was published before a moment, now by default. What it signed later is signed anew.
 * @throws PrompdError ELOCKED, ENOKEY
 */
export function expireSigningKey(
  place: KeyPlace & { readonly keyid: string; readonly at?: Date | undefined },
): Promise<SigningKey> {
  return withSigning(place, signing => signing.expire(place.keyid, place.at));
}

function withSigning<T>(place: KeyPlace, work: (signing: SigningService) => Promise<T>): Promise<T> {
  return withData(place, database =>
    work(
      new SigningService({
        keys: new SqlSigningKeyRepository(database),
        privateKeys: new KeyFolder(resolve(place.dataDir), place.signingKey),
        publicHalf,
        now: place.now ?? systemClock,
      }),
    ),
  );
}
