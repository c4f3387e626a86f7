import { mkdir, mkdtemp, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PrompdError, systemCode } from 'prompd/core';

/**
 * Makes a folder of the registry's data where it is missing, and sees whether it can be written to.
 * @throws PrompdError ECONFIG that names the folder
 */
export async function makeDataFolder(folder: string): Promise<void> {
  try {
    await makeMissing(folder);
    await rmdir(await mkdtemp(join(folder, '.probe-')));
  } catch (cause) {
    const code = systemCode(cause) ?? '';
    const reason = REASONS[code] ?? (cause instanceof Error ? cause.message : String(cause));
    throw new PrompdError('ECONFIG', `The data folder ${folder} cannot be used: ${reason}.`, {
      facts: { folder, ...(code === '' ? {} : { reason: code }) },
      hint: 'Name a folder that can be made and written to, with --data or PROMPD_DATA.',
      cause,
    });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'it must not be written to',
  EPERM: 'it must not be written to',
  EROFS: 'it is on a file system that is read-only',
  ENOTDIR: 'a file is in the way',
  ENOENT: 'the file system takes no folders there',
  ENOSPC: 'there is no room left',
};

/** Each level on its own: the recursive call of Node never ends where a folder cannot be made, as below /proc. */
async function makeMissing(folder: string): Promise<void> {
  const stats = await stat(folder).catch(ignoreMissing);
  if (stats?.isDirectory()) return;
  if (stats) throw Object.assign(new Error(`${folder} is a file`), { code: 'ENOTDIR' });
  if (dirname(folder) !== folder) await makeMissing(dirname(folder));
  await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
    if (systemCode(error) !== 'EEXIST') throw error;
  });
}

function ignoreMissing(error: unknown): undefined {
  if (systemCode(error) === 'ENOENT') return undefined;
  throw error;
}
