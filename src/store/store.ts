import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { PrompdError } from '../core/errors.js';
import { compareText } from '../core/package-key.js';
import type { SourceTree } from '../core/source-tree.js';
import type { UnpackedPackage } from '../core/verified-tarball.js';
import { compareVersions } from '../core/version.js';
import { isAbsence } from './absence.js';
import { type ArchiveCache, archiveCache } from './cache.js';
import { forgetComplete } from './completeness.js';
import { layoutOf } from './home-folders.js';
import { foldersOf, type StoreId } from './layout.js';
import { isSame, moveAway, type StagedPackage, stagePackage } from './place.js';
import { type PackageRecord, readRecord } from './record.js';
import { countLeftovers, sweepStaging } from './staging.js';
import { recordedTree } from './tree.js';

export interface StoredPackage extends StoreId {
  readonly dir: string;
}

/** A folder in the store. */
export interface StoreFolder {
  /** Absolute. */
  readonly dir: string;
  /** Undefined when it has no sound record: something was deleted, or changed. */
  readonly record: PackageRecord | undefined;
}

export type NamedVersion = Pick<StoreId, 'name' | 'version'>;

/** `$PROMPD_HOME/packages`, shared by all projects and by many processes at once. Described in docs/store.md. */
export interface Store {
  readonly home: string;
  readonly cache: ArchiveCache;
  /** Folder of the package if it is in the store, whole and with exactly this integrity. */
  locate(id: StoreId): Promise<string | undefined>;
  /** The package's files, each checked when it is read; undefined when the package is not in the store. */
  tree(id: StoreId): Promise<SourceTree | undefined>;
  /**
   * Writes a package aside, read-only, so that many can be made visible together once all are whole.
   * @throws PrompdError EARCHIVEENTRY when the archive holds a file that the store keeps for itself
   */
  stage(id: NamedVersion, unpacked: UnpackedPackage): Promise<StagedPackage>;
  /**
   * Stages and commits in one. Placing what is there already is no error.
   * @returns the package's folder
   */
  place(id: NamedVersion, unpacked: UnpackedPackage): Promise<string>;
  /** Every folder that has the name of a package, whole or not, sorted. */
  folders(): Promise<StoreFolder[]>;
  /** The folder of a package; without a record when what is there is no whole package; undefined when nothing is there. */
  folderOf(id: StoreId): Promise<StoreFolder | undefined>;
  /**
   * Writes a package anew, in place of a damaged one.
   * @returns the package's folder
   */
  replace(id: NamedVersion, unpacked: UnpackedPackage): Promise<string>;
  /** Takes a folder of the store away. @param dir absolute, one that `folders` named */
  discard(dir: string): Promise<void>;
  /** Every whole package, by name, then version, then integrity. */
  list(): Promise<StoredPackage[]>;
  /**
   * Removes the staging folders of processes that died more than a day ago.
   * @param now milliseconds since the epoch
   */
  sweep(now: number): Promise<void>;
  /** How many staging folders of dead processes there are. */
  leftovers(): Promise<number>;
}

/**
 * Opens the store. Nothing is created before something is placed.
 * @param home absolute path of `$PROMPD_HOME`
 */
export function openStore(home: string): Store {
  const layout = layoutOf(home);
  const find = (id: StoreId) => {
    for (const dir of foldersOf(layout, id)) {
      const record = readRecord(dir);
      if (record && isSame(record, id)) return { dir, record };
      // Damage that an install would mend, were it not noted that it has nothing to do.
      if (!record && existsSync(dir)) forgetComplete(home);
    }
    return undefined;
  };
  return {
    home,
    cache: archiveCache(layout),
    locate: async id => find(id)?.dir,
    async tree(id) {
      const found = find(id);
      return found && recordedTree(found.dir, found.record);
    },
    stage: ({ name, version }, unpacked) =>
      stagePackage(layout, { name, version, integrity: unpacked.integrity }, unpacked),
    async place({ name, version }, unpacked) {
      const id: StoreId = { name, version, integrity: unpacked.integrity };
      return find(id)?.dir ?? (await stagePackage(layout, id, unpacked)).commit();
    },
    folders: () => listFolders(layout.packages),
    async folderOf(id) {
      const found = find(id);
      if (found) return found;
      const [plain] = foldersOf(layout, id);
      const isBroken = existsSync(plain) && readRecord(plain) === undefined;
      return isBroken ? { dir: plain, record: undefined } : undefined;
    },
    async replace({ name, version }, unpacked) {
      const id: StoreId = { name, version, integrity: unpacked.integrity };
      const staged = await stagePackage(layout, id, unpacked);
      const old = find(id);
      if (old) await moveAway(layout, old.dir);
      return staged.commit();
    },
    discard: dir => moveAway(layout, dir),
    list: () => listPackages(layout.packages),
    async sweep(now) {
      await sweepStaging(layout.staging, now);
      await sweepStaging(layout.cacheStaging, now);
    },
    leftovers: async () =>
      (await countLeftovers(layout.staging)) + (await countLeftovers(layout.cacheStaging)),
  };
}

async function listPackages(packages: string): Promise<StoredPackage[]> {
  const found = (await listFolders(packages)).flatMap(({ dir, record }): StoredPackage[] =>
    record ? [{ name: record.name, version: record.version, integrity: record.integrity, dir }] : [],
  );
  return found.sort(
    (a, b) =>
      compareText(a.name, b.name) ||
      compareVersions(a.version, b.version) ||
      compareText(a.integrity, b.integrity),
  );
}

async function listFolders(packages: string): Promise<StoreFolder[]> {
  const dirs = (await packageFolders(packages)).sort(compareText);
  return dirs.map(dir => ({ dir, record: readRecord(dir) }));
}

/** `name@version` folders, and those one level deeper in `@scope` folders. */
async function packageFolders(packages: string): Promise<string[]> {
  const folders: string[] = [];
  for (const name of await namesIn(packages)) {
    if (name.startsWith('.')) continue;
    const dir = path.join(packages, name);
    if (!name.startsWith('@')) folders.push(dir);
    else folders.push(...(await namesIn(dir)).map(base => path.join(dir, base)));
  }
  return folders;
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (isAbsence(error)) return [];
    throw new PrompdError('EIO', 'The store cannot be read.', { facts: { folder: dir }, cause: error });
  }
}
