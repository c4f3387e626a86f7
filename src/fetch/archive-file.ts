import { open } from 'node:fs/promises';
import { PrompdError } from '../core/errors.js';
import { systemCode } from '../core/system-code.js';
import { tooLarge } from './limit.js';

/**
 * Reads an archive from disk.
 * @param file absolute path; @param maxBytes largest archive that is accepted, in bytes
 * @throws PrompdError ENOFILE, EARCHIVELIMIT
 */
export async function fetchArchiveFile(file: string, maxBytes: number): Promise<Uint8Array> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw error;
    throw new PrompdError('ENOFILE', `There is no archive ${file}.`, { facts: { file }, cause: error });
  });
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) throw tooLarge(file, maxBytes);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
