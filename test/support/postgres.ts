import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { migrateRegistry } from '#server/migrate-registry.js';
import { postgresPrograms } from './postgres-programs.js';
import { removeTree, type Teardown } from './temp.js';

export interface TestPostgres {
  /** Of the database that is there from the start. */
  readonly url: string;
  /** Makes an empty database and tells its URL. */
  freshDatabase(): Promise<string>;
  stop(): Promise<void>;
}

const SUPERUSER = 'prompd';
/** Nothing needs to outlive the machine. */
const SETTINGS = [
  'listen_addresses=',
  'max_connections=200',
  'fsync=off',
  'full_page_writes=off',
  'autovacuum=off',
  'synchronous_commit=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  'wal_init_zero=off',
];
const START_MILLISECONDS = 30_000;

/** Where the test run tells the files of its own PostgreSQL, of which each takes databases. */
export const POSTGRES_OF_THE_RUN = 'PROMPD_TEST_POSTGRES';

/** The PostgreSQL of the test run, or a private one where a file runs alone. What is done to one database is seen in no other. */
export async function startPostgres(): Promise<TestPostgres | undefined> {
  const url = process.env[POSTGRES_OF_THE_RUN];
  return url === undefined
    ? startPrivatePostgres()
    : { url, freshDatabase: () => freshDatabase(url), stop: async () => undefined };
}

/** With the tables of a registry: what `registryDatabase` copies. */
const TEMPLATE = 'registry_template';

/**
 * Makes the tables of a registry once, in the PostgreSQL of the test run.
 * @public scripts/test.mjs calls it
 */
export async function prepareRegistryDatabases(server: TestPostgres): Promise<void> {
  await query(server.url, `create database ${TEMPLATE}`);
  const dataDir = mkdtempSync(path.join(tmpdir(), 'prompd-test-'));
  await migrateRegistry({ dataDir, databaseUrl: urlOf(server.url, TEMPLATE) });
  await removeTree(dataDir);
}

/**
 * A database of its own for one registry, with the newest tables in it.
 * @returns undefined where a file runs alone, or where the machine cannot run PostgreSQL
 */
export async function registryDatabase(t: Teardown): Promise<string | undefined> {
  const server = process.env[POSTGRES_OF_THE_RUN];
  if (server === undefined) return undefined;
  const name = databaseName();
  await query(server, `create database ${name} template ${TEMPLATE}${await copyStrategy(server)}`);
  t.teardown(async () => {
    await query(server, `drop database ${name} with (force)`);
  });
  return urlOf(server, name);
}

let strategy: Promise<string> | undefined;

/** By files, as before PostgreSQL 15, and not by its log, in which there would be as much as there is of the tables. */
function copyStrategy(server: string): Promise<string> {
  strategy ??= query(server, `select current_setting('server_version_num')::int >= 150000 as "canSay"`).then(
    rows => (rows.some(({ canSay }) => canSay === true) ? ' strategy file_copy' : ''),
  );
  return strategy;
}

/**
 * Starts a PostgreSQL in a temporary folder, reached by a socket there, so that no port is taken: for tests that stop it.
 * @returns undefined where the machine cannot run one, after a note for the end of the test run
 */
export async function startPrivatePostgres(): Promise<TestPostgres | undefined> {
  const bin = postgresPrograms();
  if (!bin) return without('PostgreSQL is not installed here');
  const isRoot = process.getuid?.() === 0;
  const account = isRoot ? unprivilegedAccount() : undefined;
  if (isRoot && !account) return without('PostgreSQL does not run as root, and there is no other account');
  // A socket's path is limited to about 100 characters: the folder stays near the root.
  const folder = mkdtempSync(path.join(tmpdir(), 'pg-'));
  if (account) chownSync(folder, account.uid, account.gid);
  const data = path.join(folder, 'data');
  const as = { stdio: 'ignore' as const, cwd: folder, ...account };
  execFileSync(
    path.join(bin, 'initdb'),
    ['-D', data, '-U', SUPERUSER, '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    as,
  );
  const server = spawn(
    path.join(bin, 'postgres'),
    ['-D', data, '-k', folder, ...SETTINGS.flatMap(setting => ['-c', setting])],
    as,
  );
  const url = `postgres://${SUPERUSER}@/postgres?host=${encodeURIComponent(folder)}`;
  const stop = async () => {
    await ended(server);
    await removeTree(folder);
  };
  // Whatever ends the test process must not leave a server behind.
  process.once('exit', () => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  try {
    await untilReady(url, server);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, freshDatabase: () => freshDatabase(url), stop };
}

async function freshDatabase(server: string): Promise<string> {
  const name = databaseName();
  await query(server, `create database ${name}`);
  return urlOf(server, name);
}

function databaseName(): string {
  return `test_${randomBytes(8).toString('hex')}`;
}

/** Of another database of the same server. */
function urlOf(server: string, database: string): string {
  return server.replace('/postgres?', `/${database}?`);
}

/** Adds one line to what the test run says at its end about things that it did not cover. */
function without(reason: string): undefined {
  const file = process.env['PROMPD_TEST_NOTES'];
  if (file) appendFileSync(file, `${reason}: the registry was tested on its embedded database only.\n`);
}

/** PostgreSQL refuses to run as root. */
function unprivilegedAccount(): { uid: number; gid: number } | undefined {
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) =>
        Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {}
  }
  return undefined;
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  const end = Date.now() + START_MILLISECONDS;
  while (true) {
    try {
      await query(url, 'select 1');
      return;
    } catch (error) {
      if (server.exitCode !== null || Date.now() > end) throw error;
      await delay(50);
    }
  }
}

async function query(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** SIGINT is PostgreSQL's fast shutdown: it does not wait for clients. */
async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exit = new Promise(resolve => server.once('exit', resolve));
  server.kill('SIGINT');
  await exit;
}
