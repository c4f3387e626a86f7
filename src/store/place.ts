import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { PrompdError } from '../core/errors.js';
import { systemCode } from '../core/system-code.js';
import type { UnpackedPackage } from '../core/verified-tarball.js';
import { isAbsence } from './absence.js';
import { type Layout, RECORD_FILE } from './home-folders.js';
import { foldersOf, type StoreId } from './layout.js';
import { formatRecord, type PackageRecord, readRecord, sha256 } from './record.js';
import { makeStagingFolder } from './staging.js';
import { stagingName } from './staging-name.js';

const FILE_MODE = 0o444;
/** Folders stay writable for their owner, else the store could be neither renamed into nor deleted from. */
const FOLDER_MODE = 0o755;
/** How often a place that others keep changing is tried again. */
const ATTEMPTS = 10;

/** A package that was written aside whole and waits for its name. */
export interface StagedPackage {
  /**
   * Gives it its name, by one rename. When another process was first, its folder is used.
   * @returns the package's folder
   */
  commit(): Promise<string>;
  /** Removes what was written aside; does nothing after `commit`. */
  discard(): Promise<void>;
}

/**
 * Writes a package aside: all files and the record. Nothing is ever written into a folder that has its final name.
 *
 * A package is a handful of small files, so the file system is asked without the thread pool, whose round trips cost
 * several times what the questions do. The limits of archives bound how long that takes.
 * @throws PrompdError EARCHIVEENTRY when the archive holds a file of the record's name
 */
export async function stagePackage(
  layout: Layout,
  id: StoreId,
  unpacked: UnpackedPackage,
): Promise<StagedPackage> {
  for (const file of unpacked.files.keys()) refuseReserved(file, id);
  const staged = makeStagingFolder(layout.staging);
  let isThere = true;
  const discard = async () => {
    if (isThere) await rm(staged, { recursive: true, force: true });
    isThere = false;
  };
  try {
    writeAside(staged, id, unpacked);
  } catch (error) {
    await discard();
    throw error;
  }
  return {
    discard,
    async commit() {
      try {
        const { dir, moved } = await nameFolder(layout, id, staged);
        if (moved) isThere = false;
        return dir;
      } finally {
        await discard();
      }
    },
  };
}

function writeAside(staged: string, id: StoreId, { files }: UnpackedPackage): void {
  const made = new Set(['']);
  const hashes = new Map<string, string>();
  for (const [file, bytes] of files) {
    makeFolders(staged, file.slice(0, Math.max(0, file.lastIndexOf('/'))), made);
    writeFileSync(below(staged, file), bytes, { mode: FILE_MODE, flag: 'wx' });
    hashes.set(file, sha256(bytes));
  }
  const record: PackageRecord = { ...id, files: hashes };
  writeFileSync(below(staged, RECORD_FILE), formatRecord(record), { mode: FILE_MODE, flag: 'wx' });
}

/** @param folder inside the package, '' for the package itself; @param made those that are there */
function makeFolders(staged: string, folder: string, made: Set<string>): void {
  if (made.has(folder)) return;
  makeFolders(staged, folder.slice(0, Math.max(0, folder.lastIndexOf('/'))), made);
  mkdirSync(below(staged, folder), { mode: FOLDER_MODE });
  made.add(folder);
}

/** @param file path inside the package, with forward slashes, which the rules for entries found to be plain */
function below(staged: string, file: string): string {
  return staged + path.sep + file.replaceAll('/', path.sep);
}

/** The plain name if it is free or ours, else the one with the hash in it. */
async function nameFolder(
  layout: Layout,
  id: StoreId,
  staged: string,
): Promise<{ readonly dir: string; readonly moved: boolean }> {
  const [plain, marked] = foldersOf(layout, id);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    for (const dir of [plain, marked]) {
      if (moveTo(dir, staged)) return { dir, moved: true };
      const there = readRecord(dir);
      if (there && isSame(there, id)) return { dir, moved: false };
      if (!there) {
        // A folder without a sound record is not a package: somebody deleted half of it. It makes room.
        await moveAway(layout, dir);
        break;
      }
    }
  }
  throw new PrompdError('EIO', `${id.name}@${id.version} cannot be placed in the store.`, {
    facts: { folder: plain },
    hint: 'Something keeps changing the folder. Delete it and try again.',
  });
}

/** @returns false when something of that name is there already */
function moveTo(dir: string, staged: string): boolean {
  try {
    renameInto(dir, staged);
    return true;
  } catch (error) {
    const code = systemCode(error);
    // Windows says EPERM where others say ENOTEMPTY or EEXIST; a file in the way gives ENOTDIR.
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR') return false;
    if (process.platform === 'win32' && (code === 'EPERM' || code === 'EACCES')) return false;
    throw error;
  }
}

/** Makes the folder of a scope when it is missing, which it is for one package of many. */
function renameInto(dir: string, staged: string): void {
  try {
    renameSync(staged, dir);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    mkdirSync(path.dirname(dir), { recursive: true });
    renameSync(staged, dir);
  }
}

/**
 * Takes a folder out of its name by one rename, then deletes it. Without a sound record it is not a package: somebody
 * deleted half of it.
 */
export async function moveAway(layout: Layout, dir: string): Promise<void> {
  const away = path.join(layout.staging, stagingName());
  try {
    mkdirSync(layout.staging, { recursive: true });
    renameSync(dir, away);
  } catch (error) {
    // Another process moved it first.
    if (isAbsence(error)) return;
    throw error;
  }
  await rm(away, { recursive: true, force: true });
}

/** Whether two identities are of the same bytes under the same name and version. */
export function isSame(a: StoreId, b: StoreId): boolean {
  return a.name === b.name && a.version === b.version && a.integrity === b.integrity;
}

function refuseReserved(file: string, id: StoreId): void {
  if (file.split('/')[0]?.toLowerCase() !== RECORD_FILE) return;
  throw new PrompdError(
    'EARCHIVEENTRY',
    `The archive of ${id.name}@${id.version} holds "${file}", which the store keeps for itself.`,
    { facts: { package: `${id.name}@${id.version}`, entry: file } },
  );
}
