import { link, mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode } from 'prompd/core';

/**
 * Writes a file that only this user may read and that is on the disk before it has its name, and leaves one that is
 * there already. Its folder is made.
 */
export async function writeOnce(file: string, content: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const aside = await mkdtemp(join(dirname(file), 'new-'));
  try {
    const handle = await open(join(aside, 'key'), 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(join(aside, 'key'), file).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw error;
    });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}
