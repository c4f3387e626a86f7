import { mkdirSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../core/system-code.js';
import { isAbsence } from './absence.js';
import { stagingName } from './staging-name.js';

/** Folders of dead processes are kept this long: another machine on the same disk has process ids of its own. */
const STALE_MS = 24 * 60 * 60 * 1000;

/** Makes an empty folder in the staging area, on the same file system as the packages: `<pid>-<random>`. */
export function makeStagingFolder(staging: string): string {
  const dir = path.join(staging, stagingName());
  try {
    mkdirSync(dir);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    mkdirSync(dir, { recursive: true });
  }
  return dir;
}

/**
 * Removes what killed processes left behind: entries whose process is gone and that nobody touched for a day.
 * @param now milliseconds since the epoch
 */
export async function sweepStaging(staging: string, now: number): Promise<void> {
  for (const name of await namesIn(staging)) {
    const dir = path.join(staging, name);
    if (isAlive(Number.parseInt(name, 10))) continue;
    try {
      const { mtimeMs } = await stat(dir);
      if (now - mtimeMs > STALE_MS) await rm(dir, { recursive: true, force: true });
    } catch (error) {
      // Another process swept it first.
      if (!isAbsence(error)) throw error;
    }
  }
}

/** How many entries belong to processes that are gone. */
export async function countLeftovers(staging: string): Promise<number> {
  return (await namesIn(staging)).filter(name => !isAlive(Number.parseInt(name, 10))).length;
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (isAbsence(error)) return [];
    throw error;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return systemCode(error) === 'EPERM';
  }
}
