import { existsSync, lstatSync, readFileSync, rmSync, statSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { layoutOf } from './home-folders.js';
import { stagingName } from './staging-name.js';

/*
 * What an install found in its place: for a digest of everything that it decides by, the folders of its packages and how
 * the file system told of them. While the folders are told of in the same way, the same install has nothing to do, and
 * need not read a lockfile to know it. What is in a folder is not looked at: each read of a file is checked, and
 * `prompd verify` checks all of them. This is loaded by commands that do nothing else: no schema, no database here.
 */

/** Notes that are kept: a cache, which is emptied when it is full. */
const MAX_NOTES = 200;
/** Far more than the folders of any project take. */
const MAX_NOTE_BYTES = 16 * 1024 * 1024;
/** `@scope/name@version`, as the store names folders: nothing that leads out of it. */
const FOLDER = /^(?:@[a-z0-9._~-]+\/)?[a-z0-9._~-]+@\d[\w.+~-]*$/i;
/** `@scope`, or '' for the folder that all packages are in. */
const SHELF = /^(?:@[a-z0-9._~-]+)?$/i;
const DIGEST = /^[0-9a-f]{64}$/;
/** How often, and after how many milliseconds each, the file system is asked whether its clock has gone on. */
const TICKS = 5;
const TICK_MS = 4;

/** Whether anything is noted of an install with this digest. */
export function hasNote(home: string, digest: string): boolean {
  return existsSync(noteFile(home, digest));
}

/**
 * How many packages an install with this digest found, when all of them are as they were then.
 * @param home absolute; @param digest SHA-256 in hex of all that the install decides by
 * @returns undefined when nothing is known, or when anything about a package is different
 */
export function countComplete(home: string, digest: string): number | undefined {
  const note = readNote(noteFile(home, digest));
  if (!note) return undefined;
  const { packages } = layoutOf(home);
  // A folder that comes or goes changes the times of the one that it is in.
  const areShelvesSame = note.shelves.every(([name, ...told]) =>
    isSame(tellingOf(name === '' ? packages : packages + path.sep + name), told),
  );
  if (areShelvesSame) return note.count;
  const folders = note.folders();
  const areFoldersSame = folders?.every(([name, ...told]) =>
    isSame(tellingOf(packages + path.sep + name), told),
  );
  return areFoldersSame ? note.count : undefined;
}

/** Forgets all notes, for the next install to look itself: something of what they tell of is not as it should be. */
export function forgetComplete(home: string): void {
  try {
    rmSync(layoutOf(home).complete, { recursive: true, force: true });
  } catch {
    // Where nothing can be written, no install can mend anything either.
  }
}

/**
 * A time on the clock of the store's file system: what changes from now on is at least as young, however coarse that clock is.
 * @param after waits a little for a time past the last change of these folders; absolute
 * @returns milliseconds since the epoch; undefined where nothing can be written
 */
export async function storeMoment(home: string, after: readonly string[] = []): Promise<number | undefined> {
  const { packages, staging } = layoutOf(home);
  const probe = path.join(staging, stagingName());
  try {
    await mkdir(staging, { recursive: true });
    const folders = new Set([packages, ...after.flatMap(dir => [dir, path.dirname(dir)])]);
    const newest = [...folders].map(tellingOf).reduce((latest, told) => Math.max(latest, told?.[1] ?? 0), 0);
    for (let tick = 0; ; tick++) {
      await writeFile(probe, '');
      const { ctimeMs } = statSync(probe);
      await rm(probe);
      if (ctimeMs > newest || tick === TICKS) return ctimeMs;
      await sleep(TICK_MS);
    }
  } catch {
    return undefined;
  }
}

/**
 * Notes that an install found all its packages in the store. Notes nothing where anything has changed since, or so shortly
 * before that a change could leave no trace, or where nothing can be written.
 * @param digest as for {@link countComplete}; @param dirs absolute folders of the packages, all in the store
 * @param since {@link storeMoment} from before they were looked at
 */
export async function noteComplete(
  home: string,
  { digest, dirs, since }: { digest: string; dirs: readonly string[]; since: number | undefined },
): Promise<void> {
  if (since === undefined) return;
  const { packages } = layoutOf(home);
  const names = dirs.map(dir => path.relative(packages, dir).split(path.sep).join('/'));
  const shelves = ['', ...new Set(names.flatMap(name => /^@[^/]+(?=\/)/.exec(name) ?? []))];
  const tell = (name: string) => [name, ...(tellingOf(path.join(packages, name)) ?? [])];
  const head: unknown = { shelves: shelves.map(tell), count: names.length };
  const folders: unknown = names.map(tell);
  if (!isHead(head) || !areFolders(folders)) return;
  if ([...head.shelves, ...folders].every(([, , changed]) => changed < since))
    await writeNote(noteFile(home, digest), `${JSON.stringify(head)}\n${JSON.stringify(folders)}\n`);
}

/** Inode, last change and last writing in milliseconds with fractions, size. */
type Telling = readonly [inode: number, changed: number, written: number, size: number];

type Folder = readonly [name: string, ...Telling];

/** The first line of a note: as a rule, all of it that is looked at. */
interface Head {
  /** The folders that the packages' folders are in, '' for the outermost. */
  readonly shelves: readonly Folder[];
  /** How many packages there are. */
  readonly count: number;
}

interface Note extends Head {
  /** The packages' folders, in the second line; undefined where that is none of ours. */
  readonly folders: () => readonly Folder[] | undefined;
}

/** What the file system tells of a folder; undefined for a link, or when it is not there. */
function tellingOf(folder: string): Telling | undefined {
  try {
    const stats = lstatSync(folder, { throwIfNoEntry: false });
    // Nobody can set the time of the last change (`ctime`): a tool that restores the other dates leaves its trace.
    return stats?.isDirectory() ? [stats.ino, stats.ctimeMs, stats.mtimeMs, stats.size] : undefined;
  } catch {
    return undefined;
  }
}

function isSame(now: Telling | undefined, then: Telling): boolean {
  return (
    now !== undefined && now[0] === then[0] && now[1] === then[1] && now[2] === then[2] && now[3] === then[3]
  );
}

function noteFile(home: string, digest: string): string {
  if (!DIGEST.test(digest)) throw new TypeError('a digest is 64 hexadecimal digits');
  return path.join(layoutOf(home).complete, digest);
}

/** Undefined when there is no note, or none that could be ours: somebody may have written there. */
function readNote(file: string): Note | undefined {
  try {
    if (statSync(file).size > MAX_NOTE_BYTES) return undefined;
    const [first = '', second = '', ...rest] = readFileSync(file, 'utf8').split('\n');
    const head: unknown = JSON.parse(first);
    // One that ends with its second line is whole.
    if (!isHead(head) || rest.join() !== '' || rest.length === 0) return undefined;
    return { ...head, folders: () => readFolders(second) };
  } catch {
    return undefined;
  }
}

function readFolders(line: string): readonly Folder[] | undefined {
  try {
    const folders: unknown = JSON.parse(line);
    return areFolders(folders) ? folders : undefined;
  } catch {
    return undefined;
  }
}

/** Checked by hand: a library for schemas takes longer to load than all of this. */
function isHead(raw: unknown): raw is Head {
  if (typeof raw !== 'object' || raw === null || !('shelves' in raw) || !('count' in raw)) return false;
  const { shelves, count } = raw;
  return (
    Number.isSafeInteger(count) &&
    Array.isArray(shelves) &&
    shelves.length > 0 &&
    shelves.every(line => isFolder(line, SHELF))
  );
}

function areFolders(raw: unknown): raw is readonly Folder[] {
  return Array.isArray(raw) && raw.every(line => isFolder(line, FOLDER));
}

function isFolder(line: unknown, pattern: RegExp): line is Folder {
  if (!Array.isArray(line)) return false;
  const [name, ...telling] = line;
  return (
    typeof name === 'string' &&
    pattern.test(name) &&
    telling.length === 4 &&
    telling.every(figure => typeof figure === 'number')
  );
}

async function writeNote(file: string, text: string): Promise<void> {
  const folder = path.dirname(file);
  const aside = path.join(folder, `.${stagingName()}`);
  try {
    await mkdir(folder, { recursive: true });
    const notes = await readdir(folder);
    if (notes.length >= MAX_NOTES)
      await Promise.all(notes.map(name => rm(path.join(folder, name), { force: true })));
    await writeFile(aside, text, { flag: 'wx', mode: 0o600 });
    await rename(aside, file);
  } catch {
    await rm(aside, { force: true }).catch(() => undefined);
  }
}
