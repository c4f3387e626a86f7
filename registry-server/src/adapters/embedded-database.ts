import { access, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import * as tar from 'tar';

/** Write-ahead segments of 1 MB: with the usual 16 MB a new folder would weigh twice as much. */
const INITDB = ['--wal-segsize=1'];

/** What other databases would be made from, and none ever is: most of the files of a new folder. */
const LEAVE_OUT = [
  `update pg_database set datistemplate = false where datname <> current_database()`,
  'drop database template0',
  'drop database template1',
];

/**
 * Opens the embedded PostgreSQL of a folder, which it makes when there is none. Every commit is in the operating
 * system's hands before a query returns, so the end of the process loses nothing.
 */
export async function openEmbeddedDatabase(folder: string): Promise<PGlite> {
  if (!(await exists(join(folder, 'PG_VERSION')))) await lay(folder);
  return PGlite.create({ dataDir: folder, initDbStartParams: INITDB, relaxedDurability: false });
}

/**
 * Makes the file that new folders are unpacked from, as a part of the build. Without it the first start of a server
 * makes its folder from nothing, which takes seconds.
 * @returns the file; when it is there already, nothing is done
 */
export async function prepareTemplate(): Promise<string> {
  const file = await templateFile();
  if (await exists(file)) return file;
  const aside = `${file}.${process.pid}`;
  const folder = join(tmpdir(), `prompd-template-${process.pid}-${Date.now()}`);
  try {
    const database = await PGlite.create({ dataDir: folder, initDbStartParams: INITDB });
    for (const statement of LEAVE_OUT) await database.exec(statement);
    await database.exec('checkpoint');
    await database.close();
    await tar.create({ file: aside, cwd: folder, gzip: true, portable: true }, await readdir(folder));
    await rename(aside, file);
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(aside, { force: true });
  }
  return file;
}

/** A new folder: written aside, then renamed, so that an interrupted first start leaves nothing half made. */
async function lay(folder: string): Promise<void> {
  const template = await templateFile();
  await rm(folder, { recursive: true, force: true });
  if (!(await exists(template))) return;
  const aside = `${folder}.new`;
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside, { recursive: true, mode: 0o700 });
  tar.extract({ file: template, cwd: aside, sync: true });
  await rename(aside, folder);
}

/** Named after the version of PGlite, whose files it holds, and after what was left out of them. */
async function templateFile(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const manifest: unknown = JSON.parse(await readFile(join(dirname(entry), '..', 'package.json'), 'utf8'));
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest
      ? String(manifest.version)
      : 'unknown';
  return fileURLToPath(new URL(`../embedded-database-${version}-lean.tgz`, import.meta.url));
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
