import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { update } from '#prompd/ops/update/update.js';
import type { UpdateChoice } from '#prompd/ops/update/update-choices.js';
import { installed } from '../project-scene.js';
import { sharedRegistry } from '../scene.js';
import { ask, moves } from './asking-packages.js';

const registry = sharedRegistry(test, async () => {});

test('only what was picked moves, and nothing when the choice is empty', async t => {
  for (const name of ['a', 'b', 'c']) await registry().publish({ name: `@acme/p-${name}`, version: '1.0.0' });
  const manifest = { dependencies: { '@acme/p-a': '^1.0.0', '@acme/p-b': '^1.0.0', '@acme/p-c': '^1.0.0' } };
  const scene = await installed(t, registry(), manifest);
  await scene.publish('@acme/p-a@1.0.1');
  await scene.publish('@acme/p-a@2.0.0');
  await scene.publish('@acme/p-b@1.1.0');
  const seen: (readonly UpdateChoice[])[] = [];
  const pick = (answer: readonly string[]) => async (choices: readonly UpdateChoice[]) => {
    seen.push(choices);
    return answer;
  };
  const lock = scene.read('prompd-lock.json');
  t.deepEqual(moves(await update(scene.context, { pick: pick([]) })), []);
  t.is(scene.read('prompd-lock.json'), lock);
  t.deepEqual(
    seen[0]?.map(({ asked, from, to, group }) => [asked, from, to, group]),
    [
      ['@acme/p-a', '1.0.0', '1.0.1', 'patch'],
      ['@acme/p-b', '1.0.0', '1.1.0', 'minor'],
    ],
  );
  t.deepEqual(moves(await update(scene.context, { pick: pick(['@acme/p-a']), latest: true })), [
    '@acme/p-a 1.0.0 -> 2.0.0 major',
  ]);
  t.like(seen[1]?.[0], { to: '2.0.0', group: 'breaking' });
  t.is(
    JSON.parse(readFileSync(path.join(scene.dir, 'prompd.json'), 'utf8')).dependencies['@acme/p-b'],
    '^1.0.0',
  );
  await update(scene.context);
  await update(scene.context, { pick: pick([]) });
  t.is(seen.length, 2, 'nobody is asked when there is nothing to choose');
});

test('what is not installed yet is no choice, and the user is told what to run', async t => {
  await registry().publish({ name: '@acme/absent', version: '1.0.0' });
  const scene = await installed(t, registry(), {});
  scene.write('prompd.json', { dependencies: { '@acme/absent': '^1.0.0' } });
  const error = await t.throwsAsync(update(scene.context, { pick: async () => [] }), {
    code: 'ENOTINSTALLED',
  });
  t.like(error, { hint: 'Run "prompd install", then choose what to update.' });
});

test('a choice is grouped by what its contracts show where that is worse than what its version promises', async t => {
  const { publish } = registry();
  const names = ['breaks', 'adds', 'text', 'major'].map(name => `@acme/g-${name}`);
  for (const name of names) await publish(...ask(name, '1.0.0', 'word'));
  const dependencies = Object.fromEntries(names.map(name => [name, '^1.0.0']));
  const scene = await installed(t, registry(), { dependencies });
  await publish(...ask('@acme/g-breaks', '1.0.1', 'words'));
  await publish(...ask('@acme/g-adds', '1.0.1', 'word', '  - name: mood\n    type: string\n'));
  const [manifest, files] = ask('@acme/g-text', '1.0.1', 'word');
  await publish(manifest, { 'ask.prompd': files['ask.prompd'].replace('Say', 'Tell me') });
  await publish(...ask('@acme/g-major', '2.0.0', 'word'));
  const lock = scene.read('prompd-lock.json');
  const offered = async () => {
    const seen: UpdateChoice[] = [];
    const pick = async (choices: readonly UpdateChoice[]) => {
      seen.push(...choices);
      return [];
    };
    await update(scene.context, { latest: true, pick });
    return seen.map(({ asked, group, prompts }) => [asked, group, prompts?.map(({ level }) => level)]);
  };
  t.deepEqual(await offered(), [
    ['@acme/g-adds', 'minor', ['minor']],
    ['@acme/g-breaks', 'breaking', ['breaking']],
    ['@acme/g-major', 'breaking', []],
    ['@acme/g-text', 'patch', []],
  ]);
  t.is(scene.read('prompd-lock.json'), lock, 'a choice changes nothing before it is made');

  await publish({ name: '@acme/g-adds', version: '1.0.2', dependencies: { '@acme/g-nowhere': '^1.0.0' } });
  t.deepEqual(await offered(), [
    ['@acme/g-adds', 'patch', undefined],
    ['@acme/g-breaks', 'patch', undefined],
    ['@acme/g-major', 'breaking', undefined],
    ['@acme/g-text', 'patch', undefined],
  ]);
  t.true(
    scene.warnings.some(line => /not known \(E[A-Z]+\)/.test(line)),
    'and says why it does not know',
  );
});
