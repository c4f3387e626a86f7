import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { PrompdError } from '../../core/errors.js';
import { systemCode } from '../../core/system-code.js';
import type { Context } from '../context.js';

/**
 * Writes a result to a file, whole or not at all.
 * @param file as typed
 * @throws PrompdError EIO
 */
export async function writeOutput(context: Context, file: string, text: string): Promise<void> {
  try {
    await writeFileAtomic(path.resolve(context.cwd, file), text);
  } catch (cause) {
    const reason = systemCode(cause) ?? 'unknown';
    throw new PrompdError('EIO', `"${file}" cannot be written.`, { facts: { file, reason }, cause });
  }
}
