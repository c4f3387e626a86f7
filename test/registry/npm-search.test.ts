import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { npmRegistry } from '#prompd/registry/npm/adapter.js';
import { hostileServer, json } from './hostile-server.js';

/** A registry that counts as Verdaccio does, the page only, and takes `keywords:` for a word that is in no package. */
async function uncounted(t: ExecutionContext, count: number) {
  const packages = Array.from({ length: count }, (_, at) => ({
    name: `p${String(at).padStart(3, '0')}`,
    version: '1.0.0',
    author: { name: at % 2 === 0 ? 'Ann Lee' : 'Bob' },
    keywords: at % 10 === 0 ? ['Chat'] : [],
    date: new Date(Date.UTC(2026, 0, 1 + (at % 28))).toISOString(),
  }));
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    asked.push(searchParams.toString());
    const from = Number(searchParams.get('from') ?? 0);
    const found = /:/.test(searchParams.get('text') ?? '') ? [] : packages;
    const objects = found.slice(from, from + Number(searchParams.get('size'))).map(one => ({ package: one }));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ objects, total: objects.length }));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { registry: registryAt(`http://127.0.0.1:${port}/`), asked };
}

function registryAt(registryUrl: string) {
  return npmRegistry({
    alias: 'default',
    registryUrl,
    network: { concurrency: 4, timeoutMs: 20_000, retries: 0 },
    userAgent: 'prompd/0.0.0-test',
    token: async () => undefined,
    needsTimes: false,
  });
}

test('behind a page that the registry counted alone there are the next ones, up to the last', async t => {
  const { registry } = await uncounted(t, 45);
  t.like(await registry.search({ text: '' }), { total: 21, atLeast: true });
  t.like(await registry.search({ text: '', offset: 20 }), { total: 41, atLeast: true });
  const last = await registry.search({ text: '', offset: 40 });
  t.deepEqual([last.total, last.atLeast, last.hits.length], [45, undefined, 5]);
  const whole = await registry.search({ text: '', limit: 45 });
  t.deepEqual([whole.total, whole.atLeast], [45, undefined], 'a page that is full and the last');
});

test('filters that the registry takes for words hold all the same, page by page, and the count says of what', async t => {
  const { registry, asked } = await uncounted(t, 45);
  const chat = await registry.search({ text: 'p0', keyword: 'chat', author: 'ann lee', limit: 2, offset: 2 });
  t.deepEqual([chat.total, chat.among, chat.hits.map(({ name }) => name)], [5, 45, ['p020', 'p030']]);
  const own = 'text=p0+author%3Aann+lee+keywords%3Achat';
  t.deepEqual(asked, [`${own}&size=2&from=2`, `${own}&size=1`, 'text=p0&size=250']);
  t.is((await registry.search({ text: '', category: 'CHAT' })).total, 5, 'a category is one of the keywords');
  t.is((await registry.search({ text: '', keyword: 'none' })).total, 0);
});

test('the order that the registry does not know is made of the first 250', async t => {
  const { registry } = await uncounted(t, 300);
  const { total, among, atLeast, hits } = await registry.search({ text: '', sort: 'recency', limit: 2 });
  t.deepEqual([total, among, atLeast], [250, 250, true]);
  t.deepEqual(
    hits.map(({ updated }) => updated.slice(0, 10)),
    ['2026-01-28', '2026-01-28'],
  );
});

test('a registry without a search says so, and not that a package is missing', async t => {
  const { url } = await hostileServer(
    t,
    (_request, response) => json(response, { error: 'Not Found' }, 404),
    'npm',
  );
  await t.throwsAsync(registryAt(url).search({ text: 'x' }), { code: 'EUNSUPPORTED', message: /search/ });
});
