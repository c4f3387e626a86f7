import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { MANIFEST_FILE } from '../../core/manifest.js';
import type { PackageName } from '../../core/name.js';
import { compareText, type PackageKey } from '../../core/package-key.js';
import type { Version } from '../../core/version.js';
import { type Lockfile, type LockSide, type RootRequirements, writeLockfile } from '../../lockfile/index.js';
import { type Changes, changesBetween } from '../../reify/index.js';
import type { Resolution, ResolveRequest } from '../../resolve/index.js';
import { type HistoryEntry, rememberProject } from '../../store/index.js';
import type { Context } from '../context.js';
import { packagesToRead, withContracts } from '../lockfile/contract-digests.js';
import { lockfilesBefore } from '../lockfile/lock-before.js';
import { lockedGraph, lockfileOf } from '../lockfile/lock-graph.js';
import { editManifest, type ManifestEdit } from '../project/edit-manifest.js';
import type { Project } from '../project/project.js';
import { installedPackage } from '../prompts/prompt-packages.js';
import { whileStoreStays } from '../store/store-lock.js';
import { noteInstalled } from './note-installed.js';
import { planPackages, reifyPackages } from './reify-packages.js';
import { resolveTogether } from './resolve-together.js';
import type { Suppliers } from './suppliers.js';
import { resolverSwitches } from './switches.js';
import type { WantedPackage } from './wanted-package.js';

/** What a project is to become. */
export interface ProjectChange {
  readonly action: HistoryEntry['action'];
  readonly resolution: Resolution;
  /** What the manifest will say. */
  readonly root: RootRequirements;
  readonly edits: readonly ManifestEdit[];
  /** false: only the store changes. */
  readonly save: boolean;
}

export interface ProjectChanges extends Changes {
  /** Packages that came into the store. */
  readonly fetched: number;
  /** Packages that the project has now. */
  readonly total: number;
}

/** What is resolved, and how much of the lockfile is kept to. */
export interface WantedResolution extends Pick<ResolveRequest, 'fresh' | 'unlocked' | 'reconsidered'> {
  readonly root: RootRequirements;
  readonly lockfile: LockSide | undefined;
}

/** Resolves what a root asks for, keeping to the lockfile, and tells of deprecated versions that it brings. */
export async function resolveProject(
  context: Context,
  { source, exotics }: Pick<Suppliers, 'source' | 'exotics'>,
  wanted: WantedResolution,
): Promise<Resolution> {
  const { root, lockfile, fresh, unlocked, reconsidered } = wanted;
  const { progress, version } = context;
  progress.start('resolve');
  try {
    const request: ResolveRequest = {
      root,
      overrides: root.overrides,
      locked: lockfile && lockedGraph(lockfile),
      ...(fresh && { fresh }),
      ...(unlocked && { unlocked }),
      ...(reconsidered && { reconsidered }),
      ...resolverSwitches(context),
      prompdVersion: version,
      isCached: source.isCached,
      source,
      exotic: target => exotics.open(target),
    };
    source.keepTo(lockedNames(request));
    const resolution = await resolveTogether(request, lockfile);
    for (const { key, name, version, metadata } of resolution.packages.values()) {
      if (metadata?.deprecated === undefined || lockfile?.packages.has(key)) continue;
      progress.warn(`${name}@${version} is deprecated: ${metadata.deprecated.slice(0, 300)}`);
    }
    return resolution;
  } finally {
    progress.stop();
  }
}

/** The versions that the lock has of what nobody wants anew. */
function lockedNames({ locked, unlocked }: ResolveRequest): Map<PackageName, Version[]> {
  const names = new Map<PackageName, Version[]>();
  for (const { name, version } of locked?.packages.values() ?? []) {
    if (!unlocked?.has(name)) names.set(name, [...(names.get(name) ?? []), version]);
  }
  return names;
}

/**
 * Carries a change out in the order that leaves nothing torn: all packages into the store, then prompd.json, and
 * prompd-lock.json last. Described step by step in docs/reify.md.
 */
export async function changeProject(
  context: Context,
  project: Project,
  { change, suppliers }: { change: ProjectChange; suppliers: Suppliers },
): Promise<ProjectChanges> {
  return whileStoreStays(context, () => carryOut(context, project, { change, suppliers }));
}

async function carryOut(
  context: Context,
  project: Project,
  { change, suppliers }: { change: ProjectChange; suppliers: Suppliers },
): Promise<ProjectChanges> {
  const { store, metadata } = suppliers;
  const { resolution, root, edits, save, action } = change;
  if (save) rememberProject(store.home, project.dir);
  const wanted = [...resolution.packages.values()];
  const bare = lockfileOf(resolution, root);
  const plan = await planPackages(store, wanted);
  const { fetch } = plan;
  await lookAtNew(project, bare, { wanted, suppliers });
  const { open, placed } = await reifyPackages(context, plan, suppliers);
  const lockfile = await withContracts(context, {
    lockfile: bare,
    before: lockfilesBefore(project),
    open: async key => installedPackage(await open(key)),
  });
  if (save) {
    await writeManifest(project, edits);
    await writeLockfile(project.dir, lockfile);
    await noteInstalled(context, project, { lockfile, placed });
  }
  const changes = projectChanges(project, resolution, fetch);
  recordChanges(context, { metadata, store }, { action, project: project.dir, changes, fetch });
  await store.sweep(context.now().getTime());
  return changes;
}

/**
 * What other projects brought into the store is new to this one all the same. What it had gives other prompts where
 * something below is not what it was.
 */
async function lookAtNew(
  project: Project,
  lockfile: Lockfile,
  { wanted, suppliers }: { wanted: readonly WantedPackage[]; suppliers: Suppliers },
): Promise<void> {
  const { store, audit } = suppliers;
  const before = lockfilesBefore(project);
  const changed = new Set(packagesToRead(lockfile, before));
  for (const item of wanted) {
    if (before.some(({ packages }) => packages.has(item.key))) {
      if (changed.has(item.key)) audit.lookAgain(item.key);
      continue;
    }
    const tree = await store.tree(item);
    if (tree) await audit.look(item, tree);
  }
}

/** What a resolution changes in a project, before or after it is carried out. */
export function projectChanges(
  project: Project,
  { packages }: Resolution,
  fetch: readonly WantedPackage[],
): ProjectChanges {
  const [before] = lockfilesBefore(project);
  const changes = changesBetween(before?.packages.keys() ?? [], packages.keys());
  return { ...changes, fetched: fetch.length, total: packages.size };
}

/** Writes down, in one transaction, what came into the store and what a project gained and lost. */
export function recordChanges(
  { now }: Context,
  { metadata }: Pick<Suppliers, 'metadata' | 'store'>,
  entry: {
    action: HistoryEntry['action'];
    project: string;
    changes: { added: readonly PackageKey[]; removed: readonly PackageKey[] };
    fetch: readonly WantedPackage[];
  },
): void {
  const { action, project, changes, fetch } = entry;
  if (changes.added.length + changes.removed.length + fetch.length === 0) return;
  const { added, removed } = changes;
  const placed = [...fetch].sort((a, b) => compareText(a.key, b.key));
  metadata.record({ at: now().getTime(), project, action, added, removed }, placed);
}

async function writeManifest({ dir, manifestText }: Project, edits: readonly ManifestEdit[]): Promise<void> {
  if (edits.length === 0) return;
  const text = editManifest(manifestText, edits);
  if (text !== manifestText) await writeFileAtomic(path.join(dir, MANIFEST_FILE), text);
}
