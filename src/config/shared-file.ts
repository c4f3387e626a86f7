import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { PrompdError } from '../core/errors.js';
import { systemCode } from '../core/system-code.js';

/** What a process that was killed holds is given up after so many milliseconds without a sign of life. */
const STALE_MS = 5_000;
/** How long a change waits for another process, in milliseconds: also for one that was killed this very moment. */
const WAIT_MS = 4 * STALE_MS;
/** Between two attempts to get a lock, in milliseconds, more or less. */
const PAUSE_MS = 50;

/**
 * Replaces a private file of the home folder under a lock: of two processes that change it, neither loses its change.
 * @param file absolute; @param edit gives the new text, or undefined to leave the file as it is
 * @throws PrompdError ELOCKED
 */
export async function changeFile(file: string, edit: () => Promise<string | undefined>): Promise<void> {
  const { default: writeFileAtomic } = await import('write-file-atomic');
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await underFileLock(file, async assertHeld => {
    const text = await edit();
    assertHeld();
    if (text !== undefined) await writeFileAtomic(file, text, { mode: 0o600 });
  });
}

/**
 * Does something that no other process does to the same file meanwhile.
 * @param file absolute; its folder is there. The lock lies beside it.
 * @param run is given what throws ELOCKED once the lock was lost, as to a process that found this one asleep
 * @param waitMs how long it waits for another process, in milliseconds, more or less
 * @throws PrompdError ELOCKED
 */
export async function underFileLock<T>(
  file: string,
  run: (assertHeld: () => void) => Promise<T>,
  { waitMs = WAIT_MS }: { readonly waitMs?: number } = {},
): Promise<T> {
  const { default: lockfile } = await import('proper-lockfile');
  const locked = (cause: unknown) =>
    new PrompdError('ELOCKED', `${file} is being changed by another process.`, {
      facts: { file },
      hint: 'Wait for the other command to finish, then try again.',
      cause,
    });
  let lost: Error | undefined;
  const onCompromised = (error: Error) => {
    lost = error;
  };
  const retries = {
    retries: Math.ceil(waitMs / PAUSE_MS),
    factor: 1,
    minTimeout: 0.6 * PAUSE_MS,
    maxTimeout: 1.4 * PAUSE_MS,
    randomize: true,
  };
  const release = await lockfile
    .lock(file, { realpath: false, stale: STALE_MS, retries, onCompromised })
    .catch((cause: unknown) => {
      throw locked(cause);
    });
  try {
    return await run(() => {
      if (lost !== undefined) throw locked(lost);
    });
  } finally {
    // Who lost it has nothing to give back.
    if (lost === undefined) await release();
  }
}

/** The text of a file, or undefined when there is none. */
export async function readFileOrUndefined(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
