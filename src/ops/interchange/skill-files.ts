import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { kindByName, type Note, unreadable } from '../../interchange/index.js';
import { isNeverPacked } from '../../tarball/index.js';

const MAX_FILES = 200;
const MAX_SEEN = 5000;
const MAX_DEPTH = 30;
const MAX_FILE_BYTES = 1024 * 1024;

export interface SkillFilesOptions {
  /** Path of the skill's own file, from its folder. */
  readonly main: string;
  /** A path as the user knows it. */
  readonly shown: (file: string) => string;
  readonly note: (note: Note) => void;
}

/**
 * The texts that belong to a skill: everything in its folder but its own file. Programs and pictures are noted, links not
 * followed, hidden files left out.
 * @param dir absolute
 * @returns bytes by path from the folder
 * @throws PrompdError EIMPORT beyond 200 files or 30 folders in each other
 */
export async function readSkillFiles(
  dir: string,
  options: SkillFilesOptions,
): Promise<Map<string, Uint8Array>> {
  const { main, shown, note } = options;
  const found = new Map<string, Uint8Array>();
  const waiting = [{ folder: '', depth: 0 }];
  let seen = 0;
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { folder, depth } = next;
    if (depth > MAX_DEPTH) throw unreadable(shown(dir), `its folders are more than ${MAX_DEPTH} deep`);
    const entries = await readdir(path.join(dir, folder), { withFileTypes: true });
    seen += entries.length;
    if (seen > MAX_SEEN) throw unreadable(shown(dir), `the skill has more than ${MAX_SEEN} files`);
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const relative = path.posix.join(folder, entry.name);
      if (entry.name.startsWith('.') || isNeverPacked(relative) || relative === main) continue;
      if (entry.isDirectory()) waiting.push({ folder: relative, depth: depth + 1 });
      else {
        const why = entry.isFile()
          ? await take(path.join(dir, relative), relative, found)
          : 'It is a link, which is not followed.';
        if (why !== undefined)
          note({ file: shown(path.join(dir, relative)), what: 'file of the skill', why });
      }
    }
    if (found.size > MAX_FILES) throw unreadable(shown(dir), `the skill has more than ${MAX_FILES} files`);
  }
  return found;
}

/** @returns why the file was left out */
async function take(
  file: string,
  relative: string,
  found: Map<string, Uint8Array>,
): Promise<string | undefined> {
  if ((await stat(file)).size > MAX_FILE_BYTES) return 'It has more than 1 MiB; it is left out.';
  if (kindByName(relative) === 'prompd') return 'It is a prompt of its own; it is left out.';
  const bytes = await readFile(file);
  if (!isText(bytes)) return 'It is not UTF-8 text, and nobody could review it; it is left out.';
  found.set(relative, bytes);
  return undefined;
}

function isText(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
