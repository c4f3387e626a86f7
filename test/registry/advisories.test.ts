import test from 'ava';
import { parsePackageName } from '#prompd/core/name.js';
import { parseVersion } from '#prompd/core/version.js';
import { prompdRegistry } from '#prompd/registry/prompd.js';
import type { Registry } from '#prompd/registry/registry.js';
import { hostileServer, json } from './hostile-server.js';

const NAME = parsePackageName('@acme/reviews');
const INSTALLED = new Map([[NAME, [parseVersion('1.0.0')]]]);
const ENTRY = { id: 7, title: 'Rude', severity: 'high', vulnerable_versions: '<2.0.0' };

function client(registryUrl: string): Registry {
  return prompdRegistry({
    alias: 'default',
    registryUrl,
    network: { concurrency: 4, timeoutMs: 20_000, retries: 0 },
    userAgent: 'prompd/0.0.0-test',
    token: async () => undefined,
  });
}

test('advisories in the form that npm registries give are understood', async t => {
  const { url } = await hostileServer(t, (_, response) => {
    json(response, {
      [NAME]: [{ ...ENTRY, url: 'https://example.com/7', cwe: [], cvss: { score: 0 } }],
      other: [ENTRY],
    });
  });
  t.deepEqual(await client(url).advisories(INSTALLED), [
    {
      id: '7',
      package: NAME,
      vulnerable: '<2.0.0',
      severity: 'high',
      title: 'Rude',
      text: '',
      patched: undefined,
      url: 'https://example.com/7',
      published: undefined,
      withdrawn: undefined,
    },
  ]);
});

for (const status of [404, 405, 501]) {
  test(`a registry that answers ${status} gives no advisories: nothing is known`, async t => {
    const { url } = await hostileServer(t, (_, response) => json(response, {}, status));
    t.is(await client(url).advisories(INSTALLED), undefined);
  });
}

for (const [title, answer] of [
  ['an advisory with a range that is none', { [NAME]: [{ ...ENTRY, vulnerable_versions: 'some' }] }],
  ['an advisory with a severity that is none', { [NAME]: [{ ...ENTRY, severity: 'none' }] }],
  ['an advisory without a title', { [NAME]: [{ ...ENTRY, title: undefined }] }],
  ['a list', []],
] as const) {
  test(`${title} is an error, not silence`, async t => {
    const { url } = await hostileServer(t, (_, response) => json(response, answer));
    await t.throwsAsync(client(url).advisories(INSTALLED), { code: 'EBADRESPONSE' });
  });
}

test('a registry that fails is an error, not silence', async t => {
  const { url } = await hostileServer(t, (_, response) => json(response, {}, 500));
  await t.throwsAsync(client(url).advisories(INSTALLED), { code: 'EREGISTRY' });
});

test('thousands of names are asked for in several requests', async t => {
  const { url, requests } = await hostileServer(t, (_, response) => json(response, {}));
  const many = Array.from(
    { length: 1200 },
    (_, index) => [parsePackageName(`p${index}`), [parseVersion('1.0.0')]] as const,
  );
  t.deepEqual(await client(url).advisories(new Map(many)), []);
  t.is(requests.length, 3);
});
