import { join } from 'node:path';
import test from 'ava';
import { Kysely, Migrator, sql } from 'kysely';
import { openEmbeddedDatabase } from '#server/adapters/embedded-database.js';
import { PgliteDialect } from '#server/adapters/pglite-dialect.js';
import { initial } from '#server/migrations/001-initial.js';
import { owners } from '#server/migrations/002-owners.js';
import { advisories } from '#server/migrations/003-advisories.js';
import { migrate } from '#server/migrations/index.js';
import { type Teardown, tempDir } from '../support/temp.js';

async function emptyDatabase(t: Teardown): Promise<Kysely<unknown>> {
  const db = new Kysely<unknown>({
    dialect: new PgliteDialect(await openEmbeddedDatabase(join(tempDir(t), 'db'), { tables: false })),
  });
  t.teardown(() => db.destroy());
  return db;
}

const applied = async (db: Kysely<unknown>) =>
  (await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)).rows.map(
    ({ name }) => name,
  );

test('a database that was made before a migration in the middle was added catches up', async t => {
  const db = await emptyDatabase(t);
  const provider = { getMigrations: async () => ({ '001-initial': initial, '003-advisories': advisories }) };
  t.is((await new Migrator({ db, provider }).migrateToLatest()).error, undefined);
  await sql`insert into tokens (name, hash, scopes, created_at) values ('ci', 'x', '{publish}', now())`.execute(
    db,
  );
  await migrate(db);
  t.deepEqual((await applied(db)).slice(0, 3), ['001-initial', '002-owners', '003-advisories']);
  const tokens = await sql<{ user_name: string }>`select user_name from tokens`.execute(db);
  t.deepEqual(tokens.rows, [{ user_name: 'ci' }]);
  await migrate(db);
});

test('a database that a newer server has added to is worked with: an old server may start again beside it, or after it', async t => {
  const db = await emptyDatabase(t);
  t.deepEqual(await migrate(db), []);
  const before = await applied(db);
  const later = ['998-later', '999-drop-what-nobody-reads-after-024'];
  for (const name of later)
    await sql`insert into kysely_migration (name, timestamp) values (${name}, 'x')`.execute(db);
  t.deepEqual(await migrate(db), later);
  t.deepEqual(await applied(db), [...before, ...later]);
});

test('a database from which a newer server has taken what this one needs is refused, and left as it is', async t => {
  const db = await emptyDatabase(t);
  await migrate(db);
  const before = await applied(db);
  const later = ['998-later', '999-drop-old-columns-after-998'];
  for (const name of later)
    await sql`insert into kysely_migration (name, timestamp) values (${name}, 'x')`.execute(db);
  const error = await t.throwsAsync(migrate(db), { code: 'ECONFIG', message: /newer registry server/ });
  t.like(error, { facts: { unknown: [later[1]] } });
  t.deepEqual(await applied(db), [...before, ...later]);
});

test('packages that are there get those who published them as owners, and tokens their own name as user', async t => {
  const db = await emptyDatabase(t);
  await initial.up(db);
  const run = (text: string) => sql.raw(text).execute(db);
  await run(`insert into tokens (name, hash, scopes, created_at) values ('ci', 'x', '{publish}', now())`);
  await run(`insert into packages (name, created_at, updated_at) values ('@bank/kyc', now(), now())`);
  for (const [version, by, at] of [
    ['1.0.0', 'jane', '2026-01-01'],
    ['1.1.0', 'joe', '2026-02-01'],
    ['1.2.0', 'jane', '2026-03-01'],
  ]) {
    await run(
      `insert into versions (package_id, version, status, manifest, integrity, shasum, size, unpacked_size, file_count,
        published_by, published_at)
        values (1, '${version}', 'published', '{}', 'x', 'x', 1, 1, 1, '${by}', '${at}')`,
    );
  }
  await owners.up(db);
  const found = await sql<{ user_name: string; month: number }>`
    select user_name, extract(month from added_at)::integer as month from package_owners order by user_name`.execute(
    db,
  );
  t.deepEqual(found.rows, [
    { user_name: 'jane', month: 1 },
    { user_name: 'joe', month: 2 },
  ]);
  const tokens = await sql<{ user_name: string }>`select user_name from tokens`.execute(db);
  t.deepEqual(tokens.rows, [{ user_name: 'ci' }]);
});
