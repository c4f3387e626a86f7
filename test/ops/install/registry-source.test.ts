import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import test from 'ava';
import type { NetworkConfig } from '#prompd/config/config.js';
import { integrityOf } from '#prompd/core/integrity.js';
import { parsePackageName } from '#prompd/core/name.js';
import { registrySource } from '#prompd/ops/install/registry-source.js';
import { openMetadata } from '#prompd/store/index.js';
import { hostileServer, json } from '../../registry/hostile-server.js';
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
  await t.throwsAsync(open('always').packument(parsePackageName('@acme/other')), { code: 'EOTHERPACKAGE' });
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

test('where times decide, what is remembered without them is not asked for by its etag', async t => {
  const version = { name, version: '1.0.0', dist: { integrity: integrityOf(Buffer.from('x')) } };
  const short = { name, 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': version } };
  const etag = 'W/"5-abc"';
  const { url, requests } = await hostileServer(
    t,
    ({ headers }, response) => {
      if (headers['if-none-match'] === etag) return response.writeHead(304).end();
      const isShort = headers.accept?.includes('install-v1');
      json(response, isShort ? short : { ...short, time: { '1.0.0': '2020-01-01T00:00:00Z' } }, 200, {
        etag,
      });
    },
    'npm',
  );
  const home = tempDir(t);
  const metadata = openMetadata(home, t.fail);
  t.teardown(() => metadata.close());
  const context = await testContext({ cwd: home, home, env: { PROMPD_REGISTRY: url } });
  const first = registrySource(context, { metadata, use: 'always' });
  await first.packument(name);
  first.remember();
  const resolution = { ...context.config.resolution, before: new Date('2021-01-01T00:00:00Z') };
  const timed = { ...context, config: { ...context.config, resolution } };
  const later = registrySource(timed, { metadata, use: 'always' });
  t.is((await later.packument(name)).time['1.0.0'], '2020-01-01T00:00:00Z');
  later.remember();
  await registrySource(timed, { metadata, use: 'always' }).packument(name);
  t.is(requests.at(-1)?.headers['if-none-match'], etag, 'and by it once they are there');
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

test('a batch names no package of another registry, and asks again for what is remembered and unreadable', async t => {
  const asked: unknown[] = [];
  const [own, other] = [name, parsePackageName('@acme/b')];
  const document = JSON.stringify({ name, 'dist-tags': {}, versions: {} });
  const server = createServer((request, response) => {
    const { url: asks = '' } = request;
    if (asks.endsWith('registry.json'))
      return response.end('{"kind":"prompd","capabilities":["resolve","tarballs"]}');
    if (asks !== '/-/resolve') return response.setHeader('content-type', 'application/json').end(document);
    request.setEncoding('utf8').on('data', (text: string) => asked.push(JSON.parse(text)));
    response.setHeader('content-type', 'application/x-ndjson');
    return response.end(`{"unchanged":["${own}"]}\n{"end":{"complete":true}}\n`);
  }).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  t.teardown(() => void server.close());
  t.teardown(() => server.closeAllConnections());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const home = tempDir(t);
  const scopes = { '@bank': 'inner' };
  const config = { registry: url, registries: { inner: { url: 'https://prompts.example.com' } }, scopes };
  writeFileSync(path.join(home, 'config.json'), JSON.stringify(config));
  const metadata = openMetadata(home, t.fail);
  t.teardown(() => metadata.close());
  metadata.savePackuments([{ registry: url, name, body: '{"name":', etag: '"1"', fetchedAt: 1 }]);
  const source = registrySource(await testContext({ cwd: home, home }), { metadata, use: 'always' });
  const locked = ['@bank/secret', '@acme/kept'].map(one => [parsePackageName(one), []] as const);
  source.keepTo(new Map(locked));
  const selector = { kind: 'range', raw: '*' } as const;
  source.prefetch?.([own, other].map(one => ({ name: one, selector })));
  t.is((await source.packument(own)).name, own);
  t.like(asked, [{ locked: { '@acme/kept': [] } }]);
  t.notRegex(JSON.stringify(asked), /secret/);
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
