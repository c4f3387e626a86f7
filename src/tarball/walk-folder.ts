import type { Dirent, Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { PrompdError } from '../core/errors.js';
import { printable } from './entry-path.js';
import { ARCHIVE_LIMITS } from './limits.js';
import { isNeverPacked } from './never-packed.js';

/** How many names a walk may see, ignored ones included, before the folder is taken for the wrong one. */
const MAX_SEEN = 100_000;

export interface FoundFile {
  /** Relative to the walked folder, with forward slashes. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
}

interface WalkOptions {
  /** Called for a folder before its content is read; false leaves it out. The path ends in a slash. */
  enter(folder: string): Promise<boolean> | boolean;
  /** Whether a file belongs to the result. */
  take(file: string): boolean;
}

interface Walk extends WalkOptions {
  readonly root: string;
  readonly found: FoundFile[];
  seen: number;
}

/**
 * Finds files below a folder, following links that stay inside it.
 * @param root the folder's real path
 * @throws PrompdError EPACK for links that leave the folder, lead nowhere, into a circle or to something private; for
 *   files that are no regular files; for folders with too many files
 */
export async function walkFolder(root: string, options: WalkOptions): Promise<FoundFile[]> {
  const walk: Walk = { ...options, root, found: [], seen: 0 };
  await visit(walk, '', [root]);
  return walk.found;
}

/**
 * What a path is after its links are followed.
 * @throws PrompdError EPACK when it leaves the folder, leads nowhere or to something that is never packed
 */
export async function followLink(root: string, path: string): Promise<Target> {
  const target = await resolveLink(root, path);
  if (typeof target === 'string') throw refused(path, target);
  return target;
}

interface Target {
  readonly real: string;
  readonly stats: Stats;
}

/** @returns the target, or what is wrong with it */
async function resolveLink(root: string, path: string): Promise<Target | string> {
  const real = await realpath(join(root, path)).catch(() => undefined);
  if (real === undefined) return 'is a link that leads nowhere';
  const inside = relative(root, real);
  if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
    return 'is a link that leaves the folder';
  }
  if (isNeverPacked(inside.split(sep).join('/'))) return 'is a link to something that is never packed';
  return { real, stats: await stat(real) };
}

/** @param trail real paths of the folders that the walk is in, to notice circles of links */
async function visit(walk: Walk, folder: string, trail: readonly string[]): Promise<void> {
  const entries = await readdir(join(walk.root, folder), { withFileTypes: true });
  walk.seen += entries.length;
  if (walk.seen > MAX_SEEN) {
    throw new PrompdError('EPACK', `The folder holds more than ${MAX_SEEN} files.`, {
      facts: { folder: walk.root, limit: MAX_SEEN },
      hint: 'Is this the right folder? Name what belongs to the package in "files" of prompd.json.',
    });
  }
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (!isNeverPacked(path)) await visitEntry(walk, path, entry, trail);
  }
}

async function visitEntry(walk: Walk, path: string, entry: Dirent, trail: readonly string[]): Promise<void> {
  if (entry.isDirectory()) {
    if (await walk.enter(`${path}/`))
      await visit(walk, path, [...trail, join(trail.at(-1) ?? '', entry.name)]);
    return;
  }
  if (entry.isSymbolicLink()) {
    await visitLink(walk, path, trail);
  } else if (walk.take(path)) {
    if (!entry.isFile()) throw refused(path, 'is not a regular file');
    add(walk, path, await stat(join(walk.root, path)));
  }
}

async function visitLink(walk: Walk, path: string, trail: readonly string[]): Promise<void> {
  const selected = walk.take(path);
  const target = await resolveLink(walk.root, path);
  if (typeof target === 'string') {
    // A link that does not belong to the package may lead anywhere.
    if (selected) throw refused(path, target);
    return;
  }
  const { real, stats } = target;
  if (stats.isDirectory()) {
    if (!(await walk.enter(`${path}/`))) return;
    if (trail.includes(real)) throw refused(path, 'is a link that leads in a circle');
    await visit(walk, path, [...trail, real]);
  } else if (selected) {
    if (!stats.isFile()) throw refused(path, 'is a link to something that is not a regular file');
    add(walk, path, stats);
  }
}

function add(walk: Walk, path: string, stats: Stats): void {
  walk.found.push({ path, size: stats.size });
  if (walk.found.length > ARCHIVE_LIMITS.entries) {
    throw new PrompdError('EPACK', `The package would have more than ${ARCHIVE_LIMITS.entries} files.`, {
      facts: { limit: ARCHIVE_LIMITS.entries },
      hint: 'Name what belongs to it in "files" of prompd.json, or leave files out with .prompdignore.',
    });
  }
}

function refused(path: string, what: string): PrompdError {
  return new PrompdError('EPACK', `"${printable(path)}" ${what}.`, {
    facts: { file: printable(path) },
    hint: 'Replace it by the file itself, or leave it out with .prompdignore.',
  });
}
