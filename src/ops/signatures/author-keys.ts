import { openKeychain } from '../../config/credentials.js';
import type { AuthorSignature } from '../../core/author-signature.js';
import { PrompdError } from '../../core/errors.js';
import type { SignedVersion } from '../../core/registry-signature.js';
import { type AuthorKey, authorKeyOf, newAuthorKey, signAsAuthor } from '../../verify/index.js';
import type { Context } from '../context.js';

/** Under which name the credential store files authors' keys: apart from the tokens, by the key's name. */
const SERVICE = 'prompd-author-keys';
/** A key to sign with where there is no credential store, as in CI. */
const VARIABLE = 'PROMPD_AUTHOR_KEY';
/** The name of a key that nobody names. */
export const DEFAULT_KEY = 'default';

/** A key of the user's own. */
export interface OwnKey extends AuthorKey {
  readonly name: string;
}

/**
 * Makes a key to sign with, and keeps it in the credential store.
 * @throws PrompdError EEXISTS when there is one of that name; EUSAGE for a name that is none; EKEYCHAIN
 */
export async function createAuthorKey(context: Context, name = DEFAULT_KEY): Promise<OwnKey> {
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(name)) {
    throw new PrompdError('EUSAGE', `"${name.slice(0, 100)}" is not a name for a key.`, {
      facts: { found: name.slice(0, 100) },
      hint: 'Use lowercase letters, digits, "-", "_" and ".".',
    });
  }
  const keychain = keychainOf(context);
  if ((await keychain.getPassword(SERVICE, name)) !== null) {
    throw new PrompdError('EEXISTS', `There is a key "${name}" already.`, {
      facts: { name },
      hint: 'Name another one, or remove it first with "prompd key remove": who trusts it must then trust the new one.',
    });
  }
  const pem = newAuthorKey();
  await keychain.setPassword(SERVICE, name, pem);
  return { name, ...publicHalf(pem, name) };
}

/** The user's own keys, by name. @throws PrompdError EKEYCHAIN, ECONFIG */
export async function ownKeys(context: Context): Promise<OwnKey[]> {
  const found = await keychainOf(context).findCredentials(SERVICE);
  return found
    .map(({ account, password }) => ({ name: account, ...publicHalf(password, account) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * A key of the user's own.
 * @param options.withPrivate whether the private half is shown as well, in PEM
 * @throws PrompdError ENOKEY, EKEYCHAIN
 */
export async function exportAuthorKey(
  context: Context,
  name: string,
  { withPrivate = false }: { withPrivate?: boolean } = {},
): Promise<OwnKey & { readonly privateKey?: string }> {
  const pem = await storedKey(context, name);
  return { name, ...publicHalf(pem, name), ...(withPrivate ? { privateKey: pem } : {}) };
}

/** Forgets a key of the user's own. @throws PrompdError ENOKEY, EKEYCHAIN */
export async function removeAuthorKey(context: Context, name: string): Promise<OwnKey> {
  const removed = await exportAuthorKey(context, name);
  await keychainOf(context).deletePassword(SERVICE, name);
  return removed;
}

/**
 * What signs versions for the user: the key of that name, else the one in PROMPD_AUTHOR_KEY, else the default one.
 * @throws PrompdError ENOKEY when there is none; ECONFIG for a variable that holds no key; EKEYCHAIN
 */
export async function authorSigner(
  context: Context,
  name: string | undefined,
): Promise<(subject: SignedVersion) => AuthorSignature> {
  const given = context.env[VARIABLE];
  const isGiven = name === undefined && given !== undefined && given !== '';
  const pem = isGiven ? given : await storedKey(context, name ?? DEFAULT_KEY);
  if (authorKeyOf(pem) === undefined) throw isGiven ? badVariable() : badKey(name ?? DEFAULT_KEY);
  return subject => {
    const signature = signAsAuthor(subject, pem);
    if (signature === undefined) throw new TypeError('the key was looked at before');
    return signature;
  };
}

function keychainOf({ config, progress }: Context) {
  return openKeychain({ config, warn: message => progress.warn(message) });
}

async function storedKey(context: Context, name: string): Promise<string> {
  const pem = await keychainOf(context).getPassword(SERVICE, name);
  if (pem !== null) return pem;
  const known = (await keychainOf(context).findCredentials(SERVICE)).map(({ account }) => account);
  throw new PrompdError('ENOKEY', `You have no key "${name.slice(0, 100)}" to sign with.`, {
    facts: { name: name.slice(0, 100), known: known.sort() },
    hint:
      known.length === 0
        ? 'Make one with "prompd key create".'
        : 'Run "prompd key list" to see your keys, and name one of them.',
  });
}

function publicHalf(pem: string, name: string): AuthorKey {
  const key = authorKeyOf(pem);
  if (key !== undefined) return key;
  throw badKey(name);
}

function badKey(name: string): PrompdError {
  return new PrompdError('ECONFIG', `What the credential store has as the key "${name}" is no Ed25519 key.`, {
    facts: { name },
    hint: 'Restore the credential store from a backup, or make a key under another name with "prompd key create".',
  });
}

function badVariable(): PrompdError {
  return new PrompdError('ECONFIG', `${VARIABLE} does not hold an Ed25519 key in PEM.`, {
    facts: { variable: VARIABLE },
    hint: 'Put there what "prompd key export --private" prints.',
  });
}
