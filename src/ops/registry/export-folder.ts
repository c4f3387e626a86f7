import { lstat, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { underFileLock } from '../../config/shared-file.js';
import { PrompdError } from '../../core/errors.js';
import { systemCode } from '../../core/system-code.js';

/** The folder that a registry of files is written to. Nothing is read or written through links in it. */
export interface ExportFolder {
  /** The bytes of a file below the folder; undefined when there is none. @throws PrompdError EIO */
  read(file: string): Promise<Buffer | undefined>;
  /** Replaces a file below the folder in one step. @throws PrompdError EIO */
  write(file: string, content: string | Uint8Array): Promise<void>;
  /** Removes the files of a folder below this one that `isStale` names. @throws PrompdError EIO */
  sweep(folder: string, isStale: (file: string) => boolean): Promise<void>;
  /** @throws PrompdError ELOCKED when another process has taken the folder meanwhile */
  assertHeld(): void;
}

/** An export waits for another one, which may have a whole registry to write, for so many milliseconds. */
const WAIT_MS = 600_000;

/**
 * Writes to a folder that no other export writes to meanwhile; it is made when it is missing.
 * @param dir absolute; may be a link itself, as it is what the user named
 * @throws PrompdError ELOCKED while another export writes there; EIO when it is no folder or refuses
 */
export async function inExportFolder<T>(dir: string, run: (folder: ExportFolder) => Promise<T>): Promise<T> {
  await mkdir(dir, { recursive: true }).catch(refused(dir));
  const index = path.join(dir, 'index.json');
  return underFileLock(index, assertHeld => run(exportFolder(dir, assertHeld)), { waitMs: WAIT_MS });
}

function exportFolder(dir: string, assertHeld: () => void): ExportFolder {
  return {
    assertHeld,
    async read(file) {
      const target = path.join(dir, file);
      if (!(await isPlain(dir, file))) return undefined;
      return readFile(target).catch(refused(target));
    },
    async write(file, content) {
      const { default: writeFileAtomic } = await import('write-file-atomic');
      const target = path.join(dir, file);
      await isPlain(dir, file);
      await mkdir(path.dirname(target), { recursive: true }).catch(refused(target));
      await writeFileAtomic(target, Buffer.from(content)).catch(refused(target));
    },
    async sweep(folder, isStale) {
      const target = path.join(dir, folder);
      for (const file of await readdir(target).catch(refused(target))) {
        if (isStale(file)) await rm(path.join(target, file), { force: true }).catch(refused(file));
      }
    },
  };
}

/** @returns whether the file is there @throws PrompdError EIO when it, or a folder on the way to it, is something else */
async function isPlain(dir: string, file: string): Promise<boolean> {
  const parts = file.split('/');
  for (let depth = 1; depth <= parts.length; depth += 1) {
    const at = path.join(dir, ...parts.slice(0, depth));
    const entry = await lstat(at).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return undefined;
      return refused(at)(error);
    });
    if (entry === undefined) return false;
    if (depth === parts.length ? entry.isFile() : entry.isDirectory()) continue;
    throw new PrompdError('EIO', `${at} is not a plain ${depth === parts.length ? 'file' : 'folder'}.`, {
      facts: { file: at, link: entry.isSymbolicLink() },
      hint: 'Remove it, or export to another folder: an export does not follow links.',
    });
  }
  return true;
}

function refused(file: string): (cause: unknown) => never {
  return cause => {
    throw new PrompdError('EIO', `${file} cannot be read or written.`, {
      facts: { file, reason: systemCode(cause) ?? String(cause) },
      hint: 'Check its permissions and the space on the disk, or choose another folder.',
      cause,
    });
  };
}
