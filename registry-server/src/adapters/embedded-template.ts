import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Kysely } from 'kysely';
import * as tar from 'tar';
import { migrate } from '../migrations/index.js';
import { startPostgres } from './embedded-postgres.js';
import { PgliteDialect } from './pglite-dialect.js';

/** What other databases would be made from, and none ever is: most of the files of a new folder. */
const LEAVE_OUT = [
  `update pg_database set datistemplate = false where datname <> current_database()`,
  'drop database template0',
  'drop database template1',
];

/** Keeps few write-ahead segments for later: nearly half of a new folder otherwise. */
const LEAN = ['min_wal_size=2MB', 'max_wal_size=2MB'];

const COMPILED = fileURLToPath(new URL('..', import.meta.url));
const MIGRATIONS = fileURLToPath(new URL('../migrations/', import.meta.url));

/**
 * Makes the file that new folders are unpacked from, with the newest tables, as a part of the build. Without it the
 * first start of a server makes its folder from nothing, which takes seconds.
 * @returns the file; when it is there already, nothing is done
 */
export async function prepareTemplate(): Promise<string> {
  const file = await templateFile();
  if (existsSync(file)) return file;
  const aside = `${file}.${process.pid}`;
  const folder = join(tmpdir(), `prompd-template-${process.pid}-${Date.now()}`);
  try {
    const postgres = await startPostgres(folder, LEAN);
    const database = new Kysely<unknown>({ dialect: new PgliteDialect(postgres) });
    for (const statement of LEAVE_OUT) await postgres.exec(statement);
    await migrate(database);
    await postgres.exec('vacuum');
    await postgres.exec('checkpoint');
    await database.destroy();
    await tar.create({ file: aside, cwd: folder, portable: true }, await readdir(folder));
    for (const old of await templates()) await rm(old, { force: true });
    await rename(aside, file);
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(aside, { force: true });
  }
  return file;
}

/**
 * Lays a new folder: written aside, then renamed, so that an interrupted first start leaves nothing half made.
 * @returns whether it did: without the template nothing is laid
 */
export async function layTemplate(folder: string): Promise<boolean> {
  const file = await templateFile();
  await rm(folder, { recursive: true, force: true });
  if (!existsSync(file)) return false;
  const aside = `${folder}.new`;
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside, { recursive: true, mode: 0o700 });
  tar.extract({ file, cwd: aside, sync: true, noMtime: true, preserveOwner: false });
  await rename(aside, folder);
  return true;
}

let known: Promise<string> | undefined;

/** Named after the version of PGlite, whose files it holds, and after the migrations that made its tables. */
function templateFile(): Promise<string> {
  known ??= nameTemplate();
  return known;
}

async function nameTemplate(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const hash = createHash('sha256').update(await readFile(join(dirname(entry), '..', 'package.json')));
  for (const name of (await readdir(MIGRATIONS)).filter(each => each.endsWith('.js')).sort())
    hash.update(await readFile(join(MIGRATIONS, name)));
  return join(COMPILED, `embedded-database-${hash.digest('hex').slice(0, 16)}.tar`);
}

async function templates(): Promise<readonly string[]> {
  const names = await readdir(COMPILED);
  return names
    .filter(name => /^embedded-database-.*\.(?:tar|tgz)$/.test(name))
    .map(name => join(COMPILED, name));
}
