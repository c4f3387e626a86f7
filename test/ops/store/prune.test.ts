import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { ci } from '#prompd/ops/install/ci.js';
import { install } from '#prompd/ops/install/install.js';
import { installIfNeeded } from '#prompd/ops/install/install-if-needed.js';
import { prune } from '#prompd/ops/store/prune.js';
import { exclusively, openStore, WHOLE_STORE } from '#prompd/store/index.js';
import { tempDir } from '../../support/temp.js';
import { installed, makeProject } from '../project-scene.js';
import { sharedRegistry } from '../scene.js';

const registry = sharedRegistry(test, async ({ publish }) => {
  await publish({ name: '@acme/tone', version: '1.0.0' });
  await publish({ name: '@acme/a', version: '1.0.0', dependencies: { '@acme/tone': '^1.0.0' } });
  await publish({ name: '@acme/b', version: '1.0.0' });
  await publish({ name: '@acme/c', version: '1.0.0' });
});

const stored = async (home: string) =>
  (await openStore(home).list()).map(({ name }) => name.slice('@acme/'.length));

test('a lockfile loses what prompd.json no longer asks for and what nothing leads to; the store keeps it', async t => {
  const scene = await installed(t, registry(), {
    dependencies: { '@acme/a': '^1.0.0', '@acme/b': '^1.0.0' },
    devDependencies: { '@acme/tone': '^1.0.0' },
  });
  t.deepEqual((await prune(scene.context)).dropped, []);
  scene.write('prompd.json', {
    dependencies: { '@acme/b': '^1.0.0' },
    devDependencies: { '@acme/tone': '^1.0.0' },
  });
  const preview = await prune(scene.context, { dryRun: true });
  t.deepEqual(preview.dropped as unknown, ['default|@acme/a@1.0.0']);
  t.is(scene.locked().length, 3);
  t.deepEqual((await prune(scene.context)).dropped, preview.dropped);
  t.deepEqual(scene.locked(), ['@acme/b@1.0.0', '@acme/tone@1.0.0']);
  t.true(JSON.parse(scene.read('prompd-lock.json')).packages['default|@acme/tone@1.0.0'].dev);
  t.is((await install(scene.context, { frozen: true })).fetched, 0);
  t.deepEqual(await stored(scene.home), ['a', 'b', 'tone']);
  scene.write('prompd.json', { dependencies: { '@acme/c': '^1.0.0' } });
  await t.throwsAsync(prune(scene.context), { code: 'ELOCKOUTDATED' });
});

test('the store keeps what a known project names, also one that found everything there, and loses the rest', async t => {
  const one = await installed(t, registry(), { dependencies: { '@acme/a': '^1.0.0', '@acme/b': '^1.0.0' } });
  const { home } = one;
  const clone = await makeProject(t, registry(), { manifest: one.read('prompd.json'), home });
  clone.write('prompd-lock.json', one.read('prompd-lock.json'));
  t.is((await installIfNeeded(clone.context)).fetched, 0);
  await install(one.context, { specs: ['@acme/c'] });
  rmSync(path.join(one.dir, 'prompd-lock.json'));
  const preview = await prune(one.context, { store: true, dryRun: true });
  t.deepEqual(preview.removed as unknown, [{ name: '@acme/c', version: '1.0.0' }]);
  t.deepEqual(await stored(home), ['a', 'b', 'c', 'tone']);
  const result = await prune(one.context, { store: true });
  t.like(result, { removed: preview.removed, kept: 3, forgotten: [one.dir], projects: [clone.dir] });
  t.deepEqual(await stored(home), ['a', 'b', 'tone']);
  t.is((await install(clone.context, { frozen: true })).fetched, 0);
  rmSync(clone.dir, { recursive: true });
  await prune(one.context, { store: true });
  t.deepEqual(await stored(home), []);
  t.is((await install(one.context)).fetched, 4, 'what was removed is fetched again');
});

test('a lockfile with the marks of a merge keeps everything that it may name', async t => {
  const scene = await installed(t, registry(), { dependencies: { '@acme/b': '^1.0.0' } });
  scene.write('prompd-lock.json', `<<<<<<< ours\n${scene.read('prompd-lock.json')}=======\n>>>>>>> theirs\n`);
  t.deepEqual((await prune(scene.context, { store: true })).removed, []);
  t.regex(scene.warnings.join(), /cannot be understood: everything that it may name is kept/);
});

test('without development packages: this project loses them, but not those that another project needs', async t => {
  const home = path.join(tempDir(t), 'home');
  const dependencies = { '@acme/b': '^1.0.0' };
  const devDependencies = { '@acme/a': '^1.0.0', '@acme/c': '^1.0.0' };
  const one = await makeProject(t, registry(), { manifest: { dependencies, devDependencies }, home });
  const other = await makeProject(t, registry(), {
    manifest: { dependencies: { '@acme/tone': '^1.0.0' } },
    home,
  });
  await install(one.context);
  await install(other.context);
  const lock = one.read('prompd-lock.json');
  const result = await prune(one.context, { omitDev: true });
  t.deepEqual(
    result.removed.map(({ name }) => String(name)),
    ['@acme/a', '@acme/c'],
  );
  t.deepEqual(await stored(home), ['b', 'tone']);
  t.is(one.read('prompd-lock.json'), lock, 'the lockfile is for everybody');
  t.is((await ci(one.context, { omitDev: true })).fetched, 0);
  t.is((await ci(one.context)).fetched, 2);
});

test('nothing is removed while an install is at work, and installs wait for a removal', async t => {
  const scene = await installed(t, registry(), { dependencies: { '@acme/b': '^1.0.0' } });
  const { home } = scene;
  const lock = (mode: 'shared' | 'exclusive', run: () => Promise<void>) =>
    exclusively({ home, subject: WHOLE_STORE, mode, waitMs: 0 }, run);
  const refused = { code: 'ELOCKED', message: /packages of the store/ };
  await lock('shared', async () => {
    await lock('shared', async () => {});
    await t.throwsAsync(
      lock('exclusive', async () => {}),
      refused,
    );
  });
  await lock('exclusive', async () => {
    await t.throwsAsync(
      lock('shared', async () => {}),
      refused,
    );
  });
  await lock('exclusive', async () => {});
});

test('installs and removals at the same time leave every project with all of its packages', async t => {
  const home = path.join(tempDir(t), 'home');
  const manifest = { dependencies: { '@acme/a': '^1.0.0', '@acme/b': '^1.0.0' } };
  const projects = await Promise.all(
    Array.from({ length: 6 }, () => makeProject(t, registry(), { manifest, home })),
  );
  const nowhere = path.join(home, '..', 'nowhere');
  mkdirSync(nowhere);
  await Promise.all(
    projects.flatMap(({ context }) => [
      install(context),
      prune({ ...context, cwd: nowhere }, { store: true }),
    ]),
  );
  for (const { context, dir } of projects) {
    t.is((await install(context, { frozen: true })).fetched, 0, dir);
  }
});
