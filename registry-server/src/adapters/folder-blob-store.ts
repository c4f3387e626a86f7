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
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { hexOf, type Integrity, parseIntegrity, systemCode } from 'prompd/core';
import type { BlobStore, Leftover, StagedBlob } from '../ports/blob-store.js';
import { archiveTooLarge } from './archive-too-large.js';
import { makeDataFolder } from './data-folder.js';

/** The note beside an upload that its content was placed: `<upload>.<sha512 in hex>`. */
const NOTE = /\.([0-9a-f]{128})$/;

/**
 * Archives in a folder, each named by its sha512: `blobs/ab/cd…`. Uploads lie in `uploads/` until then.
 *
 * What may be removed later is only what an upload noted down, never what merely looks unused: a start on the wrong
 * database must not empty the folder.
 */
export class FolderBlobStore implements BlobStore {
  readonly #blobs: string;
  readonly #staging: string;

  private constructor(dataDir: string) {
    this.#blobs = join(dataDir, 'blobs');
    this.#staging = join(dataDir, 'uploads');
  }

  static async open(dataDir: string): Promise<FolderBlobStore> {
    const store = new FolderBlobStore(dataDir);
    for (const folder of [store.#blobs, store.#staging]) await makeDataFolder(folder);
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
        if (size > maxBytes) throw archiveTooLarge(maxBytes);
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
    const note = `${file}.${hexOf(integrity)}`;
    return {
      integrity,
      shasum: sha1.digest('hex'),
      size,
      bytes: () => readFile(file),
      place: () => this.#place(file, { note, integrity }),
      keep: () => rm(note, { force: true }),
      discard: () => rm(file, { force: true }),
    };
  }

  async open(integrity: Integrity): Promise<{ size: number; stream: Readable } | undefined> {
    const handle = await open(this.#path(integrity), 'r').catch(ignoreMissing);
    if (!handle) return undefined;
    const { size } = await handle.stat();
    return { size, stream: handle.createReadStream() };
  }

  async read(integrity: Integrity): Promise<Buffer | undefined> {
    return readFile(this.#path(integrity)).catch(ignoreMissing);
  }

  async remove(integrity: Integrity): Promise<void> {
    await rm(this.#path(integrity), { force: true });
  }

  async has(integrity: Integrity): Promise<boolean> {
    return (await stat(this.#path(integrity)).catch(ignoreMissing)) !== undefined;
  }

  async leftovers(before: Date): Promise<readonly Leftover[]> {
    const found: Leftover[] = [];
    for (const name of await readdir(this.#staging)) {
      const file = join(this.#staging, name);
      const stats = await stat(file).catch(ignoreMissing);
      if (!stats || stats.mtime > before) continue;
      const hex = NOTE.exec(name)?.[1];
      const content =
        hex === undefined
          ? undefined
          : parseIntegrity(`sha512-${Buffer.from(hex, 'hex').toString('base64')}`);
      found.push({ content, remove: () => rm(file, { force: true }) });
    }
    return found;
  }

  async check(): Promise<void> {
    await access(this.#blobs, constants.R_OK | constants.W_OK);
    await access(this.#staging, constants.W_OK);
  }

  async #place(staged: string, { note, integrity }: { note: string; integrity: Integrity }): Promise<void> {
    if (await this.has(integrity)) return;
    const file = this.#path(integrity);
    await writeFile(note, '', { mode: 0o600 });
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
