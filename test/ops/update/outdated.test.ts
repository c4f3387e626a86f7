import test from 'ava';
import { type OutdatedPackage, outdated } from '#prompd/ops/update/outdated.js';
import { installed, makeProject } from '../project-scene.js';
import { sharedRegistry } from '../scene.js';

const registry = sharedRegistry(test, async () => {});

const brief = (found: readonly OutdatedPackage[]) =>
  found.map(({ asked, current, wanted, latest, kind, where }) =>
    [asked, current, wanted, latest, kind, where.join('+')].join(' '),
  );

test('what is outdated has current, wanted and latest; what packages ask for is told on request or by name', async t => {
  const { publish } = registry();
  await publish({ name: '@acme/o-tone', version: '1.0.0' });
  await publish({ name: '@acme/o-a', version: '1.0.0', dependencies: { '@acme/o-tone': '~1.0.0' } });
  await publish({ name: '@acme/o-b', version: '1.0.0', dependencies: { '@acme/o-tone': '^1.0.0' } });
  await publish({ name: '@acme/o-new', version: '1.0.0' });
  const scene = await installed(t, registry(), {
    dependencies: { '@acme/o-a': '^1.0.0', voice: 'prompd:@acme/o-b@^1.0.0', '@acme/o-new': '1.0.0' },
    devDependencies: {},
  });
  t.deepEqual(await outdated(scene.context), []);
  for (const version of ['1.0.7', '1.5.0', '2.0.0']) await scene.publish(`@acme/o-tone@${version}`);
  await scene.publish('@acme/o-b@1.1.0');
  await scene.publish('@acme/o-b@2.0.0');
  t.deepEqual(brief(await outdated(scene.context)), ['voice 1.0.0 1.1.0 2.0.0 dependency project']);
  const all = [
    'voice 1.0.0 1.1.0 2.0.0 dependency project',
    '@acme/o-tone 1.0.0 1.0.7 2.0.0 transitive @acme/o-a@1.0.0+@acme/o-b@1.0.0',
  ];
  t.deepEqual(brief(await outdated(scene.context, { all: true })), all);
  t.deepEqual(brief(await outdated(scene.context, { names: ['@acme/o-tone'] })), all.slice(1));
  t.deepEqual(await outdated(scene.context, { names: ['@acme/o-new'] }), []);
  await t.throwsAsync(outdated(scene.context, { names: ['@acme/o-nwe'] }), { code: 'ENOTINSTALLED' });
  t.deepEqual(
    brief(await outdated(scene.context, { all: true, use: 'never' })),
    all.map(line => line.replace(/ 1\.(?:1\.0|0\.7) /, ' 1.0.0 ')),
    'offline, nothing newer is at hand, and what is known of is still told',
  );
});

test('a withdrawn current version is outdated though nothing is newer, a deprecated one is marked', async t => {
  await registry().publish({ name: '@acme/o-y', version: '1.0.0' });
  await registry().publish({ name: '@acme/o-y', version: '1.1.0' });
  const scene = await installed(t, registry(), { dependencies: { '@acme/o-y': '^1.0.0' } });
  await registry().request('/packages/@acme%2fo-y/1.1.0', { method: 'DELETE' });
  const [found] = await outdated(scene.context);
  t.like(found, { current: '1.1.0', wanted: '1.0.0', yanked: true });
});

test('a project that is not installed has everything outdated, and a package the registry lost is warned of', async t => {
  await registry().publish({ name: '@acme/o-only', version: '1.0.0' });
  const scene = await makeProject(t, registry(), {
    manifest: {
      dependencies: { '@acme/o-only': '^1.0.0', '@acme/o-nowhere': '^1.0.0', local: 'file:local' },
    },
  });
  t.deepEqual(brief(await outdated(scene.context)), ['@acme/o-only  1.0.0 1.0.0 dependency project']);
  t.is(scene.warnings.length, 1);
});
