import { PrompdError } from '../../core/errors.js';
import type { Packument } from '../../core/packument.js';
import type { Version } from '../../core/version.js';
import { LOCKFILE, type Lockfile } from '../../lockfile/index.js';
import type { Resolution } from '../../resolve/index.js';
import type { Context } from '../context.js';
import {
  changeProject,
  type ProjectChanges,
  projectChanges,
  resolveProject,
} from '../install/change-project.js';
import { noManifest } from '../install/install-locked.js';
import type { RegistrySource } from '../install/registry-source.js';
import { planPackages } from '../install/reify-packages.js';
import { type Suppliers, withSuppliers } from '../install/suppliers.js';
import { type Switches, withSwitches } from '../install/switches.js';
import { lockfileOf } from '../lockfile/lock-graph.js';
import {
  additionalVersions,
  type SeveralVersions,
  severalVersions,
  versionsByName,
} from '../lockfile/several-versions.js';
import { withWholeLockfile } from '../lockfile/whole-lockfile.js';
import { openProject, type Project, readProject, requirementsOf } from '../project/project.js';
import { withProjectLock } from '../project/project-lock.js';
import { type LockfileMoves, movesBetween } from './package-moves.js';

export interface DedupeOptions extends Switches {
  readonly global?: boolean;
  /** Only find out what could be merged. */
  readonly dryRun?: boolean;
}

export interface DedupeResult extends ProjectChanges, LockfileMoves {
  /** Absolute path of the project. */
  readonly project: string;
  readonly dryRun: boolean;
  /** How many versions there are besides the first of each package, before and after. */
  readonly additional: { readonly before: number; readonly after: number };
  /** Packages that there are several versions of, and stay so: the ranges have no version in common. */
  readonly apart: readonly SeveralVersions[];
}

/**
 * Merges the versions of packages that the lockfile has in several, as far as the ranges allow. A package that is there
 * once stays what it is; of the others a version that is not locked is taken only where that saves one.
 * @throws PrompdError ENOMANIFEST, ELOCKMISSING; whatever resolving and fetching throw
 */
export async function dedupe(outer: Context, options: DedupeOptions = {}): Promise<DedupeResult> {
  const context = withSwitches(outer, options);
  const { global = false, dryRun = false } = options;
  const { dir, manifestText } = await openProject(context, { global, merge: true });
  if (manifestText === undefined) throw noManifest(dir);
  return withProjectLock(context, { dir }, async () => {
    const project = await readProject(dir, { merge: true });
    return withSuppliers(context, project, async suppliers => {
      const whole = await withWholeLockfile(context, project, suppliers);
      return dedupeProject(context, whole, { dryRun, suppliers });
    });
  });
}

async function dedupeProject(
  context: Context,
  project: Project,
  { dryRun, suppliers }: { dryRun: boolean; suppliers: Suppliers },
): Promise<DedupeResult> {
  const { dir, lockfile } = project;
  if (!lockfile) {
    throw new PrompdError('ELOCKMISSING', `There is no ${LOCKFILE} in ${dir}.`, {
      facts: { folder: dir },
      hint: 'Run "prompd install".',
    });
  }
  const before = additionalVersions(lockfile);
  const better = before === 0 ? undefined : await fewerVersions(context, project, { suppliers, lockfile });
  const root = requirementsOf(project.manifest);
  const resolution =
    better ?? (project.conflict && (await resolveProject(context, suppliers, { root, lockfile })));
  const after = better ? lockfileOf(better, root) : lockfile;
  const outcome = {
    project: dir,
    dryRun,
    additional: { before, after: additionalVersions(after) },
    apart: severalVersions(after),
  };
  if (!resolution) {
    const none = { added: [], removed: [], fetched: 0, total: lockfile.packages.size };
    return { ...outcome, ...none, moved: [], appeared: [], gone: [] };
  }
  const moves = movesBetween(lockfile, after);
  if (dryRun) {
    const { fetch } = await planPackages(suppliers.store, [...resolution.packages.values()]);
    return { ...outcome, ...moves, ...projectChanges(project, resolution, fetch) };
  }
  const change = { action: 'dedupe', resolution, root, edits: [], save: true } as const;
  return { ...outcome, ...moves, ...(await changeProject(context, project, { change, suppliers })) };
}

/** A resolution with fewer versions than the lockfile has; undefined when there is none. */
async function fewerVersions(
  context: Context,
  project: Project,
  { suppliers, lockfile }: { suppliers: Suppliers; lockfile: Lockfile },
): Promise<Resolution | undefined> {
  const { exotics, source } = suppliers;
  const root = requirementsOf(project.manifest);
  const resolution = await resolveProject(
    context,
    { exotics, source: pinned(source, lockfile) },
    { root, lockfile, reconsidered: new Set(versionsByName(lockfile).keys()) },
  );
  return additionalVersions(resolution) < additionalVersions(lockfile) ? resolution : undefined;
}

/** The registries, as if a package that is locked in one version had no other. */
function pinned(source: RegistrySource, lockfile: Lockfile): RegistrySource {
  const versions = versionsByName(lockfile);
  return {
    ...source,
    async packument(name) {
      const packument = await source.packument(name);
      const [only, ...others] = versions.get(name) ?? [];
      return only === undefined || others.length > 0 ? packument : onlyVersion(packument, only);
    },
  };
}

function onlyVersion(packument: Packument, only: Version): Packument {
  const metadata = packument.versions.get(only);
  if (!metadata) return packument;
  const distTags = Object.fromEntries(Object.keys(packument.distTags).map(tag => [tag, only]));
  return { ...packument, versions: new Map([[only, metadata]]), distTags };
}
