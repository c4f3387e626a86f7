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
 * exclusively. The lock is a write lock on an empty SQLite database, which the operating system releases when its holder
 * dies, however it dies: there is no stale lock to be guessed at, and no holder that lost its lock because it was slow.
 * @throws PrompdError ELOCKED when the wait was in vain; EIO where the lock's file cannot be made; ENOSQLITE
 * @see https://www.sqlite.org/lockingv3.html
 */
export async function exclusively<T>(options: ExclusiveOptions, run: () => Promise<T>): Promise<T> {
  const { locks } = layoutOf(options.home);
  await mkdir(locks, { recursive: true });
  const name = createHash('sha256').update(options.subject).digest('hex').slice(0, 32);
  const file = path.join(locks, `${name}.lock`);
  const database = openLock(file);
  try {
    await acquire(database, file, options);
    return await run();
  } finally {
    database.close();
  }
}

function openLock(file: string): SqliteDatabase {
  try {
    return openSqlite(file, 0);
  } catch (error) {
    throw lockFault(file, error) ?? error;
  }
}

/** What the disk refuses is the user's to mend; SQLite says little about it. */
function lockFault(file: string, error: unknown): PrompdError | undefined {
  const code = sqliteCode(error);
  if (!/^SQLITE_(?:CANTOPEN|READONLY|IOERR|FULL|PERM|AUTH|NOTADB)/.test(code ?? '')) return undefined;
  return new PrompdError('EIO', 'The file that commands lock while they are at work cannot be used.', {
    facts: { file, reason: code ?? '' },
    hint: 'Give yourself the right to write in that folder, make room on the disk, or set PROMPD_HOME to another folder.',
    cause: error,
  });
}

async function acquire(database: SqliteDatabase, file: string, options: ExclusiveOptions): Promise<void> {
  const { subject, waitMs, onWait, mode = 'exclusive' } = options;
  for (let waited = 0; !tryLock(database, file, mode); waited += POLL_MS) {
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

function tryLock(database: SqliteDatabase, file: string, mode: 'exclusive' | 'shared'): boolean {
  try {
    if (mode === 'exclusive') database.exec('BEGIN EXCLUSIVE');
    else beginShared(database);
    return true;
  } catch (error) {
    if (sqliteCode(error)?.startsWith('SQLITE_BUSY')) return false;
    throw lockFault(file, error) ?? error;
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
