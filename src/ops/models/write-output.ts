import { access, constants, stat } from 'node:fs/promises';
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
    throw notWritable(file, cause);
  }
}

/**
 * Makes sure, before a model is paid for its answer, that the answer can be written.
 * @param file as typed
 * @throws PrompdError EIO
 */
export async function checkOutput(context: Context, file: string): Promise<void> {
  const absolute = path.resolve(context.cwd, file);
  try {
    await access(path.dirname(absolute), constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw notWritable(file, cause);
  }
  if ((await stat(absolute).catch(() => undefined))?.isDirectory()) {
    throw new PrompdError('EIO', `"${file}" is a folder.`, { facts: { file, reason: 'EISDIR' } });
  }
}

function notWritable(file: string, cause: unknown): PrompdError {
  const reason = systemCode(cause) ?? 'unknown';
  return new PrompdError('EIO', `"${file}" cannot be written.`, { facts: { file, reason }, cause });
}
