import { PrompdError } from '../../core/errors.js';
import { isRegistrySource } from '../../core/package-key.js';
import { MAX_LOG_PACKAGES, type SignedTreeHead } from '../../core/transparency-log.js';
import { LOCKFILE, type LockedPackage } from '../../lockfile/index.js';
import { connect, registryConfig } from '../../registry/index.js';
import type { Context } from '../context.js';
import { lockedPackages } from '../install/install-locked.js';
import { openProject } from '../project/project.js';
import { checkLog } from '../transparency/check-log.js';

/** What the log of one registry showed. */
export interface AuditedLog {
  /** Alias of the registry. */
  readonly registry: string;
  readonly url: string;
  /** `verified`: head, consistency and inclusion hold; `incomplete`: some packages are not in it; `absent`: there is none. */
  readonly state: 'verified' | 'incomplete' | 'absent';
  /** Leaves of the log; undefined where there is none. */
  readonly size: number | undefined;
  /** Root of its tree, in base64. */
  readonly root: string | undefined;
  /** The log's key, in base64. */
  readonly publicKey: string | undefined;
  /** Packages that were looked for. */
  readonly checked: number;
  /** `name@version` of those that the log does not have with the integrity that is locked. */
  readonly missing: readonly string[];
}

export interface LogAudit {
  /** Absolute path of the project. */
  readonly project: string;
  /** Whether a package is missing from a log, or a log from a registry while one is required. */
  readonly failed: boolean;
  /** Packages of registries that the lockfile names. */
  readonly packages: number;
  /** By alias. */
  readonly logs: readonly AuditedLog[];
}

/**
 * Holds all that a project has locked against the transparency logs of its registries, whatever is in the store, and
 * remembers the heads.
 * @throws PrompdError ELOCKMISSING, ELOGKEY, ELOGROLLBACK, ELOGFORK, ELOGABSENT, and whatever asking registries throws
 */
export async function auditLog(
  context: Context,
  { omitDev = false }: { readonly omitDev?: boolean } = {},
): Promise<LogAudit> {
  const { dir, lockfile } = await openProject(context);
  if (!lockfile) {
    throw new PrompdError('ELOCKMISSING', `There is no ${LOCKFILE} in ${dir}.`, {
      facts: { folder: dir },
      hint: 'Run "prompd install", then audit what it installed.',
    });
  }
  const bySource = new Map<string, LockedPackage[]>();
  for (const item of lockedPackages(lockfile, { omitDev })) {
    if (isRegistrySource(item.source))
      bySource.set(item.source, [...(bySource.get(item.source) ?? []), item]);
  }
  const logs: AuditedLog[] = [];
  for (const [alias, packages] of [...bySource].sort(([a], [b]) => (a < b ? -1 : 1)))
    logs.push(await auditOne(context, alias, packages));
  const isRequired = context.config.transparency === 'required';
  return {
    project: dir,
    failed: logs.some(({ state }) => state === 'incomplete' || (state === 'absent' && isRequired)),
    packages: logs.reduce((sum, { checked }) => sum + checked, 0),
    logs,
  };
}

async function auditOne(
  context: Context,
  alias: string,
  packages: readonly LockedPackage[],
): Promise<AuditedLog> {
  const registry = connect(context, alias);
  const configured = registryConfig(context.config, alias).publicKey;
  const missing: string[] = [];
  let head: SignedTreeHead | undefined;
  for (let at = 0; at < packages.length; at += MAX_LOG_PACKAGES) {
    const some = packages.slice(at, at + MAX_LOG_PACKAGES);
    const finding = await checkLog(context, registry, { packages: some, configured });
    head = finding?.head;
    missing.push(...(finding?.missing ?? []).map(({ name, version }) => `${name}@${version}`));
  }
  return {
    registry: alias,
    url: registry.url,
    state: head === undefined ? 'absent' : missing.length > 0 ? 'incomplete' : 'verified',
    size: head?.size,
    root: head?.root,
    publicKey: head?.publicKey,
    checked: packages.length,
    missing: missing.sort(),
  };
}
