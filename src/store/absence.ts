import { systemCode } from '../core/system-code.js';

/** The error codes of the file system that mean "there is nothing of that name". */
export function isAbsence(error: unknown): boolean {
  const code = systemCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}
