import { open, stat } from 'node:fs/promises';
import { PrompdError } from '../core/errors.js';
import { systemCode } from '../core/system-code.js';
import { tooLarge } from './limit.js';

/**
 * Reads an archive from disk.
 * @param file absolute path; @param maxBytes largest archive that is accepted, in bytes
 * @throws PrompdError ENOFILE, EARCHIVE when it is a folder or a device, EARCHIVELIMIT
 */
export async function fetchArchiveFile(file: string, maxBytes: number): Promise<Uint8Array> {
  // Before it is opened: a pipe that nobody writes to would never be.
  const found = await stat(file).catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw error;
    throw new PrompdError('ENOFILE', `There is no archive ${file}.`, { facts: { file }, cause: error });
  });
  if (!found.isFile())
    throw new PrompdError('EARCHIVE', `${file} is not an archive: it is no file.`, { facts: { file } });
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) throw tooLarge(file, maxBytes);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
