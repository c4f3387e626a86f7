import { readFile, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { PrompdError, systemCode } from 'prompd/core';
import lockfile from 'proper-lockfile';
import { z } from 'zod';
import { makeDataFolder } from './data-folder.js';

/** A lock that was not renewed for so long is of a process that ended. */
const STALE_MILLISECONDS = 15_000;
const RENEW_MILLISECONDS = 3_000;

const ownerSchema = z.object({ pid: z.number().int().positive(), space: z.string() });

/** Folders that this process holds: its own process id in a lock says nothing when the id was used before. */
const held = new Set<string>();

/**
 * Takes the data folder for this process. A lock that a killed process left is taken over: at once when its process
 * id can be looked up from here and is dead, else when it was not renewed for 15 s.
 *
 * 1. Take the guard, a short lock, so that only one process at a time judges the folder's lock.
 * 2. Try the lock. When it is taken and its owner is dead, remove it and try again.
 * 3. Write down the owner, then leave the guard.
 *
 * @param onLost called when another process took the folder although this one still runs
 * @returns a function that gives the folder back
 * @throws PrompdError ELOCKED when another process has it, ECONFIG when it cannot be used
 */
export async function lockDataFolder(
  dataDir: string,
  onLost: (error: Error) => void,
): Promise<() => Promise<void>> {
  await makeDataFolder(dataDir);
  const folder = await realpath(dataDir);
  const releaseGuard = await guard(folder);
  try {
    const release = await takeOver(folder, onLost);
    held.add(folder);
    await writeFile(ownerFile(folder), JSON.stringify({ pid: process.pid, space: await processSpace() }), {
      mode: 0o600,
    });
    return async () => {
      held.delete(folder);
      await release().catch(ignoreReleased);
    };
  } finally {
    await releaseGuard();
  }
}

async function takeOver(folder: string, onLost: (error: Error) => void): Promise<() => Promise<void>> {
  const take = (retries: number) =>
    lockfile.lock(join(folder, 'server'), {
      realpath: false,
      stale: STALE_MILLISECONDS,
      update: RENEW_MILLISECONDS,
      retries: { retries, minTimeout: 1_000, maxTimeout: 1_000 },
      onCompromised: onLost,
    });
  try {
    return await take(0);
  } catch (error) {
    if (!isLocked(error)) throw error;
  }
  const owner = await readOwner(folder);
  const near = owner !== undefined && owner.space === (await processSpace());
  if (near) {
    if (held.has(folder) || (owner.pid !== process.pid && isAlive(owner.pid))) throw inUse(folder, owner.pid);
    await rm(lockPath(folder), { recursive: true, force: true });
  }
  try {
    return await take(near ? 0 : Math.ceil(STALE_MILLISECONDS / 1_000) + 1);
  } catch (error) {
    throw isLocked(error) ? inUse(folder, owner?.pid) : error;
  }
}

async function guard(folder: string): Promise<() => Promise<void>> {
  try {
    return await lockfile.lock(join(folder, 'starting'), {
      realpath: false,
      stale: 5_000,
      retries: { retries: 100, minTimeout: 100, maxTimeout: 250 },
    });
  } catch (error) {
    throw isLocked(error) ? inUse(folder, undefined) : error;
  }
}

async function readOwner(folder: string): Promise<z.infer<typeof ownerSchema> | undefined> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(ownerFile(folder), 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * Where a process id has its meaning: this start of this machine and, on Linux, this container. Two containers may have
 * one host name and share the folder, yet cannot see each other's processes.
 */
async function processSpace(): Promise<string> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return [hostname(), boot.trim(), namespace].join(' ');
}

function inUse(folder: string, pid: number | undefined): PrompdError {
  return new PrompdError('ELOCKED', 'Another registry process uses the data folder.', {
    facts: { folder, ...(pid === undefined ? {} : { pid }) },
    hint: 'Stop it first, or use the running registry: an admin token can make tokens with POST /tokens.',
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as another user.
    return systemCode(error) === 'EPERM';
  }
}

/** Whoever lost the lock has nothing left to give back. */
function ignoreReleased(error: unknown): void {
  if (systemCode(error) !== 'ERELEASED') throw error;
}

function isLocked(error: unknown): boolean {
  return systemCode(error) === 'ELOCKED';
}

function lockPath(folder: string): string {
  return join(folder, 'server.lock');
}

function ownerFile(folder: string): string {
  return join(folder, 'server.json');
}
