import test from 'ava';
import { sql } from 'kysely';
import { openDatabase } from '#server/adapters/database.js';
import { lookAfterTables } from '#server/adapters/embedded-upkeep.js';
import { tempDir } from '../../support/temp.js';

test('tables that changed much are looked after, and others are left alone', async t => {
  const { database } = await openDatabase({ dataDir: tempDir(t), onError: error => t.fail(error.message) });
  t.teardown(() => database.destroy());
  await sql`insert into packages (name, access, created_at, updated_at)
    select '@bank/p' || at, 'public', now(), now() from generate_series(1, 500) as at`.execute(database);
  t.true((await lookAfterTables(database)).includes('packages'));
  t.is(await guessedRows(), 500);
  t.deepEqual(await unknown(), [], 'plans would be made over tables of which some seem to be empty');
  t.deepEqual(await lookAfterTables(database), []);
  await sql`update packages set downloads = 1 where id < 20`.execute(database);
  t.deepEqual(await lookAfterTables(database), []);
  await sql`update packages set downloads = 2`.execute(database);
  t.deepEqual(await lookAfterTables(database), ['packages']);

  async function unknown(): Promise<readonly unknown[]> {
    const { rows } = await sql`select relname from pg_class where relnamespace = 'public'::regnamespace
      and relkind = 'r' and pg_relation_size(oid) > 0 and reltuples <= 0`.execute(database);
    return rows;
  }
  async function guessedRows(): Promise<number | undefined> {
    const { rows } = await sql<{ reltuples: number }>`
      select reltuples::integer from pg_class where relname = 'packages'`.execute(database);
    return rows[0]?.reltuples;
  }
});
