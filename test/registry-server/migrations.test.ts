import { join } from 'node:path';
import test from 'ava';
import { Kysely, sql } from 'kysely';
import { openEmbeddedDatabase } from '#server/adapters/embedded-database.js';
import { PgliteDialect } from '#server/adapters/pglite-dialect.js';
import { initial } from '#server/migrations/001-initial.js';
import { owners } from '#server/migrations/002-owners.js';
import { tempDir } from '../support/temp.js';

test('packages that are there get those who published them as owners, and tokens their own name as user', async t => {
  const db = new Kysely<unknown>({
    dialect: new PgliteDialect(await openEmbeddedDatabase(join(tempDir(t), 'db'))),
  });
  t.teardown(() => db.destroy());
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
