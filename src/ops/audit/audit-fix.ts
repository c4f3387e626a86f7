import { type Advisory, isAffected } from '../../core/advisory.js';
import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import { compareText, isRegistrySource, type PackageKey, parsePackageKey } from '../../core/package-key.js';
import type { Version } from '../../core/version.js';
import type { Lockfile } from '../../lockfile/index.js';
import { connect } from '../../registry/index.js';
import { type Resolution, resolve } from '../../resolve/index.js';
import { applyPolicy } from '../../scan/index.js';
import type { Store } from '../../store/index.js';
import type { Context } from '../context.js';
import { changeProject, projectChanges } from '../install/change-project.js';
import { outdated } from '../install/install.js';
import { type Suppliers, withSuppliers } from '../install/suppliers.js';
import { resolverSwitches } from '../install/switches.js';
import { lockedGraph, lockfileOf } from '../lockfile/lock-graph.js';
import { staleness } from '../lockfile/lock-state.js';
import { type Project, requirementsOf } from '../project/project.js';
import { previewPackages } from '../update/preview-store.js';
import { findAdvisories } from './audit-advisories.js';
import { type BlockedFix, whatBlocks } from './audit-fix-blocked.js';
import type { FixJob } from './audit-fix-job.js';
import type { AuditItem } from './audit-item.js';
import { auditedPackages } from './audit-packages.js';
import { projectPolicy } from './audit-policy.js';

/** What `prompd audit --fix` did or, in a dry run, would do. */
export interface AuditFix {
  readonly dryRun: boolean;
  /** Packages that came into the lockfile and went out of it, by key. */
  readonly added: readonly PackageKey[];
  readonly removed: readonly PackageKey[];
  /** What still has an advisory, and why it stays. */
  readonly blocked: readonly BlockedFix[];
}

/** A fix, and what an audit after it looks at where it was not carried out. */
interface FixOutcome {
  readonly fix: AuditFix;
  readonly preview?: FixPreview;
}

/** What a project would have. */
export interface FixPreview {
  readonly lockfile: Lockfile;
  /** Also holds, in memory, what would be fetched. */
  readonly store: Store;
}

/**
 * Resolves again without the versions that advisories warn of, keeping to the lockfile in everything else, and installs
 * the outcome. Where the ranges do not allow it for all packages, as many as possible are moved, in the order of their
 * names, and the others are reported. Advisories that the policy excepts stay. A dry run finds out the same, and changes
 * neither project nor store.
 * @throws PrompdError ELOCKOUTDATED when the lockfile is not that of the manifest; whatever asking registries, fetching
 *   and writing throw
 */
export async function fixAdvisories(
  context: Context,
  project: Project,
  { dryRun }: { dryRun: boolean },
): Promise<FixOutcome> {
  const { lockfile } = project;
  const none = { dryRun, added: [], removed: [], blocked: [] };
  if (!lockfile) return { fix: none };
  const packages = await auditedPackages(project, lockfile, { omitDev: false });
  const { items } = await findAdvisories(context, packages);
  const policy = await projectPolicy(project.dir);
  const { kept } = applyPolicy(items, policy, context.now());
  if (kept.length === 0) return { fix: none };
  return withSuppliers(context, project, async suppliers => {
    const stale = await staleness(context, project, suppliers.exotics);
    if (stale.length > 0) throw outdated(stale);
    const job: FixJob = {
      context,
      project,
      lockfile,
      suppliers,
      warnings: await warningsOf(context, suppliers, kept),
    };
    const resolution = await resolveWithout(job);
    const wanted = new Set(resolution?.packages.keys() ?? lockfile.packages.keys());
    const blocked = await whatBlocks(
      kept.filter(({ key }) => key !== undefined && wanted.has(key)),
      job,
    );
    if (!resolution) return { fix: { ...none, blocked } };
    const root = requirementsOf(project.manifest);
    if (dryRun) {
      const { store, fetch } = await previewPackages(context, resolution, suppliers);
      const { added, removed } = projectChanges(project, resolution, fetch);
      return {
        fix: { dryRun, added, removed, blocked },
        preview: { lockfile: lockfileOf(resolution, root), store },
      };
    }
    const change = { action: 'install', resolution, root, edits: [], save: true } as const;
    const { added, removed } = await changeProject(context, project, { change, suppliers });
    return { fix: { dryRun, added, removed, blocked } };
  });
}

/** The advisories about all versions of what has one: the version to move to must have none either. */
async function warningsOf(
  context: Context,
  { source }: Suppliers,
  items: readonly AuditItem[],
): Promise<Map<PackageName, Advisory[]>> {
  const warnings = new Map<PackageName, Advisory[]>();
  const bySource = new Map<string, Map<PackageName, Version[]>>();
  for (const { name, key } of items) {
    const from = key === undefined ? undefined : parsePackageKey(key)?.source;
    if (name === undefined || from === undefined || !isRegistrySource(from)) continue;
    const { versions } = await source.packument(name);
    bySource.set(
      from,
      (bySource.get(from) ?? new Map()).set(name, [...versions.keys()].slice(-MAX_VERSIONS)),
    );
  }
  const ignored = new Set(items.map(({ id }) => id));
  for (const [alias, versions] of bySource) {
    for (const advisory of (await connect(context, alias).advisories(versions)) ?? []) {
      // An advisory that the policy excepts speaks against no version.
      const isExcepted = !ignored.has(advisory.id) && isAboutLocked(advisory, items);
      if (!isExcepted) warnings.set(advisory.package, [...(warnings.get(advisory.package) ?? []), advisory]);
    }
  }
  return warnings;
}

/** More versions than this are not asked about in one question; the newest are what is moved to. */
const MAX_VERSIONS = 1000;

function isAboutLocked(advisory: Advisory, items: readonly AuditItem[]): boolean {
  return items.some(
    ({ name, version }) =>
      name === advisory.package && version !== undefined && isAffected(advisory, version),
  );
}

/** All at once where that is possible, else one package after the other. */
async function resolveWithout(job: FixJob): Promise<Resolution | undefined> {
  const all = [...job.warnings.keys()].sort(compareText);
  const together = await tryWithout(job, new Set(all));
  if (together) return together;
  let resolution: Resolution | undefined;
  const fixed = new Set<PackageName>();
  for (const name of all) {
    const found = await tryWithout(job, new Set([...fixed, name]));
    if (!found) continue;
    resolution = found;
    fixed.add(name);
  }
  return resolution;
}

/** @returns undefined where the ranges leave nothing else to choose */
async function tryWithout(job: FixJob, names: ReadonlySet<PackageName>): Promise<Resolution | undefined> {
  const { context, project, lockfile, suppliers, warnings } = job;
  const advisoryAgainst = (name: PackageName, version: Version) =>
    names.has(name) ? warnings.get(name)?.find(advisory => isAffected(advisory, version))?.id : undefined;
  const root = requirementsOf(project.manifest);
  const locked = lockedGraph(lockfile);
  const packages = new Map(
    [...locked.packages].filter(([, { name, version }]) => advisoryAgainst(name, version) === undefined),
  );
  try {
    return await resolve({
      root,
      overrides: root.overrides,
      locked: { ...locked, packages },
      ...resolverSwitches(context),
      advisoryAgainst,
      prompdVersion: context.version,
      source: suppliers.source,
      exotic: target => suppliers.exotics.open(target),
    });
  } catch (error) {
    if (error instanceof PrompdError && UNSOLVABLE.includes(error.code)) return undefined;
    throw error;
  }
}

const UNSOLVABLE: readonly PrompdError['code'][] = ['ENOSOLUTION', 'ENOVERSION', 'EEXOTICDEP'];
