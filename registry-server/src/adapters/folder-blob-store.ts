import { createHash, randomUUID } from 'node:crypto';
import {
  access,
  constants,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { hexOf, type Integrity, parseIntegrity, systemCode } from 'prompd/core';
import { RequestError } from '../domain/problem-document.js';
import type { BlobStore, StagedBlob } from '../ports/blob-store.js';

/** Archives in a folder, each named by its sha512: `blobs/ab/cd…`. */
export class FolderBlobStore implements BlobStore {
  readonly #blobs: string;
  readonly #staging: string;

  private constructor(dataDir: string) {
    this.#blobs = join(dataDir, 'blobs');
    this.#staging = join(dataDir, 'uploads');
  }

  static async open(dataDir: string): Promise<FolderBlobStore> {
    const store = new FolderBlobStore(dataDir);
    await mkdir(store.#blobs, { recursive: true, mode: 0o700 });
    await mkdir(store.#staging, { recursive: true, mode: 0o700 });
    return store;
  }

  async stage(source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StagedBlob> {
    const file = join(this.#staging, randomUUID());
    const handle = await open(file, 'wx', 0o600);
    const sha512 = createHash('sha512');
    const sha1 = createHash('sha1');
    let size = 0;
    try {
      for await (const chunk of source) {
        size += chunk.length;
        if (size > maxBytes) throw tooLarge(maxBytes);
        sha512.update(chunk);
        sha1.update(chunk);
        await handle.writeFile(chunk);
      }
      await handle.sync();
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    const integrity = parseIntegrity(`sha512-${sha512.digest('base64')}`);
    return {
      integrity,
      shasum: sha1.digest('hex'),
      size,
      bytes: () => readFile(file),
      place: () => this.#place(file, integrity),
      discard: () => rm(file, { force: true }),
    };
  }

  async open(integrity: Integrity): Promise<{ size: number; stream: Readable } | undefined> {
    const handle = await open(this.#path(integrity), 'r').catch(ignoreMissing);
    if (!handle) return undefined;
    const { size } = await handle.stat();
    return { size, stream: handle.createReadStream() };
  }

  async remove(integrity: Integrity): Promise<void> {
    await rm(this.#path(integrity), { force: true });
  }

  async sweep(inUse: ReadonlySet<Integrity>, olderThan: Date): Promise<number> {
    const wanted = new Set([...inUse].map(integrity => this.#path(integrity)));
    let removed = 0;
    for (const file of [...(await filesBelow(this.#staging)), ...(await filesBelow(this.#blobs))]) {
      if (wanted.has(file)) continue;
      const found = await stat(file).catch(ignoreMissing);
      if (!found || found.mtime > olderThan) continue;
      await rm(file, { force: true });
      removed++;
    }
    return removed;
  }

  async check(): Promise<void> {
    await access(this.#blobs, constants.R_OK | constants.W_OK);
    await access(this.#staging, constants.W_OK);
  }

  async #place(staged: string, integrity: Integrity): Promise<void> {
    const file = this.#path(integrity);
    if (await stat(file).catch(ignoreMissing)) {
      // As if written now: a sweep elsewhere leaves young files alone.
      await utimes(file, new Date(), new Date());
      return;
    }
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await rename(staged, file);
    await syncFolder(dirname(file));
    await syncFolder(this.#blobs);
  }

  #path(integrity: Integrity): string {
    const hex = hexOf(integrity);
    return join(this.#blobs, hex.slice(0, 2), hex.slice(2));
  }
}

function tooLarge(limit: number): RequestError {
  return new RequestError('ETOOLARGE', `The archive is larger than ${limit} bytes.`, { facts: { limit } });
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
}

/** Makes a rename in the folder survive a loss of power. Windows has no such call and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function ignoreMissing(error: unknown): undefined {
  if (systemCode(error) === 'ENOENT') return undefined;
  throw error;
}
