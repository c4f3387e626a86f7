import test from 'ava';
import { install } from '#prompd/ops/install/install.js';
import { uninstall } from '#prompd/ops/install/uninstall.js';
import { lock } from '#prompd/ops/lockfile/lock.js';
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
  await scene.publish('@acme/d-old@1.0.0', { dependencies: { '@acme/d-tone': '~1.0.0' } });
  await install(scene.context, { specs: ['@acme/d-old'] });
  await install(scene.context, { specs: ['@acme/d-b'] });
  await uninstall(scene.context, ['@acme/d-old']);
  const apart = ['@acme/d-a@1.0.0', '@acme/d-b@1.0.0', '@acme/d-tone@1.0.0', '@acme/d-tone@1.1.0'];
  t.deepEqual(scene.locked(), apart, 'what took one version away leaves the others alone');
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

test('a lockfile with conflict markers is merged first, also where there is nothing to merge in it', async t => {
  const { publish } = registry();
  for (const name of ['@acme/f-a', '@acme/f-b']) await publish({ name, version: '1.0.0' });
  const ours = await installed(t, registry(), { dependencies: { '@acme/f-a': '1.0.0' } });
  const theirs = await installed(t, registry(), { dependencies: { '@acme/f-b': '1.0.0' } });
  const text = `<<<<<<< a\n${ours.read('prompd-lock.json')}=======\n${theirs.read('prompd-lock.json')}>>>>>>> b\n`;
  ours.write('prompd.json', { dependencies: { '@acme/f-a': '1.0.0', '@acme/f-b': '1.0.0' } });
  ours.write('prompd-lock.json', text);
  await dedupe(ours.context, { dryRun: true });
  t.is(ours.read('prompd-lock.json'), text);
  t.like(await dedupe(ours.context), { added: ['default|@acme/f-b@1.0.0'], removed: [] });
  t.deepEqual(ours.locked(), ['@acme/f-a@1.0.0', '@acme/f-b@1.0.0']);
  await install(ours.context, { frozen: true });
});

test('what an install brings splits no package that one version could serve, and lock writes the same', async t => {
  const { publish } = registry();
  await publish({ name: '@acme/g-tone', version: '1.0.0' });
  await publish({ name: '@acme/g-rest', version: '1.0.0' });
  const dependencies = { '@acme/g-tone': '^1.0.0', '@acme/g-rest': '^1.0.0' };
  await publish({ name: '@acme/g-a', version: '1.0.0', dependencies });
  const scene = await installed(t, registry(), { dependencies: { '@acme/g-a': '^1.0.0' } });
  const before = scene.read('prompd-lock.json');
  for (const name of ['@acme/g-tone', '@acme/g-rest', '@acme/g-a']) await publish({ name, version: '1.1.0' });
  await publish({ name: '@acme/g-b', version: '1.0.0', dependencies: { '@acme/g-tone': '^1.1.0' } });
  await install(scene.context, { specs: ['@acme/g-b'] });
  const packages = ['@acme/g-a@1.0.0', '@acme/g-b@1.0.0', '@acme/g-rest@1.0.0', '@acme/g-tone@1.1.0'];
  t.deepEqual(scene.locked(), packages, 'nothing else moves');
  const after = scene.read('prompd-lock.json');
  scene.write('prompd-lock.json', before);
  await lock(scene.context);
  t.is(scene.read('prompd-lock.json'), after);
});
