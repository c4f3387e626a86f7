import semver from 'semver';
import { isAffected } from '../../core/advisory.js';
import { isPackageName, type PackageName } from '../../core/name.js';
import { isRegistrySource, type PackageKey, parsePackageKey } from '../../core/package-key.js';
import { compareVersions, type Version } from '../../core/version.js';
import type { FixJob } from './audit-fix-job.js';
import type { AuditItem } from './audit-item.js';

/** Somebody who keeps a package at a version that an advisory warns of. */
export interface Blocker {
  /** `@acme/app@1.0.0`, or `prompd.json` for the project itself. */
  readonly dependant: string;
  /** What it asks for. */
  readonly range: string;
}

/** A package that could not be moved away from an advisory. */
export interface BlockedFix {
  /** `@acme/tone@1.0.0`. */
  readonly package: string;
  readonly advisories: readonly string[];
  /** The packages on the way to it, from one that the project asks for. */
  readonly via: readonly string[];
  /** The lowest version above it that no advisory warns of; undefined where there is none. */
  readonly mendedBy: string | undefined;
  /** Whose ranges leave that version out. */
  readonly blockers: readonly Blocker[];
  /** One sentence. */
  readonly reason: string;
}

/** Says of each package with an advisory why it stays. */
export async function whatBlocks(items: readonly AuditItem[], job: FixJob): Promise<BlockedFix[]> {
  const byKey = new Map<PackageKey, AuditItem[]>();
  for (const item of items)
    if (item.key !== undefined) byKey.set(item.key, [...(byKey.get(item.key) ?? []), item]);
  const blocked: BlockedFix[] = [];
  for (const [key, about] of byKey) {
    const [{ via } = { via: [] }] = about;
    const id = parsePackageKey(key);
    if (!id) continue;
    const { source, name, version } = id;
    const mendedBy = isRegistrySource(source) ? await lowestMended(job, name, version) : undefined;
    const blockers = mendedBy === undefined ? [] : await blockersOf(job, key, mendedBy);
    const label = `${name}@${version}`;
    const advisories = [...new Set(about.map(item => item.id))].sort();
    const reason = reasonFor(label, { mendedBy, blockers, advisories, name, version });
    blocked.push({ package: label, advisories, via, mendedBy, blockers, reason });
  }
  return blocked;
}

async function lowestMended(
  { suppliers, warnings }: FixJob,
  name: PackageName,
  current: Version,
): Promise<Version | undefined> {
  const { versions } = await suppliers.source.packument(name);
  const about = warnings.get(name) ?? [];
  return [...versions]
    .filter(
      ([version, { yanked }]) =>
        yanked !== true && semver.prerelease(version) === null && semver.gt(version, current),
    )
    .map(([version]) => version)
    .sort(compareVersions)
    .find(version => !about.some(advisory => isAffected(advisory, version)));
}

async function blockersOf(
  { lockfile, suppliers }: FixJob,
  key: PackageKey,
  mendedBy: Version,
): Promise<Blocker[]> {
  const blockers: Blocker[] = [];
  const add = (dependant: string, asked: string, range: string | undefined) => {
    const plain = range?.replace(/^prompd:(?:@[^/]+\/)?[^@]+@/, '') ?? asked;
    const admits = semver.validRange(plain) !== null && semver.satisfies(mendedBy, plain);
    if (!admits) blockers.push({ dependant, range: plain });
  };
  const { root, packages } = lockfile;
  for (const [asked, target] of root.edges) {
    if (target === key) add('prompd.json', asked, root.dependencies[asked] ?? root.devDependencies[asked]);
  }
  for (const { source, name, version, edges } of packages.values()) {
    for (const [asked, target] of edges) {
      if (target !== key || !isPackageName(asked)) continue;
      const metadata = isRegistrySource(source)
        ? (await suppliers.source.packument(name)).versions.get(version)
        : undefined;
      add(`${name}@${version}`, asked, metadata?.dependencies?.[asked]);
    }
  }
  return blockers;
}

function reasonFor(
  label: string,
  about: {
    mendedBy: Version | undefined;
    blockers: readonly Blocker[];
    advisories: readonly string[];
    name: PackageName;
    version: Version;
  },
): string {
  const { mendedBy, blockers, advisories, name, version } = about;
  if (mendedBy === undefined)
    return `No version of ${name} above ${version} is free of ${advisories.join(', ')}.`;
  const step = semver.diff(version, mendedBy)?.startsWith('major') ? 'a major step away' : 'out of range';
  const [first] = blockers;
  if (!first)
    return `${name} ${mendedBy} mends ${label}, and your overrides, dates or other requirements leave it out.`;
  const asking = blockers.map(({ dependant, range }) => `${dependant} asks for "${range}"`).join(', ');
  return `${name} ${mendedBy} mends it and is ${step}: ${asking}.`;
}
