import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  accessSync,
  appendFileSync,
  chownSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { removeTree } from './temp.js';

export interface TestPostgres {
  /** Of the database that is there from the start. */
  readonly url: string;
  /** Makes an empty database and tells its URL. */
  freshDatabase(): Promise<string>;
  stop(): Promise<void>;
}

const SUPERUSER = 'prompd';
const START_MILLISECONDS = 30_000;

/**
 * Starts a private PostgreSQL in a temporary folder, reached by a socket there, so that no port is taken.
 * @returns undefined where the machine has no PostgreSQL, after a note for the end of the test run
 */
export async function startPostgres(): Promise<TestPostgres | undefined> {
  const bin = binaries();
  const account = process.getuid?.() === 0 ? unprivilegedAccount() : undefined;
  if (!bin || (process.getuid?.() === 0 && !account)) {
    note('PostgreSQL is not installed here: the registry was tested on its embedded database only.');
    return undefined;
  }
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
    ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'fsync=off', '-c', 'max_connections=200'],
    as,
  );
  const urlOf = (database: string) =>
    `postgres://${SUPERUSER}@/${database}?host=${encodeURIComponent(folder)}`;
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
    await untilReady(urlOf('postgres'), server);
  } catch (error) {
    await stop();
    throw error;
  }
  let made = 0;
  return {
    url: urlOf('postgres'),
    async freshDatabase() {
      const database = `test_${++made}`;
      await query(urlOf('postgres'), `create database ${database}`);
      return urlOf(database);
    },
    stop,
  };
}

/** Adds one line to what the test run says at its end about things that it did not cover. */
function note(line: string): void {
  const file = process.env['PROMPD_TEST_NOTES'];
  if (file) appendFileSync(file, `${line}\n`);
}

/** The folder that has both `initdb` and `postgres`: on the PATH, as pg_config says, or where Debian puts them. */
function binaries(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const candidates = [
    ...(process.env['PATH'] ?? '').split(path.delimiter),
    ...asPgConfigSays(),
    ...(existsSync(debian) ? readdirSync(debian).map(version => path.join(debian, version, 'bin')) : []),
  ];
  return candidates.find(
    dir => dir !== '' && isProgram(path.join(dir, 'initdb')) && isProgram(path.join(dir, 'postgres')),
  );
}

function asPgConfigSays(): string[] {
  try {
    return [
      execFileSync('pg_config', ['--bindir'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim(),
    ];
  } catch {
    return [];
  }
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
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
      return await query(url, 'select 1');
    } catch (error) {
      if (server.exitCode !== null || Date.now() > end) throw error;
      await delay(50);
    }
  }
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
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
