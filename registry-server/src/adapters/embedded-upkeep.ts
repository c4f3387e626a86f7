import { sql } from 'kysely';
import type { Database } from './database.js';

/** How often it is looked: as PostgreSQL's own `autovacuum_naptime` (milliseconds). */
const INTERVAL = 60_000;
/** Rows of a table that may change before it is looked after, and which part of its rows. */
const BASE_ROWS = 50;
const PART = 0.1;

/**
 * Does what the daemon of PostgreSQL does elsewhere, which the embedded one lacks: without the statistics of its tables it
 * reads them whole, and without a vacuum they only grow.
 * @returns names of the tables that had changed much
 * @see https://www.postgresql.org/docs/current/routine-vacuuming.html
 */
export async function lookAfterTables(database: Database): Promise<readonly string[]> {
  // What this very connection changed is counted with some delay otherwise.
  await sql`select pg_stat_force_next_flush()`.execute(database);
  const { rows } = await sql<{ name: string; unknown: boolean }>`
    select class.relname as name, class.reltuples <= 0 as unknown
    from pg_class class join pg_stat_user_tables stat on stat.relid = class.oid
    where class.relkind = 'r' and pg_relation_size(class.oid) > 0 and (class.reltuples <= 0
      or greatest(stat.n_mod_since_analyze, stat.n_dead_tup) > ${BASE_ROWS} + ${PART} * class.reltuples)
    order by class.relname`.execute(database);
  // A plan over one table that is known and one that seems to be empty is worse than one over two unknown ones.
  if (rows.some(({ unknown }) => unknown)) await sql`vacuum (analyze)`.execute(database);
  // One by one, so that requests have their turns in between.
  else for (const { name } of rows) await sql`vacuum (analyze) ${sql.id(name)}`.execute(database);
  return rows.map(({ name }) => name);
}

/** Looks after the tables now and then. @returns a function that stops it */
export function startUpkeep(database: Database, onError: (error: unknown) => void): () => Promise<void> {
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(async () => void (await lookAfterTables(database))).catch(onError);
  }, INTERVAL).unref();
  return () => {
    clearInterval(timer);
    return running;
  };
}
