import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Integrity, integrityOf } from '../core/integrity.js';
import { cachePath, type Layout } from './layout.js';
import { isAbsence } from './record.js';
import { stagingName } from './staging.js';

/** Archives by integrity, kept so that a package can be placed again without its registry. */
export interface ArchiveCache {
  /** The archive's bytes, hashed again; an entry that does not match is dropped and counts as absent. */
  read(integrity: Integrity): Promise<Uint8Array | undefined>;
  /** Keeps bytes whose integrity was checked. A cache that cannot be written is no error. */
  write(integrity: Integrity, bytes: Uint8Array): Promise<void>;
}

/** The cache in the folder that a layout names. */
export function archiveCache(layout: Layout): ArchiveCache {
  return {
    async read(integrity) {
      const file = cachePath(layout, integrity);
      let bytes: Buffer;
      try {
        bytes = await readFile(file);
      } catch (error) {
        if (isAbsence(error)) return undefined;
        throw error;
      }
      if (integrityOf(bytes) === integrity) return bytes;
      await rm(file, { force: true });
      return undefined;
    },
    async write(integrity, bytes) {
      const file = cachePath(layout, integrity);
      const aside = path.join(layout.cacheStaging, stagingName());
      try {
        await mkdir(path.dirname(aside), { recursive: true });
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(aside, bytes, { flag: 'wx' });
        await rename(aside, file);
      } catch {
        await rm(aside, { force: true });
      }
    },
  };
}
