import { Writable } from 'node:stream';
import test from 'ava';
import pg from 'pg';
import { pino } from 'pino';
import type { RegistryOptions } from '#server/main.js';
import { startPostgres } from '../support/postgres.js';
import { jsonBody, startTestRegistry, type TestRegistry } from '../support/registry.js';
import { type Teardown, tempDir } from '../support/temp.js';

const postgres = await startPostgres();
test.after.always('PostgreSQL stops', () => postgres?.stop());

const TOKEN = 'one-token-for-both-servers';
const FROM_MEMORY = 'request completed from memory';

/** A registry that tells how many answers it gave from memory. */
async function startCounting(t: Teardown, options: Partial<RegistryOptions> = {}) {
  let count = 0;
  const lines = new Writable({
    write(chunk, _encoding, done) {
      count += String(chunk).split(FROM_MEMORY).length - 1;
      done();
    },
  });
  const registry = await startTestRegistry(t, { ...options, logger: pino({ level: 'info' }, lines) });
  return { registry, fromMemory: () => count };
}

function anonymous(registry: TestRegistry, path: string, headers: Record<string, string> = {}) {
  return registry.request(path, { token: null, headers });
}

async function until(holds: () => Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    if (await holds()) return true;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  return false;
}

test('an answer from memory is the first one again, but for its id', async t => {
  const { registry, fromMemory } = await startCounting(t);
  await registry.publish({ name: '@acme/kyc', version: '1.0.0' });
  const bases = ['/packages', '/npm'];
  for (const path of bases.flatMap(base => [`${base}/@acme/kyc`, `${base}/@acme/kyc/-/kyc-1.0.0.tgz`])) {
    const before = fromMemory();
    const answers = [await anonymous(registry, path), await anonymous(registry, path)];
    t.is(fromMemory(), before + 1, path);
    const [first, second] = answers.map(({ status, headers }) => {
      const { 'x-request-id': id, date: _date, ...rest } = Object.fromEntries(headers);
      return { status, id, rest };
    });
    t.deepEqual(second?.rest, first?.rest);
    t.is(second?.status, 200);
    t.not(second?.id, first?.id);
    const [a, b] = await Promise.all(answers.map(answer => answer.arrayBuffer()));
    t.deepEqual(a, b);
  }
});

test('each kind of request has its own answer in memory', async t => {
  const { registry } = await startCounting(t);
  await registry.publish({ name: '@acme/kyc', version: '1.0.0', description: 'x'.repeat(1_000) });
  const encodings: Array<string | null> = [];
  for (const encoding of ['gzip', 'identity', 'gzip', 'identity']) {
    const answer = await anonymous(registry, '/packages/@acme/kyc', { 'accept-encoding': encoding });
    encodings.push(answer.headers.get('content-encoding'));
    t.like(await answer.json(), { name: '@acme/kyc' });
  }
  t.deepEqual(encodings, ['gzip', null, 'gzip', null]);
  const etag = (await anonymous(registry, '/packages/@acme/kyc')).headers.get('etag') ?? '';
  const known = await anonymous(registry, '/packages/@acme/kyc', { 'if-none-match': etag });
  t.is(known.status, 304);
  t.is(known.headers.get('etag'), etag);
  t.is(await known.text(), '');
});

test('whoever changes a package sees it with the next request', async t => {
  const { registry, fromMemory } = await startCounting(t);
  await registry.publish({ name: '@acme/kyc', version: '1.0.0' });
  const read = async () => (await anonymous(registry, '/packages/@acme/kyc')).text();
  await read();
  await registry.publish({ name: '@acme/kyc', version: '1.1.0' });
  t.regex(await read(), /1\.1\.0/);
  await read();
  await registry.request('/packages/@acme/kyc', jsonBody('PUT', { deprecated: { '1.0.0': 'too old' } }));
  t.regex(await read(), /too old/);
  await read();
  t.true(fromMemory() > 0);
  await registry.request('/packages/@acme/kyc/1.1.0', { method: 'DELETE' });
  t.notRegex(await read(), /"1\.1\.0":\{/);
  await read();
  await registry.request('/packages/@acme/kyc', jsonBody('PUT', { access: 'private' }));
  t.is((await anonymous(registry, '/packages/@acme/kyc')).status, 404);
});

test('the archive of a version that is unpublished is no longer given from memory', async t => {
  const { registry, fromMemory } = await startCounting(t);
  await registry.publish({ name: '@acme/kyc', version: '1.0.0' });
  await registry.publish({ name: '@acme/kyc', version: '1.1.0' });
  const archive = '/packages/@acme/kyc/-/kyc-1.1.0.tgz';
  await (await anonymous(registry, archive)).arrayBuffer();
  await (await anonymous(registry, archive)).arrayBuffer();
  t.is(fromMemory(), 1);
  await registry.request('/packages/@acme/kyc/1.1.0', { method: 'DELETE' });
  t.is((await anonymous(registry, archive)).status, 404);
});

test('those who show a token are looked up each time, and a wrong token gets nothing from memory', async t => {
  const { registry, fromMemory } = await startCounting(t);
  await registry.publish({ name: '@acme/kyc', version: '1.0.0' });
  await anonymous(registry, '/packages/@acme/kyc');
  await registry.request('/packages/@acme/kyc');
  t.is((await registry.request('/packages/@acme/kyc', { token: 'not-a-token-at-all' })).status, 401);
  t.is(fromMemory(), 0);
});

test('what a token may see is kept for nobody', async t => {
  const { registry } = await startCounting(t);
  await registry.publish({ name: '@acme/secret', version: '1.0.0' }, {}, '?access=private');
  t.is((await registry.request('/packages/@acme/secret')).status, 200);
  t.is((await anonymous(registry, '/packages/@acme/secret')).status, 404);
});

test('downloads are counted also when they are given from memory', async t => {
  const { registry } = await startCounting(t, { dataDir: tempDir(t) });
  await registry.publish({ name: '@acme/kyc', version: '1.0.0' });
  for (let at = 0; at < 3; at++)
    await (await anonymous(registry, '/packages/@acme/kyc/-/kyc-1.0.0.tgz')).text();
  await registry.close();
  const again = await startTestRegistry(t, { dataDir: registry.dataDir });
  t.like(await (await again.request('/packages/@acme/kyc')).json(), { downloads: 3 });
});

if (postgres) {
  test('a change on one server ends the answers of another, also after its connection broke', async t => {
    const databaseUrl = await postgres.freshDatabase();
    const { registry: one } = await startCounting(t, { databaseUrl, adminToken: TOKEN });
    const { registry: two, fromMemory } = await startCounting(t, {
      databaseUrl,
      dataDir: one.dataDir,
      adminToken: TOKEN,
    });
    await one.publish({ name: '@acme/kyc', version: '1.0.0' });
    const read = async () => (await anonymous(two, '/packages/@acme/kyc')).text();
    const ready = async () => {
      const before = fromMemory();
      await read();
      return fromMemory() > before;
    };
    t.true(await until(ready));
    await one.publish({ name: '@acme/kyc', version: '1.1.0' });
    t.true(await until(async () => /1\.1\.0/.test(await read())));

    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'prompd-registry changes' and datname = current_database()",
    );
    await client.end();
    await one.publish({ name: '@acme/kyc', version: '1.2.0' });
    t.true(await until(async () => /1\.2\.0/.test(await read())));
    t.true(await until(ready));
  });
}
