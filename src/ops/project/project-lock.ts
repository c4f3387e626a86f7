import { mkdir, realpath } from 'node:fs/promises';
import { exclusively } from '../../store/index.js';
import type { Context } from '../context.js';

/** How long a command waits for another one in the same project, in milliseconds. */
const WAIT_MS = 60_000;

/**
 * Runs something that reads and writes a project while no other prompd does.
 * @param dir absolute; made when it is not there; @param task holds up only those who do the same: for what runs hooks,
 *   in which other commands may work on the project
 * @throws PrompdError ELOCKED
 */
export async function withProjectLock<T>(
  { config, progress }: Context,
  { dir, waitMs = WAIT_MS, task }: { dir: string; waitMs?: number | undefined; task?: string },
  run: () => Promise<T>,
): Promise<T> {
  await mkdir(dir, { recursive: true });
  const onWait = () => progress.info('Another prompd is at work in this project. Waiting for it.');
  const folder = await realpath(dir);
  const subject = task === undefined ? folder : `${folder}\0${task}`;
  return exclusively({ home: config.home, subject, waitMs, onWait }, run);
}
