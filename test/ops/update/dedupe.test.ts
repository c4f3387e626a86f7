import test from 'ava';
import { install } from '#prompd/ops/install/install.js';
import { dedupe } from '#prompd/ops/update/dedupe.js';
import { installed } from '../project-scene.js';
import { sharedRegistry } from '../scene.js';

const registry = sharedRegistry(test, async () => {});

test('versions that one could serve are merged into a locked one, and nothing else moves', async t => {
  const { publish } = registry();
  await publish({ name: '@acme/d-tone', version: '1.0.0' });
  await publish({ name: '@acme/d-a', version: '1.0.0', dependencies: { '@acme/d-tone': '^1.0.0' } });
  const scene = await installed(t, registry(), { dependencies: { '@acme/d-a': '^1.0.0' } });
  await scene.publish('@acme/d-tone@1.1.0');
  await scene.publish('@acme/d-b@1.0.0', { dependencies: { '@acme/d-tone': '^1.1.0' } });
  await install(scene.context, { specs: ['@acme/d-b'] });
  const apart = ['@acme/d-a@1.0.0', '@acme/d-b@1.0.0', '@acme/d-tone@1.0.0', '@acme/d-tone@1.1.0'];
  t.deepEqual(scene.locked(), apart, 'an install leaves what is locked alone');
  await scene.publish('@acme/d-tone@1.2.0');
  await scene.publish('@acme/d-a@1.1.0', { dependencies: { '@acme/d-tone': '^1.0.0' } });
  const lock = scene.read('prompd-lock.json');
  const preview = await dedupe(scene.context, { dryRun: true });
  t.is(scene.read('prompd-lock.json'), lock);
  const result = await dedupe(scene.context);
  t.deepEqual({ ...preview, dryRun: false }, result);
  t.deepEqual(result.additional, { before: 1, after: 0 });
  t.like(result.moved, { length: 1, 0: { from: '1.0.0', to: '1.1.0' } });
  t.deepEqual(scene.locked(), ['@acme/d-a@1.0.0', '@acme/d-b@1.0.0', '@acme/d-tone@1.1.0']);
  await install(scene.context, { frozen: true });
  const again = await dedupe(scene.context);
  t.like(again, { additional: { before: 0, after: 0 }, moved: [], added: [] });
});

test('versions whose ranges have nothing in common stay apart, and the lockfile stays as it is', async t => {
  const { publish } = registry();
  await publish({ name: '@acme/e-tone', version: '1.0.0' });
  await publish({ name: '@acme/e-tone', version: '2.0.0' });
  await publish({ name: '@acme/e-a', version: '1.0.0', dependencies: { '@acme/e-tone': '^1.0.0' } });
  const dependencies = { '@acme/e-a': '^1.0.0', '@acme/e-tone': '^2.0.0' };
  const scene = await installed(t, registry(), { dependencies });
  await scene.publish('@acme/e-tone@1.1.0');
  const lock = scene.read('prompd-lock.json');
  const result = await dedupe(scene.context);
  t.deepEqual(result.apart, [{ name: '@acme/e-tone', versions: ['1.0.0', '2.0.0'] }] as unknown);
  t.deepEqual(result.moved, []);
  t.is(scene.read('prompd-lock.json'), lock);
});
