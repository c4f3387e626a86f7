import { lstat, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { RECORD_FILE } from './home-folders.js';
import { sha256 } from './record.js';

/** What is wrong with the files of a placed package; paths inside the package, sorted. */
export interface FileFaults {
  readonly missing: readonly string[];
  /** Other bytes, or no file at all but a link or a folder. */
  readonly changed: readonly string[];
  readonly extra: readonly string[];
  /** Right bytes that can be written or executed: placed files can only be read. */
  readonly modes: readonly string[];
}

/** Every bit that no placed file has: writing and executing. Which of the rest are set is the umask's affair. */
const NEVER_SET = 0o333;
const POSIX = process.platform !== 'win32';

/**
 * Compares the files of a placed package with what they should be.
 * @param dir absolute
 * @param digests path inside the package to the SHA-256 of its bytes in hex
 */
export async function inspectFiles(dir: string, digests: ReadonlyMap<string, string>): Promise<FileFaults> {
  const there = new Set(await filesBelow(dir));
  const missing: string[] = [];
  const changed: string[] = [];
  const modes: string[] = [];
  for (const [file, digest] of digests) {
    if (!there.has(file)) {
      missing.push(file);
      continue;
    }
    const target = path.join(dir, ...file.split('/'));
    const stats = await lstat(target);
    if (!stats.isFile() || sha256(await readFile(target)) !== digest) changed.push(file);
    else if (POSIX && (stats.mode & NEVER_SET) !== 0) modes.push(file);
  }
  const extra = [...there].filter(file => file !== RECORD_FILE && !digests.has(file));
  return { missing: missing.sort(), changed: changed.sort(), extra: extra.sort(), modes: modes.sort() };
}

/** Everything that is no folder, with forward slashes; links are not followed. */
async function filesBelow(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter(entry => !entry.isDirectory())
    .map(entry => path.relative(dir, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
}
