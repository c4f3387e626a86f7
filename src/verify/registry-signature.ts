import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { type Facts, PrompdError } from '../core/errors.js';
import {
  REGISTRY_KEY_TYPE,
  type RegistryKey,
  type RegistrySignature,
  registryPayload,
  type SignedVersion,
} from '../core/registry-signature.js';
import type { RegistrySigned } from '../core/verified-signature.js';

/** A key of a registry, with what is remembered of it. */
export interface TrustedKey extends RegistryKey {
  /** ISO time: the registry was seen without this key then, so that it covers nothing older. null for no such limit. */
  readonly notBefore: string | null;
}

/** What a registry says of a version, and what it says it with. */
export interface RegistryEvidence {
  readonly signatures: readonly RegistrySignature[];
  readonly keys: ReadonlyMap<string, TrustedKey>;
  /** ISO time at which the registry says that the version was published. */
  readonly publishedAt: string | undefined;
  readonly now: Date;
  /** The registry's address, for errors. */
  readonly registry: string;
}

/** Why a signature does not hold that a mirror passes on: its own keys are all that it lists. */
export const NO_SUCH_KEY = 'the registry has no such key';

/** How far the clocks of a registry and of this machine may be apart, in milliseconds. */
export const CLOCK_SKEW_MS = 24 * 3600 * 1000;

/**
 * Proves that a registry signed a version. As npm has it, every signature that stands there must hold, and a key covers
 * what was published before it expired.
 * @throws PrompdError EUNSIGNED when there is none; EKEYCHANGED when a key is younger than what it signs; ESIGNATURE when
 *   one does not hold, with `keyid`, `expected` (what must have been signed) and `reason` among its facts
 * @see https://docs.npmjs.com/about-registry-signatures
 */
export function verifyRegistrySignatures(subject: SignedVersion, evidence: RegistryEvidence): RegistrySigned {
  const { name, version, integrity } = subject;
  const { signatures, registry } = evidence;
  if (signatures.length === 0) throw unsigned(subject, registry);
  for (const signature of signatures) {
    const reason = reasonAgainst(subject, signature, evidence);
    if (reason !== undefined) throw refused(subject, { keyid: signature.keyid, registry, reason });
  }
  const keyids: readonly string[] = signatures.map(({ keyid }) => keyid);
  return { name, version, integrity, keyids } as RegistrySigned;
}

/** The error for a version without a signature of its registry. */
export function unsigned(
  { name, version, integrity }: SignedVersion,
  registry: string,
  why?: string,
): PrompdError {
  return new PrompdError(
    'EUNSIGNED',
    `${name}@${version} has no signature of its registry${why ? `: ${why}` : ''}.`,
    {
      facts: {
        name,
        version,
        registry,
        expected: registryPayload({ name, version, integrity }),
        ...(why === undefined ? {} : { reason: why }),
      },
      hint: 'Nothing was installed from it. Ask whoever runs the registry; "prompd audit signatures" lists what is signed.',
    },
  );
}

/** Why a signature does not hold, as the end of a sentence; undefined when it does. */
function reasonAgainst(
  subject: SignedVersion,
  { keyid, sig }: RegistrySignature,
  { keys, publishedAt, now, registry }: RegistryEvidence,
): string | undefined {
  const key = keys.get(keyid);
  if (key === undefined) return NO_SUCH_KEY;
  if (key.keytype !== REGISTRY_KEY_TYPE || key.scheme !== REGISTRY_KEY_TYPE)
    return `the key is not of the type ${REGISTRY_KEY_TYPE}`;
  const publicKey = p256Key(key);
  if (publicKey === undefined) return 'the key is no key on the curve P-256';
  const published = publishedAt === undefined ? Number.NaN : Date.parse(publishedAt);
  if (published > now.getTime() + CLOCK_SKEW_MS) return 'the version is said to be published in the future';
  if (key.expires !== null && !(published < Date.parse(key.expires)))
    return Number.isNaN(published)
      ? 'the key has expired, and the registry does not say when the version was published'
      : 'the key had expired when the version was published';
  if (!verify('sha256', Buffer.from(registryPayload(subject)), publicKey, Buffer.from(sig, 'base64')))
    return 'it is not of this version with these bytes';
  // Last: only a signature that holds tells that somebody has the new key.
  if (key.notBefore !== null && !(published >= Date.parse(key.notBefore)))
    throw tooYoung(subject, { keyid, registry, notBefore: key.notBefore });
  return undefined;
}

const parsed = new WeakMap<RegistryKey, KeyObject | null>();

/** Parsed once a key, not once a package. */
function p256Key(key: RegistryKey): KeyObject | undefined {
  const known = parsed.get(key);
  if (known !== undefined) return known ?? undefined;
  let publicKey: KeyObject | undefined;
  try {
    const read = createPublicKey({ key: Buffer.from(key.key, 'base64'), format: 'der', type: 'spki' });
    publicKey = read.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? read : undefined;
  } catch {
    // What is no key verifies nothing.
  }
  parsed.set(key, publicKey ?? null);
  return publicKey;
}

interface Refusal {
  readonly keyid: string;
  readonly registry: string;
}

function factsOf(subject: SignedVersion, { keyid, registry }: Refusal): Facts {
  const { name, version } = subject;
  return { name, version, registry, keyid, expected: registryPayload(subject) };
}

function refused(subject: SignedVersion, refusal: Refusal & { readonly reason: string }): PrompdError {
  const { name, version } = subject;
  return new PrompdError(
    'ESIGNATURE',
    `The registry's signature of ${name}@${version} does not hold: ${refusal.reason}.`,
    {
      facts: { ...factsOf(subject, refusal), reason: refusal.reason },
      hint: `Nothing was installed from it. ${
        refusal.reason === NO_SUCH_KEY
          ? 'Where the registry mirrors another one, map the scope to that one, whose key it is. Otherwise ask whoever runs the registry.'
          : 'Ask whoever runs the registry: somebody may have changed the package on its way.'
      }`,
    },
  );
}

function tooYoung(subject: SignedVersion, refusal: Refusal & { readonly notBefore: string }): PrompdError {
  const { name, version } = subject;
  return new PrompdError(
    'EKEYCHANGED',
    `${name}@${version} is signed by a key that the registry did not have when it was published.`,
    {
      facts: { ...factsOf(subject, refusal), notBefore: refusal.notBefore },
      hint: 'Ask whoever runs the registry. If it signed old versions anew on purpose, remove its entry from known-keys.json in your prompd folder.',
    },
  );
}
