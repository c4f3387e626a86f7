import test from 'ava';
import { install } from '#prompd/ops/install/install.js';
import { rangeFor } from '#prompd/ops/update/latest-ranges.js';
import { outdated } from '#prompd/ops/update/outdated.js';
import { update } from '#prompd/ops/update/update.js';
import { installed } from '../project-scene.js';
import { sharedRegistry } from '../scene.js';
import { moves } from './asking-packages.js';

const registry = sharedRegistry(test, async () => {});

test('without names everything moves to the highest version within the ranges, what packages ask for as well', async t => {
  const { publish } = registry();
  await publish({ name: '@acme/all-tone', version: '1.0.0' });
  await publish({ name: '@acme/all', version: '1.0.0', dependencies: { '@acme/all-tone': '^1.0.0' } });
  const scene = await installed(t, registry(), { dependencies: { '@acme/all': '^1.0.0' } });
  t.deepEqual(moves(await update(scene.context)), [], 'nothing is newer yet');
  for (const version of ['1.0.1', '1.2.0', '2.0.0']) await scene.publish(`@acme/all-tone@${version}`);
  await scene.publish('@acme/all@1.1.0', { dependencies: { '@acme/all-tone': '^1.0.0' } });
  await scene.publish('@acme/all@2.0.0');
  const lock = scene.read('prompd-lock.json');
  await install(scene.context);
  t.is(scene.read('prompd-lock.json'), lock, 'an install moves nothing');
  const result = await update(scene.context);
  t.deepEqual(moves(result), ['@acme/all 1.0.0 -> 1.1.0 minor', '@acme/all-tone 1.0.0 -> 1.2.0 minor']);
  t.deepEqual(
    result.moved.map(({ asked }) => asked),
    [['@acme/all'], []],
  );
  t.deepEqual(scene.locked(), ['@acme/all-tone@1.2.0', '@acme/all@1.1.0']);
  t.deepEqual(JSON.parse(scene.read('prompd.json')), { dependencies: { '@acme/all': '^1.0.0' } });
  t.deepEqual(moves(await update(scene.context)), []);
});

test('with names only those move, a package that only packages ask for as well', async t => {
  const { publish } = registry();
  await publish({ name: '@acme/some-tone', version: '1.0.0' });
  await publish({ name: '@acme/some-rules', version: '1.0.0' });
  const dependencies = { '@acme/some-tone': '^1.0.0', '@acme/some-rules': '^1.0.0' };
  await publish({ name: '@acme/some-a', version: '1.0.0', dependencies });
  await publish({ name: '@acme/some-b', version: '1.0.0', dependencies });
  const scene = await installed(t, registry(), {
    dependencies: { '@acme/some-a': '^1.0.0' },
    devDependencies: { '@acme/some-b': '^1.0.0' },
  });
  await scene.publish('@acme/some-tone@1.1.0');
  await scene.publish('@acme/some-rules@1.0.1');
  await scene.publish('@acme/some-a@1.0.1', { dependencies });
  await scene.publish('@acme/some-b@1.0.1', {
    dependencies: { ...dependencies, '@acme/some-rules': '^1.0.1' },
  });
  t.deepEqual(moves(await update(scene.context, { names: ['@acme/some-tone'] })), [
    '@acme/some-tone 1.0.0 -> 1.1.0 minor',
  ]);
  t.deepEqual(
    moves(await update(scene.context, { names: ['@acme/some-b'] })),
    ['@acme/some-b 1.0.0 -> 1.0.1 patch', '@acme/some-rules 1.0.0 -> 1.0.1 patch'],
    'with what it needs',
  );
  t.deepEqual(scene.locked(), [
    '@acme/some-a@1.0.0',
    '@acme/some-b@1.0.1',
    '@acme/some-rules@1.0.1',
    '@acme/some-tone@1.1.0',
  ]);
});

test('latest writes the ranges anew in their style, and leaves tags, overrides, pre-releases and the rest of the file alone', async t => {
  const names = ['caret', 'tilde', 'exact', 'tag', 'held', 'pre', 'real', 'any'];
  for (const name of names) {
    await registry().publish({ name: `@acme/l-${name}`, version: '1.0.0' });
  }
  await registry().publish({ name: '@acme/l-beta', version: '1.0.0-beta.1' }, {}, '?tag=beta');
  const text = `{
\t"private": true,
\t"dependencies": {
\t\t"@acme/l-any": ">=1.0.0",
\t\t"@acme/l-beta": "^1.0.0-beta.1",
\t\t"@acme/l-caret": "^1.0.0",
\t\t"@acme/l-exact": "1.0.0", "@acme/l-held": "^1.0.0",
\t\t"@acme/l-pre": "^1.0.0",
\t\t"@acme/l-tag": "latest",
\t\t"voice": "prompd:@acme/l-real@^1.0.0"
\t},
\t"devDependencies": { "@acme/l-tilde": "~1.0.0" },
\t"overrides": { "@acme/l-held": "1.0.0" }
}
`;
  const scene = await installed(t, registry(), text);
  for (const name of names) await scene.publish(`@acme/l-${name}@2.3.0`);
  await registry().publish({ name: '@acme/l-pre', version: '3.0.0-rc.1' }, {}, '?tag=next');
  await registry().publish({ name: '@acme/l-beta', version: '2.0.0-beta.2' }, {}, '?tag=beta');
  const result = await update(scene.context, { latest: true });
  t.is(
    scene.read('prompd.json'),
    text
      .replace('caret": "^1.0.0', 'caret": "^2.3.0')
      .replace('exact": "1.0.0', 'exact": "2.3.0')
      .replace('pre": "^1.0.0', 'pre": "^2.3.0')
      .replace('l-real@^1.0.0', 'l-real@^2.3.0')
      .replace('tilde": "~1.0.0', 'tilde": "~2.3.0')
      .replace('^1.0.0-beta.1', '^2.0.0-beta.2'),
  );
  t.deepEqual(scene.locked(), [
    '@acme/l-any@2.3.0',
    '@acme/l-beta@2.0.0-beta.2',
    '@acme/l-caret@2.3.0',
    '@acme/l-exact@2.3.0',
    '@acme/l-held@1.0.0',
    '@acme/l-pre@2.3.0',
    '@acme/l-real@2.3.0',
    '@acme/l-tag@2.3.0',
    '@acme/l-tilde@2.3.0',
  ]);
  t.is(result.ranges.length, 6);
  t.true(result.moved.find(({ name }) => name === '@acme/l-caret')?.step.isBreaking);
  await install(scene.context, { frozen: true });
});

for (const [range, version, expected] of [
  ['^1.2.3', '2.0.0', '^2.0.0'],
  ['~1.2', '2.3.4', '~2.3'],
  ['1', '2.3.4', '2'],
  ['1.x', '2.3.4', '2.x'],
  ['1.2.x', '2.3.4', '2.3.x'],
  ['=1.2.3', '2.0.0', '=2.0.0'],
  ['1.2.3', '2.0.0', '2.0.0'],
  ['^1', '2.0.0-rc.1', '^2.0.0-rc.1'],
  ['>=1.0.0', '2.0.0', '>=1.0.0'],
  ['>=1.0.0 <2.0.0', '2.1.0', '^2.1.0'],
  ['^1.0.0 || ^2.0.0', '2.1.0', '^1.0.0 || ^2.0.0'],
  ['*', '2.1.0', '*'],
] as const) {
  test(`the range "${range}" becomes "${expected}" for ${version}`, t => {
    t.is(rangeFor(range, version), expected);
  });
}

test('a folder is packed again and its change is told; addresses in --offline stay as they are locked', async t => {
  const scene = await installed(t, registry(), { dependencies: {} });
  scene.write('drafts/prompd.json', { name: '@acme/f-drafts', version: '0.1.0' });
  scene.write('prompd.json', { dependencies: { '@acme/f-drafts': 'file:drafts' } });
  await install(scene.context);
  scene.write('drafts/notes.md', 'More.');
  t.deepEqual(moves(await update(scene.context, { use: 'never' })), ['@acme/f-drafts 0.1.0 -> 0.1.0 none']);
  t.deepEqual(moves(await update(scene.context)), []);
});

test('a withdrawn version is left, even for a lower one', async t => {
  await registry().publish({ name: '@acme/y', version: '1.0.0' });
  await registry().publish({ name: '@acme/y', version: '1.1.0' });
  const scene = await installed(t, registry(), { dependencies: { '@acme/y': '^1.0.0' } });
  const answer = await registry().request('/packages/@acme%2fy/1.1.0', { method: 'DELETE' });
  t.true(answer.ok, String(answer.status));
  const { moved } = await update(scene.context);
  t.like(moved[0], { from: '1.1.0', to: '1.0.0', step: { isDowngrade: true } });
});

test('an update that cannot be resolved changes nothing', async t => {
  await registry().publish({ name: '@acme/n-tone', version: '1.0.0' });
  await registry().publish({ name: '@acme/n', version: '1.0.0', dependencies: { '@acme/n-tone': '^1.0.0' } });
  const scene = await installed(t, registry(), {
    dependencies: { '@acme/n': '1.0.0', '@acme/n-tone': '^1.0.0' },
  });
  await scene.publish('@acme/n@2.0.0', { dependencies: { '@acme/n-gone': '^1.0.0' } });
  const files = () => [scene.read('prompd.json'), scene.read('prompd-lock.json'), scene.stored()];
  const before = files();
  await t.throwsAsync(update(scene.context, { latest: true }), { code: 'ENOSOLUTION' });
  t.deepEqual(files(), before);
});

test('a name that the project does not have is refused with the one that was meant, and so is a version', async t => {
  await registry().publish({ name: '@acme/known', version: '1.0.0' });
  const scene = await installed(t, registry(), { dependencies: { '@acme/known': '^1.0.0' } });
  const unknown = await t.throwsAsync(update(scene.context, { names: ['@acme/knwon'] }), {
    code: 'ENOTINSTALLED',
  });
  t.like(unknown, { hint: 'Did you mean "@acme/known"?' });
  await t.throwsAsync(update(scene.context, { names: ['@acme/known@2'] }), { code: 'EUSAGE' });
});

test('a lockfile with conflict markers is merged, and only what was named moves', async t => {
  const { publish } = registry();
  for (const name of ['@acme/m-a', '@acme/m-b']) await publish({ name, version: '1.0.0' });
  const both = { dependencies: { '@acme/m-a': '^1.0.0', '@acme/m-b': '^1.0.0' } };
  const scene = await installed(t, registry(), { dependencies: { '@acme/m-a': '^1.0.0' } });
  const theirs = await installed(t, registry(), both);
  const text = `<<<<<<< a\n${scene.read('prompd-lock.json')}=======\n${theirs.read('prompd-lock.json')}>>>>>>> b\n`;
  for (const name of ['@acme/m-a', '@acme/m-b']) await publish({ name, version: '1.1.0' });
  scene.write('prompd.json', both);
  scene.write('prompd-lock.json', text);
  await t.throwsAsync(update(scene.context, { names: ['@acme/m-c'] }), { code: 'ENOTINSTALLED' });
  await update(scene.context, { pick: async () => [] });
  t.true(scene.warnings.some(line => /conflicts of a merge still/.test(line)));
  await update(scene.context, { names: ['@acme/m-b'], dryRun: true });
  t.is(scene.read('prompd-lock.json'), text);
  const result = await update(scene.context, { names: ['@acme/m-b'] });
  t.deepEqual(moves(result), ['@acme/m-b 1.0.0 -> 1.1.0 minor']);
  t.deepEqual(scene.locked(), ['@acme/m-a@1.0.0', '@acme/m-b@1.1.0']);
  await install(scene.context, { frozen: true });

  await publish({ name: '@acme/m-a', version: '1.2.0' });
  scene.write('prompd-lock.json', text);
  const offered: string[] = [];
  await update(scene.context, {
    pick: async choices => {
      offered.push(...choices.map(({ asked, from, to }) => `${asked} ${from} -> ${to}`));
      return ['@acme/m-a'];
    },
  });
  t.deepEqual(offered, ['@acme/m-a 1.0.0 -> 1.2.0', '@acme/m-b 1.0.0 -> 1.1.0']);
  t.deepEqual(scene.locked(), ['@acme/m-a@1.2.0', '@acme/m-b@1.0.0']);
});

test('an empty name is told as what it is', async t => {
  const { context } = await installed(t, registry(), {});
  for (const name of ['', ' ']) {
    await t.throwsAsync(update(context, { names: [name] }), { code: 'EBADSPEC' });
    await t.throwsAsync(outdated(context, { names: [name] }), { code: 'EBADSPEC' });
    await t.throwsAsync(install(context, { specs: [name] }), { code: 'EBADSPEC' });
  }
});
