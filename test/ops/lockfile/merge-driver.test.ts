import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { checkLock, lock } from '#prompd/ops/lockfile/lock.js';
import { mergeForGit } from '#prompd/ops/lockfile/merge-driver.js';
import { installMergeDriver } from '#prompd/ops/lockfile/merge-driver-install.js';
import { testContext } from '../../support/context.js';
import { makeRepository } from '../../support/git.js';
import { tempDir } from '../../support/temp.js';
import { locked, promptText, sharedRegistry } from '../scene.js';

const registry = sharedRegistry(test, async ({ publish }) => {
  const prompts = { say: 'say.prompd' };
  for (const version of ['1.0.0', '1.1.0', '1.2.0'])
    await publish({ name: '@common/tone', version, prompts }, { 'say.prompd': promptText('say') });
  for (const name of ['aa', 'm1', 'm2', 'm3', 'zz'])
    await publish({ name: `@acme/${name}`, version: '1.0.0', dependencies: { '@common/tone': '^1.0.0' } });
});

const base = { '@acme/m1': '^1.0.0', '@acme/m2': '^1.0.0', '@acme/m3': '^1.0.0' };

/** A project in a folder of a repository, with a lockfile committed on main. */
async function scene(t: ExecutionContext, config: Record<string, string> = {}) {
  const root = path.join(tempDir(t), 'repository');
  const dir = path.join(root, 'prompts');
  mkdirSync(dir, { recursive: true });
  const home = path.join(root, '..', 'home');
  const context = await testContext({
    cwd: dir,
    home,
    env: { ...process.env, PROMPD_REGISTRY: registry().url },
  });
  // What git runs reaches no registry: all it needs stands in the two lockfiles.
  const repository = await makeRepository(root, {
    PROMPD_HOME: home,
    PROMPD_REGISTRY: 'http://127.0.0.1:9/',
  });
  for (const [key, value] of Object.entries(config)) await repository.good('config', key, value);
  const write = async (dependencies: Record<string, string>) => {
    const sorted = Object.fromEntries(Object.entries(dependencies).sort());
    writeFileSync(path.join(dir, 'prompd.json'), `${JSON.stringify({ dependencies: sorted }, null, 2)}\n`);
    await lock(context);
  };
  const branch = async (name: string, dependencies: Record<string, string>) => {
    await repository.good('checkout', '-q', '-b', name, 'main');
    await write(dependencies);
    await repository.commit(name);
  };
  const read = (file: string) => readFileSync(path.join(dir, file), 'utf8');
  await write(base);
  return { context, repository, branch, read, dir, root };
}

const both = [
  '@acme/aa@1.0.0',
  '@acme/m1@1.0.0',
  '@acme/m2@1.0.0',
  '@acme/m3@1.0.0',
  '@acme/zz@1.0.0',
  '@common/tone@1.2.0',
];

test('two branches that each add a dependency are merged by git, and the lockfile passes the check', async t => {
  const { context, repository, branch, read } = await scene(t);
  t.true((await installMergeDriver(context)).changed);
  await repository.commit('base');
  await branch('one', { ...base, '@acme/aa': '^1.0.0' });
  await branch('two', { ...base, '@acme/zz': '^1.0.0' });
  const { code, stdout, stderr } = await repository.git('merge', '--no-edit', 'one');
  t.is(code, 0, stdout + stderr);
  t.is(await repository.good('status', '--porcelain'), '');
  t.deepEqual(locked(read('prompd-lock.json')), both);
  t.like(await checkLock(context), { ok: true, reasons: [] });
});

for (const style of ['merge', 'diff3', 'zdiff3']) {
  test(`without the driver, what git leaves in the style ${style} is merged by the next lock`, async t => {
    const { context, repository, branch, read } = await scene(t, { 'merge.conflictStyle': style });
    await repository.commit('base');
    await branch('one', { ...base, '@acme/aa': '^1.0.0', '@acme/zz': '^1.0.0' });
    await branch('two', { ...base, '@common/tone': '^1.1.0' });
    await repository.git('merge', '--no-edit', 'one');
    if (/^<{7}/m.test(read('prompd.json'))) {
      const all = { ...base, '@acme/aa': '^1.0.0', '@acme/zz': '^1.0.0', '@common/tone': '^1.1.0' };
      writeFileSync(
        path.join(context.cwd, 'prompd.json'),
        `${JSON.stringify({ dependencies: all }, null, 2)}\n`,
      );
    }
    t.regex(read('prompd-lock.json'), /^<{7}/m);
    await lock(context);
    t.deepEqual(locked(read('prompd-lock.json')), both);
    t.like(await checkLock(context), { ok: true, reasons: [] });
  });
}

test('where both branches want another range of one package, the conflict is left to people, in both files', async t => {
  const { context, repository, branch, read, dir } = await scene(t);
  await installMergeDriver(context);
  await repository.commit('base');
  await branch('one', { ...base, '@common/tone': '1.0.0' });
  await branch('two', { ...base, '@common/tone': '1.1.0' });
  const { code, stdout, stderr } = await repository.git('merge', '--no-edit', 'one');
  t.is(code, 1);
  t.regex(
    stdout + stderr,
    /could not merge prompts\/prompd-lock\.json: Both sides changed dependencies\.@common\/tone/,
  );
  for (const file of ['prompd.json', 'prompd-lock.json'])
    t.regex(read(file), /^<{7}[\s\S]*^={7}[\s\S]*^>{7}/m);
  writeFileSync(
    path.join(dir, 'prompd.json'),
    `${JSON.stringify({ dependencies: { ...base, '@common/tone': '1.1.0' } }, null, 2)}\n`,
  );
  await lock(context);
  t.true(locked(read('prompd-lock.json')).includes('@common/tone@1.1.0'));
  t.like(await checkLock(context), { ok: true });
});

test('what both branches updated differently is resolved again; without a registry markers are left', async t => {
  const { context, dir } = await scene(t);
  const side = async (version: string) => {
    const manifest = { dependencies: { '@acme/m1': '^1.0.0', '@common/tone': '^1.0.0' } };
    writeFileSync(path.join(dir, 'prompd.json'), JSON.stringify(manifest));
    writeFileSync(path.join(dir, 'prompd-lock.json'), '<<<<<<< a\n=======\n>>>>>>> b\n');
    await lock(context);
    const wanted = { dependencies: { ...manifest.dependencies, '@common/tone': version } };
    writeFileSync(path.join(dir, 'prompd.json'), JSON.stringify(wanted));
    await lock(context);
    const text = readFileSync(path.join(dir, 'prompd-lock.json'), 'utf8');
    return text.replace(`"@common/tone": "${version}"`, '"@common/tone": "^1.0.0"');
  };
  const texts = { base: await side('1.0.0'), ours: await side('1.1.0'), theirs: await side('1.2.0') };
  const merge = async (registryUrl: string) => {
    for (const [name, text] of Object.entries(texts)) writeFileSync(path.join(dir, name), text);
    const env = { PROMPD_REGISTRY: registryUrl };
    const offline = await testContext({ cwd: dir, home: path.join(dir, `home${registryUrl.length}`), env });
    const result = await mergeForGit(offline, { base: 'base', ours: 'ours', theirs: 'theirs' });
    return { result, text: readFileSync(path.join(dir, 'ours'), 'utf8') };
  };
  const away = await merge('http://127.0.0.1:9/');
  t.like(away.result, { merged: false });
  t.regex(away.text, /^<{7} ours[\s\S]*^\|{7} base[\s\S]*^={7}$[\s\S]*^>{7} theirs$/m);
  const there = await merge(registry().url);
  t.like(there.result, { merged: true });
  t.is(there.text, texts.theirs, 'the higher version does for both');
});

test('installing the driver again changes nothing, and keeps what else .gitattributes says', async t => {
  const { context, repository, root } = await scene(t);
  const attributes = path.join(root, '.gitattributes');
  writeFileSync(attributes, '*.png binary');
  t.like(await installMergeDriver(context), { changed: true, attributes });
  const text = readFileSync(attributes, 'utf8');
  t.is(text, '*.png binary\nprompd-lock.json merge=prompd-lock\n');
  const config = await repository.good('config', '--local', '--list');
  t.regex(config, /merge\.prompd-lock\.driver=prompd lock merge-driver %O %A %B %P/);
  t.like(await installMergeDriver(context), { changed: false });
  t.is(readFileSync(attributes, 'utf8'), text);
  t.is(await repository.good('config', '--local', '--list'), config);
});

test('outside of a repository there is nothing to install the driver in', async t => {
  const dir = tempDir(t);
  const context = await testContext({
    cwd: dir,
    env: { PATH: process.env['PATH'] ?? '', GIT_CEILING_DIRECTORIES: path.dirname(dir) },
  });
  await t.throwsAsync(installMergeDriver(context), { code: 'EGIT', message: /not a git repository/ });
});
