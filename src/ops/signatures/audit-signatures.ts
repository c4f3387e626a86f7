import pLimit from 'p-limit';
import { signaturePolicy } from '../../config/signatures.js';
import { PrompdError } from '../../core/errors.js';
import { type PackageName, scopeOf } from '../../core/name.js';
import { isRegistrySource, type PackageId } from '../../core/package-key.js';
import type { Version } from '../../core/version.js';
import { LOCKFILE, type LockedPackage } from '../../lockfile/index.js';
import { openMetadata } from '../../store/index.js';
import { NO_SUCH_KEY, verifyAuthorSignature, verifyRegistrySignatures } from '../../verify/index.js';
import type { Context } from '../context.js';
import { lockedPackages } from '../install/install-locked.js';
import { type RegistrySource, registrySource } from '../install/registry-source.js';
import { openProject } from '../project/project.js';
import { trustedSignature } from './author-check.js';
import { type KeyRing, keyRing } from './key-ring.js';

export interface AuditSignaturesOptions {
  /** Leave out what only devDependencies need. */
  readonly omitDev?: boolean;
}

/** A locked package, and what its signatures are worth. */
export interface SignedItem {
  readonly name: PackageName;
  readonly version: Version;
  readonly registry: string;
}

export interface InvalidItem extends SignedItem {
  readonly code: string;
  readonly reason: string;
  readonly keyid: string | undefined;
  /** Whether the registry lists no such key, as one that mirrors another does not list the keys of that one. */
  readonly unlisted: boolean;
}

export interface SignatureReport {
  /** Absolute path of the project. */
  readonly project: string;
  /** Locked packages that come from registries. */
  readonly packages: number;
  /** Whose registry's signatures all hold. */
  readonly verified: number;
  readonly invalid: readonly InvalidItem[];
  /** Without a signature, of registries that sign. */
  readonly missing: readonly SignedItem[];
  /** Registries that give no keys, and how many packages come from them. */
  readonly unsupported: readonly {
    readonly registry: string;
    readonly packages: number;
    readonly required: boolean;
  }[];
  /** Signed by an author that is trusted for their scope. */
  readonly authors: number;
  /** Whether something is invalid, missing, or of a registry without keys where signatures are required or nothing else is there. */
  readonly failed: boolean;
}

/**
 * Verifies the signatures of all that a project has locked, as "npm audit signatures" does, by the integrity that the
 * lockfile names.
 * @throws PrompdError ELOCKMISSING; EKEYCHANGED; whatever asking registries throws
 */
export async function auditSignatures(
  context: Context,
  options: AuditSignaturesOptions = {},
): Promise<SignatureReport> {
  const { dir, lockfile } = await openProject(context);
  if (!lockfile) {
    throw new PrompdError(
      'ELOCKMISSING',
      `There is no ${LOCKFILE} in ${dir}: nobody knows what is installed.`,
      {
        facts: { folder: dir },
        hint: 'Run "prompd install" first.',
      },
    );
  }
  const { home, network } = context.config;
  const wanted = lockedPackages(lockfile, options).filter(({ source }) => isRegistrySource(source));
  const metadata = openMetadata(home, message => context.progress.warn(message));
  const source = registrySource(context, { metadata, use: network.use });
  const ring = keyRing(context, network.use);
  const limit = pLimit(network.concurrency);
  try {
    const verdicts = await Promise.all(
      wanted.map(item => limit(() => judge(context, item, { source, ring }))),
    );
    return reportOf(context, dir, verdicts);
  } finally {
    source.remember();
    metadata.close();
  }
}

type Verdict = SignedItem & { readonly id: PackageId; readonly byAuthor: boolean } & (
    | { readonly kind: 'verified' | 'missing' | 'unsupported' }
    | { readonly kind: 'invalid'; readonly error: PrompdError }
  );

interface Sources {
  readonly source: RegistrySource;
  readonly ring: KeyRing;
}

async function judge(context: Context, item: LockedPackage, { source, ring }: Sources): Promise<Verdict> {
  const { name, version } = item;
  const registry = source.registry(name);
  const { versions, time } = await source.packument(name);
  const { signatures = [], authorSignatures = [] } = versions.get(version)?.dist ?? {};
  const about = { id: item, name, version, registry: registry.url };
  try {
    const signers = context.config.signers.get(scopeOf(name) ?? '');
    const signature = signers && trustedSignature(authorSignatures, signers);
    const byAuthor = signature !== undefined && verifyAuthorSignature(item, signature).keyid !== '';
    const keys = await ring.keysOf(
      registry,
      signatures.map(({ keyid }) => keyid),
    );
    if (keys === undefined) return { ...about, byAuthor, kind: 'unsupported' };
    if (signatures.length === 0) return { ...about, byAuthor, kind: 'missing' };
    const publishedAt = Object.hasOwn(time, version) ? time[version] : undefined;
    const evidence = { signatures, keys, publishedAt, now: context.now(), registry: registry.url };
    verifyRegistrySignatures(item, evidence);
    return { ...about, byAuthor, kind: 'verified' };
  } catch (error) {
    if (!(error instanceof PrompdError) || !isVerdict(error)) throw error;
    return { ...about, byAuthor: false, kind: 'invalid', error };
  }
}

/** A key list that changed is a matter of the whole registry: it ends the audit. */
function isVerdict({ code, facts }: PrompdError): boolean {
  return code === 'ESIGNATURE' || (code === 'EKEYCHANGED' && 'version' in facts);
}

function reportOf(context: Context, project: string, verdicts: readonly Verdict[]): SignatureReport {
  const invalid = verdicts.flatMap(verdict =>
    verdict.kind === 'invalid' ? [{ ...itemOf(verdict), ...problemOf(verdict.error) }] : [],
  );
  const missing = verdicts.filter(({ kind }) => kind === 'missing').map(itemOf);
  const unsupported = unsupportedOf(context, verdicts);
  const verified = verdicts.filter(({ kind }) => kind === 'verified').length;
  const nothing = verified === 0 && verdicts.length > 0;
  return {
    project,
    packages: verdicts.length,
    verified,
    invalid,
    missing,
    unsupported,
    authors: verdicts.filter(({ byAuthor }) => byAuthor).length,
    failed:
      nothing || invalid.length > 0 || missing.length > 0 || unsupported.some(({ required }) => required),
  };
}

function unsupportedOf({ config }: Context, verdicts: readonly Verdict[]): SignatureReport['unsupported'] {
  const without = verdicts.filter(({ kind }) => kind === 'unsupported');
  return [...new Set(without.map(({ registry }) => registry))].map(registry => {
    const theirs = without.filter(verdict => verdict.registry === registry);
    const required = theirs.some(({ id }) => signaturePolicy(config.signatures, id) === 'required');
    return { registry, packages: theirs.length, required };
  });
}

function itemOf({ name, version, registry }: Verdict): SignedItem {
  return { name, version, registry };
}

function problemOf({ code, message, facts }: PrompdError): Omit<InvalidItem, keyof SignedItem> {
  const { keyid, reason } = facts;
  return {
    code,
    reason: message,
    keyid: typeof keyid === 'string' ? keyid : undefined,
    unlisted: reason === NO_SUCH_KEY,
  };
}
