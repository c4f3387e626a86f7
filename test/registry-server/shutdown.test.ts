import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import test from 'ava';
import pg from 'pg';
import { startPostgres } from '../support/postgres.js';
import { archiveBody, packTest, startTestRegistry } from '../support/registry.js';
import { delivered, prompt, publishPrompt } from './delivery/prompts.js';

test('a server that goes says so first, goes on answering, and then takes no more', async t => {
  const registry = await startTestRegistry(t, { limits: { goodbyeTime: 2_500 } });
  const closed = registry.close();
  const [ready, packages] = await Promise.all([
    registry.request('/readyz?exclude=database,blobs', { token: null }),
    registry.request('/packages', { token: null }),
  ]);
  t.is(ready.status, 503);
  t.is(ready.headers.get('connection'), 'close');
  t.is(packages.status, 200);
  await closed;
  await t.throwsAsync(registry.request('/packages', { token: null }));
});

test('a publication that is under way when the server goes is finished', async t => {
  const registry = await startTestRegistry(t);
  const { bytes } = await packTest({ name: '@bank/late', version: '1.0.0' });
  const { headers } = archiveBody(bytes);
  const upload = httpRequest(`${registry.url}/packages`, {
    method: 'POST',
    headers: {
      ...(headers as Record<string, string>),
      authorization: `Bearer ${registry.adminToken}`,
      'content-length': bytes.length,
    },
  });
  const answered = once(upload, 'response');
  upload.write(bytes.subarray(0, 10));
  await delay(200);
  const closed = registry.close();
  await delay(100);
  upload.end(bytes.subarray(10));
  const [answer] = await answered;
  t.is(answer.statusCode, 201);
  answer.resume();
  await closed;
});

test('requests that never end are cut when their time is over', async t => {
  const registry = await startTestRegistry(t, { limits: { drainTime: 300 } });
  const upload = httpRequest(`${registry.url}/packages`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${registry.adminToken}`,
      'content-type': 'application/gzip',
      'content-length': 1000,
    },
  });
  const cut = once(upload, 'error');
  upload.write('x');
  await delay(200);
  const began = Date.now();
  await registry.close();
  await cut;
  t.true(Date.now() - began < 10_000);
});

test('a database that does not answer keeps no server from going', async t => {
  const postgres = await startPostgres();
  if (!postgres) throw new Error('PostgreSQL is needed');
  t.teardown(() => postgres.stop());
  const databaseUrl = await postgres.freshDatabase();
  const limits = { drainTime: 100, stopTime: 400 };
  const registry = await startTestRegistry(t, { databaseUrl, limits });
  await publishPrompt(registry, { name: '@bank/kyc', version: '1.0.0' }, prompt('x'));
  const lock = new pg.Client(databaseUrl);
  await lock.connect();
  await lock.query('begin; lock table delivery_usage');
  await delivered(registry, '@bank/kyc/summary', null);
  const gone = registry.close().then(() => 'gone');
  t.is(await Promise.race([gone, delay(10_000, 'there', { ref: false })]), 'gone');
  await lock.end();
});
