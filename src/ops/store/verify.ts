import path from 'node:path';
import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import { type PackageKey, packageKey } from '../../core/package-key.js';
import type { Version } from '../../core/version.js';
import { LOCKFILE } from '../../lockfile/index.js';
import { aliasFor } from '../../registry/alias.js';
import {
  type FileFaults,
  findVendored,
  inspectFiles,
  RECORD_FILE,
  type StoreFolder,
  sha256,
  VENDOR_FOLDER,
  vendorEntries,
} from '../../store/index.js';
import { unpack } from '../../tarball/index.js';
import { verifyTarball } from '../../verify/index.js';
import type { Context } from '../context.js';
import type { CiOptions } from '../install/ci.js';
import { lockedPackages, noManifest, withNetworkUse } from '../install/install-locked.js';
import { type Suppliers, withSuppliers } from '../install/suppliers.js';
import { obtain, unpackNamed, type WantedPackage } from '../install/wanted-package.js';
import { openProject, type Project, requirementsOf } from '../project/project.js';
import { vendoredFault } from './vendored-fault.js';

export interface VerifyOptions extends Pick<CiOptions, 'use'> {
  readonly global?: boolean;
  /** Everything in the store, whichever project brought it. */
  readonly all?: boolean;
  /** Write what is damaged anew, from the cache or its source. */
  readonly fix?: boolean;
}

export interface VerifyResult {
  /** Absolute path of the project; undefined for the whole store. */
  readonly project: string | undefined;
  /** Whether everything is as it should be now. */
  readonly ok: boolean;
  /** Packages that were looked at. */
  readonly packages: number;
  readonly files: number;
  readonly damaged: readonly DamagedPackage[];
}

export interface DamagedPackage extends FileFaults {
  /** Undefined when the record is gone that says what the folder is. */
  readonly name: PackageName | undefined;
  readonly version: Version | undefined;
  /** Absolute; undefined when the package is not there at all. */
  readonly dir: string | undefined;
  /** What the files were held against: the archive that the integrity proves, or the digests noted at the installation. */
  readonly against: 'archive' | 'record' | undefined;
  readonly fixed: boolean;
  /** Why it was not fixed, where that was asked for, or why it cannot be. */
  readonly reason?: string | undefined;
}

/**
 * Holds every installed file against the integrity of its package. Where the cache has the archive, the archive says what
 * the files should be; else the digests that were noted when they were written.
 * What is vendored in the project is held against its archives too.
 * @throws PrompdError ENOMANIFEST; ELOCKMISSING for a project with dependencies; ELOCKBROKEN, ELOCKFUTURE
 */
export async function verify(outer: Context, options: VerifyOptions = {}): Promise<VerifyResult> {
  const context = withNetworkUse(outer, options.use);
  const { global = false, all = false } = options;
  const project = await openProject(context, { global });
  const isProject = !all && !global;
  if (isProject && project.manifestText === undefined) throw noManifest(project.dir);
  if (isProject && !project.lockfile && hasDependencies(project)) {
    const { dir } = project;
    throw new PrompdError('ELOCKMISSING', `There is no ${LOCKFILE} in ${dir}.`, { facts: { folder: dir } });
  }
  return withSuppliers(context, project, async suppliers => {
    const subjects = all
      ? await storeSubjects(context, suppliers)
      : await projectSubjects(project, suppliers);
    const inspected: Inspected[] = [];
    for (const subject of subjects) inspected.push(await inspect(subject, suppliers));
    const damaged: DamagedPackage[] = [];
    for (const { subject, found } of inspected) {
      if (found) damaged.push(options.fix ? await fixed(context, { subject, found }, suppliers) : found);
    }
    const vendored = isProject ? await inspectVendored(project, suppliers) : [];
    damaged.push(...vendored.flatMap(({ found }) => found ?? []));
    const only = vendored.filter(({ isOnly }) => isOnly);
    return {
      project: all ? undefined : project.dir,
      ok: damaged.every(item => item.fixed),
      packages: subjects.length + only.length,
      files: [...inspected, ...only].reduce((sum, { files }) => sum + files, 0),
      damaged,
    };
  });
}

/** A package that should be there, or a folder that is. */
interface Subject {
  readonly folder: StoreFolder | undefined;
  /** How to get it again; undefined when nobody knows what it was. */
  readonly wanted: WantedPackage | undefined;
}

interface Inspected {
  readonly subject: Subject;
  readonly files: number;
  readonly found: DamagedPackage | undefined;
}

/** Packages of devDependencies may have been left out; all others should be there, in the store or vendored. */
async function projectSubjects({ lockfile }: Project, { store }: Suppliers): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (const wanted of lockfile ? lockedPackages(lockfile, {}) : []) {
    const folder = await store.folderOf(wanted);
    const isElsewhere = wanted.dev || (await store.locate(wanted)) !== undefined;
    if (folder || !isElsewhere) subjects.push({ folder, wanted });
  }
  return subjects;
}

interface InspectedVendored {
  readonly files: number;
  readonly found: DamagedPackage | undefined;
  /** Whether the store does not have the package. */
  readonly isOnly: boolean;
}

/** The vendored copies that there are; that one is missing matters to `prompd vendor --check` only. */
async function inspectVendored(
  { dir: project, lockfile }: Project,
  { store }: Suppliers,
): Promise<InspectedVendored[]> {
  const root = path.join(project, VENDOR_FOLDER);
  const inspected: InspectedVendored[] = [];
  for (const entry of vendorEntries(lockfile ? lockedPackages(lockfile, {}) : [])) {
    const { name, version, folder } = entry;
    if (!(await findVendored(root, entry))) continue;
    const isOnly = (await store.folderOf(entry)) === undefined;
    const fault = await vendoredFault(root, entry);
    if (fault === undefined) {
      const { length } = (isOnly ? await store.tree(entry) : undefined)?.paths ?? [];
      inspected.push({ files: length, found: undefined, isOnly });
      continue;
    }
    const dir = path.join(root, ...folder.split('/'));
    const reason = `it is vendored and ${fault}; "prompd vendor" writes it anew`;
    const about = { name, version, dir, against: 'archive', fixed: false, reason } as const;
    inspected.push({ files: 0, found: { ...about, ...NO_FAULTS }, isOnly });
  }
  return inspected;
}

function hasDependencies({ manifest }: Project): boolean {
  const { dependencies, devDependencies } = requirementsOf(manifest);
  return Object.keys({ ...dependencies, ...devDependencies }).length > 0;
}

async function storeSubjects(context: Context, { store, metadata }: Suppliers): Promise<Subject[]> {
  const sources = new Map(metadata.installed().map(entry => [entry.integrity, entry.source]));
  return (await store.folders()).map(folder => {
    const { record } = folder;
    if (!record) return { folder, wanted: undefined };
    const { name, version, integrity } = record;
    const source = sources.get(integrity) ?? aliasFor(context.config, name);
    const id = { name, version, source };
    return {
      folder,
      wanted: { ...id, key: packageKey(id), integrity, edges: new Map<PackageName, PackageKey>() },
    };
  });
}

const NO_FAULTS: FileFaults = { missing: [], changed: [], extra: [], modes: [] };

async function inspect(subject: Subject, { store }: Suppliers): Promise<Inspected> {
  const { folder, wanted } = subject;
  const about = { name: wanted?.name, version: wanted?.version, dir: folder?.dir, fixed: false };
  const record = folder?.record;
  if (!folder || !record) {
    const missing = folder ? [RECORD_FILE] : [];
    return { subject, files: 0, found: { ...about, ...NO_FAULTS, missing, against: undefined } };
  }
  const proven = await digestsOfArchive(subject, store);
  const digests = proven ?? record.files;
  const faults = await inspectFiles(folder.dir, digests);
  const isForged = [...digests].some(([file, digest]) => record.files.get(file) !== digest);
  const changed = isForged ? [RECORD_FILE, ...faults.changed] : faults.changed;
  const count = faults.missing.length + changed.length + faults.extra.length + faults.modes.length;
  const against = proven ? 'archive' : 'record';
  return {
    subject,
    files: digests.size,
    found: count === 0 ? undefined : { ...about, ...faults, changed, against },
  };
}

async function digestsOfArchive(
  { wanted }: Subject,
  { cache }: Suppliers['store'],
): Promise<ReadonlyMap<string, string> | undefined> {
  const archive = wanted && (await cache.read(wanted.integrity));
  if (!wanted || !archive) return undefined;
  const { files } = await unpack(verifyTarball(archive, wanted.integrity, wanted));
  return new Map([...files].map(([file, bytes]) => [file, sha256(bytes)]));
}

/** A folder that nobody knows the package of is taken away: the next install that needs it brings it again. */
async function fixed(
  context: Context,
  { subject, found }: { subject: Subject; found: DamagedPackage },
  suppliers: Suppliers,
): Promise<DamagedPackage> {
  const { folder, wanted } = subject;
  const { store } = suppliers;
  if (!wanted) {
    if (folder) await store.discard(folder.dir);
    return { ...found, fixed: true };
  }
  try {
    const { unpacked } = await unpackNamed(wanted, await obtain(context, wanted, suppliers));
    return { ...found, dir: await store.replace(wanted, unpacked), fixed: true };
  } catch (error) {
    if (!(error instanceof PrompdError)) throw error;
    return { ...found, reason: error.message };
  }
}
