import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Integrity } from 'prompd/core';
import { parseIntegrity } from 'prompd/core';
import type { Database } from './database.js';

/** A table as a backup has it. */
export interface DumpedTable {
  readonly name: string;
  /** All but those that the database computes by itself. */
  readonly columns: readonly string[];
}

/** Kysely's own, which the migrations write. */
const BOOKKEEPING = ['kysely_migration', 'kysely_migration_lock'];
/** Rows that are read at once. */
const PAGE = 200;

/** Makes text of times, numbers and bytes come out alike on every server. */
export async function settleFormats(db: Database): Promise<void> {
  for (const setting of ["timezone = 'UTC'", "bytea_output = 'hex'", 'extra_float_digits = 1']) {
    await sql.raw(`set local ${setting}`).execute(db);
  }
}

/** All tables of the registry, whichever migration made them. */
export async function tablesOf(db: Database): Promise<readonly DumpedTable[]> {
  const { rows } = await sql<{ name: string; columns: string[] }>`
    select c.relname::text as name, array_agg(a.attname::text order by a.attnum) as columns
      from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
        and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
        and c.relname <> all(${BOOKKEEPING}::text[])
      group by c.relname order by c.relname collate "C"`.execute(db);
  return rows;
}

/**
 * The rows of a table, each as one line of JSON. In a transaction; one table at a time.
 * @param db after {@link settleFormats}
 */
export async function* rowsOf(db: Database, { name, columns }: DumpedTable): AsyncGenerator<string> {
  const list = sql.join(columns.map(column => sql.ref(column)));
  await sql`declare dump no scroll cursor for
    select row_to_json(t)::text as row from (select ${list} from ${sql.table(name)}) t`.execute(db);
  while (true) {
    const { rows } = await sql.raw<{ row: string }>(`fetch ${PAGE} from dump`).execute(db);
    if (rows.length === 0) break;
    for (const { row } of rows) yield row;
  }
  await sql.raw('close dump').execute(db);
}

/** Counters of ids, each with the last that was given out. */
export async function sequencesOf(db: Database): Promise<Readonly<Record<string, string>>> {
  const { rows } = await sql<{ name: string; last: string | null }>`
    select sequencename::text as name, last_value::text as last from pg_sequences
      where schemaname = current_schema() order by 1`.execute(db);
  return Object.fromEntries(rows.flatMap(({ name, last }) => (last === null ? [] : [[name, last]])));
}

/** Names of the migrations that made the tables, in order. */
export async function migrationsOf(db: Database): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.map(({ name }) => name);
}

/** What versions that may be asked for consist of. */
export async function storedContent(db: Database): Promise<readonly Integrity[]> {
  const rows = await db
    .selectFrom('versions')
    .select('integrity')
    .distinct()
    .where('deleted_at', 'is', null)
    .where('stored', '=', true)
    .orderBy('integrity')
    .execute();
  return rows.map(({ integrity }) => parseIntegrity(integrity));
}

/** Sums up the rows of a table, in whatever order they come. */
export class RowSum {
  #count = 0;
  #sum = 0n;

  add(row: string): void {
    this.#count += 1;
    const digest = createHash('sha256').update(row).digest();
    this.#sum = BigInt.asUintN(
      128,
      this.#sum + digest.readBigUInt64BE(0) * 2n ** 64n + digest.readBigUInt64BE(8),
    );
  }

  get count(): number {
    return this.#count;
  }

  /** Equal for equal rows. */
  get text(): string {
    return `${this.#count} ${this.#sum.toString(16)}`;
  }
}
