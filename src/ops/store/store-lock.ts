import { exclusively, WHOLE_STORE } from '../../store/index.js';
import type { Context } from '../context.js';

/** How long a command waits for others, in milliseconds. */
const WAIT_MS = 60_000;

/**
 * Runs something that relies on packages of the store before a lockfile names them: nothing is removed meanwhile. Many
 * commands do so at once.
 * @throws PrompdError ELOCKED
 */
export async function whileStoreStays<T>(context: Context, run: () => Promise<T>): Promise<T> {
  return withStore(context, 'shared', run);
}

/**
 * Runs something that removes packages from the store: nobody brings packages in, or counts on some, meanwhile.
 * @throws PrompdError ELOCKED
 */
export async function whileStoreRests<T>(context: Context, run: () => Promise<T>): Promise<T> {
  return withStore(context, 'exclusive', run);
}

function withStore<T>(
  { config, progress }: Context,
  mode: 'shared' | 'exclusive',
  run: () => Promise<T>,
): Promise<T> {
  const onWait = () => progress.info('Another prompd is at work on the store. Waiting for it.');
  return exclusively({ home: config.home, subject: WHOLE_STORE, mode, waitMs: WAIT_MS, onWait }, run);
}
