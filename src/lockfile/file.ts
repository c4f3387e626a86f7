import { readFile } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { systemCode } from '../core/system-code.js';
import { formatLockfile } from './format.js';
import { LOCKFILE, type Lockfile } from './lockfile.js';
import { parseLockfile } from './parse.js';

/**
 * Reads a project's lockfile.
 * @returns undefined when there is none
 * @throws PrompdError ELOCKBROKEN, ELOCKFUTURE
 */
export async function readLockfile(project: string): Promise<Lockfile | undefined> {
  const file = path.join(project, LOCKFILE);
  try {
    return parseLockfile(await readFile(file, 'utf8'), LOCKFILE);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Writes a project's lockfile in one step, unless its text is the same already.
 * @returns whether it was written
 */
export async function writeLockfile(project: string, lockfile: Lockfile): Promise<boolean> {
  const file = path.join(project, LOCKFILE);
  const text = formatLockfile(lockfile);
  if ((await readText(file)) === text) return false;
  await writeFileAtomic(file, text);
  return true;
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
