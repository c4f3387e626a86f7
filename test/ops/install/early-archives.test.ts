import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { parsePackageName } from '#prompd/core/name.js';
import { parseVersion } from '#prompd/core/version.js';
import { EarlyArchives } from '#prompd/ops/install/early-archives.js';
import { install } from '#prompd/ops/install/install.js';
import { prompdRegistry } from '#prompd/registry/prompd.js';
import { testContext } from '../../support/context.js';
import { type SmallRegistry, smallRegistry } from '../../support/small-registry.js';
import { type Teardown, tempDir } from '../../support/temp.js';

const TONE = parsePackageName('tone');
const TONE_ARCHIVE = '/packages/tone/-/tone-1.0.0.tgz';
const PACKAGES = [
  { name: 'tone', version: '1.0.0', dependencies: { base: '^1.0.0' } },
  { name: 'base', version: '1.0.0' },
];

async function contextFor(t: Teardown, registry: SmallRegistry, home = tempDir(t), retries = '5') {
  const cwd = path.join(tempDir(t), 'project');
  mkdirSync(cwd);
  writeFileSync(path.join(cwd, 'prompd.json'), '{"name":"@acme/app","version":"1.0.0"}');
  const env = { PROMPD_REGISTRY: registry.url, PROMPD_NETWORK_RETRIES: retries };
  return testContext({ cwd, home, env });
}

function archivesOf({ asked }: SmallRegistry): string[] {
  return asked.filter(address => address.endsWith('.tgz'));
}

test('an archive is on its way before all versions are chosen', async t => {
  const registry = await smallRegistry(t, PACKAGES);
  // What "tone" depends on cannot be had before its archive was asked for.
  registry.interfere = ({ url }, response) => {
    if (url !== '/packages/base' || registry.asked.includes(TONE_ARCHIVE)) return false;
    response.writeHead(503).end();
    return true;
  };
  const { total } = await install(await contextFor(t, registry), { specs: [TONE] });
  t.is(total, 2);
  t.is(new Set(archivesOf(registry)).size, archivesOf(registry).length, 'each once');
});

test('nothing is downloaded for a dry run', async t => {
  const registry = await smallRegistry(t, PACKAGES);
  await install(await contextFor(t, registry), { specs: [TONE], dryRun: true });
  t.deepEqual(archivesOf(registry), []);
});

test('nothing is downloaded that is in the store', async t => {
  const registry = await smallRegistry(t, PACKAGES);
  const home = tempDir(t);
  await install(await contextFor(t, registry, home), { specs: [TONE] });
  const before = archivesOf(registry).length;
  await install(await contextFor(t, registry, home), { specs: [TONE] });
  t.is(archivesOf(registry).length, before);
});

test('an archive that did not come in advance is asked for again', async t => {
  const registry = await smallRegistry(t, PACKAGES);
  registry.interfere = ({ url }, response) => {
    if (url !== TONE_ARCHIVE || registry.asked.filter(address => address === url).length > 1) return false;
    response.writeHead(500).end();
    return true;
  };
  const { total } = await install(await contextFor(t, registry, tempDir(t), '0'), { specs: [TONE] });
  t.is(total, 2);
});

test('an archive that came in advance and is not the one that was named is refused', async t => {
  const registry = await smallRegistry(t, PACKAGES);
  registry.interfere = ({ url }, response) => {
    if (url !== TONE_ARCHIVE) return false;
    response.end('something else');
    return true;
  };
  const context = await contextFor(t, registry);
  await t.throwsAsync(install(context, { specs: [TONE] }), { code: 'EINTEGRITY' });
});

test('archives that come in advance take little memory, however many and large they are', async t => {
  const registry = await smallRegistry(t, []);
  const opened = prompdRegistry({
    alias: 'default',
    registryUrl: registry.url,
    network: { concurrency: 4, timeoutMs: 1000, retries: 0 },
    userAgent: 'test',
    token: async () => undefined,
  });
  const asked: number[] = [];
  const early = new EarlyArchives({
    registryOf: () => ({
      ...opened,
      batch: async () => undefined,
      async archive(_, maxBytes, signal) {
        signal?.throwIfAborted();
        asked.push(maxBytes);
        return Buffer.alloc(maxBytes);
      },
    }),
    isHere: async () => false,
    maxBytes: 32 * 1024 * 1024,
  });
  const versions = Array.from({ length: 100 }, (_, index) => ({
    name: parsePackageName(`large-${index}`),
    version: parseVersion('1.0.0'),
    dist: {},
  }));
  for (const version of versions) early.expect(version);
  const taken = await Promise.all(versions.map(version => early.take(version)));
  t.true(Math.max(...asked) <= 4 * 1024 * 1024, 'what is larger is asked for when it is chosen');
  const held = taken.reduce((sum, bytes) => sum + (bytes?.byteLength ?? 0), 0);
  t.true(held > 0 && held <= 64 * 1024 * 1024);
});
