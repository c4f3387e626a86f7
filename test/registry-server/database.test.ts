import test from 'ava';
import { openDatabase } from '#server/adapters/database.js';
import { startPostgres, startPrivatePostgres } from '../support/postgres.js';
import { archiveBody, packTest, startTestRegistry } from '../support/registry.js';
import { tempDir } from '../support/temp.js';

const postgres = await startPostgres();
test.after.always('PostgreSQL stops', () => postgres?.stop());

if (postgres) {
  test('servers that start at once on one empty database all come up', async t => {
    const databaseUrl = await postgres.freshDatabase();
    const dataDir = tempDir(t);
    const all = await Promise.all(
      Array.from({ length: 4 }, () =>
        startTestRegistry(t, { databaseUrl, dataDir, adminToken: 'one-token-for-all-of-them' }),
      ),
    );
    const { bytes } = await packTest({ name: '@bank/replicas', version: '1.0.0' });
    const answers = await Promise.all(
      all.flatMap(registry =>
        Array.from({ length: 5 }, () =>
          registry.request('/packages', { ...archiveBody(bytes), token: 'one-token-for-all-of-them' }),
        ),
      ),
    );
    t.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array.from({ length: 19 }, () => 409)]);
    for (const registry of all) {
      const answer = await registry.request('/packages/@bank/replicas/-/replicas-1.0.0.tgz', { token: null });
      t.is(answer.status, 200);
      await answer.arrayBuffer();
    }
    // Each server writes its own counts, all to the same rows.
    await Promise.all(all.map(registry => registry.close()));
    const last = await startTestRegistry(t, { databaseUrl, dataDir });
    t.like(await (await last.request('/packages/@bank/replicas')).json(), { downloads: 4 });
  });

  test('a database that goes away makes the server not ready, never dead', async t => {
    const own = await startPrivatePostgres();
    if (!own) return t.fail('PostgreSQL was there a moment ago');
    const registry = await startTestRegistry(t, { databaseUrl: await own.freshDatabase() });
    t.is((await registry.request('/readyz', { token: null })).status, 200);
    await own.stop();
    const answer = await registry.request('/readyz', { token: null });
    t.is(answer.status, 503);
    t.like(await answer.json(), { code: 'EUNAVAILABLE', facts: { failed: ['database'] } });
    t.is((await registry.request('/healthz', { token: null })).status, 200);
    const goesOn = await registry.request('/readyz?exclude=database', { token: null });
    t.like(await goesOn.json(), { status: 'ok', parts: { blobs: 'ok' } });
    t.is((await registry.request('/readyz?exclude=server', { token: null })).status, 400);
    t.is((await registry.request('/packages', { token: null })).status, 503);
  });
}

test('a database that cannot be opened is an error, not a server without one', async t => {
  const error = await t.throwsAsync(
    openDatabase({
      dataDir: tempDir(t),
      databaseUrl: 'postgres://x:hunter2@127.0.0.1:1/x',
      onError: () => undefined,
    }),
    { code: 'EIO', message: /cannot be used: connect ECONNREFUSED/ },
  );
  t.false(String(error?.stack).includes('hunter2'));
});

test('versions that are not published are in no answer', async t => {
  const dataDir = tempDir(t);
  const first = await startTestRegistry(t, { dataDir });
  await first.publish({ name: '@bank/pending', version: '1.0.0', keywords: ['waiting'] });
  await first.publish({ name: '@bank/pending', version: '2.0.0', keywords: ['waiting'] });
  await first.close();
  const { database } = await openDatabase({ dataDir, onError: () => undefined });
  await database.updateTable('versions').set({ status: 'pending' }).where('version', '=', '2.0.0').execute();
  await database.destroy();

  const registry = await startTestRegistry(t, { dataDir });
  for (const path of ['', '/dist-tags']) {
    const text = await (await registry.request(`/packages/@bank/pending${path}`)).text();
    t.notRegex(text, /2\.0\.0"|"latest":"2/, path);
  }
  for (const path of ['/2.0.0', '/latest', '/-/pending-2.0.0.tgz'])
    t.is((await registry.request(`/packages/@bank/pending${path}`)).status, 404, path);
  t.like(await (await registry.request('/packages?q=waiting')).json(), { total: 0 });
});
