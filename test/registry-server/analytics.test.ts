import test from 'ava';
import { z } from 'zod';
import { packageImpact } from '#prompd/ops/registry/impact.js';
import { impactText } from '#prompd/output/impact.js';
import { styleFor } from '#prompd/output/style.js';
import { DOWNLOAD_CLIENTS, downloadClient } from '#server/domain/download-client.js';
import { testContext } from '../support/context.js';
import type { TestRegistry } from '../support/registry.js';
import { tempDir } from '../support/temp.js';
import { testRegistries } from './databases.js';

const statistics = z.object({
  total: z.number(),
  days: z.array(z.object({ day: z.string(), count: z.number() })),
  versions: z.array(z.object({ version: z.string(), count: z.number() })),
  clients: z.array(z.object({ client: z.string(), count: z.number() })),
});

for (const { name, registry } of await testRegistries(test)) {
  test(`${name}: downloads are told by day, version and client`, async t => {
    await registry.publish({ name: '@bank/counted', version: '1.0.0' });
    await registry.publish({ name: '@bank/counted', version: '1.1.0' });
    const get = async (version: string, agent: string) => {
      const path = `/packages/@bank/counted/-/counted-${version}.tgz`;
      await (await registry.request(path, { token: null, headers: { 'user-agent': agent } })).arrayBuffer();
    };
    // Also what is answered from memory is counted for whom it is answered to.
    for (let at = 0; at < 3; at += 1) await get('1.0.0', 'prompd/0.1.0 node/v20');
    await get('1.0.0', 'pnpm/10.0.0 npm/? node/v20');
    await get('1.1.0', 'curl/8');
    await registry.request('/-/tarballs', {
      method: 'POST',
      body: JSON.stringify({ packages: ['@bank/counted@1.1.0'] }),
      headers: { 'content-type': 'application/json', 'user-agent': 'prompd-client/0.1.0' },
    });
    const found = await until(registry, '/packages/@bank/counted/downloads', ({ total }) => total === 6);
    const today = new Date().toISOString().slice(0, 10);
    t.is(
      found.days.reduce((sum, { count }) => sum + count, 0),
      6,
    );
    t.true(found.days.every(({ day }) => day <= today));
    t.deepEqual(found.versions, [
      { version: '1.0.0', count: 4 },
      { version: '1.1.0', count: 2 },
    ]);
    t.deepEqual(found.clients, [
      { client: 'prompd', count: 3 },
      { client: 'other', count: 1 },
      { client: 'pnpm', count: 1 },
      { client: 'sdk', count: 1 },
    ]);
    const before = await registry.request('/packages/@bank/counted/downloads?from=2020-01-01&to=2020-12-31');
    t.like(await before.json(), { total: 0, days: [] });
    t.is(
      (await registry.request('/packages/@bank/counted/downloads?from=2021-01-01&to=2020-01-01')).status,
      400,
    );
  });

  test(`${name}: the impact of a version says who has it, who could have no other, and who is not concerned`, async t => {
    await registry.publish({ name: '@common/tone', version: '1.0.0' });
    await registry.publish({ name: '@common/tone', version: '1.1.0' });
    await registry.publish({
      name: '@bank/a-caret',
      version: '1.0.0',
      dependencies: { '@common/tone': '^1.0.0' },
    });
    await registry.publish({
      name: '@bank/b-pinned',
      version: '1.0.0',
      dependencies: { '@common/tone': '1.1.0' },
    });
    await registry.publish({
      name: '@bank/c-older',
      version: '1.0.0',
      dependencies: { '@common/tone': '~1.0.0' },
    });
    const hidden = { name: '@bank/d-private', version: '1.0.0', dependencies: { '@common/tone': '*' } };
    await registry.publish(hidden, {}, '?access=private');
    const ask = async (query: string, token?: null) => {
      const init = token === null ? { token } : {};
      return (await registry.request(`/packages/@common/tone/impact${query}`, init)).json();
    };
    t.like(await ask('?version=1.1.0'), {
      version: '1.1.0',
      published: true,
      tags: ['latest'],
      freshness: { latest: '1.1.0', days: 0 },
      dependents: { total: 4, taking: 3, stranded: 1 },
    });
    const open = z
      .object({ dependents: z.object({ packages: z.array(z.object({ name: z.string() }).loose()) }) })
      .parse(await ask('', null)).dependents.packages;
    t.deepEqual(
      open.map(({ name: other, takes, instead }) => [other, takes, instead]),
      [
        ['@bank/a-caret', true, '1.0.0'],
        ['@bank/b-pinned', true, null],
        ['@bank/c-older', false, '1.0.0'],
      ],
    );
    t.like(await ask('?version=2.0.0'), { published: false, dependents: { taking: 1, stranded: 0 } });
    t.is((await registry.request('/packages/@common/none/impact')).status, 404);
    t.is((await registry.request('/packages/@bank/d-private/impact', { token: null })).status, 404);
  });

  test(`${name}: prompd impact shows it`, async t => {
    await registry.publish({ name: '@acme/base', version: '1.0.0' });
    await registry.publish({
      name: '@acme/user',
      version: '3.0.0',
      dependencies: { '@acme/base': '^1.0.0' },
    });
    const context = await testContext({ cwd: tempDir(t), env: { PROMPD_REGISTRY: registry.url } });
    const impact = await packageImpact(context, '@acme/base@1.0.0');
    t.like(impact, { name: '@acme/base', published: true });
    const text = impactText(impact, styleFor(false));
    t.regex(text, /dependents: 1; 1 may have this version, 1 no other/);
    t.regex(text, /@acme\/user@3\.0\.0 +\^1\.0\.0 +no other version/);
    await t.throwsAsync(packageImpact(context, '@acme/base@^1.0.0'), { code: 'EUSAGE' });
  });
}

for (const [agent, client] of [
  ['prompd/0.1.0 node/v20.19.0 linux', 'prompd'],
  ['prompd-registry', 'registry'],
  ['prompd-client/0.1.0', 'sdk'],
  ['npm/11.0.0 node/v20.19.0 linux x64 workspaces/false', 'npm'],
  ['pnpm/10.0.0 npm/? node/v20.19.0 linux x64', 'pnpm'],
  ['yarn/4.0.0 npm/? node/v20.19.0', 'yarn'],
  ['Bun/1.4.5', 'bun'],
  ['Mozilla/5.0 (X11; Linux x86_64)', 'browser'],
  ['', 'other'],
  [undefined, 'other'],
  ['x'.repeat(100_000), 'other'],
] as const) {
  test(`"${agent?.slice(0, 40)}" is counted as ${client}`, t => {
    t.is(downloadClient(agent), client);
    t.true(DOWNLOAD_CLIENTS.includes(client));
  });
}

/** Counts are written every few seconds. */
async function until(
  registry: TestRegistry,
  path: string,
  holds: (found: z.infer<typeof statistics>) => boolean,
): Promise<z.infer<typeof statistics>> {
  const deadline = Date.now() + 30_000;
  while (true) {
    const found = statistics.parse(await (await registry.request(path)).json());
    if (holds(found) || Date.now() > deadline) return found;
    await new Promise(resolve => setTimeout(resolve, 250));
  }
}
