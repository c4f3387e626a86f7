import { mkdtempSync, realpathSync } from 'node:fs';
import { chmod, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The part of an ava test that a helper needs to clean up after it. */
export interface Teardown {
  teardown(undo: () => void | Promise<void>): void;
}

/** An empty folder outside the repository, removed when the test ends, read-only parts included. */
export function tempDir(t: Teardown): string {
  const dir = realpathSync(mkdtempSync(path.join(tmpdir(), 'prompd-test-')));
  t.teardown(() => removeTree(dir));
  return dir;
}

/** Removes a folder and all in it, also where folders are read-only. */
export async function removeTree(dir: string): Promise<void> {
  try {
    await rm(dir, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    await makeWritable(dir);
    await rm(dir, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The store's folders are read-only, and a folder must be writable to lose its files. */
async function makeWritable(dir: string): Promise<void> {
  await chmod(dir, 0o700);
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(path.join(dir, entry.name));
  }
}
