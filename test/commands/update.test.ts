import test from 'ava';
import { install } from '#prompd/ops/install/install.js';
import { installed } from '../ops/project-scene.js';
import { promptText, type Scene, sharedRegistry } from '../ops/scene.js';
import type { Teardown } from '../support/temp.js';
import { KEYS, openTerminal } from '../support/terminal.js';

const NAMES = ['@acme/ask', '@acme/rules', '@common/tone'];

const registry = sharedRegistry(test, async ({ publish }) => {
  await publish({ name: '@common/tone', version: '1.0.0' });
  await publish({ name: '@common/tone', version: '1.0.1' });
  await publish({ name: '@acme/rules', version: '1.0.0', dependencies: { '@common/tone': '^1.0.0' } });
  await publish({ name: '@acme/rules', version: '2.0.0' });
  await publish(
    { name: '@acme/ask', version: '1.0.0', prompts: { ask: 'ask.prompd' } },
    { 'ask.prompd': promptText('ask') },
  );
  await publish(
    { name: '@acme/ask', version: '1.1.0', prompts: { ask: 'ask.prompd' } },
    { 'ask.prompd': promptText('ask').replaceAll('word', 'words') },
  );
});

/** A project that asks for `^1.0.0` of everything and has 1.0.0. */
async function behind(t: Teardown): Promise<Scene> {
  const asking = (range: string) => ({ dependencies: Object.fromEntries(NAMES.map(name => [name, range])) });
  const scene = await installed(t, registry(), asking('1.0.0'));
  scene.write('prompd.json', asking('^1.0.0'));
  await install(scene.context);
  return scene;
}

test('outdated prints a table or JSON by name and exits with 1, then update moves all and outdated exits with 0', async t => {
  const scene = await behind(t);
  const table = await scene.run('outdated');
  t.is(table.code, 1);
  t.is(
    table.stdout,
    `Package       Current  Wanted  Latest  Kind        Where    Notes
@acme/ask     1.0.0    1.1.0   1.1.0   dependency  project
@acme/rules   1.0.0    1.0.0   2.0.0   dependency  project  latest may break
@common/tone  1.0.0    1.0.1   1.0.1   dependency  project
`,
  );
  const json = await scene.run('outdated', '@acme/ask', '--json');
  t.is(json.code, 1);
  t.deepEqual(json.json(), {
    '@acme/ask': {
      current: '1.0.0',
      kind: 'dependency',
      where: ['project'],
      wanted: '1.1.0',
      latest: '1.1.0',
      yanked: false,
    },
  });
  const updated = await scene.good('up');
  t.is(
    updated.stdout,
    `@acme/ask     1.0.0  -> 1.1.0  minor
@common/tone  1.0.0  -> 1.0.1  patch

Prompts that changed for those who call them:
  @acme/ask:ask  breaking  (1.0.0 -> 1.1.0)
    The parameter "word" was removed.
    The required parameter "words" (string) is new.

Updated 2 packages: 0 added, 0 removed, 2 fetched, 3 in all.
`,
  );
  t.is((await scene.run('outdated', '@acme/ask')).code, 0);
  t.is((await scene.good('update')).stdout, 'Everything is up to date.\n');
  const latest = await scene.good('upgrade', '--latest', '--json', '@acme/rules');
  t.like(latest.json(), {
    ranges: [{ field: 'dependencies', name: '@acme/rules', from: '^1.0.0', to: '^2.0.0' }],
    moved: [{ name: '@acme/rules', from: '1.0.0', to: '2.0.0', step: { kind: 'major', isBreaking: true } }],
  });
  const none = await scene.run('outdated', '--json');
  t.is(none.code, 0);
  t.deepEqual(none.json(), {});
});

test('why, dedupe and prune know their aliases and exit codes', async t => {
  const scene = await behind(t);
  t.regex(
    (await scene.good('explain', '@common/tone')).stdout,
    /> @acme\/rules@1\.0\.0 \(\^1\.0\.0\) > @common\/tone/,
  );
  t.is((await scene.run('why', '@common/tnoe')).code, 5);
  t.is((await scene.run('why', '@common/tone', '--limit', '0')).code, 1);
  t.is((await scene.good('ddp', '--check')).stdout, 'There is nothing to merge.\n');
  t.regex((await scene.good('prune')).stdout, /nothing that is not needed/);
  t.regex(
    (await scene.good('prune', '--store', '--dry-run')).stdout,
    /Would remove 0 packages from the store, 3 kept for 1 project/,
  );
});

test('without a terminal a choice is a usage error, and nothing changes', async t => {
  const scene = await behind(t);
  const lock = scene.read('prompd-lock.json');
  const { code, stderr } = await scene.run('update', '--interactive');
  t.is(code, 1);
  t.regex(stderr, /EUSAGE: --interactive needs a terminal/);
  t.is(scene.read('prompd-lock.json'), lock);
});

test('in a terminal the chosen packages are updated, and leaving the list changes nothing', async t => {
  const scene = await behind(t);
  const lock = scene.read('prompd-lock.json');
  const left = await openTerminal(t, ['update', '-i'], { cwd: scene.dir, env: scene.env });
  await left.until('q: cancel');
  t.like(await left.state(), { cursor: false, cooked: false });
  await left.send(' q');
  t.is(await left.ended(), 1);
  t.regex(await left.screen(), /ECANCELLED: The choice was left\. Nothing was updated\./);
  t.deepEqual(await left.state(), { cursor: true, alternate: false, cooked: true });
  t.is(scene.read('prompd-lock.json'), lock);

  const terminal = await openTerminal(t, ['update', '-i', '--latest'], { cwd: scene.dir, env: scene.env });
  await terminal.until(
    /Breaking[^\n]*\n> \[ \] @acme\/ask [^\n]*may break ask[^\n]*\n {2}\[ \] @acme\/rules +1\.0\.0 -> 2\.0\.0/,
  );
  await terminal.resize(50, 7);
  await terminal.until(
    /Choose what to update[^\n]*\n[^\n]*\n[^\n]*\n> \[ \] @acme\/ask [^\n]*\n +\d more below/,
  );
  await terminal.resize(80, 24);
  await terminal.send('?');
  await terminal.until(/Space x +choose/);
  await terminal.send('? ');
  await terminal.until('> [x] @acme/ask     1.0.0 -> 1.1.0  (may break ask)');
  await terminal.send(KEYS.enter);
  t.is(await terminal.ended(), 0);
  t.regex(await terminal.screen(), /Updated 1 package: /);
  t.deepEqual(JSON.parse(scene.read('prompd.json')).dependencies, {
    '@acme/ask': '^1.1.0',
    '@acme/rules': '^1.0.0',
    '@common/tone': '^1.0.0',
  });
});
