import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { z } from 'zod';
import type { Context } from '#prompd/ops/context.js';
import { install } from '#prompd/ops/install/install.js';
import { installIfNeeded } from '#prompd/ops/install/install-if-needed.js';
import { listProject } from '#prompd/ops/install/list.js';
import { render } from '#prompd/ops/prompts/render.js';
import { show } from '#prompd/ops/prompts/show.js';
import { vendor } from '#prompd/ops/store/vendor.js';
import { verify } from '#prompd/ops/store/verify.js';
import { finished, runCli, startCli } from '../../support/cli.js';
import { testContext } from '../../support/context.js';
import { tempDir } from '../../support/temp.js';
import { makeScene, promptText, sharedRegistry } from '../scene.js';

const prompts = { prompts: { say: 'say.prompd' } };
const registry = sharedRegistry(test, async ({ publish }) => {
  const file = (body: string) => ({ 'say.prompd': promptText('say', body) });
  await publish({ name: '@common/tone', version: '1.0.0', ...prompts }, file('Tone {{ word }}.'));
  await publish(
    { name: '@acme/review', version: '1.0.0', ...prompts, dependencies: { '@common/tone': '^1.0.0' } },
    file('Review {{ word }}.'),
  );
  await publish({ name: '@acme/lint', version: '1.0.0', ...prompts }, file('Lint {{ word }}.'));
});
const manifest = {
  dependencies: { '@acme/review': '^1.0.0' },
  devDependencies: { '@acme/lint': '^1.0.0' },
};

const lockSchema = z.object({ packages: z.record(z.string(), z.object({ integrity: z.string() })) });

interface Made {
  readonly dir: string;
  readonly home: string;
  readonly context: Context;
  /** The same project on a machine that has nothing and reaches nobody. */
  bare(): Promise<Context>;
  file(...parts: string[]): string;
}

async function makeProject(t: ExecutionContext, wanted: unknown = manifest): Promise<Made> {
  const { dir, home } = makeScene(t, registry().url, { manifest: wanted });
  const context = await testContext({ cwd: dir, home, env: { PROMPD_REGISTRY: registry().url } });
  await install(context);
  return {
    dir,
    home,
    context,
    bare: () => testContext({ cwd: dir, home: tempDir(t), env: { PROMPD_REGISTRY: 'http://127.0.0.1:9/' } }),
    file: (...parts) => path.join(dir, 'prompd_packages', ...parts),
  };
}

const say = (context: Context, prompt = '@acme/review:say') =>
  render(context, { prompt, assignments: ['word=this'], files: [] });

test('a vendored project renders, shows, lists and installs without store, cache and network', async t => {
  const made = await makeProject(t);
  const { fits, written, removed, total } = await vendor(made.context);
  t.deepEqual(
    [fits, removed, total, written.map(({ folder }) => folder)],
    [true, [], 3, ['@acme/lint@1.0.0', '@acme/review@1.0.0', '@common/tone@1.0.0']],
  );
  const bare = await made.bare();
  t.is((await say(bare)).text, 'Review this.');
  t.is((await say(bare, '@common/tone')).text, 'Tone this.');
  t.is((await show(bare, '@acme/review:say')).id, 'say');
  t.true((await listProject(bare)).dependencies.every(({ installed }) => installed));
  t.like(await installIfNeeded(bare), { fetched: 0, total: 3 });
  t.like(await install(bare, { use: 'never' }), { fetched: 0, total: 3 });
  t.false(existsSync(path.join(bare.config.home, 'packages')));
});

test('verify holds what is vendored against its archives, and an error about it names the folder', async t => {
  const { context, bare, file } = await makeProject(t);
  await vendor(context);
  const other = await bare();
  t.like(await verify(other), { ok: true, packages: 3, damaged: [] });
  const sound = await verify(context);
  t.is(sound.packages, 3);
  t.is((await verify(other)).files, sound.files);
  writeFileSync(file('@common/tone@1.0.0/say.prompd'), 'evil');
  for (const where of [other, context]) {
    const { ok, damaged } = await verify(where, { fix: true });
    t.false(ok);
    t.like(damaged[0], { name: '@common/tone', dir: file('@common/tone@1.0.0'), fixed: false });
    t.regex(damaged[0]?.reason ?? '', /another say\.prompd.*prompd vendor/);
  }
  const error = await t.throwsAsync(
    render(other, { prompt: '@common/tone', assignments: ['word=x'], files: [] }),
    { code: 'EINTEGRITY' },
  );
  t.regex(error?.message ?? '', /prompd_packages/);
});

test('the command line renders a vendored prompt with --offline and an empty home', async t => {
  const made = await makeProject(t);
  await vendor(made.context);
  const { code, stdout } = await runCli(
    ['render', '@acme/review', '-p', 'word=x', '--offline', '--format', 'text'],
    {
      cwd: made.dir,
      env: { PROMPD_HOME: tempDir(t) },
    },
  );
  t.deepEqual([code, stdout.trim()], [0, 'Review x.']);
});

test('vendoring twice writes nothing the second time', async t => {
  const made = await makeProject(t);
  await vendor(made.context);
  const before = snapshot(made.file());
  t.like(await vendor(made.context), { fits: true, written: [], removed: [] });
  t.deepEqual(snapshot(made.file()), before);
  t.deepEqual(readdirSync(made.file()).sort(), ['@acme', '@common', 'prompd-vendor.json']);
});

test('packages that left the lockfile leave the folder, and what others keep there stays', async t => {
  const made = await makeProject(t);
  await vendor(made.context);
  writeFileSync(made.file('README.md'), 'ours');
  mkdirSync(made.file('@acme', 'notes'));
  const { removed } = await vendor(made.context, { omitDev: true });
  t.deepEqual(removed, ['@acme/lint@1.0.0']);
  t.deepEqual(readdirSync(made.file('@acme')).sort(), ['notes', 'review@1.0.0']);
  t.is(readFileSync(made.file('README.md'), 'utf8'), 'ours');
});

test('--check is exit 0 where the folder fits, exit 1 with the reason where it does not, and writes nothing', async t => {
  const made = await makeProject(t);
  const env = { PROMPD_HOME: made.home, PROMPD_REGISTRY: registry().url };
  const check = () => runCli(['vendor', '--check', '--json'], { cwd: made.dir, env });
  const missing = await check();
  t.is(missing.code, 1);
  t.like(missing.json(), { fits: false, written: [{ reason: 'is missing' }] });
  t.false(existsSync(made.file()));
  await vendor(made.context);
  t.is((await check()).code, 0);
});

const faults: readonly [string, (file: Made['file']) => void, RegExp][] = [
  ['a changed file', file => writeFileSync(file('say.prompd'), 'evil'), /has another say\.prompd/],
  ['a missing file', file => rmSync(file('say.prompd')), /has no say\.prompd/],
  ['a file more', file => writeFileSync(file('more.md'), ''), /has a file more: more\.md/],
  ['another archive', file => writeFileSync(file('.prompd-package.tgz'), 'evil'), /has another archive/],
  [
    'a link to a file',
    file => {
      writeFileSync(file('..', 'aside'), readFileSync(file('say.prompd')));
      rmSync(file('say.prompd'));
      symlinkSync('../aside', file('say.prompd'));
    },
    /has something else in place of say\.prompd/,
  ],
];
for (const [what, damage, reason] of faults) {
  test(`${what} is found by --check and mended without the network`, async t => {
    const made = await makeProject(t);
    await vendor(made.context);
    damage((...parts) => made.file('@acme', 'review@1.0.0', ...parts));
    const { fits, written } = await vendor(made.context, { check: true });
    t.false(fits);
    t.regex(written[0]?.reason ?? '', reason);
    await vendor(made.context, { use: 'never' });
    t.true((await vendor(made.context, { check: true })).fits);
  });
}

for (const [what, file] of [
  ['archive', '.prompd-package.tgz'],
  ['file', 'say.prompd'],
]) {
  test(`a prompt of a package whose vendored ${what} was changed is refused, never rendered`, async t => {
    const made = await makeProject(t);
    await vendor(made.context);
    const review = made.file('@acme', 'review@1.0.0');
    writeFileSync(
      path.join(review, file ?? ''),
      readFileSync(path.join(made.file('@common', 'tone@1.0.0'), file ?? '')),
    );
    await t.throwsAsync(say(await made.bare()), { code: 'EINTEGRITY' });
  });
}

test('a lockfile that asks for another archive than the vendored one gets nothing from it', async t => {
  const made = await makeProject(t);
  await vendor(made.context);
  const lock = path.join(made.dir, 'prompd-lock.json');
  const digest = /(review@1\.0\.0": \{[^}]*?sha512-)(.)/s;
  const text = readFileSync(lock, 'utf8');
  writeFileSync(
    lock,
    text.replace(digest, (_, before, first) => `${before}${first === 'A' ? 'B' : 'A'}`),
  );
  await t.throwsAsync(say(await made.bare()), { code: 'EINTEGRITY' });
});

test('an archive that the cache lost is made again from the store, and a foreign folder is not written into', async t => {
  const made = await makeProject(t);
  rmSync(path.join(made.home, 'cache'), { recursive: true });
  t.true((await vendor(made.context, { use: 'never' })).fits);
  const foreign = path.join(made.dir, 'src');
  mkdirSync(foreign);
  writeFileSync(path.join(foreign, 'main.py'), '');
  await t.throwsAsync(vendor(made.context, { dir: 'src' }), { code: 'EEXISTS' });
  t.deepEqual(readdirSync(foreign), ['main.py']);
  t.true((await vendor(made.context, { dir: '../image' })).fits);
  t.true(existsSync(path.join(made.dir, '../image/@acme/review@1.0.0/say.prompd')));
});

test('links that a checkout brings do not lead the writing out of the folder', async t => {
  const made = await makeProject(t);
  const outside = tempDir(t);
  writeFileSync(path.join(outside, 'precious'), 'mine');
  mkdirSync(made.file());
  symlinkSync(path.join(outside, 'precious'), made.file('prompd-vendor.json'));
  for (const name of ['@acme', '@common', '.staging']) symlinkSync(outside, made.file(name));
  t.true((await vendor(made.context)).fits);
  t.deepEqual(readdirSync(outside), ['precious']);
  t.is(readFileSync(path.join(outside, 'precious'), 'utf8'), 'mine');
  rmSync(made.file(), { recursive: true });
  symlinkSync(outside, made.file());
  await t.throwsAsync(vendor(made.context), { code: 'EEXISTS' });
});

test('a lockfile that prompd.json has left behind is not vendored', async t => {
  const made = await makeProject(t);
  writeFileSync(path.join(made.dir, 'prompd.json'), '{"dependencies": {"@acme/lint": "^1.0.0"}}');
  await t.throwsAsync(vendor(made.context), { code: 'ELOCKOUTDATED' });
  t.false(existsSync(made.file()));
});

test('an archive that is another package is not vendored, and does not stay in the cache', async t => {
  const made = await makeProject(t);
  const lockfile = path.join(made.dir, 'prompd-lock.json');
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(lockfile, 'utf8')));
  const [lint = '', tone = ''] = ['@acme/lint', '@common/tone'].map(
    name => Object.entries(packages).find(([key]) => key.includes(name))?.[1].integrity,
  );
  writeFileSync(lockfile, readFileSync(lockfile, 'utf8').replace(lint, tone));
  const bare = await made.bare();
  const cached = path.join(bare.config.home, 'cache');
  cpSync(path.join(made.home, 'cache'), cached, { recursive: true });
  const files = () => readdirSync(cached, { recursive: true, withFileTypes: true }).filter(e => e.isFile());
  const before = files().length;
  await t.throwsAsync(vendor(bare), { code: 'EWRONGARCHIVE', message: /@acme\/lint@1\.0\.0 holds another/ });
  t.is(files().length, before - 1);
});

test('when one package cannot be had, none is written and what was vendored stays', async t => {
  const made = await makeProject(t);
  await vendor(made.context, { omitDev: true });
  const before = snapshot(made.file());
  const bare = await made.bare();
  rmSync(made.file('@common'), { recursive: true });
  await t.throwsAsync(vendor(bare, { use: 'never' }), { code: 'EOFFLINE' });
  t.deepEqual(
    snapshot(made.file()),
    before.filter(([file]) => !file.startsWith('@common')),
  );
});

for (const moment of ['prompd-vendor.json', '.staging', '@acme']) {
  test(`killed as soon as ${moment} is there, vendoring leaves whole packages only, and is completed by the next`, async t => {
    const made = await makeProject(t);
    const child = startCli(t, ['vendor'], {
      cwd: made.dir,
      env: { PROMPD_HOME: made.home, PROMPD_REGISTRY: registry().url },
    });
    const ended = finished(child);
    while (!existsSync(made.file(moment)) && child.exitCode === null) await setTimeout(1);
    child.kill('SIGKILL');
    await ended;
    const { written, removed } = await vendor(made.context, { check: true });
    t.true(written.every(({ reason }) => reason === 'is missing'));
    t.deepEqual(removed, []);
    t.true((await vendor(made.context)).fits);
    t.true((await vendor(made.context, { check: true })).fits);
    t.false(existsSync(made.file('.staging')));
  });
}

function snapshot(dir: string): [string, string, number][] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name))
    .sort()
    .map(file => [path.relative(dir, file), readFileSync(file, 'base64'), statSync(file).mtimeMs]);
}
