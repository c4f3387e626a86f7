import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { isAbsence } from './absence.js';
import { layoutOf } from './home-folders.js';
import { stagingName } from './staging-name.js';

/*
 * The projects that rely on the store: one small file each, named by the hash of the project's path and holding the path.
 * Files and not rows of metadata.db, as that may be lost, and as an install that has nothing to do should not open it. Such an
 * install looks synchronously: Node's other way to files takes longer to load than it takes to look.
 */

/** Whether a project is known to rely on the store. @param dir absolute */
export function isKnownProject(home: string, dir: string): boolean {
  return existsSync(fileOf(home, dir));
}

/**
 * Makes a project known, so that what its lockfile names stays in the store. Nothing happens where nothing can be written: a
 * store that cannot be written cannot lose anything either.
 */
export function rememberProject(home: string, dir: string): void {
  if (isKnownProject(home, dir)) return;
  const file = fileOf(home, dir);
  const aside = path.join(path.dirname(file), `.${stagingName()}`);
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(aside, `${dir}\n`, { flag: 'wx' });
    renameSync(aside, file);
  } catch {
    tryToRemove(aside);
  }
}

function tryToRemove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Where nothing can be removed, nothing was written.
  }
}

/** Forgets a project, which is gone. */
export async function forgetProject(home: string, dir: string): Promise<void> {
  await rm(fileOf(home, dir), { force: true });
}

/** Absolute paths of the projects that are known, sorted. They may be gone. */
export async function knownProjects(home: string): Promise<string[]> {
  const { projects } = layoutOf(home);
  const names = (await namesIn(projects)).filter(name => !name.startsWith('.'));
  const texts = await Promise.all(names.map(name => readFile(path.join(projects, name), 'utf8')));
  return texts.map(text => text.replace(/\n$/, '')).sort();
}

function fileOf(home: string, dir: string): string {
  const name = createHash('sha256').update(dir).digest('hex').slice(0, 32);
  return path.join(layoutOf(home).projects, name);
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (isAbsence(error)) return [];
    throw error;
  }
}
