import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import test from 'ava';
import { archiveBody, packTest, startTestRegistry } from '../support/registry.js';

test('a server that goes says so first, goes on answering, and then takes no more', async t => {
  const registry = await startTestRegistry(t, { limits: { goodbyeTime: 2_500 } });
  const closed = registry.close();
  const [ready, packages] = await Promise.all([
    registry.request('/readyz', { token: null }),
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
