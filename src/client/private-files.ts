import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../core/system-code.js';
import { parseBoundedJson } from './bounded-json.js';

/** The name of a file for some words, none of which can lead anywhere. */
export function fileFor(...words: readonly string[]): string {
  return `${createHash('sha256').update(JSON.stringify(words)).digest('hex')}.json`;
}

/**
 * Reads a JSON file of ours that others may have put something else in place of: no links, devices or pipes are read, no
 * files of other users, and nothing larger than a bound.
 * @returns undefined for a file that is absent, or is none of those that are written here
 */
export async function readJsonFile(file: string, maxBytes: number): Promise<unknown> {
  // A pipe without a writer would be waited for.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const handle = await open(file, flags).catch(() => undefined);
  if (!handle) return undefined;
  try {
    const found = await handle.stat();
    const isOwn = process.getuid === undefined || found.uid === process.getuid();
    const { size } = found;
    if (!found.isFile() || !isOwn || size > maxBytes) return undefined;
    const bytes = Buffer.alloc(size);
    const { bytesRead } = await handle.read(bytes, 0, size, 0);
    return parseBoundedJson(bytes.toString('utf8', 0, bytesRead), file);
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}

/**
 * Writes a JSON file as before or as after, for the user alone, whichever other processes write it too. A link in its place
 * is replaced, not followed: others may have put it there.
 * @throws SystemError
 */
export async function writeJsonFile(file: string, value: unknown): Promise<void> {
  const aside = `${file}.${randomBytes(8).toString('hex')}.tmp`;
  const write = () => writeFile(aside, JSON.stringify(value), { flag: 'wx', mode: 0o600 });
  try {
    await write().catch(async (error: unknown) => {
      if (systemCode(error) !== 'ENOENT') throw error;
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      await write();
    });
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => {});
    throw error;
  }
}
