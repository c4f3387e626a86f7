import { rm } from 'node:fs/promises';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { PrompdError } from '#prompd/core/errors.js';
import { install } from '#prompd/ops/install/install.js';
import { lock } from '#prompd/ops/lockfile/lock.js';
import { testContext } from '../../support/context.js';
import { type LockScene, makeLockScene } from '../lockfile/lock-scene.js';
import { locked, sharedRegistry } from '../scene.js';

const registry = sharedRegistry(test, async ({ publish }) => {
  for (const version of ['1.0.0', '1.1.0']) {
    await publish({ name: '@common/tone', version });
    await publish({ name: '@common/voice', version });
    await publish({ name: '@common/gone', version });
  }
  await publish({ name: '@acme/review', version: '1.0.0', dependencies: { '@common/tone': '^1.0.0' } });
});
const url = () => registry().url;

/** A project in a home whose cache knows all versions of these packages and holds only those that were named. */
async function afterInstalling(
  t: ExecutionContext,
  specs: readonly string[],
  manifest: unknown,
): Promise<LockScene> {
  const first = await makeLockScene(t, url(), {});
  await install(first.context, { specs });
  const scene = await makeLockScene(t, url(), manifest);
  const context = await testContext({ cwd: scene.dir, home: first.home, env: { PROMPD_REGISTRY: url() } });
  return { ...scene, context: { ...context, progress: scene.context.progress } };
}

test('offline, a version whose archive is not cached is not chosen', async t => {
  const manifest = { dependencies: { '@acme/review': '^1.0.0' } };
  const scene = await afterInstalling(t, ['@common/tone@1.0.0', '@acme/review'], manifest);
  await install(scene.context, { use: 'never' });
  t.deepEqual(locked(scene.lock()), ['@acme/review@1.0.0', '@common/tone@1.0.0']);
  const again = await afterInstalling(t, ['@common/tone@1.0.0', '@acme/review'], manifest);
  await lock(again.context, { use: 'never' });
  t.is(again.lock(), scene.lock());
});

test('offline, what cannot be had is EOFFLINE, and the error names what is not cached and what is', async t => {
  const manifest = { dependencies: { '@common/tone': '^1.1.0' } };
  const scene = await afterInstalling(t, ['@common/tone@1.0.0'], manifest);
  const error = await t.throwsAsync<PrompdError>(lock(scene.context, { use: 'never' }), { code: 'EOFFLINE' });
  t.like(error.facts, { 'not cached': ['@common/tone 1.1.0'], cached: ['@common/tone 1.0.0'] });
  t.regex(String(error.facts['because']), /@common\/tone.*is not cached/);
  t.regex(error.hint, /without --offline/);
  t.is(error.exitCode, 6);
  t.false(scene.has('prompd-lock.json'));
});

test('what is in the store is at hand offline, also when the cache was emptied', async t => {
  const manifest = { dependencies: { '@common/tone': '^1.0.0' } };
  const scene = await afterInstalling(t, ['@common/tone@1.0.0'], manifest);
  await rm(path.join(scene.context.config.home, 'cache'), { recursive: true });
  await install(scene.context, { use: 'never' });
  t.deepEqual(locked(scene.lock()), ['@common/tone@1.0.0']);
});

test('preferring the cache, what it knows is used without asking', async t => {
  const { publish } = registry();
  const manifest = { dependencies: { '@common/voice': '^1.0.0' } };
  const scene = await afterInstalling(t, ['@common/voice'], manifest);
  await publish({ name: '@common/voice', version: '1.2.0' });
  await install(scene.context, { use: 'prefer-cache' });
  t.deepEqual(locked(scene.lock()), ['@common/voice@1.1.0']);
  t.deepEqual(scene.said, []);

  scene.write('prompd.json', { dependencies: { '@common/voice': '^1.2.0' } });
  await install(scene.context, { use: 'prefer-cache' });
  t.deepEqual(
    locked(scene.lock()),
    ['@common/voice@1.2.0'],
    'a cache that is too old to answer is not the last word',
  );
  t.regex(scene.said.join('\n'), /What is cached will not do/);
});

test('preferring the cache, a version that was deleted since is passed over after asking', async t => {
  const manifest = { dependencies: { '@common/gone': '^1.0.0' } };
  const scene = await afterInstalling(t, ['@common/gone@1.0.0'], manifest);
  t.is((await registry().request('/packages/@common/gone/1.1.0', { method: 'DELETE' })).status, 204);
  await install(scene.context, { use: 'prefer-cache' });
  t.deepEqual(locked(scene.lock()), ['@common/gone@1.0.0']);
});

test('preferring the cache, what nobody has is an error as ever', async t => {
  const scene = await afterInstalling(t, ['@common/tone'], { dependencies: { '@common/tone': '^9.0.0' } });
  await t.throwsAsync(install(scene.context, { use: 'prefer-cache' }), { code: 'ENOVERSION' });
});
