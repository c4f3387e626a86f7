import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { z } from 'zod';
import { PrompdError } from '../../core/errors.js';
import { type Integrity, parseIntegrity } from '../../core/integrity.js';
import { formatJson, parseJson } from '../../core/json.js';
import { isPackageName, type PackageName } from '../../core/name.js';
import type { RegistryKey } from '../../core/registry-signature.js';
import { isVersion, type Version } from '../../core/version.js';
import { keysSchema } from '../keys.js';

/** The one file that says what there is. Described in docs/static-registries.md. */
export const INDEX_FILE = 'index.json';
/** Format that this prompd writes. */
const FORMAT = 1;
const MAX_PACKAGES = 200_000;

const text = z.string().max(2000).catch('');

const entrySchema = z.object({
  integrity: z.string().max(1024),
  version: z.string().refine(isVersion),
  description: text,
  author: text,
  category: text,
  keywords: z.array(z.string().max(200)).max(200).catch([]),
  updated: z.string().max(40).catch(''),
});

const indexSchema = z.object({
  format: z.number().int().positive(),
  serial: z.number().int().nonnegative(),
  /** Looked at one by one, once it is known that there are not too many. */
  packages: z.record(z.string(), z.unknown()),
  /** Of the registries that the packages come from. */
  keys: keysSchema.optional(),
});

/** Text and signature in one file, so that a reader never sees one without the other. */
const envelopeSchema = z.object({
  algorithm: z.literal('ed25519'),
  publicKey: z.string().max(1024),
  signature: z.string().max(1024),
  index: z.string(),
});

/** What a static registry says of a package without opening its packument. */
export interface IndexEntry {
  /** Of the packument's bytes. */
  readonly integrity: Integrity;
  /** What its tag `latest` names. */
  readonly version: Version;
  readonly description: string;
  readonly author: string;
  readonly category: string;
  readonly keywords: readonly string[];
  /** ISO time of the last publication. */
  readonly updated: string;
}

/** All packages of a static registry. */
export interface StaticIndex {
  /** Goes up with each export. */
  readonly serial: number;
  readonly packages: ReadonlyMap<PackageName, IndexEntry>;
  /** The keys that versions were signed with where they were published; undefined where there were none. */
  readonly keys?: readonly RegistryKey[] | undefined;
}

/** An index that was signed by the key beside it. */
export interface SignedIndex {
  readonly index: StaticIndex;
  /** Base64 of the key's SubjectPublicKeyInfo in DER. */
  readonly publicKey: string;
}

/**
 * The file of an index: sorted by name and signed.
 * @param privateKey Ed25519, PKCS #8 in PEM
 * @throws PrompdError ECONFIG when it is no such key
 * @see RFC 8032
 */
export function signIndex({ serial, packages, keys }: StaticIndex, privateKey: string): string {
  const sorted = [...packages].sort(([a], [b]) => (a < b ? -1 : 1));
  const index = JSON.stringify({ format: FORMAT, serial, packages: Object.fromEntries(sorted), keys });
  const key = signingKey(privateKey);
  return formatJson({
    algorithm: 'ed25519',
    publicKey: publicKeyText(createPublicKey(key)),
    signature: sign(null, Buffer.from(index), key).toString('base64'),
    index,
  });
}

/**
 * Reads an index and checks that it was signed by the key that it names. Whether that key is to be trusted is up to the
 * caller.
 * @throws PrompdError ESIGNATURE when the signature is not of this text; EBADRESPONSE when it is no such document, or a
 *   newer prompd's
 */
export function readSignedIndex(fileText: string): SignedIndex {
  const { publicKey, signature, index } = checked(envelopeSchema, jsonOf(fileText));
  if (!isSigned(index, publicKey, signature)) {
    throw new PrompdError('ESIGNATURE', `${INDEX_FILE} is not what was signed.`, {
      facts: { file: INDEX_FILE },
      hint: 'Somebody or something changed it: copy the export again, from where it was made.',
    });
  }
  const { format, serial, packages, keys } = checked(indexSchema, jsonOf(index));
  if (format > FORMAT) {
    throw new PrompdError('EBADRESPONSE', `${INDEX_FILE} was written by a newer prompd.`, {
      facts: { file: INDEX_FILE, found: format, expected: FORMAT },
      hint: 'Update prompd.',
    });
  }
  return { index: { serial, packages: entriesOf(packages), keys }, publicKey };
}

/** A new key to sign with: Ed25519, PKCS #8 in PEM. */
export function newSigningKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/**
 * What readers know a signing key by, in base64.
 * @param privateKey Ed25519, PKCS #8 in PEM
 * @throws PrompdError ECONFIG when it is no such key
 */
export function publicKeyOf(privateKey: string): string {
  return publicKeyText(createPublicKey(signingKey(privateKey)));
}

function signingKey(pem: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(pem);
  } catch {
    // What it is instead is not said: it may be a secret of another kind.
  }
  if (key?.asymmetricKeyType === 'ed25519') return key;
  throw new PrompdError('ECONFIG', 'The signing key is not an Ed25519 key in PEM.', {
    hint: 'Make one with "openssl genpkey -algorithm ed25519", or leave --key out.',
  });
}

function entriesOf(packages: Readonly<Record<string, unknown>>): Map<PackageName, IndexEntry> {
  const entries = Object.entries(packages);
  if (entries.length > MAX_PACKAGES) {
    throw new PrompdError('EBADRESPONSE', `${INDEX_FILE} lists more than ${MAX_PACKAGES} packages.`, {
      facts: { found: entries.length, limit: MAX_PACKAGES },
    });
  }
  return new Map(
    entries.flatMap(([name, raw]): [PackageName, IndexEntry][] => {
      if (!isPackageName(name)) return [];
      const entry = checked(entrySchema, raw);
      return [[name, { ...entry, integrity: parseIntegrity(entry.integrity) }]];
    }),
  );
}

function isSigned(indexText: string, publicKey: string, signature: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType !== 'ed25519') return false;
    return verify(null, Buffer.from(indexText), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}

function publicKeyText(key: KeyObject): string {
  return key.export({ format: 'der', type: 'spki' }).toString('base64');
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text, INDEX_FILE);
  } catch (cause) {
    if (!(cause instanceof PrompdError)) throw cause;
    throw new PrompdError('EBADRESPONSE', cause.message, {
      facts: cause.facts,
      hint: 'Check the address of the registry, and whether the export was copied whole; a proxy or a sign-in page may have answered in its place.',
      cause,
    });
  }
}

function checked<Shape extends z.ZodType>(shape: Shape, raw: unknown): z.output<Shape> {
  const parsed = shape.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new PrompdError('EBADRESPONSE', `${INDEX_FILE} is not that of a registry of files.`, {
    facts: { file: INDEX_FILE, problem: z.prettifyError(parsed.error).slice(0, 300) },
    hint: 'Check the address of the registry.',
  });
}
