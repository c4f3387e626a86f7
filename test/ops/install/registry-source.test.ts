import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'ava';
import type { NetworkConfig } from '#prompd/config/config.js';
import { integrityOf } from '#prompd/core/integrity.js';
import { parsePackageName } from '#prompd/core/name.js';
import { registrySource } from '#prompd/ops/install/registry-source.js';
import { openMetadata } from '#prompd/store/index.js';
import { testContext } from '../../support/context.js';
import { type Teardown, tempDir } from '../../support/temp.js';

const name = parsePackageName('@acme/a');

test('a packument is asked for once, and the next time only whether it changed', async t => {
  const { url, log, publish } = await registry(t);
  const open = await opener(t, url);
  const first = open('always');
  await Promise.all([first.packument(name), first.packument(name)]);
  first.remember();
  t.deepEqual([...(await open('always').packument(name)).versions.keys()].map(String), ['1.0.0']);
  publish('1.1.0');
  t.deepEqual([...(await open('always').packument(name)).versions.keys()].map(String), ['1.0.0', '1.1.0']);
  t.deepEqual(log, [200, 304, 200]);
});

test('a registry is asked what it is once in all, and again when it answers as another would', async t => {
  const { url, introductions } = await registry(t);
  const open = await opener(t, url);
  await open('always').packument(name);
  await open('always').packument(name);
  t.is(introductions(), 1);
  await t.throwsAsync(open('always').packument(parsePackageName('@acme/other')), { code: 'EBADRESPONSE' });
  await open('always').packument(name);
  t.is(introductions(), 2);
});

test('with prefer-cache what is remembered is not asked for, the rest is', async t => {
  const { url, log } = await registry(t);
  const open = await opener(t, url);
  const first = open('prefer-cache');
  await first.packument(name);
  first.remember();
  await open('prefer-cache').packument(name);
  t.deepEqual(log, [200]);
});

test('offline what is remembered is used, and the rest is EOFFLINE', async t => {
  const { url, log } = await registry(t);
  const open = await opener(t, url);
  await t.throwsAsync(open('never').packument(name), { code: 'EOFFLINE' });
  const first = open('always');
  await first.packument(name);
  first.remember();
  await open('never').packument(name);
  t.deepEqual(log, [200]);
});

test('what is remembered and unreadable is asked for again', async t => {
  const { url, log } = await registry(t);
  const home = tempDir(t);
  const metadata = openMetadata(home, t.fail);
  t.teardown(() => metadata.close());
  metadata.savePackuments([{ registry: url, name, body: '{"name":', etag: '"1.0.0"', fetchedAt: 1 }]);
  const context = await testContext({ cwd: home, home, env: { PROMPD_REGISTRY: url } });
  await registrySource(context, { metadata, use: 'always' }).packument(name);
  t.deepEqual(log, [200]);
});

async function opener(t: Teardown & { fail(): void }, url: string) {
  const home = tempDir(t);
  const metadata = openMetadata(home, () => t.fail());
  t.teardown(() => metadata.close());
  const context = await testContext({ cwd: home, home, env: { PROMPD_REGISTRY: url } });
  return (use: NetworkConfig['use']) => registrySource(context, { metadata, use });
}

/** A registry of one package that answers to ETags and writes down its answers. */
async function registry(t: Teardown) {
  const versions = ['1.0.0'];
  const log: number[] = [];
  let introductions = 0;
  const server = createServer((request, response) => {
    if (request.url === '/.well-known/registry.json') {
      introductions += 1;
      response.end('{"kind":"prompd"}');
      return;
    }
    const etag = `"${versions.join()}"`;
    const status = request.headers['if-none-match'] === etag ? 304 : 200;
    log.push(status);
    response
      .writeHead(status, { etag, 'content-type': 'application/json' })
      .end(status === 200 ? body() : undefined);
  }).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const body = () =>
    JSON.stringify({
      name,
      'dist-tags': {},
      versions: Object.fromEntries(
        versions.map(version => [
          version,
          { name, version, dist: { integrity: integrityOf(Buffer.from(version)) } },
        ]),
      ),
    });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    log,
    /** How often it was asked what it is. */
    introductions: () => introductions,
    publish: (version: string) => void versions.push(version),
  };
}
