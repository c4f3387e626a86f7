import path from 'node:path';
import semver from 'semver';
import { NoReadableFile, readCheckoutFile } from '../../config/checkout-file.js';
import { PrompdError } from '../../core/errors.js';
import { MANIFEST_FILE, type ProjectManifest, readProjectManifest } from '../../core/manifest.js';
import { isPackageName, type PackageName } from '../../core/name.js';
import { type PackageId, type PackageKey, packageKey } from '../../core/package-key.js';
import type { SourceTree } from '../../core/source-tree.js';
import type { Selector } from '../../core/specifier.js';
import { compareVersions } from '../../core/version.js';
import {
  type ConflictedLock,
  type LockedPackage,
  type Lockfile,
  type RootRequirements,
  readLockfile,
  readLockState,
} from '../../lockfile/index.js';
import { openStore, type Store } from '../../store/index.js';
import type { Context } from '../context.js';
import { withVendored } from '../store/vendored-packages.js';
import { linkedFolder } from './linked-folder.js';
import { linksOf } from './project-links.js';

/** Far larger than any prompd.json. */
const MAX_MANIFEST_BYTES = 16 * 1024 * 1024;

/** A folder with a prompd.json, or one that is about to get one. */
export interface Project {
  /** Absolute. */
  readonly dir: string;
  /** Text of prompd.json as it is on disk; undefined when there is none. */
  readonly manifestText: string | undefined;
  readonly manifest: ProjectManifest;
  readonly lockfile: Lockfile | undefined;
  /** What a merge left of the lockfile, for operations that can resolve again; as read, there is no `lockfile` then. */
  readonly conflict?: ConflictedLock | undefined;
}

export interface ReadOptions {
  /** Merge a lockfile that has conflict markers, instead of refusing it. */
  readonly merge?: boolean;
}

export interface ProjectOptions extends ReadOptions {
  /** The project of `-g`, below `$PROMPD_HOME`, instead of the one the user stands in. */
  readonly global?: boolean;
}

/**
 * The project that the user stands in: the nearest folder upwards with a prompd.json, else the current folder, then
 * without a manifest.
 * @throws PrompdError EMANIFEST, EMANIFESTCONFLICT, ELOCKBROKEN, ELOCKCONFLICT, ELOCKFUTURE
 */
export async function openProject(
  context: Context,
  { global = false, merge = false }: ProjectOptions = {},
): Promise<Project> {
  return readProject(global ? globalFolder(context) : await projectFolder(context.cwd), { merge });
}

/** Reads the project in exactly this folder. */
export async function readProject(dir: string, { merge = false }: ReadOptions = {}): Promise<Project> {
  const file = path.join(dir, MANIFEST_FILE);
  const manifestText = await readIfThere(file);
  return {
    dir,
    manifestText,
    manifest: manifestText === undefined ? {} : readProjectManifest(manifestText, file),
    ...(merge ? await readLockState(dir) : { lockfile: await readLockfile(dir) }),
  };
}

/** What a manifest asks for, in the form that lockfiles compare. */
export function requirementsOf(manifest: ProjectManifest): RootRequirements {
  const { dependencies = {}, devDependencies = {}, overrides = {} } = manifest;
  return { dependencies, devDependencies, overrides };
}

/** Where packages installed with `-g` are written down. */
export function globalFolder(context: Context): string {
  return path.join(context.config.home, 'global');
}

/** A package that a lockfile names and the store holds. */
export interface InstalledPackage extends PackageId {
  readonly key: PackageKey;
  /** Its folder in the store: read-only. */
  readonly dir: string;
  /** Its files, each checked against its recorded hash when read. */
  readonly tree: SourceTree;
  /** Name under which the package asks for a dependency to the package it gets, opened on demand. */
  readonly edges: ReadonlyMap<PackageName, () => Promise<InstalledPackage>>;
}

/** Where the packages of a project are looked for. */
export interface PackageShelf extends Pick<Store, 'home' | 'locate' | 'tree'> {
  /** The folder that is linked in place of a package, whatever the lockfile says of it. */
  readonly linkOf?: (name: PackageName) => string | undefined;
}

/**
 * The shelf of a project: its links, then the store, then what is vendored in it.
 * @param dir absolute
 */
export async function shelfOf(context: Context, dir: string): Promise<PackageShelf> {
  const links = await linksOf(context, dir);
  const shelf = withVendored(openStore(context.config.home), dir);
  return links.size === 0 ? shelf : { ...shelf, linkOf: name => links.get(name) };
}

/**
 * Finds an installed package: what the project itself asks for under that name, else the highest fitting version in its
 * lockfile, else the same in the global project.
 * @param selector the version, range or tag that was asked for; a tag fits every version
 * @returns undefined when no lockfile names one that fits
 * @throws PrompdError ENOTINSTALLED when a lockfile names it and the store does not hold it
 */
export async function findInstalled(
  context: Context,
  name: PackageName,
  selector?: Selector,
): Promise<InstalledPackage | undefined> {
  for (const global of [false, true]) {
    const { dir, lockfile } = await openProject(context, { global });
    const shelf = await shelfOf(context, dir);
    const found = lockfile && findLocked(lockfile, name, selector);
    if (found) return openInstalled(shelf, lockfile, found);
    const linked = shelf.linkOf?.(name);
    if (linked !== undefined) return openLinked(shelf, lockfile, { name, dir: linked });
  }
  return undefined;
}

/**
 * Opens a package of a lockfile, or the folder that is linked in its place.
 * @throws PrompdError ENOTINSTALLED when the store does not hold it
 */
export async function openInstalled(
  store: PackageShelf,
  lockfile: Lockfile,
  key: PackageKey,
): Promise<InstalledPackage> {
  const locked = lockfile.packages.get(key);
  if (!locked) throw new TypeError(`${key} is not in the lockfile`);
  const { source, name, version, edges } = locked;
  const linked = store.linkOf?.(name);
  if (linked !== undefined) return openLinked(store, lockfile, { name, dir: linked });
  const [dir, tree] = await Promise.all([store.locate(locked), store.tree(locked)]);
  if (dir === undefined || tree === undefined) {
    throw new PrompdError('ENOTINSTALLED', `${name}@${version} is in the lockfile and not in the store.`, {
      facts: { package: `${name}@${version}`, store: store.home },
      hint: 'Run "prompd install".',
    });
  }
  return {
    key,
    source,
    name,
    version,
    dir,
    tree,
    edges: new Map(
      [...edges].map(([asked, target]) => [asked, () => openInstalled(store, lockfile, target)]),
    ),
  };
}

/**
 * Opens a linked folder as it is now. Its dependencies are those of its own lockfile, else those of the project that it is
 * linked into.
 * @param shelf of the project; @param lockfile the project's
 * @throws PrompdError ENOMANIFEST, EMANIFEST; EPACK for links in it that lead out of it
 */
export async function openLinked(
  shelf: PackageShelf,
  lockfile: Lockfile | undefined,
  { name, dir }: { name: PackageName; dir: string },
): Promise<InstalledPackage> {
  const { folderTree } = await import('../../tarball/index.js');
  const manifest = await linkedFolder(dir, name);
  const { version, dependencies = {} } = manifest;
  const source = `file:${dir}`;
  const locked = [...(lockfile?.packages.values() ?? [])].find(other => other.name === name);
  const open = async (asked: PackageName): Promise<InstalledPackage> => {
    const own = await readLockfile(dir);
    const ownKey = own?.root.edges.get(asked);
    if (own && ownKey)
      return openInstalled({ ...shelf, ...withVendored(openStore(shelf.home), dir) }, own, ownKey);
    const key = locked?.edges.get(asked) ?? (lockfile && findLocked(lockfile, asked, undefined));
    if (lockfile && key) return openInstalled(shelf, lockfile, key);
    const linked = shelf.linkOf?.(asked);
    if (linked !== undefined) return openLinked(shelf, lockfile, { name: asked, dir: linked });
    throw new PrompdError('ENOTINSTALLED', `${asked}, which the linked ${name} needs, is not installed.`, {
      facts: { package: asked, folder: dir },
      hint: `Run "prompd install" in ${dir}.`,
    });
  };
  return {
    key: packageKey({ source, name, version }),
    source,
    name,
    version,
    dir,
    tree: await folderTree(dir, manifest),
    edges: new Map(
      Object.keys(dependencies)
        .filter(isPackageName)
        .map(asked => [asked, () => open(asked)]),
    ),
  };
}

function findLocked(
  lockfile: Lockfile,
  name: PackageName,
  selector: Selector | undefined,
): PackageKey | undefined {
  const own = lockfile.root.edges.get(name);
  const direct = own && lockfile.packages.get(own);
  if (own && direct && fits(direct, selector)) return own;
  const [best] = [...lockfile.packages]
    .filter(([, locked]) => locked.name === name && fits(locked, selector))
    .sort(([, a], [, b]) => compareVersions(b.version, a.version));
  return best?.[0];
}

function fits({ version }: LockedPackage, selector: Selector | undefined): boolean {
  if (!selector || selector.kind === 'tag') return true;
  return semver.satisfies(version, selector.raw, { includePrerelease: false }) || version === selector.raw;
}

async function projectFolder(cwd: string): Promise<string> {
  for (let dir = cwd; ; dir = path.dirname(dir)) {
    if ((await readIfThere(path.join(dir, MANIFEST_FILE))) !== undefined) return dir;
    if (path.dirname(dir) === dir) return cwd;
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return (await readCheckoutFile(file, MAX_MANIFEST_BYTES))?.toString('utf8');
  } catch (error) {
    if (error instanceof NoReadableFile) throw noManifestFile(file, error);
    throw error;
  }
}

function noManifestFile(file: string, cause: NoReadableFile): PrompdError {
  return new PrompdError('EMANIFEST', `${file} cannot be read. ${cause.message}`, {
    facts: { file },
    hint: 'Move it away, and run "prompd init" to make a prompd.json.',
    cause,
  });
}
