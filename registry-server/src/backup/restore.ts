import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createGunzip } from 'node:zlib';
import { integrityOf, PrompdError, parseIntegrity, systemCode } from 'prompd/core';
import type { Database } from '../adapters/database.js';
import { type DumpedTable, RowSum, rowsOf, settleFormats, tablesOf } from '../adapters/table-dump.js';
import { closeTables, filledTables, loadRows, loadSequences, openTables } from '../adapters/table-load.js';
import { writeOnce } from '../adapters/write-once.js';
import { assertKnown, migrate } from '../migrations/index.js';
import { openBlobs } from '../open-blobs.js';
import { asOwner, openData, unwind } from '../open-data.js';
import type { BlobStore } from '../ports/blob-store.js';
import { type BackupPlace, type BackupReport, keyFolder } from './backup.js';
import { broken, type Frame, type Header, readFrames } from './frames.js';

/** What a first reading of a backup found: it is whole. */
interface Checked {
  readonly header: Header;
  readonly tables: ReadonlyMap<string, RowSum>;
  readonly archives: number;
  readonly keys: ReadonlyMap<string, Buffer>;
  /** Of the file. */
  readonly bytes: number;
}

/**
 * Brings a backup back, of whichever kind of database it is, into a registry that has nothing yet.
 *
 * 1. The file is read as a whole: its sums, and the hash of each archive.
 * 2. The target gets the tables that the backup was made of; a row in any of them ends it.
 * 3. Archives are placed: without rows that name them nothing sees them.
 * 4. All rows are written in one transaction, read back, and held against the file's; foreign keys are checked.
 * 5. The tables are brought up to date, when the backup is of an older server.
 *
 * @throws PrompdError EBACKUP for a file that is no whole backup, EEXISTS for a target that is not empty, ECONFIG for a
 *   backup of a newer server, EIO, ELOCKED
 */
export async function restoreRegistry(place: BackupPlace): Promise<BackupReport> {
  const file = resolve(place.file);
  const checked = await check(file);
  assertKnown(checked.header.migrations);
  const undo: Array<() => Promise<void>> = [];
  try {
    const nobody = { onLost: () => undefined, onBroken: () => undefined };
    const { database } = await openData(
      { ...asOwner(place), migrations: checked.header.migrations },
      undo,
      nobody,
    );
    await assertEmpty(database);
    await assertKeys(keyFolder(place), checked.keys);
    const blobs = await openBlobs({ dataDir: resolve(place.dataDir), s3: place.s3 }, undo);
    const keep = await placeArchives(file, blobs);
    await database.transaction().execute(trx => loadAll(trx, file, checked));
    for (const [name, bytes] of checked.keys) {
      await writeOnce(join(keyFolder(place), name), bytes.toString('utf8'));
    }
    for (const kept of keep) await kept();
    await migrate(database);
  } finally {
    await unwind(undo);
  }
  const { header, tables, archives, keys, bytes } = checked;
  const rows = [...tables.values()].reduce((sum, { count }) => sum + count, 0);
  return {
    createdAt: new Date(header.createdAt),
    tables: tables.size,
    rows,
    archives,
    keys: keys.size,
    bytes,
  };
}

async function check(file: string): Promise<Checked> {
  const tables = new Map<string, RowSum>();
  const keys = new Map<string, Buffer>();
  let header: Header | undefined;
  let sum: RowSum | undefined;
  let archives = 0;
  const source = bytesOf(file);
  for await (const part of readFrames(source.chunks)) {
    if (!('kind' in part)) header = part;
    else if (part.kind === 'table') {
      if (tables.has(part.name)) throw broken('a table is in it twice');
      sum = new RowSum();
      tables.set(part.name, sum);
    } else if (part.kind === 'row') {
      if (!sum) throw broken('a row is of no table');
      sum.add(part.text);
    } else if (part.kind === 'key') keys.set(part.name, part.bytes);
    else {
      if (integrityOf(part.bytes) !== part.integrity) throw broken('an archive is not what its hash says');
      archives += 1;
    }
  }
  if (!header) throw broken('it is empty');
  return { header, tables, archives, keys, bytes: source.read() };
}

/** @throws PrompdError EBACKUP for what is not compressed as a backup is, EIO */
function bytesOf(file: string): { chunks: AsyncIterable<Buffer>; read: () => number } {
  const source = createReadStream(file);
  async function* chunks(): AsyncGenerator<Buffer> {
    const gunzip = createGunzip();
    source.once('error', error => gunzip.destroy(error));
    source.pipe(gunzip);
    try {
      for await (const chunk of gunzip) yield Buffer.from(chunk);
    } catch (error) {
      const code = systemCode(error) ?? '';
      if (code.startsWith('Z_')) throw broken('it cannot be decompressed', error);
      throw new PrompdError('EIO', `The backup cannot be read: ${code}.`, { facts: { file }, cause: error });
    } finally {
      source.destroy();
    }
  }
  return { chunks: chunks(), read: () => source.bytesRead };
}

async function assertEmpty(database: Database): Promise<void> {
  const filled = await filledTables(database, await tablesOf(database));
  if (filled.length === 0) return;
  throw new PrompdError('EEXISTS', 'The registry has data already; nothing was restored.', {
    facts: { tables: filled.slice(0, 20) },
    hint: 'Restore into an empty database and a new data folder, then start the registry on those.',
  });
}

async function assertKeys(folder: string, keys: ReadonlyMap<string, Buffer>): Promise<void> {
  for (const [name, bytes] of keys) {
    const found = await readFile(join(folder, name)).catch(() => undefined);
    if (found === undefined || found.equals(bytes)) continue;
    throw new PrompdError('EEXISTS', `The data folder has another key ${name}; nothing was restored.`, {
      facts: { folder, key: name },
      hint: 'Restore into a new data folder.',
    });
  }
}

/** @returns what says of each that it is used now */
async function placeArchives(file: string, blobs: BlobStore): Promise<Array<() => Promise<void>>> {
  const keep: Array<() => Promise<void>> = [];
  for await (const part of readFrames(bytesOf(file).chunks)) {
    if (!('kind' in part) || part.kind !== 'blob') continue;
    const integrity = parseIntegrity(part.integrity);
    const staged = await blobs.stage(once(part.bytes), part.bytes.length);
    try {
      if (staged.integrity !== integrity) throw broken('an archive is not what its hash says');
      await staged.place();
      keep.push(() => staged.keep());
    } finally {
      await staged.discard();
    }
  }
  return keep;
}

async function loadAll(trx: Database, file: string, { header, tables }: Checked): Promise<void> {
  await settleFormats(trx);
  const present = await tablesOf(trx);
  const foreignKeys = await openTables(trx, present);
  for await (const { table, rows } of tablesIn(file)) {
    if (!present.some(({ name }) => name === table.name))
      throw broken(`it has an unknown table ${table.name}`);
    await loadRows(trx, table, rows);
  }
  for (const table of present) {
    const sum = new RowSum();
    for await (const row of rowsOf(trx, table)) sum.add(row);
    if (sum.text !== (tables.get(table.name)?.text ?? new RowSum().text)) {
      throw broken(`the database has other rows of ${table.name} than the file`);
    }
  }
  await loadSequences(trx, header.sequences);
  await closeTables(trx, present, foreignKeys);
}

/** The tables of a backup in turn, each with its rows, which have to be read before the next table. */
async function* tablesIn(file: string): AsyncGenerator<{ table: DumpedTable; rows: AsyncIterable<string> }> {
  const frames = readFrames(bytesOf(file).chunks);
  let next: Header | Frame | undefined;
  const step = async () => {
    const { value, done } = await frames.next();
    next = done === true ? undefined : value;
  };
  async function* rows(): AsyncGenerator<string> {
    for (; next !== undefined && 'kind' in next && next.kind === 'row'; await step()) yield next.text;
  }
  await step();
  while (next !== undefined) {
    const found: Header | Frame = next;
    await step();
    if ('kind' in found && found.kind === 'table') yield { table: found, rows: rows() };
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
