import { createHash } from 'node:crypto';
import semver from 'semver';
import { type Advisory, isAffected } from '../../core/advisory.js';
import type { PackageName } from '../../core/name.js';
import { isRegistrySource, parsePackageKey } from '../../core/package-key.js';
import type { Version } from '../../core/version.js';
import { connect } from '../../registry/index.js';
import type { Context } from '../context.js';
import { type AuditedPackage, type AuditItem, ownerOf } from './audit-item.js';

/** Packages of which nobody could say whether there are advisories. */
export interface UnknownPackages {
  /** Alias of the registry; undefined for packages that come from none. */
  readonly registry: string | undefined;
  readonly reason: 'offline' | 'the registry gives no advisories' | 'from no registry';
  /** How many. */
  readonly packages: number;
}

export interface FoundAdvisories {
  readonly items: readonly AuditItem[];
  readonly advisories: readonly Advisory[];
  readonly unknown: readonly UnknownPackages[];
}

/**
 * Asks each registry for advisories about the packages that come from it, and joins them with the versions.
 * @throws PrompdError ENETWORK and all that a registry may answer: one that fails is no registry without advisories
 */
export async function findAdvisories(
  context: Context,
  packages: readonly AuditedPackage[],
): Promise<FoundAdvisories> {
  const bySource = new Map<string, AuditedPackage[]>();
  const exotic: AuditedPackage[] = [];
  for (const audited of packages) {
    const source = parsePackageKey(audited.key)?.source ?? '';
    if (isRegistrySource(source)) bySource.set(source, [...(bySource.get(source) ?? []), audited]);
    else exotic.push(audited);
  }
  const unknown: UnknownPackages[] = [];
  const items: AuditItem[] = [];
  const advisories: Advisory[] = [];
  for (const [registry, some] of [...bySource].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const isOffline = context.config.network.use === 'never';
    const found = isOffline ? undefined : await connect(context, registry).advisories(versionsOf(some));
    if (found === undefined) {
      const reason = isOffline ? 'offline' : 'the registry gives no advisories';
      unknown.push({ registry, reason, packages: some.length });
      continue;
    }
    advisories.push(...found);
    items.push(
      ...some.flatMap(audited =>
        found.filter(one => concerns(one, audited)).map(one => itemOf(one, audited)),
      ),
    );
  }
  if (exotic.length > 0)
    unknown.push({ registry: undefined, reason: 'from no registry', packages: exotic.length });
  return { items, advisories, unknown };
}

function concerns(advisory: Advisory, { name, version }: AuditedPackage): boolean {
  return advisory.package === name && isAffected(advisory, version);
}

function versionsOf(packages: readonly AuditedPackage[]): Map<PackageName, Version[]> {
  const versions = new Map<PackageName, Version[]>();
  for (const { name, version } of packages) versions.set(name, [...(versions.get(name) ?? []), version]);
  return versions;
}

/** An advisory without a patched range does not say that nothing mends it, only that nobody stated what does. */
function whatMends(patched: string | undefined): string {
  if (patched === undefined) return '.';
  // npm's registries state a range that no version is in, `<0.0.0`.
  if (!semver.intersects(patched, '>=0.0.0-0')) return '; no version mends it.';
  return `; ${patched} mends it. "prompd audit --fix" moves what your ranges allow.`;
}

function itemOf(advisory: Advisory, audited: AuditedPackage): AuditItem {
  const { id, severity, title, vulnerable, patched, url } = advisory;
  return {
    kind: 'advisory',
    id,
    severity,
    file: undefined,
    line: undefined,
    column: undefined,
    message: title,
    hint: `It is about ${vulnerable}${whatMends(patched)}`,
    patched,
    url,
    fingerprint: createHash('sha256')
      .update(JSON.stringify([id, audited.key]))
      .digest('hex')
      .slice(0, 32),
    ...ownerOf(audited),
  };
}
