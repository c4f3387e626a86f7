import test from 'ava';
import { install } from '#prompd/ops/install/install.js';
import { update } from '#prompd/ops/update/update.js';
import type { UpdateChoice } from '#prompd/ops/update/update-choices.js';
import { installed } from '../project-scene.js';
import { sharedRegistry } from '../scene.js';
import { ask, moves, prompt } from './asking-packages.js';

const registry = sharedRegistry(test, async () => {});

test('an update tells the prompts whose contracts changed, those of packages that inherit what moved as well', async t => {
  const name = '@acme/c-base';
  await registry().publish(
    { name, version: '1.0.0', prompts: { ask: 'ask.prompd', old: 'old.prompd', same: 'same.prompd' } },
    {
      'ask.prompd': prompt('ask', 'word'),
      'old.prompd': prompt('old', 'a'),
      'same.prompd': prompt('same', 'a'),
    },
  );
  await registry().publish(
    {
      name: '@acme/c-heir',
      version: '1.0.0',
      prompts: { heir: 'heir.prompd' },
      dependencies: { [name]: '^1.0.0' },
    },
    { 'heir.prompd': `---\nname: heir\nversion: 1.0.0\ninherits: "${name}:ask"\n---\n` },
  );
  const scene = await installed(t, registry(), { dependencies: { '@acme/c-heir': '^1.0.0' } });
  await registry().publish(
    { name, version: '1.1.0', prompts: { ask: 'ask.prompd', new: 'new.prompd', same: 'same.prompd' } },
    {
      'ask.prompd': prompt('ask', 'words'),
      'new.prompd': prompt('new', 'a'),
      'same.prompd': prompt('same', 'a'),
    },
  );
  const lock = scene.read('prompd-lock.json');
  const before = scene.stored();
  const preview = await update(scene.context, { dryRun: true });
  t.is(scene.read('prompd-lock.json'), lock);
  t.deepEqual(scene.stored(), before, 'a preview leaves the store alone');
  const result = await update(scene.context);
  t.deepEqual(
    result.prompts.map(({ prompt: id, change, level, direct, from, to, package: owner }) =>
      [owner, id, change, level, direct ? 'direct' : 'indirect', from, to].join(' '),
    ),
    [
      '@acme/c-heir heir changed breaking direct 1.0.0 1.0.0',
      '@acme/c-base ask changed breaking indirect 1.0.0 1.1.0',
      '@acme/c-base new added minor indirect 1.0.0 1.1.0',
      '@acme/c-base old removed breaking indirect 1.0.0 1.1.0',
    ],
  );
  t.deepEqual(result.prompts[0]?.details, [
    'The parameter "word" was removed.',
    'The required parameter "words" (string) is new.',
  ]);
  t.deepEqual(preview.prompts, result.prompts, 'a preview knows it before');
  t.deepEqual({ ...preview, dryRun: false }, result);
});

test('what moves for the project is told also where somebody else keeps the version before', async t => {
  const { publish } = registry();
  await publish(...ask('@acme/k-tone', '1.0.0', 'word'));
  await publish({ name: '@acme/k-other', version: '1.0.0', dependencies: { '@acme/k-tone': '1.0.0' } });
  const scene = await installed(t, registry(), {
    dependencies: { '@acme/k-tone': '^1.0.0', '@acme/k-other': '^1.0.0' },
  });
  await publish(...ask('@acme/k-tone', '1.0.1', 'words'));
  const result = await update(scene.context);
  t.deepEqual(moves(result), ['@acme/k-tone 1.0.0 -> 1.0.1 patch']);
  t.like(result.prompts[0], { prompt: 'ask', level: 'breaking', direct: true });
  t.deepEqual(scene.locked(), ['@acme/k-other@1.0.0', '@acme/k-tone@1.0.0', '@acme/k-tone@1.0.1']);
});

test('packages that are there in two versions, each with its own of another, have not moved', async t => {
  const { publish } = registry();
  for (const version of ['1.0.0', '2.0.0']) {
    await publish({ name: '@acme/two-tone', version });
    await publish({ name: '@acme/two', version, dependencies: { '@acme/two-tone': version } });
  }
  const dependencies = { '@acme/two': '^1.0.0', '@acme/two-user': '^1.0.0' };
  await publish({ name: '@acme/two-user', version: '1.0.0', dependencies: { '@acme/two': '^2.0.0' } });
  const scene = await installed(t, registry(), { dependencies });
  t.is(scene.locked().length, 5);
  t.deepEqual(moves(await update(scene.context)), []);
});

test('two names of one locked package that part ways are two moves, each with what it breaks', async t => {
  const { publish } = registry();
  await publish(...ask('@acme/part', '1.0.0', 'word'));
  const scene = await installed(t, registry(), {
    dependencies: { '@acme/part': '1.0.0', '@acme/old': 'npm:@acme/part@1.0.0' },
  });
  await publish(...ask('@acme/part', '1.1.0', 'word'));
  await publish(...ask('@acme/part', '1.2.0', 'words'));
  scene.write('prompd.json', {
    dependencies: { '@acme/part': '1.0.0 - 1.1.0', '@acme/old': 'npm:@acme/part@^1.0.0' },
  });
  await install(scene.context);
  const seen: UpdateChoice[] = [];
  const pick = async (choices: readonly UpdateChoice[]) => {
    seen.push(...choices);
    return [];
  };
  t.true((await update(scene.context, { pick })).left);
  t.deepEqual(
    seen.map(({ asked, to, group }) => [asked, to, group]),
    [
      ['@acme/old', '1.2.0', 'breaking'],
      ['@acme/part', '1.1.0', 'minor'],
    ],
  );
  const result = await update(scene.context);
  t.deepEqual(moves(result), ['@acme/part 1.0.0 -> 1.1.0 minor', '@acme/part 1.0.0 -> 1.2.0 minor']);
  t.deepEqual(
    result.prompts.map(({ to, level }) => [to, level]),
    [['1.2.0', 'breaking']],
  );
});

test('a folder whose prompt is another one is said to have other content, and not to inherit it', async t => {
  const scene = await installed(t, registry(), {});
  const [manifest, files] = ask('@acme/folder', '1.0.0', 'word');
  scene.write('folder/prompd.json', manifest);
  scene.write('folder/ask.prompd', files['ask.prompd']);
  scene.write('prompd.json', { dependencies: { '@acme/folder': 'file:./folder' } });
  await install(scene.context);
  scene.write('folder/ask.prompd', files['ask.prompd'].replaceAll('word', 'words'));
  const { prompts } = await update(scene.context);
  t.like(prompts[0], { prompt: 'ask', level: 'breaking', inherited: false });
});
