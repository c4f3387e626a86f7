import path from 'node:path';
import pLimit from 'p-limit';
import { PrompdError } from '../../core/errors.js';
import { compareText } from '../../core/package-key.js';
import type { VerifiedTarball } from '../../core/verified-tarball.js';
import { LOCKFILE } from '../../lockfile/index.js';
import {
  checkVendorFolder,
  findVendored,
  formatVendorIndex,
  readVendorIndex,
  removeVendored,
  type StagedVendor,
  stageVendored,
  sweepVendorStaging,
  VENDOR_FOLDER,
  type VendorEntry,
  vendorEntries,
  vendoredFolders,
  writeVendorIndex,
} from '../../store/index.js';
import { packTree, readManifest } from '../../tarball/index.js';
import { verifyTarball } from '../../verify/index.js';
import type { Context } from '../context.js';
import type { CiOptions } from '../install/ci.js';
import { outdated } from '../install/install.js';
import { lockedPackages, noManifest, withNetworkUse } from '../install/install-locked.js';
import { type Suppliers, withSuppliers } from '../install/suppliers.js';
import { obtain, openCached, type WantedPackage } from '../install/wanted-package.js';
import { staleness } from '../lockfile/lock-state.js';
import { openProject, type Project } from '../project/project.js';
import { warnOfLinks } from '../project/project-links.js';
import { withProjectLock } from '../project/project-lock.js';
import { unverified } from '../signatures/verified-note.js';
import { vendoredFault } from './vendored-fault.js';

export interface VendorOptions extends CiOptions {
  /** Folder to fill, relative to the project; only the default one is read by other commands. */
  readonly dir?: string | undefined;
  /** Say whether the folder fits the lockfile, and write nothing. */
  readonly check?: boolean;
}

export interface VendorResult {
  /** Absolute path of the project. */
  readonly project: string;
  /** Absolute. */
  readonly dir: string;
  /** Whether the folder holds what the lockfile names: after the writing, or as it was found by a check. */
  readonly fits: boolean;
  /** Folders below `dir` that were written or, in a check, that are not as they should be; with the reason. */
  readonly written: readonly { readonly folder: string; readonly reason: string }[];
  /** Folders below `dir` that no longer belong to the project. */
  readonly removed: readonly string[];
  /** Packages that the lockfile asks for. */
  readonly total: number;
}

interface Planned {
  readonly entry: VendorEntry;
  readonly wanted: WantedPackage;
}

/**
 * Writes what the lockfile names into a folder of the project, so that prompts can be used where there is neither store
 * nor network. Steps and layout: docs/vendoring.md.
 * @throws PrompdError ENOMANIFEST, ELOCKMISSING, ELOCKOUTDATED; EEXISTS for a folder that is somebody else's; whatever
 *   fetching throws
 */
export async function vendor(outer: Context, options: VendorOptions = {}): Promise<VendorResult> {
  const context = withNetworkUse(outer, options.use);
  const { dir } = await openProject(context);
  await warnOfLinks(context, dir, 'prompd vendor');
  if (options.check) return withProject(context, options, checkOnly);
  return withProjectLock(context, { dir }, () => withProject(context, options, write));
}

interface Job {
  readonly project: Project;
  readonly root: string;
  readonly planned: readonly Planned[];
  readonly suppliers: Suppliers;
}

async function withProject(
  context: Context,
  options: VendorOptions,
  run: (context: Context, job: Job) => Promise<VendorResult>,
): Promise<VendorResult> {
  const project = await openProject(context);
  const { dir, lockfile, manifestText } = project;
  if (manifestText === undefined) throw noManifest(dir);
  if (!lockfile) {
    throw new PrompdError('ELOCKMISSING', `There is no ${LOCKFILE} in ${dir}.`, { facts: { folder: dir } });
  }
  const root = options.dir === undefined ? path.join(dir, VENDOR_FOLDER) : path.resolve(dir, options.dir);
  await checkVendorFolder(root);
  return withSuppliers(context, project, async suppliers => {
    const stale = await staleness(context, project, suppliers.exotics);
    if (stale.length > 0) throw outdated(stale);
    const packages = lockedPackages(lockfile, options).sort((a, b) => compareText(a.key, b.key));
    const entries = vendorEntries(packages);
    const planned = packages.map((wanted, at) => ({ wanted, entry: entries[at] as VendorEntry }));
    return run(context, { project, root, planned, suppliers });
  });
}

async function checkOnly(_context: Context, job: Job): Promise<VendorResult> {
  const { project, root, planned } = job;
  const { faults, stale } = await compare(job);
  const index = (await readVendorIndex(root)) === indexOf(planned);
  const written = faults.map(({ item, reason }) => ({ folder: item.entry.folder, reason }));
  const fits = index && faults.length === 0 && stale.length === 0;
  return { project: project.dir, dir: root, fits, written, removed: stale, total: planned.length };
}

/** New packages first, then the index, then what is left over goes: neither the old lockfile nor the new one is ever without. */
async function write(context: Context, job: Job): Promise<VendorResult> {
  const { project, root, planned } = job;
  await sweepVendorStaging(root);
  const { faults, stale } = await compare(job);
  const text = indexOf(planned);
  const index = await readVendorIndex(root);
  // Marks the folder as ours before anything is in it, so that a run that is killed can be completed.
  if (index === undefined) await writeVendorIndex(root, formatVendorIndex([]));
  await place(
    context,
    job,
    faults.map(({ item }) => item),
  );
  if (index !== text) await writeVendorIndex(root, text);
  for (const folder of stale) await removeVendored(root, folder);
  if (faults.length + stale.length > 0) await sweepVendorStaging(root);
  const written = faults.map(({ item, reason }) => ({ folder: item.entry.folder, reason }));
  return { project: project.dir, dir: root, fits: true, written, removed: stale, total: planned.length };
}

async function compare({ root, planned }: Job) {
  const wanted = new Set(planned.map(({ entry }) => entry.folder));
  const limit = pLimit(16);
  const reasons = await Promise.all(
    planned.map(item => limit(async () => ({ item, reason: await vendoredFault(root, item.entry) }))),
  );
  const faults = reasons.flatMap(({ item, reason }) => (reason === undefined ? [] : [{ item, reason }]));
  const stale = (await vendoredFolders(root)).filter(folder => !wanted.has(folder));
  return { faults, stale };
}

/** All are written aside before the first gets its name. */
async function place(context: Context, { root, suppliers }: Job, items: readonly Planned[]): Promise<void> {
  const { progress, config } = context;
  if (items.length === 0) return;
  const limit = pLimit(Math.max(1, config.network.concurrency));
  const staged: StagedVendor[] = [];
  suppliers.log.announce(items.map(({ wanted }) => wanted));
  progress.start('fetch', items.length);
  try {
    const outcomes = await Promise.allSettled(
      items.map(({ wanted, entry }) =>
        limit(async () => {
          const own = (await findVendored(root, entry))?.archive;
          const tarball = own
            ? verifyTarball(own, entry.integrity, { ...entry, source: root })
            : await archiveOf(context, wanted, suppliers);
          const { unpacked } = await openCached(wanted, tarball, suppliers);
          staged.push(await stageVendored(root, entry, { unpacked, archive: tarball.bytes }));
          progress.advance(tarball.bytes.byteLength, `${wanted.name}@${wanted.version}`);
        }),
      ),
    );
    const failure = outcomes.find(outcome => outcome.status === 'rejected');
    if (failure) throw failure.reason;
    for (const item of staged) await item.commit();
  } finally {
    await Promise.all(staged.map(item => item.discard()));
    progress.stop();
  }
}

/**
 * The archive from the cache; else made again from the store's files, which gives the very same bytes when prompd packed
 * it; else from its source.
 */
async function archiveOf(
  context: Context,
  wanted: WantedPackage,
  suppliers: Suppliers,
): Promise<VerifiedTarball> {
  const { store, signatures } = suppliers;
  // Another project may have brought it here, and what is vendored is not asked again.
  if ((await unverified(context, [wanted])).length > 0) await signatures.check(wanted);
  const about = { name: wanted.name, version: wanted.version, source: wanted.source };
  const cached = await store.cache.read(wanted.integrity);
  if (cached) return verifyTarball(cached, wanted.integrity, about);
  try {
    const tree = await store.tree(wanted);
    const packed = tree && (await packTree(tree, await readManifest(tree)));
    if (packed?.integrity === wanted.integrity) return verifyTarball(packed.bytes, wanted.integrity, about);
  } catch (error) {
    // What is damaged in the store can still be fetched.
    if (!(error instanceof PrompdError)) throw error;
  }
  return obtain(context, wanted, suppliers);
}

function indexOf(planned: readonly Planned[]): string {
  return formatVendorIndex(planned.map(({ entry }) => entry));
}
