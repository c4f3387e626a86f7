import { join } from 'node:path';
import { type Dialect, Kysely, type LogEvent, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { PrompdError } from 'prompd/core';
import { coversAll, migrate } from '../migrations/index.js';
import type { PoolState } from '../observe/metrics.js';
import type { TracedQuery } from '../observe/tracing.js';
import type { ChangeFeed } from '../ports/change-feed.js';
import { EmbeddedChangeFeed, PostgresChangeFeed } from './change-feed.js';
import type { DatabaseSchema } from './database-schema.js';
import { openEmbeddedDatabase } from './embedded-database.js';
import { OpenSockets } from './open-sockets.js';
import { PgliteDialect } from './pglite-dialect.js';
import { prepareForServer } from './server-role.js';

export type Database = Kysely<DatabaseSchema>;

export interface OpenDatabase {
  readonly database: Database;
  readonly changes: ChangeFeed;
  /** Connections of this server; undefined for the embedded database, which has one. */
  readonly pool: (() => PoolState) | undefined;
  /** Ends all connections, whatever they wait for; undefined for the embedded database. */
  readonly cut: (() => void) | undefined;
}

/** Connections to PostgreSQL of one server, unless it is said otherwise. */
const POOL_SIZE = 10;
const CONNECT_MILLISECONDS = 10_000;
/** insufficient_privilege. @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
const MAY_NOT = '42501';

export interface DatabaseOptions {
  readonly dataDir: string;
  /** `postgres://…`; without it the database is embedded and lies in the data folder. */
  readonly databaseUrl?: string | undefined;
  /** `postgres://…` of who owns the tables, when the server's user does not. */
  readonly migrationUrl?: string | undefined;
  /** Told of connections that break while nobody uses them. */
  readonly onError: (error: Error) => void;
  /** Most connections to PostgreSQL at once. */
  readonly connections?: number | undefined;
  /** Those alone, to get the tables of an older server. */
  readonly migrations?: readonly string[] | undefined;
  /** Told of every statement. */
  readonly onQuery?: ((query: TracedQuery) => void) | undefined;
}

/**
 * Opens the database and brings its tables up to date. The same queries run on both kinds.
 * @throws PrompdError EIO when PostgreSQL cannot be reached or refuses the user
 */
export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  const { onQuery, databaseUrl, migrationUrl } = options;
  if (databaseUrl !== undefined && migrationUrl !== undefined) {
    await prepareForServer({ databaseUrl, migrationUrl });
  }
  const { dialect, ...rest } = await dialectOf(options);
  const database = new Kysely<DatabaseSchema>({ dialect, ...(onQuery && { log: logTo(onQuery) }) });
  try {
    await migrate(database, options.migrations);
  } catch (error) {
    await database.destroy();
    throw databaseUrl === undefined || error instanceof PrompdError ? error : unusable(error);
  }
  return { database, ...rest };
}

function logTo(onQuery: (query: TracedQuery) => void) {
  return ({ level, query, queryDurationMillis }: LogEvent) =>
    onQuery({ sql: query.sql, duration: queryDurationMillis, failed: level === 'error' });
}

function unusable(error: unknown): PrompdError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof pg.DatabaseError && cause.code === MAY_NOT) {
    return new PrompdError('ECONFIG', `The tables cannot be brought up to date: ${reason}.`, {
      hint: 'Run "prompd registry migrate" with DATABASE_MIGRATION_URL, as the owner of the tables.',
      cause: error,
    });
  }
  return new PrompdError('EIO', `The database cannot be used: ${reason}`, {
    hint: 'Check DATABASE_URL: host, user, password and name of the database.',
    cause: error,
  });
}

/** @throws when the database does not answer */
export async function checkDatabase(database: Database): Promise<void> {
  await sql`select 1`.execute(database);
}

async function dialectOf({
  dataDir,
  databaseUrl,
  onError,
  connections = POOL_SIZE,
  migrations,
}: DatabaseOptions): Promise<{ dialect: Dialect } & Omit<OpenDatabase, 'database'>> {
  if (databaseUrl === undefined) {
    const embedded = await openEmbeddedDatabase(join(dataDir, 'db'), {
      tables: migrations === undefined || coversAll(migrations),
    });
    const changes = new EmbeddedChangeFeed(embedded);
    return { dialect: new PgliteDialect(embedded), changes, pool: undefined, cut: undefined };
  }
  const sockets = new OpenSockets();
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: connections,
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
    application_name: 'prompd-registry',
    stream: sockets.make,
  });
  pool.on('error', onError);
  // The pool hears of idle connections alone: one that breaks between two statements of a transaction must not end the process.
  pool.on('connect', client => client.on('error', onError));
  return {
    dialect: new PostgresDialect({ pool }),
    changes: new PostgresChangeFeed(databaseUrl, { onBroken: onError, stream: sockets.make }),
    pool: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    cut: () => sockets.cut(),
  };
}
