import { existsSync } from 'node:fs';
import path from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import test from 'ava';
import type { PromptChange } from '#prompd/client/index.js';
import { servePrompts } from '#prompd/ops/delivery/serve.js';
import { serveMcpOnHttp } from '#prompd/ops/mcp/mcp.js';
import { sharedRegistry } from '../ops/scene.js';
import { prompt, publishPrompt } from '../registry-server/delivery/prompts.js';
import { testContext } from '../support/context.js';
import { jsonBody, startTestRegistry, type TestRegistry } from '../support/registry.js';
import { type Teardown, tempDir } from '../support/temp.js';
import { clientFor, eventually } from './support.js';

const HEAD = 'parameters:\n  - name: who\n    type: string\n    required: true\n';
const move = async (registry: TestRegistry, name: string, version: string, tag = 'production') => {
  const answer = await registry.request(`/packages/${name}/dist-tags/${tag}`, jsonBody('PUT', { version }));
  if (!answer.ok) throw new Error(`not moved: ${answer.status} ${await answer.text()}`);
};
const publish = (registry: TestRegistry, name: string, version: string, query = '') =>
  publishPrompt(registry, { name, version }, prompt(`Greet {{ who }} from ${version}.`, HEAD), query);

const registry = sharedRegistry(test, async shared => {
  for (const name of ['@bank/kyc', '@bank/limits', '@bank/split']) {
    await publish(shared, name, '1.0.0');
    await publish(shared, name, '1.1.0');
    await move(shared, name, '1.0.0');
  }
  await publish(shared, '@bank/secret', '1.0.0', '?access=private');
  await move(shared, '@bank/secret', '1.0.0');
});

test.serial(
  'the registry delivers, a promotion and a rollback are seen within a second or so, and rendering agrees',
  async t => {
    const client = clientFor(t, {
      deadlineMs: 30_000,
      timeoutMs: 30_000,
      registry: registry().url,
      scope: '@bank',
    });
    const first = await client.render('kyc:summary', { who: 'Ada' });
    t.like(first, {
      source: 'registry',
      version: '1.0.0',
      stale: false,
      text: 'Be exact.\n\nGreet Ada from 1.0.0.',
    });
    const rendered = await registry().request(
      '/delivery/@bank/kyc/summary/render',
      jsonBody('POST', { parameters: { who: 'Ada' }, tag: 'production' }),
    );
    t.like(await rendered.json(), { text: first.text, digest: first.digest });
    const changes: PromptChange[] = [];
    client.onChange(change => changes.push(change));
    for (const version of ['1.1.0', '1.0.0']) {
      const start = performance.now();
      await move(registry(), '@bank/kyc', version);
      await eventually('the change is told', () => changes.at(-1)?.version === version);
      // A second on a machine that does nothing else.
      t.true(performance.now() - start < 5_000);
      t.is((await client.get('kyc:summary')).version, version);
    }
    t.deepEqual(
      changes.map(({ kind, previous, version }) => [kind, previous, version]),
      [
        ['moved', '1.0.0', '1.1.0'],
        ['moved', '1.1.0', '1.0.0'],
      ],
    );
  },
);

test.serial('a deprecation is told, and a version that is taken away is no longer served', async t => {
  const cacheDir = tempDir(t);
  const client = clientFor(t, { deadlineMs: 30_000, timeoutMs: 30_000, registry: registry().url, cacheDir });
  const limits = '@bank/limits:summary';
  await client.get(limits);
  const changes: PromptChange[] = [];
  client.onChange(change => changes.push(change));
  await registry().request(
    '/packages/@bank/limits',
    jsonBody('PUT', { deprecated: { '1.0.0': 'use 1.1.0' } }),
  );
  await eventually('the deprecation is told', () => changes.some(({ kind }) => kind === 'deprecated'));
  t.is((await client.get(limits)).deprecated, 'use 1.1.0');
  const answer = await registry().request('/packages/@bank/limits/1.0.0', { method: 'DELETE' });
  t.true(answer.ok, String(answer.status));
  await eventually(
    'it is not served',
    async () => (await client.get(limits, { fallback: 'Own.' })).version !== '1.0.0',
  );
  await t.throwsAsync(client.get(limits, { version: '1.0.0' }), { code: 'EREVOKED' });
  await client.close();
  const offline = clientFor(t, {
    registry: registry().url,
    cacheDir,
    fetch: () => Promise.reject(new Error('no')),
  });
  await t.throwsAsync(offline.get(limits, { version: '1.0.0' }), { code: 'EREVOKED' });
});

test.serial('a private package is delivered to those who may read it, and hidden from others', async t => {
  const anonymous = clientFor(t, { deadlineMs: 30_000, timeoutMs: 30_000, registry: registry().url });
  await t.throwsAsync(anonymous.get('@bank/secret:summary'), { code: 'ENOTFOUND' });
  const reader = clientFor(t, {
    deadlineMs: 30_000,
    timeoutMs: 30_000,
    registry: registry().url,
    token: registry().adminToken,
  });
  t.is((await reader.get('@bank/secret:summary')).version, '1.0.0');
  const wrong = clientFor(t, {
    deadlineMs: 30_000,
    timeoutMs: 30_000,
    registry: registry().url,
    token: 'prompd_wrong',
  });
  await t.throwsAsync(wrong.get('@bank/secret:summary'), { code: 'EAUTH' });
});

test.serial('on a channel that is split a key keeps its side, and so does a client without keys', async t => {
  const client = clientFor(t, {
    deadlineMs: 30_000,
    timeoutMs: 30_000,
    registry: registry().url,
    refreshMs: 50,
  });
  const split = '@bank/split:summary';
  t.is((await client.get(split)).split, undefined);
  const answer = await registry().request(
    '/packages/@bank/split/dist-tags/production/split',
    jsonBody('PUT', { version: '1.1.0', weight: 50 }),
  );
  t.true(answer.ok, await answer.text());
  await eventually('the split is seen', async () => (await client.get(split)).split !== undefined);
  const sides = new Map<string, string | null>();
  for (let user = 0; user < 12; user++) {
    const key = `user ${user}`;
    sides.set(key, (await client.get(split, { key })).version);
  }
  t.deepEqual(new Set(sides.values()), new Set(['1.0.0', '1.1.0']));
  const other = clientFor(t, { deadlineMs: 30_000, timeoutMs: 30_000, registry: registry().url });
  for (const [key, version] of sides) t.is((await other.get(split, { key })).version, version);
  let last = (await client.get(split)).version;
  let turns = 0;
  for (let time = 0; time < 12; time++) {
    await new Promise(resolve => setTimeout(resolve, 20));
    const { version } = await client.get(split);
    if (version !== last) turns += 1;
    last = version;
  }
  // What was drawn first may be the other side.
  t.true(turns <= 1);
  const { version } = await client.get('@bank/split@1.0.0:summary');
  const reporter = clientFor(t, {
    registry: registry().url,
    token: registry().adminToken,
    timeoutMs: 30_000,
  });
  await reporter.report({
    package: '@bank/split',
    prompt: 'summary',
    version: version ?? '',
    outcome: 'accepted',
    key: 'a',
  });
});

test.serial('the sidecar and MCP deliver what the registry does', async t => {
  const context = await testContext({ cwd: tempDir(t), env: { PROMPD_REGISTRY: registry().url } });
  let interrupt = () => {};
  const interrupted = new Promise<void>(resolve => {
    interrupt = resolve;
  });
  const running = { ...context, interrupted: () => interrupted };
  const sidecar = await servePrompts(running, { port: 0, deadlineMs: 30_000 });
  const mcp = await serveMcpOnHttp(running, {
    port: 0,
    references: ['@bank/kyc'],
    project: false,
    deadlineMs: 30_000,
  });
  t.teardown(async () => {
    interrupt();
    await Promise.all([sidecar.stopped, mcp.stopped]);
  });
  const path = '/delivery/@bank/split/summary?version=1.0.0';
  const [ours, theirs] = await Promise.all([fetch(`${sidecar.url}${path}`), registry().request(path)]);
  const {
    source: _source,
    age: _age,
    servedAt: _servedAt,
    variant: _variant,
    ...expected
  } = Object(await theirs.json());
  t.like(await ours.json(), expected);
  const client = new Client({ name: 'test', version: '1.0.0' });
  t.teardown(() => client.close());
  await client.connect(new StreamableHTTPClientTransport(new URL(mcp.url)));
  const { prompts } = await client.listPrompts();
  t.deepEqual(
    prompts.map(({ name }) => name),
    ['@bank/kyc:summary'],
  );
});

test.serial(
  'the registry stops and starts again: nobody who asks fails, and what happened meanwhile is found',
  async t => {
    const own = await restartable(t);
    await publish(own.registry, '@bank/kyc', '1.0.0');
    await publish(own.registry, '@bank/kyc', '1.1.0');
    await move(own.registry, '@bank/kyc', '1.0.0');
    const cacheDir = path.join(tempDir(t), 'cache');
    const options = {
      registry: own.registry.url,
      cacheDir,
      refreshMs: 100,
      deadlineMs: 30_000,
      timeoutMs: 30_000,
    };
    const client = clientFor(t, options);
    const kyc = '@bank/kyc:summary';
    t.is((await client.get(kyc)).source, 'registry');
    await eventually('it is kept', () => existsSync(path.join(cacheDir, 'delivery/answers')));
    await own.stop();
    await eventually('it is stale', async () => (await client.get(kyc)).stale);
    t.is((await client.get(kyc)).version, '1.0.0');
    t.like(await clientFor(t, options).get(kyc), { source: 'disk', version: '1.0.0' });
    await own.start();
    await move(own.registry, '@bank/kyc', '1.1.0');
    await eventually('the move is found', async () => {
      const { version, stale } = await client.get(kyc);
      return version === '1.1.0' && !stale;
    });
  },
);

/** A registry that stops, and starts again at the same address with the same data. */
async function restartable(t: Teardown) {
  const dataDir = tempDir(t);
  let registry = await startTestRegistry(t, { dataDir });
  const { adminToken, url } = registry;
  return {
    get registry() {
      return registry;
    },
    stop: () => registry.close(),
    async start() {
      registry = await startTestRegistry(t, { dataDir, adminToken, port: Number(new URL(url).port) });
    },
  };
}
