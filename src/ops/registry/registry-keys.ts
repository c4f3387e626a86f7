import { parseMoment } from '../../config/resolution.js';
import { PrompdError } from '../../core/errors.js';
import type { Context } from '../context.js';
import { dataFolder, loadServer, rethrow, type StoredKey } from './registry-server.js';

/** A key that a registry signs with. */
export interface ShownKey {
  readonly keyid: string;
  /** Base64 of its SubjectPublicKeyInfo in DER. */
  readonly publicKey: string;
  /** ISO time. */
  readonly createdAt: string;
  /** ISO time: it covers what was published before. null while it may sign. */
  readonly expiresAt: string | null;
}

export interface KeysOptions {
  /** Folder of the registry's data, relative to the folder that the user works in. */
  readonly data?: string | undefined;
}

/**
 * The keys in the data of a registry that is not running, or that runs on PostgreSQL; oldest first.
 * @throws PrompdError ENOSERVER; ELOCKED while a registry uses the embedded database
 */
export async function listRegistryKeys(context: Context, options: KeysOptions): Promise<ShownKey[]> {
  const { listSigningKeys } = await loadServer();
  const keys = await listSigningKeys(placeOf(context, options)).catch(refuse);
  return keys.map(shown);
}

/**
 * Makes a new key for a registry to sign with; the others expire now, and what they signed stays valid.
 * @throws PrompdError ENOSERVER, ELOCKED; ECONFIG when the key comes from the environment
 */
export async function rotateRegistryKey(context: Context, options: KeysOptions): Promise<ShownKey> {
  const { rotateSigningKey } = await loadServer();
  return shown(await rotateSigningKey(placeOf(context, options)).catch(refuse));
}

/**
 * Ends a key of a registry. What it signed from the moment on is signed anew by another one.
 * @param options.at a date or time; now by default
 * @throws PrompdError EUSAGE for a moment that is none; ENOKEY, ENOSERVER, ELOCKED
 */
export async function expireRegistryKey(
  context: Context,
  { keyid, at: raw, ...options }: KeysOptions & { readonly keyid: string; readonly at?: string | undefined },
): Promise<ShownKey> {
  const at = raw === undefined ? undefined : parseMoment(raw);
  if (raw !== undefined && at === undefined) {
    throw new PrompdError('EUSAGE', `--at cannot be "${raw.slice(0, 100)}".`, {
      facts: { found: raw.slice(0, 100) },
      hint: 'Write a date, as in "2026-01-31", or a time with its zone, as in "2026-01-31T12:00:00Z".',
    });
  }
  const { expireSigningKey } = await loadServer();
  return shown(await expireSigningKey({ ...placeOf(context, options), keyid, at }).catch(refuse));
}

function placeOf(context: Context, { data }: KeysOptions) {
  const { DATABASE_URL: databaseUrl, PROMPD_SIGNING_KEY: signingKey } = context.env;
  return {
    dataDir: dataFolder(context, data),
    databaseUrl: databaseUrl || undefined,
    signingKey: signingKey || undefined,
  };
}

function shown({ keyid, publicKey, createdAt, expiresAt }: StoredKey): ShownKey {
  return {
    keyid,
    publicKey,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt === null ? null : expiresAt.toISOString(),
  };
}

/** What the server advises about a folder in use is about tokens. */
function refuse(error: unknown): never {
  try {
    return rethrow(error);
  } catch (known) {
    if (!(known instanceof PrompdError) || known.code !== 'ELOCKED') throw known;
    throw new PrompdError('ELOCKED', known.message, {
      facts: known.facts,
      hint: 'Stop the registry first; one that uses PostgreSQL can stay up. Its public keys are at "/-/npm/v1/keys".',
      cause: known,
    });
  }
}
