import { existsSync, lstatSync, readFileSync, type Stats, statSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { layoutOf, RECORD_FILE } from './home-folders.js';
import { stagingName } from './staging-name.js';

/*
 * What an install found in its place: for a digest of everything that it decides by, the folders of its packages and how
 * the file system told of them. While the folders are told of in the same way, the same install has nothing to do, and
 * need not read a lockfile to know it. This is loaded by commands that do nothing else: no schema, no database here.
 */

/** Notes that are kept: a cache, which is emptied when it is full. */
const MAX_NOTES = 200;
/** Far more than the folders of any project take. */
const MAX_NOTE_BYTES = 16 * 1024 * 1024;
/** `@scope/name@version`, as the store names folders: nothing that leads out of it. */
const FOLDER = /^(?:@[a-z0-9._~-]+\/)?[a-z0-9._~-]+@\d[\w.+~-]*$/i;
/** `@scope`. */
const SHELF = /^@[a-z0-9._~-]+$/i;
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
  // What a folder holds cannot be replaced without its own times changing: then one question a package is enough.
  const areShelvesSame = note.shelves.every(([name, ...told]) =>
    isSame(tellingOf(name === '' ? packages : packages + path.sep + name), told),
  );
  for (const [name, folderTold, recordTold] of note.packages) {
    const folder = packages + path.sep + name;
    if (!areShelvesSame && !isSame(tellingOf(folder), folderTold)) return undefined;
    if (!isSame(recordTellingOf(folder), recordTold)) return undefined;
  }
  return note.packages.length;
}

/**
 * A time on the clock of the store's file system: what changes from now on is at least as young, however coarse that clock is.
 * @param after waits a little for a time past the last change of these folders and their records; absolute
 * @returns milliseconds since the epoch; undefined where nothing can be written
 */
export async function storeMoment(home: string, after: readonly string[] = []): Promise<number | undefined> {
  const { packages, staging } = layoutOf(home);
  const probe = path.join(staging, stagingName());
  try {
    await mkdir(staging, { recursive: true });
    const folders = new Set([packages, ...after.flatMap(dir => [dir, path.dirname(dir)])]);
    const tellings = [...[...folders].map(tellingOf), ...after.map(recordTellingOf)];
    const newest = tellings.reduce((latest, telling) => Math.max(latest, telling?.[1] ?? 0), 0);
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
  const note: unknown = {
    shelves: shelves.map(name => [name, ...(tellingOf(path.join(packages, name)) ?? [])]),
    packages: names.map((name, at) => [name, tellingOf(dirs[at] ?? ''), recordTellingOf(dirs[at] ?? '')]),
  };
  if (!isNote(note)) return;
  const told = [
    ...note.shelves.map(([, ...telling]) => telling),
    ...note.packages.flatMap(([, ...tellings]) => tellings),
  ];
  if (told.every(([, changed]) => changed < since))
    await writeNote(noteFile(home, digest), JSON.stringify(note));
}

/** Inode, last change and last writing in milliseconds with fractions, size. */
type Telling = readonly [inode: number, changed: number, written: number, size: number];

interface Note {
  /** Names of the folders that the packages' folders are in, '' for the outermost, and what the file system told of them. */
  readonly shelves: readonly (readonly [string, ...Telling])[];
  /** Name of each package's folder, and what was told of it and of the record inside. */
  readonly packages: readonly (readonly [string, Telling, Telling])[];
}

/** What the file system tells of a folder; undefined for a link, or when it is not there. */
function tellingOf(folder: string): Telling | undefined {
  try {
    const stats = lstatSync(folder, { throwIfNoEntry: false });
    return stats?.isDirectory() ? told(stats) : undefined;
  } catch {
    return undefined;
  }
}

function recordTellingOf(folder: string): Telling | undefined {
  try {
    const stats = statSync(folder + path.sep + RECORD_FILE, { throwIfNoEntry: false });
    return stats?.isFile() ? told(stats) : undefined;
  } catch {
    return undefined;
  }
}

/** Nobody can set the time of the last change (`ctime`): a tool that restores the other dates leaves its trace. */
function told({ ino, ctimeMs, mtimeMs, size }: Stats): Telling {
  return [ino, ctimeMs, mtimeMs, size];
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
    const raw: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isNote(raw) ? raw : undefined;
  } catch {
    return undefined;
  }
}

/** Checked by hand: a library for schemas takes longer to load than all of this. */
function isNote(raw: unknown): raw is Note {
  if (typeof raw !== 'object' || raw === null || !('shelves' in raw) || !('packages' in raw)) return false;
  const { shelves, packages } = raw;
  return (
    Array.isArray(shelves) &&
    shelves.length > 0 &&
    shelves.every(
      line => Array.isArray(line) && (line[0] === '' || isName(line[0], SHELF)) && isTelling(line.slice(1)),
    ) &&
    Array.isArray(packages) &&
    packages.every(
      line =>
        Array.isArray(line) &&
        line.length === 3 &&
        isName(line[0], FOLDER) &&
        isTelling(line[1]) &&
        isTelling(line[2]),
    )
  );
}

function isName(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value);
}

function isTelling(value: unknown): value is Telling {
  return Array.isArray(value) && value.length === 4 && value.every(figure => typeof figure === 'number');
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
