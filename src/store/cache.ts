import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Integrity, integrityOf } from '../core/integrity.js';
import { compareText } from '../core/package-key.js';
import { systemCode } from '../core/system-code.js';
import { isAbsence } from './absence.js';
import type { Layout } from './home-folders.js';
import { cachePath } from './layout.js';
import { stagingName } from './staging-name.js';

/** Archives by integrity, kept so that a package can be placed again without its registry. */
export interface ArchiveCache {
  /** The archive's bytes, hashed again; an entry that does not match is dropped and counts as absent. */
  read(integrity: Integrity): Promise<Uint8Array | undefined>;
  /** Whether there is such an archive; its bytes are not looked at. */
  has(integrity: Integrity): Promise<boolean>;
  /** Keeps bytes whose integrity was checked. A cache that cannot be written is no error. */
  write(integrity: Integrity, bytes: Uint8Array): Promise<void>;
  /** Drops an archive that turned out to be another package than it was fetched as. */
  forget(integrity: Integrity): Promise<void>;
  /** Everything in the cache, by integrity. */
  entries(): Promise<CacheEntry[]>;
  /** Whether an entry has the bytes that it is filed under; true for one that was removed meanwhile. */
  isSound(entry: CacheEntry): Promise<boolean>;
  /** Takes an archive out. A command that is just reading it has its bytes already, or fetches them again. */
  remove(entry: CacheEntry): Promise<void>;
}

/** An archive in the cache. */
export interface CacheEntry {
  /** What it is filed under. */
  readonly integrity: Integrity;
  /** Absolute. */
  readonly file: string;
  /** In bytes. */
  readonly size: number;
  /** When it was written, in milliseconds since the epoch. */
  readonly writtenAt: number;
}

/** The cache in the folder that a layout names. */
export function archiveCache(layout: Layout): ArchiveCache {
  return {
    async read(integrity) {
      const file = cachePath(layout, integrity);
      let bytes: Buffer;
      try {
        if (!statSync(file, { throwIfNoEntry: false })) return undefined;
        bytes = readFileSync(file);
      } catch (error) {
        if (isAbsence(error)) return undefined;
        throw error;
      }
      if (integrityOf(bytes) === integrity) return bytes;
      await rm(file, { force: true });
      return undefined;
    },
    async has(integrity) {
      try {
        return statSync(cachePath(layout, integrity), { throwIfNoEntry: false })?.isFile() ?? false;
      } catch (error) {
        if (isAbsence(error)) return false;
        throw error;
      }
    },
    async write(integrity, bytes) {
      const file = cachePath(layout, integrity);
      const aside = path.join(layout.cacheStaging, stagingName());
      try {
        writeNew(aside, bytes);
        mkdirSync(path.dirname(file), { recursive: true });
        renameSync(aside, file);
      } catch {
        await rm(aside, { force: true }).catch(() => undefined);
      }
    },
    forget: integrity => rm(cachePath(layout, integrity), { force: true }),
    entries: () => listEntries(layout),
    async isSound({ file, integrity }) {
      try {
        return integrityOf(await readFile(file)) === integrity;
      } catch (error) {
        if (isAbsence(error)) return true;
        throw error;
      }
    },
    remove: ({ file }) => rm(file, { force: true }),
  };
}

/** Makes the file's folder when it turns out to be missing, which it is once. */
function writeNew(file: string, bytes: Uint8Array): void {
  try {
    writeFileSync(file, bytes, { flag: 'wx' });
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes, { flag: 'wx' });
  }
}

/** The reverse of cachePath; what has no name of an entry is none. */
async function listEntries(layout: Layout): Promise<CacheEntry[]> {
  const entries: CacheEntry[] = [];
  for (const first of await namesIn(layout.cache)) {
    for (const second of await namesIn(path.join(layout.cache, first))) {
      const folder = path.join(layout.cache, first, second);
      for (const name of await namesIn(folder)) {
        const hex = `${first}${second}${name.replace(/\.tgz$/, '')}`;
        if (!name.endsWith('.tgz') || !/^[0-9a-f]{128}$/.test(hex)) continue;
        const file = path.join(folder, name);
        const stats = await stat(file).catch(() => undefined);
        if (!stats?.isFile()) continue;
        const integrity = `sha512-${Buffer.from(hex, 'hex').toString('base64')}` as Integrity;
        entries.push({ integrity, file, size: stats.size, writtenAt: stats.mtimeMs });
      }
    }
  }
  return entries.sort((a, b) => compareText(a.integrity, b.integrity));
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (isAbsence(error)) return [];
    throw error;
  }
}
