import { sql } from 'kysely';
import type { Database } from './database.js';
import type { DumpedTable } from './table-dump.js';

/** Bytes of rows that go to the database at once. */
const BATCH_BYTES = 2 * 1024 * 1024;
const BATCH_ROWS = 500;

/** A foreign key that is taken away while tables are filled in any order. */
export interface ForeignKey {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

/**
 * Makes the tables take rows in any order and as they are: without foreign keys, and without triggers, which would do
 * again what they did when the rows were new. In a transaction, which ends with {@link closeTables}.
 */
export async function openTables(
  db: Database,
  tables: readonly DumpedTable[],
): Promise<readonly ForeignKey[]> {
  const { rows: keys } = await sql<ForeignKey>`
    select conrelid::regclass::text as table, conname::text as name, pg_get_constraintdef(oid) as definition
      from pg_constraint where contype = 'f' and connamespace = current_schema()::regnamespace`.execute(db);
  for (const { table, name } of keys) {
    await sql`alter table ${sql.raw(table)} drop constraint ${sql.id(name)}`.execute(db);
  }
  for (const { name } of tables) {
    await sql`alter table ${sql.table(name)} disable trigger user`.execute(db);
  }
  return keys;
}

/** Puts foreign keys and triggers back. @throws when a row names one that is not there */
export async function closeTables(
  db: Database,
  tables: readonly DumpedTable[],
  keys: readonly ForeignKey[],
): Promise<void> {
  for (const { name } of tables) {
    await sql`alter table ${sql.table(name)} enable trigger user`.execute(db);
  }
  for (const { table, name, definition } of keys) {
    await sql`alter table ${sql.raw(table)} add constraint ${sql.id(name)} ${sql.raw(definition)}`.execute(
      db,
    );
  }
}

/** Puts rows into a table, as they were. @param rows each one line of JSON */
export async function loadRows(db: Database, table: DumpedTable, rows: AsyncIterable<string>): Promise<void> {
  let batch: string[] = [];
  let bytes = 0;
  for await (const row of rows) {
    batch.push(row);
    bytes += row.length;
    if (batch.length < BATCH_ROWS && bytes < BATCH_BYTES) continue;
    await insert(db, table, batch);
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) await insert(db, table, batch);
}

/** @param sequences name to the last id that was given out */
export async function loadSequences(
  db: Database,
  sequences: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, last] of Object.entries(sequences)) {
    await sql`select setval(quote_ident(${name}::text)::regclass, ${last}::bigint)`.execute(db);
  }
}

/** Tables that are not empty. */
export async function filledTables(db: Database, tables: readonly DumpedTable[]): Promise<readonly string[]> {
  const filled: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql`select 1 from ${sql.table(name)} limit 1`.execute(db);
    if (rows.length > 0) filled.push(name);
  }
  return filled;
}

async function insert(db: Database, { name, columns }: DumpedTable, rows: readonly string[]): Promise<void> {
  const list = sql.join(columns.map(column => sql.ref(column)));
  await sql`insert into ${sql.table(name)} (${list}) overriding system value
    select ${list} from json_populate_recordset(null::${sql.table(name)}, ${`[${rows.join(',')}]`}::json)`.execute(
    db,
  );
}
