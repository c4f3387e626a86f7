import { lstat, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../../core/system-code.js';

/** What a package is written into before it gets its name, beside the folder that it is to be. */
const PREFIX = '.prompd-import-';
/** Folders of dead processes are kept this long: another machine on the same disk has process ids of its own. */
const STALE_MS = 24 * 60 * 60 * 1000;

/** Where one replacement of a folder puts what is not in its place: described in docs/importing.md. */
export interface Aside {
  readonly dir: string;
  /** The package as it will be. */
  readonly fresh: string;
  /** What the folder held before, under the folder's own name. */
  readonly old: string;
}

/** Makes an empty folder beside another one, named by the process that uses it. @param target absolute */
export async function makeAside(target: string): Promise<Aside> {
  const dir = await mkdtemp(path.join(path.dirname(target), `${PREFIX}${process.pid}-`));
  return { dir, fresh: path.join(dir, 'new'), old: path.join(dir, 'old', path.basename(target)) };
}

/**
 * Removes what killed processes left in a folder: what they made aside, when the process is gone and nobody touched it for
 * a day. A folder that was on its way out when its process died goes back to its place, unless something stands there.
 * @param parent absolute
 */
export async function sweepAside(parent: string, now: Date): Promise<void> {
  for (const name of await namesIn(parent)) {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : Number.NaN;
    if (Number.isNaN(pid) || isAlive(pid)) continue;
    const dir = path.join(parent, name);
    const stats = await lstat(dir).catch(() => undefined);
    if (!stats?.isDirectory() || now.getTime() - stats.mtimeMs < STALE_MS) continue;
    for (const inner of await namesIn(path.join(dir, 'old'))) {
      const place = path.join(parent, inner);
      if (!(await isThere(place))) await rename(path.join(dir, 'old', inner), place);
    }
    await rm(dir, { recursive: true, force: true });
  }
}

/** Whether there is anything of that name. */
export async function isThere(file: string): Promise<boolean> {
  return (await lstat(file).catch(() => undefined)) !== undefined;
}

async function namesIn(dir: string): Promise<string[]> {
  return readdir(dir).catch(() => []);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return systemCode(error) === 'EPERM';
  }
}
