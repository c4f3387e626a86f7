import { PrompdError } from '../../core/errors.js';
import { compareText, type PackageKey } from '../../core/package-key.js';
import {
  fitsRequirements,
  formatLockfile,
  LOCKFILE,
  type LockedPackage,
  type Lockfile,
  writeLockfile,
} from '../../lockfile/index.js';
import { changesBetween } from '../../reify/index.js';
import { forgetProject, type NamedVersion, type Store, type StoredPackage } from '../../store/index.js';
import type { Context } from '../context.js';
import { recordChanges } from '../install/change-project.js';
import { outdated } from '../install/install.js';
import { noManifest } from '../install/install-locked.js';
import { type Suppliers, withSuppliers } from '../install/suppliers.js';
import { openProject, type Project, readProject, requirementsOf } from '../project/project.js';
import { withProjectLock } from '../project/project-lock.js';
import { whileStoreRests } from './store-lock.js';
import { storeUse } from './unused-packages.js';

export interface PruneOptions {
  /** Clean the store instead of the project. */
  readonly store?: boolean;
  /** Remove from the store also what only devDependencies lead to. */
  readonly omitDev?: boolean;
  readonly global?: boolean;
  readonly dryRun?: boolean;
}

export interface PruneResult {
  readonly dryRun: boolean;
  /** Absolute path of the project whose lockfile was cleaned; undefined when only the store was. */
  readonly project: string | undefined;
  /** What left the lockfile. */
  readonly dropped: readonly PackageKey[];
  /** What left the store. */
  readonly removed: readonly NamedVersion[];
  /** How many packages the store still has; undefined when it was not looked at. */
  readonly kept: number | undefined;
  /** Absolute paths of the projects that the store was compared with. */
  readonly projects: readonly string[];
  /** Projects that are gone. */
  readonly forgotten: readonly string[];
}

/**
 * Drops what nothing leads to: from a project's lockfile, or from the store. The store belongs to all projects, so what
 * another known project's lockfile names always stays in it.
 * @throws PrompdError ENOMANIFEST, ELOCKMISSING; ELOCKOUTDATED when the project asks for more than the lockfile has; ELOCKED
 */
export async function prune(context: Context, options: PruneOptions = {}): Promise<PruneResult> {
  const { store = false, omitDev = false, global = false, dryRun = false } = options;
  if (store) return pruneStore(context, { dryRun, omitsDev: () => omitDev, mayGo: () => true });
  const { dir, manifestText } = await openProject(context, { global });
  if (manifestText === undefined) throw noManifest(dir);
  return withProjectLock(context, { dir }, async () => {
    const project = await readProject(dir);
    const { dropped, lockfile } = await pruneLockfile(context, project, dryRun);
    const none = { dryRun, removed: [], kept: undefined, projects: [], forgotten: [] };
    if (!omitDev) return { ...none, project: dir, dropped };
    const own = new Set(
      [...lockfile.packages.values()].flatMap(({ dev, integrity }) => (dev ? [integrity] : [])),
    );
    const outcome = await pruneStore(context, {
      dryRun,
      omitsDev: other => other === dir,
      mayGo: ({ integrity }) => own.has(integrity),
    });
    return { ...outcome, project: dir, dropped };
  });
}

async function pruneLockfile(
  context: Context,
  project: Project,
  dryRun: boolean,
): Promise<{ dropped: PackageKey[]; lockfile: Lockfile }> {
  const { dir, lockfile } = project;
  if (!lockfile) {
    throw new PrompdError('ELOCKMISSING', `There is no ${LOCKFILE} in ${dir}.`, {
      facts: { folder: dir },
      hint: 'Run "prompd install".',
    });
  }
  const pruned = prunedLockfile(lockfile, requirementsOf(project.manifest));
  if (!pruned) throw outdated(['prompd.json asks for packages or ranges that the lockfile does not have.']);
  const changes = changesBetween(lockfile.packages.keys(), pruned.packages.keys());
  const isAsPruned = lockfile.falseMarks === undefined && formatLockfile(pruned) === formatLockfile(lockfile);
  if (!dryRun && !isAsPruned) {
    await writeLockfile(dir, pruned);
    await withSuppliers(context, project, async suppliers =>
      recordChanges(context, suppliers, { action: 'prune', project: dir, changes, fetch: [] }),
    );
  }
  return { dropped: [...changes.removed], lockfile: pruned };
}

/**
 * A lockfile without what the manifest no longer asks for and without what nothing leads to.
 * @returns undefined when the manifest asks for something else than the lockfile has
 */
export function prunedLockfile(
  { root, packages }: Lockfile,
  wanted: ReturnType<typeof requirementsOf>,
): Lockfile | undefined {
  const dependencies = only(root.dependencies, wanted.dependencies);
  const devDependencies = only(root.devDependencies, wanted.devDependencies);
  const edges = new Map(
    [...root.edges].filter(
      ([asked]) => Object.hasOwn(dependencies, asked) || Object.hasOwn(devDependencies, asked),
    ),
  );
  const pruned = { root: { ...root, dependencies, devDependencies, edges }, packages };
  if (!fitsRequirements(pruned, wanted)) return undefined;
  const reached = reachable(packages, [...edges.values()]);
  const needed = reachable(
    packages,
    [...edges].flatMap(([asked, key]) => (Object.hasOwn(dependencies, asked) ? [key] : [])),
  );
  const left = [...packages]
    .filter(([key]) => reached.has(key))
    .map(([key, locked]): [PackageKey, LockedPackage] => [key, { ...locked, dev: !needed.has(key) }]);
  return { ...pruned, packages: new Map(left) };
}

interface StorePruning {
  readonly dryRun: boolean;
  /** Of which projects the packages for development do not count. */
  readonly omitsDev: (project: string) => boolean;
  /** Which unused packages may be removed. */
  readonly mayGo: (pkg: StoredPackage) => boolean;
}

async function pruneStore(context: Context, { dryRun, omitsDev, mayGo }: StorePruning): Promise<PruneResult> {
  const here = { dir: context.cwd, lockfile: undefined };
  return whileStoreRests(context, () =>
    withSuppliers(context, here, async ({ store, metadata }) => {
      const { unused, used, projects, gone } = await storeUse(context, store, omitsDev);
      const going = unused.filter(mayGo);
      if (!dryRun) await removeAll({ store, metadata }, going, gone);
      return {
        dryRun,
        project: undefined,
        dropped: [],
        removed: going.map(({ name, version }) => ({ name, version })),
        kept: used + unused.length - going.length,
        projects: [...projects].sort(compareText),
        forgotten: gone,
      };
    }),
  );
}

async function removeAll(
  { store, metadata }: Pick<Suppliers, 'metadata'> & { store: Store },
  going: readonly StoredPackage[],
  gone: readonly string[],
): Promise<void> {
  for (const found of going) await store.discard(found.dir);
  if (going.length > 0) metadata.forgetInstalled(going);
  for (const dir of gone) await forgetProject(store.home, dir);
}

function only(
  locked: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(locked).filter(([name]) => Object.hasOwn(wanted, name)));
}

function reachable(packages: Lockfile['packages'], from: readonly PackageKey[]): Set<PackageKey> {
  const seen = new Set<PackageKey>();
  const open = [...from];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (seen.has(key)) continue;
    seen.add(key);
    open.push(...(packages.get(key)?.edges.values() ?? []));
  }
  return seen;
}
