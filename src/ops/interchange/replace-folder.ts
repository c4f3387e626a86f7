import { lstat, mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PrompdError } from '../../core/errors.js';
import { MANIFEST_FILE } from '../../core/manifest.js';
import { systemCode } from '../../core/system-code.js';
import { type Aside, isThere, makeAside, sweepAside } from './writing-aside.js';

/** What renaming ends with when another program filled the folder, or took it away, since it was looked at. */
const RIVALS: readonly (string | undefined)[] = ['ENOTEMPTY', 'EEXIST', 'ENOENT'];

export interface ReplaceOptions {
  /** Replace a package that is in the folder. */
  readonly force: boolean;
  /** Folder that the user works in, which is never replaced. */
  readonly cwd: string;
  /** To tell what a killed process left behind from what is in use. */
  readonly now: Date;
}

/**
 * Writes a folder: aside first, then one rename, so that it is whole or not there. An empty folder is filled; one with
 * files is replaced only by force, and only when it is a package without version control of its own.
 * @param dir absolute; @param files path with forward slashes to content
 * @throws PrompdError EEXISTS, EIO
 */
export async function replaceFolder(
  dir: string,
  files: ReadonlyMap<string, Uint8Array>,
  options: ReplaceOptions,
): Promise<void> {
  const parent = path.dirname(dir);
  await sweepAside(parent, options.now);
  const existing = await namesIn(dir);
  if (existing !== undefined && existing.length > 0) refuse(dir, existing, options);
  const { dir: aside, fresh, old } = await asideOf(dir);
  let isKept = false;
  try {
    for (const [file, bytes] of files) {
      const target = path.join(fresh, ...file.split('/'));
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, bytes, { flag: 'wx' });
    }
    if (existing?.length === 0) await rmdir(dir);
    else if (existing) {
      await mkdir(path.dirname(old));
      await rename(dir, old);
    }
    await putInPlace(fresh, dir, existing && existing.length > 0 ? old : undefined);
  } catch (error) {
    isKept = error instanceof PrompdError;
    if (isKept || systemCode(error) === undefined) throw error;
    if (RIVALS.includes(systemCode(error))) throw overtaken(dir, options);
    throw unwritable(dir, error);
  } finally {
    // What was in the folder is deleted only once what was written here stands in its place.
    if (!isKept && ((await isThere(dir)) || !(await isThere(old))))
      await rm(aside, { recursive: true, force: true });
  }
}

async function asideOf(dir: string): Promise<Aside> {
  try {
    await mkdir(path.dirname(dir), { recursive: true });
    return await makeAside(dir);
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    throw unwritable(dir, error);
  }
}

function unwritable(dir: string, cause: unknown): PrompdError {
  return new PrompdError('EIO', `The package cannot be written to ${dir}.`, {
    facts: { folder: dir, reason: systemCode(cause) ?? 'unknown' },
    cause,
  });
}

async function putInPlace(fresh: string, dir: string, old: string | undefined): Promise<void> {
  try {
    await rename(fresh, dir);
  } catch (error) {
    if (old !== undefined) await restore(old, dir);
    throw error;
  }
}

async function restore(old: string, dir: string): Promise<void> {
  await rename(old, dir).catch((cause: unknown) => {
    throw new PrompdError('EIO', `The package cannot be written to ${dir}; what was there is in ${old}.`, {
      facts: { folder: dir, kept: old, reason: systemCode(cause) ?? 'unknown' },
      cause,
    });
  });
}

function refuse(dir: string, existing: readonly string[], { force, cwd }: ReplaceOptions): void {
  const holdsWork = cwd === dir || cwd.startsWith(dir + path.sep) || existing.includes('.git');
  if (force && existing.includes(MANIFEST_FILE) && !holdsWork) return;
  throw new PrompdError('EEXISTS', `${dir} is not empty; nothing was written.`, {
    facts: { folder: dir, files: existing.slice(0, 10) },
    hint: force
      ? 'Only the folder of a package without version control of its own, in which you do not work, is replaced.'
      : 'Choose another folder with "--out", or replace the package in it with "--force".',
  });
}

function overtaken(dir: string, { force }: ReplaceOptions): PrompdError {
  return new PrompdError('EEXISTS', `Another program wrote to ${dir} meanwhile; nothing was written.`, {
    facts: { folder: dir },
    hint: force
      ? 'Look at what is there, then run the command again.'
      : 'Choose another folder with "--out", or replace the package in it with "--force".',
  });
}

/** @returns undefined when there is no such folder */
async function namesIn(dir: string): Promise<string[] | undefined> {
  const stats = await lstat(dir).catch(() => undefined);
  if (stats === undefined) return undefined;
  if (stats.isDirectory()) return readdir(dir);
  throw new PrompdError('EEXISTS', `${dir} is there already and is no folder.`, {
    facts: { file: dir },
    hint: 'Choose another folder with "--out".',
  });
}
