import { createRequire } from 'node:module';
import type Database from 'better-sqlite3';
import { PrompdError } from '../core/errors.js';

export type SqliteStatement = Database.Statement;
export type SqliteTransaction<F extends (...args: never[]) => unknown> = Database.Transaction<F>;

/** A database connection, as far as the store uses one. */
export interface SqliteDatabase {
  /** Runs statements that give back nothing. */
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  /** A function that runs inside of a transaction, which a failure rolls back. */
  transaction<F extends (...args: never[]) => unknown>(run: F): SqliteTransaction<F>;
  close(): void;
}

/**
 * What better-sqlite3 wraps, kept until the process ends. Node 24.19 to at least 24.21 aborts when the garbage collector
 * frees a wrapped native object while no JavaScript runs, if the addon was compiled for it. A command opens a handful of
 * connections and statements, so keeping them costs nothing; this is why nobody else imports better-sqlite3, and why
 * there is no `pragma`, which makes a statement of its own at each call.
 * @see https://github.com/nodejs/node/issues/65446
 */
const kept: object[] = [];

/** Loaded with the first connection: most commands open none. */
let driver: typeof Database | undefined;

function loadDriver(): typeof Database {
  return createRequire(import.meta.url)('better-sqlite3');
}

/**
 * Opens a database file, creating it when it is not there.
 * @param busyMs how long a statement waits for another process's transaction, in milliseconds
 * @throws SqliteError, see {@link sqliteCode}; PrompdError ENOSQLITE where the native module is missing or another Node's
 */
export function openSqlite(file: string, busyMs: number): SqliteDatabase {
  const database = keep(connect(file, busyMs));
  return {
    exec: sql => void database.exec(sql),
    prepare: sql => keep(database.prepare(sql)),
    transaction: run => database.transaction(run),
    close: () => void database.close(),
  };
}

/** The first connection loads the native module: whatever is not SQLite's own failure is that of loading it. */
function connect(file: string, busyMs: number): Database.Database {
  try {
    driver ??= loadDriver();
    return new driver(file, { timeout: busyMs });
  } catch (error) {
    if (sqliteCode(error) !== undefined) throw error;
    const [reason = ''] = String(error instanceof Error ? error.message : error).split('\n');
    throw new PrompdError('ENOSQLITE', 'The native module of better-sqlite3 cannot be loaded.', {
      facts: { node: process.versions.node, reason },
      cause: error,
    });
  }
}

/** SQLite's name of a failure, as `SQLITE_BUSY`; undefined for any other error. */
export function sqliteCode(error: unknown): string | undefined {
  return driver && error instanceof driver.SqliteError ? error.code : undefined;
}

function keep<T extends object>(native: T): T {
  kept.push(native);
  return native;
}
