import { rm } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { NoReadableFile, readCheckoutFile } from '../config/checkout-file.js';
import { hasConflictMarkers } from '../core/conflict-markers.js';
import { formatLockfile } from './format.js';
import { LOCKFILE, type Lockfile } from './lockfile.js';
import { brokenLockfile, parseLockfile } from './parse.js';
import type { ConflictedLock } from './salvage.js';

/** Larger than that of 100,000 packages, which is what one may list. */
const MAX_BYTES = 256 * 1024 * 1024;

/** A project's lockfile, or what a merge left of it. */
export interface LockState {
  readonly lockfile: Lockfile | undefined;
  /** Where the file has conflict markers; `lockfile` is undefined then. */
  readonly conflict: ConflictedLock | undefined;
}

/**
 * Reads a project's lockfile.
 * @param project absolute path of its folder
 * @returns undefined when there is none
 * @throws PrompdError ELOCKBROKEN, ELOCKCONFLICT, ELOCKFUTURE
 */
export async function readLockfile(project: string): Promise<Lockfile | undefined> {
  const text = await readLockfileText(project);
  return text === undefined ? undefined : parseLockfile(text, LOCKFILE);
}

/**
 * Reads a project's lockfile, and merges the sides of one that has conflict markers.
 * @param project absolute path of its folder
 * @throws PrompdError ELOCKBROKEN, ELOCKFUTURE
 */
export async function readLockState(project: string): Promise<LockState> {
  const text = await readLockfileText(project);
  if (text === undefined) return { lockfile: undefined, conflict: undefined };
  if (!hasConflictMarkers(text)) return { lockfile: parseLockfile(text, LOCKFILE), conflict: undefined };
  // Loaded only where it is needed: nearly every lockfile is whole.
  const { mergeConflicted } = await import('./salvage.js');
  return { lockfile: undefined, conflict: mergeConflicted(text, LOCKFILE) };
}

/**
 * Writes a project's lockfile in one step, unless its text is the same already.
 * @returns whether it was written
 */
export async function writeLockfile(project: string, lockfile: Lockfile): Promise<boolean> {
  const file = path.join(project, LOCKFILE);
  const text = formatLockfile(lockfile);
  if ((await readLockfileText(project)) === text) return false;
  await writeFileAtomic(file, text);
  return true;
}

/**
 * Puts a project's lockfile back as it was. @param text undefined takes it away
 */
export async function restoreLockfileText(project: string, text: string | undefined): Promise<void> {
  const file = path.join(project, LOCKFILE);
  if (text === undefined) await rm(file, { force: true });
  else await writeFileAtomic(file, text);
}

/**
 * The text of a project's lockfile; undefined when there is none.
 * @throws PrompdError ELOCKBROKEN when there is a folder or a pipe in its place, or more than anybody locks
 */
export async function readLockfileText(project: string): Promise<string | undefined> {
  try {
    return (await readCheckoutFile(path.join(project, LOCKFILE), MAX_BYTES))?.toString('utf8');
  } catch (error) {
    if (error instanceof NoReadableFile) throw brokenLockfile(LOCKFILE, error.message, error);
    throw error;
  }
}
