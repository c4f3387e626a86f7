import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { PrompdError } from '../../core/errors.js';
import { MANIFEST_FILE } from '../../core/manifest.js';

/** Names that a folder may hold before it is taken for the wrong one. */
const MAX_SEEN = 200_000;

/** What lies below a folder: packages, and prompt files that belong to none. */
export interface FoundPrompts {
  /** Absolute folders with a prompd.json, sorted. */
  readonly packages: readonly string[];
  /** Absolute paths of prompt files outside of them, sorted. */
  readonly loose: readonly string[];
}

/** Whether a path names a prompt file, by its extension. */
export function isPromptFile(file: string): boolean {
  return /\.(?:prompd|prmd)$/i.test(file);
}

/**
 * Looks for packages and loose prompt files in a folder and all folders below it. Hidden folders, installed packages
 * and links are left out; a package is not searched for further ones.
 * @param dir absolute; with `asProject` it is searched even when it has a prompd.json itself
 * @throws PrompdError EUSAGE for a folder with more than 200,000 entries
 */
export async function findPrompts(
  dir: string,
  { asProject = false }: { asProject?: boolean } = {},
): Promise<FoundPrompts> {
  const packages: string[] = [];
  const loose: string[] = [];
  const waiting = [dir];
  let seen = 0;
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const entries = await readdir(folder, { withFileTypes: true });
    seen += entries.length;
    if (seen > MAX_SEEN) throw tooMany(dir);
    const isPackage = !(asProject && folder === dir);
    if (isPackage && entries.some(entry => entry.isFile() && entry.name === MANIFEST_FILE)) {
      packages.push(folder);
      continue;
    }
    for (const entry of entries) {
      if (entry.isDirectory() && isSearched(entry)) waiting.push(path.join(folder, entry.name));
      else if (entry.isFile() && isPromptFile(entry.name)) loose.push(path.join(folder, entry.name));
    }
  }
  return { packages: packages.sort(), loose: loose.sort() };
}

function isSearched({ name }: Dirent): boolean {
  return !name.startsWith('.') && name !== 'node_modules' && name !== 'prompd_packages';
}

function tooMany(dir: string): PrompdError {
  return new PrompdError('EUSAGE', `The folder holds more than ${MAX_SEEN} files.`, {
    facts: { folder: dir, limit: MAX_SEEN },
    hint: 'Is this the right folder? Name the folder that holds the prompts.',
  });
}
