import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { SILENT } from '#prompd/core/progress.js';
import { auditLog } from '#prompd/ops/audit/audit-log.js';
import { install } from '#prompd/ops/install/install.js';
import { startMirror, uplink } from '../../registry-server/mirror-scene.js';
import { testContext } from '../../support/context.js';
import { packTest, startTestRegistry, type TestRegistry } from '../../support/registry.js';
import { type RegistryProxy, startProxy } from '../../support/registry-proxy.js';
import { type Teardown, tempDir } from '../../support/temp.js';

/** Two registries that were one until its first package was published, the state of that moment, and their packages. */
interface Histories {
  /** Has @acme/tone 1.0.0 alone. */
  readonly old: TestRegistry;
  /** Then @acme/style, @acme/voice and @acme/word. */
  readonly honest: TestRegistry;
  /** Then @acme/other, @acme/voice with other bytes, and two more. */
  readonly forked: TestRegistry;
  /** Has a log and a key of its own, and @acme/tone. */
  readonly foreign: TestRegistry;
}

const undo: (() => void | Promise<void>)[] = [];
const scope: Teardown = { teardown: step => void undo.unshift(step) };
let histories: Histories;

test.before('two histories begin as one', async () => {
  const start = tempDir(scope);
  const first = await startTestRegistry(scope, { dataDir: start });
  await first.publish({ name: '@acme/tone', version: '1.0.0' });
  // The log's key is made at the first question.
  await first.request('/log');
  await first.close();
  const copy = () => {
    const dataDir = path.join(tempDir(scope), 'data');
    cpSync(start, dataDir, { recursive: true });
    return startTestRegistry(scope, { dataDir });
  };
  const [old, honest, forked, foreign] = await Promise.all([
    copy(),
    copy(),
    copy(),
    startTestRegistry(scope),
  ]);
  for (const name of ['@acme/style', '@acme/voice', '@acme/word'])
    await honest.publish({ name, version: '1.0.0' });
  for (const name of ['@acme/other', '@acme/voice', '@acme/style', '@acme/more'])
    await forked.publish({ name, version: '1.0.0', description: 'Another' });
  await foreign.publish({ name: '@acme/tone', version: '1.0.0' });
  histories = { old, honest, forked, foreign };
});
test.after.always('the registries stop', async () => {
  for (const step of undo) await step();
});

interface Machine {
  readonly proxy: RegistryProxy;
  readonly home: string;
  readonly warnings: string[];
  add(...specs: string[]): Promise<void>;
  /** The code that an installation fails with. */
  refused(...specs: string[]): Promise<PrompdError>;
  audit(): ReturnType<typeof auditLog>;
  /** Packages in the store. */
  stored(): string[];
  /** Archives in the cache. */
  cached(): string[];
}

/** One connection at a time must do. */
const NARROW = { retries: 0, concurrency: 1 };

async function machine(
  t: ExecutionContext,
  registry: TestRegistry,
  env: Record<string, string> = {},
): Promise<Machine> {
  const root = tempDir(t);
  const home = path.join(root, 'home');
  const cwd = path.join(root, 'project');
  mkdirSync(cwd);
  writeFileSync(path.join(cwd, 'prompd.json'), '{"name": "@acme/app", "version": "1.0.0"}\n');
  const proxy = await startProxy(t, registry.url);
  const warnings: string[] = [];
  const context = await testContext({
    cwd,
    home,
    env: { PROMPD_REGISTRY: proxy.url, ...env },
    progress: { ...SILENT, warn: message => warnings.push(message) },
  });
  const quick = {
    ...context,
    config: { ...context.config, network: { ...context.config.network, ...NARROW } },
  };
  const add = async (...specs: string[]) => {
    await install(quick, { specs });
  };
  return {
    proxy,
    home,
    warnings,
    add,
    async refused(...specs) {
      const error = await t.throwsAsync(add(...specs), { instanceOf: PrompdError });
      if (!error) throw new Error('nothing was refused');
      return error;
    },
    audit: () => auditLog(quick),
    stored: () => below(path.join(home, 'packages')).filter(file => file.endsWith('prompd.json')),
    cached: () => below(path.join(home, 'cache')),
  };
}

function below(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.relative(dir, path.join(entry.parentPath, entry.name)));
}

const logRequests = ({ seen }: RegistryProxy) => seen.filter(line => line.includes('/log'));
const memory = (home: string): unknown =>
  JSON.parse(readFileSync(path.join(home, 'known-logs.json'), 'utf8'));

test('an installation asks the log once for all that it downloads, and remembers its head', async t => {
  const { proxy, home, add, warnings } = await machine(t, histories.honest);
  await add('@acme/tone', '@acme/style', '@acme/voice');
  t.deepEqual(logRequests(proxy), ['POST /log/proofs']);
  t.like(memory(home), { [`${proxy.url}/`]: { size: 4 } });
  t.deepEqual(warnings, []);
});

test('an installation of what is there asks nobody', async t => {
  const { proxy, add } = await machine(t, histories.honest);
  await add('@acme/tone');
  proxy.seen.length = 0;
  await add();
  t.deepEqual(proxy.seen, []);
});

test('a log that has grown is consistent with the one that is remembered', async t => {
  const { proxy, home, add } = await machine(t, histories.old);
  await add('@acme/tone');
  t.like(memory(home), { [`${proxy.url}/`]: { size: 1 } });
  proxy.target = histories.honest.url;
  await add('@acme/style');
  t.like(memory(home), { [`${proxy.url}/`]: { size: 4 } });
});

test('a registry that tells another history than before is refused, with both heads, and nothing is stored', async t => {
  const { proxy, home, add, refused, stored, cached } = await machine(t, histories.honest);
  await add('@acme/style');
  const before = [stored(), cached(), memory(home)];
  proxy.target = histories.forked.url;
  const error = await refused('@acme/other');
  t.is(error.code, 'ELOGFORK');
  t.is(error.exitCode, 7);
  t.truthy(error.facts['seenSignature']);
  t.truthy(error.facts['foundSignature']);
  t.deepEqual([stored(), cached(), memory(home)], before);
});

test('a registry that was put back to an old state is refused, and nothing is stored', async t => {
  const { proxy, add, refused, stored, cached } = await machine(t, histories.honest);
  await add('@acme/style');
  const before = [stored(), cached()];
  proxy.target = histories.old.url;
  t.is((await refused('@acme/tone')).code, 'ELOGROLLBACK');
  t.deepEqual([stored(), cached()], before);
});

test('a log with another key is refused', async t => {
  const { proxy, add, refused, stored } = await machine(t, histories.honest);
  await add('@acme/style');
  const before = stored();
  proxy.target = histories.foreign.url;
  t.is((await refused('@acme/tone')).code, 'ELOGKEY');
  t.deepEqual(stored(), before);
});

test('a head that was changed on its way is refused', async t => {
  const { proxy, refused, stored } = await machine(t, histories.honest);
  proxy.rewrite = (url, body) => {
    if (url !== '/log/proofs') return undefined;
    const answer = JSON.parse(body.toString());
    return { body: JSON.stringify({ ...answer, head: { ...answer.head, timestamp: 1 } }) };
  };
  t.is((await refused('@acme/tone')).code, 'ELOGKEY');
  t.deepEqual(stored(), []);
});

test('a package that the log does not have is refused with its name, though its bytes have their integrity', async t => {
  const { proxy, refused, stored, cached } = await machine(t, histories.honest);
  const evil = await packTest({ name: '@acme/tone', version: '1.0.0' }, { 'notes.md': 'Something else' });
  proxy.rewrite = (url, body) => {
    // One that has no batches is easier to lie in place of.
    if (url.startsWith('/.well-known/')) return { body: '{"kind":"prompd"}' };
    if (url.includes('tone-1.0.0.tgz')) return { body: Buffer.from(evil.bytes) };
    if (!url.includes('tone')) return undefined;
    const packument = JSON.parse(body.toString());
    packument.versions['1.0.0'].dist.integrity = evil.integrity;
    delete packument.versions['1.0.0'].dist.size;
    return { body: JSON.stringify(packument) };
  };
  const error = await refused('@acme/tone', '@acme/style');
  t.is(error.code, 'ELOGINCLUSION');
  t.deepEqual(error.facts['packages'], ['@acme/tone@1.0.0']);
  t.deepEqual([stored(), cached()], [[], []]);
});

for (const [what, change] of [
  ['leaves a package out', (proof: { inclusions: unknown[] }) => ({ ...proof, inclusions: [] })],
  [
    'gives the proof of another leaf',
    (proof: { inclusions: { index: number }[] }) => ({
      ...proof,
      inclusions: proof.inclusions.map(each => ({ ...each, index: each.index + 1 })),
    }),
  ],
  [
    'gives a path that leads elsewhere',
    (proof: { inclusions: { path: string[] }[] }) => ({
      ...proof,
      inclusions: proof.inclusions.map(each => ({ ...each, path: each.path.slice(1) })),
    }),
  ],
] as const) {
  test(`a log that ${what} is refused, and so is the next attempt`, async t => {
    const { proxy, refused, stored } = await machine(t, histories.honest);
    proxy.rewrite = (url, body) =>
      url === '/log/proofs' ? { body: JSON.stringify(change(JSON.parse(body.toString()))) } : undefined;
    t.is((await refused('@acme/style')).code, 'ELOGINCLUSION');
    t.is((await refused('@acme/style')).code, 'ELOGINCLUSION');
    t.deepEqual(stored(), []);
  });
}

for (const status of [404, 503]) {
  test(`a log that was there and answers ${status} is missed`, async t => {
    const { proxy, add, refused, stored } = await machine(t, histories.honest);
    await add('@acme/style');
    const before = stored();
    proxy.rewrite = url => (url === '/log/proofs' ? { status, body: '{}' } : undefined);
    t.is((await refused('@acme/tone')).code, 'ELOGABSENT');
    t.deepEqual(stored(), before);
  });
}

test('a registry that never showed a log may do without, or be overloaded, unless a log is required', async t => {
  for (const [status, told] of [
    [404, 0],
    [503, 1],
  ] as const) {
    const { proxy, add, warnings, stored } = await machine(t, histories.honest);
    proxy.rewrite = url => (url === '/log/proofs' ? { status, body: '{}' } : undefined);
    await add('@acme/style');
    t.is(warnings.length, told, `${status}`);
    t.is(stored().length, 1);
    const strict = await machine(t, histories.honest, { PROMPD_TRANSPARENCY: 'required' });
    strict.proxy.rewrite = proxy.rewrite;
    t.is((await strict.refused('@acme/style')).code, 'ELOGABSENT');
    t.deepEqual(strict.stored(), []);
  }
});

test('with "off" no log is asked', async t => {
  const { proxy, add } = await machine(t, histories.honest, { PROMPD_TRANSPARENCY: 'off' });
  await add('@acme/style');
  t.deepEqual(logRequests(proxy), []);
});

test('many processes that remember a head at the same time remember one history', async t => {
  const { proxy, home } = await machine(t, histories.honest);
  const contexts = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const cwd = tempDir(t);
      writeFileSync(path.join(cwd, 'prompd.json'), '{"name": "@acme/app", "version": "1.0.0"}\n');
      return testContext({ cwd, home, env: { PROMPD_REGISTRY: proxy.url } });
    }),
  );
  await Promise.all(contexts.map(context => install(context, { specs: ['@acme/tone', '@acme/style'] })));
  t.like(memory(home), { [`${proxy.url}/`]: { size: 4 } });
});

test('what a registry mirrors stands in its own log once it was asked for', async t => {
  const mirror = await startMirror(t, [uplink(histories.honest.url)]);
  const { home, proxy, add, warnings } = await machine(t, mirror, { PROMPD_TRANSPARENCY: 'required' });
  await add('@acme/tone', '@acme/style');
  t.like(memory(home), { [`${proxy.url}/`]: { size: 2 } });
  await add('@acme/voice');
  t.like(memory(home), { [`${proxy.url}/`]: { size: 3 } });
  t.deepEqual(warnings, []);
});

test('an audit of the log looks at all that is locked, and names what is missing', async t => {
  const { proxy, add, audit } = await machine(t, histories.honest);
  await add('@acme/tone', '@acme/style');
  const good = await audit();
  t.like(good, { failed: false, packages: 2 });
  t.like(good.logs[0], { registry: 'default', state: 'verified', size: 4, checked: 2, missing: [] });

  proxy.rewrite = (url, body) => {
    if (url !== '/log/proofs') return undefined;
    const answer: { inclusions: { name: string }[] } = JSON.parse(body.toString());
    return {
      body: JSON.stringify({
        ...answer,
        inclusions: answer.inclusions.filter(({ name }) => name !== '@acme/style'),
      }),
    };
  };
  const bad = await audit();
  t.true(bad.failed);
  t.deepEqual(bad.logs[0]?.missing, ['@acme/style@1.0.0']);

  proxy.rewrite = undefined;
  proxy.target = histories.forked.url;
  await t.throwsAsync(audit(), { code: 'ELOGFORK' });
});
