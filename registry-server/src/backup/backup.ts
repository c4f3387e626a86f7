import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { link, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Integrity, integrityOf, PrompdError, systemCode } from 'prompd/core';
import type { Database } from '../adapters/database.js';
import {
  migrationsOf,
  RowSum,
  rowsOf,
  sequencesOf,
  settleFormats,
  storedContent,
  tablesOf,
} from '../adapters/table-dump.js';
import type { S3Settings } from '../domain/s3-settings.js';
import { openBlobs } from '../open-blobs.js';
import { type DataPlace, openData, systemClock, unwind } from '../open-data.js';
import type { BlobStore } from '../ports/blob-store.js';
import { FrameWriter } from './frames.js';

export interface BackupPlace extends DataPlace {
  /** Where archives are, instead of the data folder. */
  readonly s3?: S3Settings | undefined;
  /** Of the backup. */
  readonly file: string;
}

/** What a backup holds. */
export interface BackupReport {
  readonly createdAt: Date;
  readonly tables: number;
  readonly rows: number;
  readonly archives: number;
  /** Private keys among the files of the data folder. */
  readonly keys: number;
  /** Of the file. */
  readonly bytes: number;
}

/**
 * Writes everything of a registry into one file: rows as they stood at one moment, the archives that they name, and the
 * keys that lie in the data folder.
 *
 * 1. All tables are read in one transaction that sees one state of the database; the registry may run meanwhile on
 *    PostgreSQL.
 * 2. Each archive of a version that is there then is read, and held against its hash.
 * 3. The file gets its name when it is whole and on the disk.
 *
 * @throws PrompdError EEXISTS for a file that is there, EINTEGRITY for an archive that is damaged or lost, EIO, ELOCKED
 *   while a server uses the embedded database
 */
export async function backupRegistry(place: BackupPlace): Promise<BackupReport> {
  const file = resolve(place.file);
  await assertFree(file);
  const undo: Array<() => Promise<void>> = [];
  const aside = join(dirname(file), `.${basename(file)}.${process.pid}.new`);
  try {
    const nobody = { onLost: () => undefined, onBroken: () => undefined };
    const { database } = await openData(place, undo, nobody);
    const blobs = await openBlobs({ dataDir: resolve(place.dataDir), s3: place.s3 }, undo);
    undo.push(() => rm(aside, { force: true }));
    const createdAt = (place.now ?? systemClock)();
    const held = await write(aside, writer =>
      database
        .transaction()
        .setIsolationLevel('repeatable read')
        .execute(trx => writeAll(writer, { trx, blobs, createdAt, keys: keyFolder(place) })),
    );
    const { size: bytes } = await stat(aside);
    // Not renamed: that would replace a file that came meanwhile.
    await link(aside, file).catch(refuseTaken(file));
    return { createdAt, ...held, bytes };
  } finally {
    await unwind(undo);
  }
}

/** Where a registry keeps keys that it made by itself. */
export function keyFolder({ dataDir }: Pick<DataPlace, 'dataDir'>): string {
  return join(resolve(dataDir), 'signing-keys');
}

async function write<T>(file: string, fill: (writer: FrameWriter) => Promise<T>): Promise<T> {
  const target = createWriteStream(file, { flags: 'wx', mode: 0o600 });
  const gzip = createGzip({ level: 6 });
  gzip.pipe(target);
  target.once('error', error => gzip.destroy(error));
  const failed = new Promise<never>((_resolve, reject) => gzip.once('error', reject));
  failed.catch(() => undefined);
  try {
    const writer = new FrameWriter(async chunk => {
      if (!gzip.write(chunk)) await Promise.race([once(gzip, 'drain'), failed]);
    });
    const result = await fill(writer);
    await writer.end();
    gzip.end();
    await Promise.race([finished(target), failed]);
    const handle = await open(file, 'r+');
    await handle.sync().finally(() => handle.close());
    return result;
  } catch (error) {
    gzip.destroy();
    target.destroy();
    if (error instanceof PrompdError || systemCode(error) === undefined) throw error;
    throw new PrompdError('EIO', `The backup cannot be written: ${systemCode(error)}.`, {
      facts: { file },
      cause: error,
    });
  }
}

interface Source {
  readonly trx: Database;
  readonly blobs: BlobStore;
  readonly createdAt: Date;
  /** Folder of keys. */
  readonly keys: string;
}

async function writeAll(writer: FrameWriter, { trx, blobs, createdAt, keys }: Source) {
  await settleFormats(trx);
  const tables = await tablesOf(trx);
  await writer.header({
    prompdBackup: 1,
    createdAt: createdAt.toISOString(),
    migrations: [...(await migrationsOf(trx))],
    sequences: { ...(await sequencesOf(trx)) },
  });
  let rows = 0;
  for (const table of tables) {
    await writer.table(table.name, table.columns);
    const sum = new RowSum();
    for await (const row of rowsOf(trx, table)) {
      sum.add(row);
      await writer.row(row);
    }
    rows += sum.count;
  }
  const content = await storedContent(trx);
  for (const integrity of content) await writer.blob(integrity, await archive(blobs, integrity));
  const names = await keyNames(keys);
  for (const name of names) await writer.key(name, await readFile(join(keys, name)));
  return { tables: tables.length, rows, archives: content.length, keys: names.length };
}

async function archive(blobs: BlobStore, integrity: Integrity): Promise<Buffer> {
  const bytes = await blobs.read(integrity);
  if (bytes !== undefined && integrityOf(bytes) === integrity) return bytes;
  throw new PrompdError('EINTEGRITY', `An archive is ${bytes === undefined ? 'missing' : 'damaged'}.`, {
    facts: { integrity },
    hint: 'If a version was unpublished while the backup was made, make it again. Else restore the archive first.',
  });
}

async function keyNames(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  return names.filter(name => /\.(?:pem|key)$/.test(name)).sort();
}

async function assertFree(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found) refuseTaken(file)(Object.assign(new Error(), { code: 'EEXIST' }));
}

function refuseTaken(file: string): (error: unknown) => never {
  return error => {
    if (systemCode(error) !== 'EEXIST') throw error;
    throw new PrompdError('EEXISTS', `${file} is there already.`, { facts: { file } });
  };
}
