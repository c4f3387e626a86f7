import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { openSqlite, type SqliteDatabase, sqliteCode } from './sqlite.js';

/** Kept in `user_version`. Each entry brings a database from the version before to its own; entries are never changed. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE packuments (
     registry TEXT NOT NULL,
     name TEXT NOT NULL,
     etag TEXT,
     body TEXT NOT NULL,
     fetched_at INTEGER NOT NULL,
     PRIMARY KEY (registry, name)
   ) WITHOUT ROWID;
   CREATE TABLE installed (
     name TEXT NOT NULL,
     version TEXT NOT NULL,
     integrity TEXT NOT NULL,
     source TEXT NOT NULL,
     installed_at INTEGER NOT NULL,
     PRIMARY KEY (name, version, integrity)
   ) WITHOUT ROWID;
   CREATE TABLE history (
     id INTEGER PRIMARY KEY,
     at INTEGER NOT NULL,
     project TEXT NOT NULL,
     action TEXT NOT NULL,
     added TEXT NOT NULL,
     removed TEXT NOT NULL
   );
   CREATE INDEX history_by_project ON history (project, at);`,
  'CREATE TABLE registries (url TEXT PRIMARY KEY, protocol TEXT NOT NULL) WITHOUT ROWID;',
];

/** How long a process waits for another one's transaction, in milliseconds. */
const BUSY_MS = 10_000;

/**
 * Opens the database and brings it up to date. One that is damaged is moved aside and begun anew: it is a cache and a
 * diary, nothing depends on it.
 * @param warn told when a database was moved aside or cannot be used
 * @returns undefined when there is none to be had: a newer prompd's, or a disk that refuses
 */
export function openDatabase(file: string, warn: (message: string) => void): SqliteDatabase | undefined {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    return opened(file, warn);
  } catch (error) {
    if (!isDamage(error)) {
      warn(`The metadata cache cannot be used: ${messageOf(error)}`);
      return undefined;
    }
  }
  try {
    moveAside(file);
    warn(`The metadata cache was damaged; it was moved to ${path.basename(file)}.damaged and begun anew.`);
    return opened(file, warn);
  } catch (error) {
    warn(`The metadata cache cannot be used: ${messageOf(error)}`);
    return undefined;
  }
}

function opened(file: string, warn: (message: string) => void): SqliteDatabase | undefined {
  const database = openSqlite(file, BUSY_MS);
  try {
    turnOnWriteAheadLog(database);
    // A crash of the machine may lose the newest entries, never the database: all that a cache needs.
    database.exec('PRAGMA synchronous = NORMAL');
    if (versionOf(database) > MIGRATIONS.length) {
      warn('The metadata cache was written by a newer prompd; this one does without it.');
      database.close();
      return undefined;
    }
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Readers then never wait for writers. Where another process is just doing the same, its change counts for all. */
function turnOnWriteAheadLog(database: SqliteDatabase): void {
  try {
    database.exec('PRAGMA journal_mode = WAL');
  } catch (error) {
    if (!sqliteCode(error)?.startsWith('SQLITE_BUSY')) throw error;
  }
}

/** Under a write lock: of many processes that start at once, one migrates. */
function migrate(database: SqliteDatabase): void {
  if (versionOf(database) === MIGRATIONS.length) return;
  database
    .transaction(() => {
      for (const step of MIGRATIONS.slice(versionOf(database))) database.exec(step);
      database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
    })
    .immediate();
}

function versionOf(database: SqliteDatabase): number {
  return Number(database.prepare('PRAGMA user_version').pluck().get());
}

function isDamage(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === 'SQLITE_NOTADB' || code?.startsWith('SQLITE_CORRUPT') === true;
}

function moveAside(file: string): void {
  if (existsSync(file)) renameSync(file, `${file}.damaged`);
  for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
