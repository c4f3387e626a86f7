import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { integrityOf } from '#prompd/core/integrity.js';
import { createToken, startRegistry } from '#server/main.js';
import { archiveBody, jsonBody, packTest, startTestRegistry } from '../support/registry.js';
import { ADMIN_TOKEN, startServerProcess } from '../support/server-process.js';
import { tempDir } from '../support/temp.js';

const authorization = { authorization: `Bearer ${ADMIN_TOKEN}` };

const manifest = { name: '@bank/durable', version: '1.0.0' };
const packed = await packTest(manifest, { 'README.md': '# Durable' });
const ARCHIVE = '/packages/@bank/durable/-/durable-1.0.0.tgz';

test.serial('a version that was answered with 201 outlives kill -9 at that moment', async t => {
  const dataDir = tempDir(t);
  for (let round = 1; round <= 3; round++) {
    const child = await startServerProcess(t, dataDir);
    const { bytes } = await packTest({ ...manifest, version: `1.${round}.0` });
    const init = archiveBody(bytes, authorization);
    const answer = await fetch(`${child.url}/packages`, init);
    child.process.kill('SIGKILL');
    t.is(answer.status, 201);
    await child.exit;
  }
  const registry = await startTestRegistry(t, { dataDir });
  for (const version of ['1.1.0', '1.2.0', '1.3.0']) {
    const answer = await registry.request(`/packages/@bank/durable/-/durable-${version}.tgz`);
    t.is(answer.status, 200, version);
    t.is(`"${integrityOf(new Uint8Array(await answer.arrayBuffer()))}"`, answer.headers.get('etag') ?? '');
  }
});

test.serial('kill -9 in the middle of many publications leaves each version whole or absent', async t => {
  const dataDir = tempDir(t);
  const versions = Array.from({ length: 30 }, (_, minor) => `1.${minor}.0`);
  const archives = await Promise.all(versions.map(version => packTest({ ...manifest, version })));
  const child = await startServerProcess(t, dataDir);
  const confirmed: string[] = [];
  const all = archives.map(async ({ bytes, manifest: { version } }) => {
    const answer = await fetch(`${child.url}/packages`, archiveBody(bytes, authorization));
    if (answer.status === 201) confirmed.push(version);
    if (confirmed.length === 8) child.process.kill('SIGKILL');
  });
  await Promise.allSettled(all);
  await child.exit;

  const registry = await startTestRegistry(t, { dataDir });
  for (const [index, version] of versions.entries()) {
    const answer = await registry.request(`/packages/@bank/durable/-/durable-${version}.tgz`);
    if (answer.status === 404) {
      t.false(confirmed.includes(version), version);
      const again = await registry.request(
        '/packages',
        archiveBody(archives[index]?.bytes ?? new Uint8Array()),
      );
      t.is(again.status, 201, version);
    } else {
      t.is(
        integrityOf(new Uint8Array(await answer.arrayBuffer())) as string,
        archives[index]?.integrity ?? '',
      );
    }
  }
  t.deepEqual(readdirSync(join(dataDir, 'uploads')), []);
});

test.serial('a second server on one data folder is refused, and the first is not disturbed', async t => {
  const registry = await startTestRegistry(t, { dataDir: tempDir(t) });
  await registry.publish(manifest);
  const second = startRegistry({ dataDir: registry.dataDir, port: 0, host: '127.0.0.1' });
  const error = await t.throwsAsync(second, { code: 'ELOCKED' });
  t.like(error, { facts: { pid: process.pid } });
  t.is((await registry.request(ARCHIVE)).status, 200);
});

test.serial('a second process on one data folder is refused with a hint', async t => {
  const registry = await startTestRegistry(t, { dataDir: tempDir(t) });
  await t.throwsAsync(startServerProcess(t, registry.dataDir), {
    message: /ended with 1: ELOCKED: .*hint: .*POST \/tokens/s,
  });
});

test.serial('a lock that a killed process left is taken over at once', async t => {
  const dataDir = tempDir(t);
  const child = await startServerProcess(t, dataDir);
  child.process.kill('SIGKILL');
  await child.exit;
  t.true(readdirSync(dataDir).includes('server.lock'));
  const began = Date.now();
  const registry = await startTestRegistry(t, { dataDir });
  t.is((await registry.request('/readyz')).status, 200);
  t.true(Date.now() - began < 10_000);
});

test.serial('a lock of an unknown process is taken over when it has not been renewed', async t => {
  const dataDir = tempDir(t);
  mkdirSync(join(dataDir, 'server.lock'));
  writeFileSync(join(dataDir, 'server.json'), JSON.stringify({ pid: 1, space: 'another machine' }));
  const old = new Date(Date.now() - 60_000);
  utimesSync(join(dataDir, 'server.lock'), old, old);
  const registry = await startTestRegistry(t, { dataDir });
  t.is((await registry.request('/readyz')).status, 200);
});

test.serial('SIGTERM lets an open download end, then the server stops with 0', async t => {
  const dataDir = tempDir(t);
  const child = await startServerProcess(t, dataDir);
  await fetch(`${child.url}/packages`, archiveBody(packed.bytes, authorization));
  const download = await fetch(`${child.url}${ARCHIVE}`);
  child.process.kill('SIGTERM');
  t.is(integrityOf(new Uint8Array(await download.arrayBuffer())), packed.integrity);
  t.deepEqual(await child.exit, { code: 0, signal: null });
  t.false(readdirSync(dataDir).includes('server.lock'));
});

test.serial('downloads that were counted last are written when the server stops', async t => {
  const dataDir = tempDir(t);
  const first = await startTestRegistry(t, { dataDir });
  await first.publish(manifest);
  await (await first.request(ARCHIVE)).arrayBuffer();
  await first.close();
  const second = await startTestRegistry(t, { dataDir });
  t.like(await (await second.request('/packages/@bank/durable')).json(), { downloads: 1 });
});

const blobs = (dataDir: string) =>
  readdirSync(join(dataDir, 'blobs'), { recursive: true, withFileTypes: true }).filter(entry =>
    entry.isFile(),
  ).length;

test.serial('what an interrupted publication left goes at the next start, and nothing else', async t => {
  const dataDir = tempDir(t);
  const first = await startTestRegistry(t, { dataDir });
  await first.publish(manifest);
  await first.close();
  const place = (content: string) => {
    const hex = createHash('sha512').update(content).digest('hex');
    mkdirSync(join(dataDir, 'blobs', hex.slice(0, 2)), { recursive: true });
    writeFileSync(join(dataDir, 'blobs', hex.slice(0, 2), hex.slice(2)), content);
    return hex;
  };
  writeFileSync(join(dataDir, 'uploads', 'half'), 'x');
  writeFileSync(join(dataDir, 'uploads', `whole.${place('placed, and never committed')}`), '');
  const used = createHash('sha512').update(packed.bytes).digest('hex');
  writeFileSync(join(dataDir, 'uploads', `late.${used}`), '');
  place('of another database');
  t.is(blobs(dataDir), 3);
  const second = await startTestRegistry(t, { dataDir });
  t.deepEqual(readdirSync(join(dataDir, 'uploads')), []);
  t.is(blobs(dataDir), 2);
  t.is((await second.request(ARCHIVE)).status, 200);
});

test.serial('a start on another database does not remove the archives of the right one', async t => {
  const dataDir = tempDir(t);
  const first = await startTestRegistry(t, { dataDir });
  await first.publish(manifest);
  await first.close();
  renameSync(join(dataDir, 'db'), join(dataDir, 'db-aside'));
  await (await startTestRegistry(t, { dataDir })).close();
  rmSync(join(dataDir, 'db'), { recursive: true });
  renameSync(join(dataDir, 'db-aside'), join(dataDir, 'db'));
  const again = await startTestRegistry(t, { dataDir });
  t.is((await again.request(ARCHIVE)).status, 200);
});

test.serial(
  'a deletion that was interrupted before its archive went is completed at the next start',
  async t => {
    const dataDir = tempDir(t);
    const first = await startTestRegistry(t, { dataDir });
    await first.publish(manifest);
    const copy = join(tempDir(t), 'blobs');
    cpSync(join(dataDir, 'blobs'), copy, { recursive: true });
    t.is((await first.request('/packages/@bank/durable/1.0.0', { method: 'DELETE' })).status, 204);
    await first.close();
    t.is(blobs(dataDir), 0);
    cpSync(copy, join(dataDir, 'blobs'), { recursive: true });
    await startTestRegistry(t, { dataDir });
    t.is(blobs(dataDir), 0);
  },
);

test.serial('a token can be made while no server runs, and is refused while one does', async t => {
  const dataDir = tempDir(t);
  const { token, record } = await createToken({ dataDir, name: 'first', scopes: ['publish'] });
  t.like(record, { name: 'first', scopes: ['publish'], revokedAt: null });
  const registry = await startTestRegistry(t, { dataDir });
  t.is((await registry.request('/packages', { ...archiveBody(packed.bytes), token })).status, 201);
  const error = await t.throwsAsync(createToken({ dataDir, name: 'second', scopes: ['read'] }), {
    code: 'ELOCKED',
  });
  t.like(error, {
    hint: 'Stop it first, or use the running registry: an admin token can make tokens with POST /tokens.',
  });
});

test.serial('a token is stored as a hash and never in the log', async t => {
  const dataDir = tempDir(t);
  const child = await startServerProcess(t, dataDir, { LOG_LEVEL: 'trace' });
  let log = '';
  child.process.stdout?.on('data', chunk => {
    log += chunk;
  });
  const answer = await fetch(`${child.url}/tokens`, {
    ...jsonBody('POST', { name: 'x', scopes: ['read'] }),
    headers: { ...authorization, 'content-type': 'application/json' },
  });
  const { token } = Object(await answer.json());
  await fetch(`${child.url}/packages?q=${token}`, { headers: { authorization: `Bearer ${token}` } });
  child.process.kill('SIGTERM');
  await child.exit;
  t.regex(log, /"url":"\/packages\?q=prompd_\*\*\*"/);
  t.false(log.includes(token) || log.includes(ADMIN_TOKEN));
  for (const entry of readdirSync(dataDir, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) t.false(readFileSync(join(entry.parentPath, entry.name)).includes(token), entry.name);
  }
});

test.serial('another admin token at the next start ends the one before', async t => {
  const dataDir = tempDir(t);
  const first = await startTestRegistry(t, { dataDir });
  await first.close();
  const second = await startTestRegistry(t, { dataDir });
  t.is((await second.request('/whoami', { token: first.adminToken })).status, 401);
  t.is((await second.request('/whoami')).status, 200);
});

test.serial('a port that is taken is an error that says so, and the data folder is given back', async t => {
  const dataDir = tempDir(t);
  const registry = await startTestRegistry(t);
  const port = Number(new URL(registry.url).port);
  const error = await t.throwsAsync(startRegistry({ dataDir, port, host: '127.0.0.1' }), { code: 'EIO' });
  t.like(error, { facts: { port } });
  await t.notThrowsAsync(startTestRegistry(t, { dataDir }));
});
