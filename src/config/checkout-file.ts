import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { systemCode } from '../core/system-code.js';

/** What is in the place of a file is none that can be read. The message is a sentence about it, without its path. */
export class NoReadableFile extends Error {
  override readonly name = 'NoReadableFile';

  constructor(
    reason: string,
    readonly isFolder = false,
  ) {
    super(reason);
  }
}

/**
 * Reads a file that came with a checkout. Links in it lead anywhere, and what is there need not be a file: of a pipe the end
 * never comes, and of a device neither.
 * @param maxBytes what is larger is not read
 * @returns undefined when there is nothing
 * @throws NoReadableFile; what the file system says otherwise
 */
export async function readCheckoutFile(file: string, maxBytes: number): Promise<Buffer | undefined> {
  // Opening a pipe waits for somebody to write to it, unless told not to. Windows has neither.
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
  const handle = await open(file, flags).catch((error: unknown) => {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'EISDIR') throw new NoReadableFile('It is a folder.', true);
    throw error;
  });
  if (!handle) return undefined;
  try {
    const stats = await handle.stat();
    if (stats.isDirectory()) throw new NoReadableFile('It is a folder.', true);
    if (!stats.isFile()) throw new NoReadableFile('It is not a regular file.');
    if (stats.size > maxBytes)
      throw new NoReadableFile(`It has ${stats.size} bytes; the limit is ${maxBytes}.`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
