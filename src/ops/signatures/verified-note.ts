import { createHash } from 'node:crypto';
import { access, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../../config/config.js';
import { type ScopeSigners, type SignaturePolicy, signaturePolicy } from '../../config/signatures.js';
import { type PackageName, scopeOf } from '../../core/name.js';
import { isRegistrySource } from '../../core/package-key.js';
// Not by the phase's index, which brings the HTTP client that an install without anything to do must do without.
import { aliasFor } from '../../registry/alias.js';
import type { Context } from '../context.js';
import type { CheckedPackage } from './checked-package.js';

/*
 * A place in the store or the cache does not say that signatures and the log were looked at: another project may have brought
 * the package there, by a laxer policy. An empty file in `$PROMPD_HOME/verified` says it of one package, named by the hash of
 * what was asked of it.
 */

/** Part of the name of each note. To be raised when what a check lets pass becomes less. */
const FORMAT = 1;

/** What the configuration asks of a package. */
export interface SignatureRule {
  /** Of the registry's signature. */
  readonly policy: SignaturePolicy;
  /** Of its authors' signatures. */
  readonly signers: ScopeSigners | undefined;
  /** That it stands in the registry's transparency log, whoever brought it here. */
  readonly isLogRequired: boolean;
}

/** @returns undefined where nothing is asked: of what comes from no registry, nothing ever is */
export function signatureRule(
  { signatures, signers, transparency }: Pick<Config, 'signatures' | 'signers' | 'transparency'>,
  { name, source }: { readonly name: PackageName; readonly source: string },
): SignatureRule | undefined {
  if (!isRegistrySource(source)) return undefined;
  const rule = {
    policy: signaturePolicy(signatures, { name, source }),
    signers: signers.get(scopeOf(name) ?? ''),
    isLogRequired: transparency === 'required',
  };
  return rule.policy === 'off' && rule.signers === undefined && !rule.isLogRequired ? undefined : rule;
}

/** Packages of which something is asked that they were not yet found to fulfil. Reads nothing where nothing is asked. */
export async function unverified<Item extends CheckedPackage>(
  { config }: Context,
  packages: readonly Item[],
): Promise<Item[]> {
  const open = await Promise.all(
    packages.map(async item => {
      const note = await noteOf(config, item);
      return note !== undefined && !(await isThere(note));
    }),
  );
  return packages.filter((_item, at) => open[at]);
}

/**
 * Notes that packages fulfil what is asked of them now. Nothing happens where nothing can be written: what is not noted is
 * verified again.
 */
export async function noteVerified(context: Context, packages: readonly CheckedPackage[]): Promise<void> {
  try {
    for (const item of await unverified(context, packages)) {
      const note = await noteOf(context.config, item);
      if (note === undefined) continue;
      await mkdir(path.dirname(note), { recursive: true });
      await writeFile(note, '');
    }
  } catch {
    // The home may be read-only.
  }
}

/** The file that says that these bytes, from this registry, were verified by just this rule. */
async function noteOf(config: Config, item: CheckedPackage): Promise<string | undefined> {
  const rule = signatureRule(config, item);
  if (rule === undefined) return undefined;
  const { name, version, source, integrity } = item;
  const { url, publicKey } = config.registries.get(aliasFor(config, name)) ?? {};
  const { policy, signers, isLogRequired } = rule;
  const authors = signers && [
    signers.policy,
    signers.keys.map(({ key }) => key).sort(),
    // An older version may be seen signed after this one was let pass without.
    (await signedSince(config, url, item)) ?? null,
  ];
  const registry = [url, publicKey ?? null, source];
  const asked = [FORMAT, registry, name, version, integrity, policy, authors ?? null, isLogRequired];
  const hash = createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 32);
  return path.join(config.home, 'verified', hash);
}

async function signedSince({ home }: Config, url: string | undefined, item: CheckedPackage) {
  // Loaded where authors are trusted only: an install with nothing to do comes here as well.
  const { signedBefore } = await import('../../config/known-signers.js');
  return signedBefore(home, url ?? '', item);
}

async function isThere(note: string): Promise<boolean> {
  return access(note).then(
    () => true,
    () => false,
  );
}
