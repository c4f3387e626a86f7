import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PrompdError } from '../core/errors.js';
import { layoutOf } from './layout.js';
import { openSqlite, type SqliteDatabase, sqliteCode } from './sqlite.js';

const POLL_MS = 25;

export interface ExclusiveOptions {
  readonly home: string;
  /** What is locked: the absolute path of a project. */
  readonly subject: string;
  /** How long to wait for another process, in milliseconds. */
  readonly waitMs: number;
  /** Called once when another process holds the lock. */
  readonly onWait?: () => void;
}

/**
 * Runs something while no other process of this user does so for the same subject. The lock is a write lock on an empty
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
  const { subject, waitMs, onWait } = options;
  for (let waited = 0; !tryLock(database); waited += POLL_MS) {
    if (waited === 0) onWait?.();
    if (waited >= waitMs) {
      throw new PrompdError('ELOCKED', 'Another prompd is changing this project.', {
        facts: { project: subject, waitedSeconds: Math.round(waitMs / 1000) },
        hint: 'Wait until it is done, or stop it, and run the command again.',
      });
    }
    await sleep(POLL_MS);
  }
}

function tryLock(database: SqliteDatabase): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (sqliteCode(error)?.startsWith('SQLITE_BUSY')) return false;
    throw error;
  }
}
