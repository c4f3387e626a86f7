import { signerMemory } from '../../config/known-signers.js';
import { readLayers } from '../../config/load.js';
import type { Location } from '../../config/setting-key.js';
import type { WrittenSigners } from '../../config/signatures.js';
import { PrompdError } from '../../core/errors.js';
import { isPackageName, type PackageName, parsePackageName } from '../../core/name.js';
import { keyIdOf } from '../../core/registry-signature.js';
import { parseVersion, type Version } from '../../core/version.js';
import { registryFor } from '../../registry/index.js';
import { ed25519Spki } from '../../verify/index.js';
import type { Context } from '../context.js';
import { deleteSetting, setSetting } from '../settings/config.js';

/** A key that is trusted to sign the packages of a scope. */
export interface TrustedKeyEntry {
  readonly scope: string;
  readonly keyid: string;
  readonly publicKey: string;
  readonly name: string | undefined;
  readonly policy: 'no-downgrade' | 'required';
  /** Which file names it. */
  readonly origin: Location;
}

export interface TrustOptions {
  /** `@bank`. */
  readonly scope: string;
  readonly location?: Location | undefined;
}

/** The keys that count in the folder that the user works in. */
export function trustedKeys({ config }: Context): TrustedKeyEntry[] {
  return [...config.signers].flatMap(([scope, { keys, policy, origin }]) =>
    keys.map(({ key, name }) => ({ scope, keyid: idOf(key), publicKey: key, name, policy, origin })),
  );
}

/**
 * Trusts a key for the packages of a scope.
 * @param key base64, as `prompd key export` prints it
 * @throws PrompdError EUSAGE when it is none, or the scope is none; ECONFIG
 */
export async function trustKey(
  context: Context,
  { key, name }: { readonly key: string; readonly name?: string | undefined },
  { scope, location = 'user' }: TrustOptions,
): Promise<{ readonly scope: string; readonly keyid: string; readonly file: string }> {
  if (ed25519Spki(key) === undefined) {
    throw new PrompdError('EUSAGE', 'What was given is no public key.', {
      facts: { found: key.slice(0, 100) },
      hint: 'Give what "prompd key export" prints for the author: one word that begins with MCowBQYDK2VwAyEA.',
    });
  }
  if (!scope.startsWith('@') || !isPackageName(`${scope}/name`)) {
    throw new PrompdError('EUSAGE', `"${scope.slice(0, 100)}" is no scope.`, {
      hint: 'A scope is what package names begin with, as "@team" in "@team/code-review".',
    });
  }
  const written = await writtenSigners(context, { scope, location });
  const keys = (written?.keys ?? []).filter(known => known.key !== key);
  const value = { ...written, keys: [...keys, name === undefined ? { key } : { key, name }] };
  const { file } = await setSetting(
    context,
    { key: `signers.${scope}`, typed: JSON.stringify(value) },
    { location },
  );
  return { scope, keyid: idOf(key), file };
}

/**
 * Trusts a key no longer.
 * @param keyid as the list has it, or the key itself
 * @throws PrompdError ENOKEY when it is not trusted for the scope; ECONFIG
 */
export async function untrustKey(
  context: Context,
  keyid: string,
  { scope, location = 'user' }: TrustOptions,
): Promise<{ readonly scope: string; readonly keyid: string; readonly file: string }> {
  const written = await writtenSigners(context, { scope, location });
  const found = written?.keys.find(({ key }) => key === keyid || idOf(key) === keyid);
  if (written === undefined || found === undefined) {
    throw new PrompdError('ENOKEY', `${keyid.slice(0, 100)} is not trusted for ${scope} there.`, {
      facts: { scope, location, keyid: keyid.slice(0, 100) },
      hint: 'Run "prompd key list" to see which keys are trusted; "--location project" means those of the project.',
    });
  }
  const keys = written.keys.filter(({ key }) => key !== found.key);
  const { file } =
    keys.length === 0
      ? await deleteSetting(context, `signers.${scope}`, { location })
      : await setSetting(
          context,
          { key: `signers.${scope}`, typed: JSON.stringify({ ...written, keys }) },
          { location },
        );
  return { scope, keyid: idOf(found.key), file };
}

/**
 * Takes a version although no trusted author signed it. It holds for this user, and this version alone.
 * @param spec `name@version`
 * @throws PrompdError EUSAGE when it is none
 */
export async function acceptVersion(
  context: Context,
  spec: string,
): Promise<{ readonly name: PackageName; readonly version: Version; readonly registry: string }> {
  const at = spec.lastIndexOf('@');
  if (at < 1) {
    throw new PrompdError('EUSAGE', `"${spec.slice(0, 214)}" does not name one version.`, {
      facts: { found: spec.slice(0, 214) },
      hint: 'Write a name and a version, as in "@team/code-review@1.2.0".',
    });
  }
  const name = parsePackageName(spec.slice(0, at));
  const version = parseVersion(spec.slice(at + 1));
  const { url: registry } = registryFor(context, name);
  await signerMemory(context.config.home).accept(registry, name, version);
  return { name, version, registry };
}

async function writtenSigners(
  { cwd, env }: Context,
  { scope, location }: { readonly scope: string; readonly location: Location },
): Promise<WrittenSigners | undefined> {
  const signers = (await readLayers({ cwd, env }))[location]?.values.signers ?? {};
  return Object.hasOwn(signers, scope) ? signers[scope] : undefined;
}

function idOf(key: string): string {
  return keyIdOf(Buffer.from(key, 'base64'));
}
