import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PrompdError } from '../core/errors.js';
import type { SourceTree } from '../core/source-tree.js';
import { isAbsence } from './absence.js';
import { type PackageRecord, sha256 } from './record.js';

/**
 * The files of a placed package. Every read is checked against the hash that was recorded when it was placed, so that a
 * file changed in the store never reaches a caller.
 * @throws PrompdError EINTEGRITY from `read` when a file is missing or changed
 */
export function recordedTree(dir: string, record: PackageRecord): SourceTree {
  return {
    paths: [...record.files.keys()],
    async read(file) {
      const expected = record.files.get(file);
      if (expected === undefined) return undefined;
      const bytes = await readPresent(path.join(dir, ...file.split('/')));
      if (bytes !== undefined && sha256(bytes) === expected) return bytes;
      throw new PrompdError(
        'EINTEGRITY',
        `${file} of ${record.name}@${record.version} was changed in the store.`,
        {
          facts: { folder: dir, file, expected, found: bytes === undefined ? 'no file' : sha256(bytes) },
          hint: 'Run "prompd verify --fix" in the project to write it anew.',
        },
      );
    },
  };
}

async function readPresent(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}
