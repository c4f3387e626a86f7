import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PrompdError } from '../core/errors.js';
import { layoutOf } from './home-folders.js';
import { openSqlite, type SqliteDatabase, sqliteCode } from './sqlite.js';

const POLL_MS = 25;

/** The subject of the lock on all packages: shared by who brings some in or relies on some, exclusive to who removes some. */
export const WHOLE_STORE = 'the store';

export interface ExclusiveOptions {
  readonly home: string;
  /** What is locked: the absolute path of a project, or the store. */
  readonly subject: string;
  /** `shared`: many may hold the lock at once, and none of them beside an exclusive holder. Default: `exclusive`. */
  readonly mode?: 'exclusive' | 'shared';
  /** How long to wait for another process, in milliseconds. */
  readonly waitMs: number;
  /** Called once when another process holds the lock. */
  readonly onWait?: () => void;
}

/**
 * Runs something while no other process of this user does so for the same subject; shared, while no other does so
 * exclusively. The lock is a write lock on an empty
 * SQLite database, which the operating system releases when its holder dies, however it dies: there is no stale lock to
 * be guessed at, and no holder that lost its lock because it was slow.
 * @throws PrompdError ELOCKED when the wait was in vain
 * @see https://www.sqlite.org/lockingv3.html
 */
export async function exclusively<T>(options: ExclusiveOptions, run: () => Promise<T>): Promise<T> {
  const { locks } = layoutOf(options.home);
  await mkdir(locks, { recursive: true });
  const name = createHash('sha256').update(options.subject).digest('hex').slice(0, 32);
  const database = openSqlite(path.join(locks, `${name}.lock`), 0);
  try {
    await acquire(database, options);
    return await run();
  } finally {
    database.close();
  }
}

async function acquire(database: SqliteDatabase, options: ExclusiveOptions): Promise<void> {
  const { subject, waitMs, onWait, mode = 'exclusive' } = options;
  for (let waited = 0; !tryLock(database, mode); waited += POLL_MS) {
    if (waited === 0) onWait?.();
    if (waited >= waitMs) {
      const what = subject === WHOLE_STORE ? 'the packages of the store' : 'this project';
      throw new PrompdError('ELOCKED', `Another prompd is at work on ${what}.`, {
        facts: { locked: subject, waitedSeconds: Math.round(waitMs / 1000) },
        hint: 'Wait until it is done, or stop it, and run the command again.',
      });
    }
    await sleep(POLL_MS);
  }
}

function tryLock(database: SqliteDatabase, mode: 'exclusive' | 'shared'): boolean {
  try {
    if (mode === 'exclusive') database.exec('BEGIN EXCLUSIVE');
    else beginShared(database);
    return true;
  } catch (error) {
    if (sqliteCode(error)?.startsWith('SQLITE_BUSY')) return false;
    throw error;
  }
}

/** Reading takes the shared lock, which is held until the transaction ends. */
function beginShared(database: SqliteDatabase): void {
  database.exec('BEGIN');
  try {
    database.exec('SELECT count(*) FROM sqlite_master');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}
