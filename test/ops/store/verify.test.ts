import { chmodSync, existsSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Context } from '#prompd/ops/context.js';
import { install } from '#prompd/ops/install/install.js';
import { verify } from '#prompd/ops/store/verify.js';
import { runCli } from '../../support/cli.js';
import { testContext } from '../../support/context.js';
import { makeScene, promptText, sharedRegistry } from '../scene.js';

const RECORD = '.prompd-package.json';
const registry = sharedRegistry(test, async ({ publish }) => {
  const files = { 'say.prompd': promptText('say'), 'docs/more.md': 'more' };
  await publish({ name: '@common/tone', version: '1.0.0', prompts: { say: 'say.prompd' } }, files);
  await publish({ name: '@acme/lint', version: '1.0.0' });
});

interface Made {
  readonly context: Context;
  readonly cwd: string;
  /** A file of the installed @common/tone. */
  file(name?: string): string;
  dropCache(): void;
}

async function makeProject(t: ExecutionContext, options: { global?: boolean } = {}): Promise<Made> {
  const manifest = {
    dependencies: { '@common/tone': '^1.0.0' },
    devDependencies: { '@acme/lint': '^1.0.0' },
  };
  const { dir, home } = makeScene(t, registry().url, { manifest });
  const context = await testContext({ cwd: dir, home, env: { PROMPD_REGISTRY: registry().url } });
  await install(context, options.global ? { global: true, specs: ['@common/tone'] } : {});
  return {
    context,
    cwd: dir,
    file: (name = '') => path.join(home, 'packages/@common/tone@1.0.0', name),
    dropCache: () => rmSync(path.join(home, 'cache'), { recursive: true }),
  };
}

/** Placed files are read-only, which does not keep anybody out. */
function overwrite(file: string, text: string): void {
  const { mode } = statSync(file);
  chmodSync(file, 0o644);
  writeFileSync(file, text);
  chmodSync(file, mode);
}

test('what was installed is as it was, and the dev packages that were left out are not missed', async t => {
  const { context, cwd } = await makeProject(t);
  t.like(await verify(context), { ok: true, packages: 2, damaged: [], project: cwd });
  rmSync(path.join(context.config.home, 'packages/@acme'), { recursive: true });
  t.like(await verify(context), { ok: true, packages: 1 });
});

const damages: readonly [string, (file: Made['file']) => void, object][] = [
  ['a changed file', file => overwrite(file('say.prompd'), 'evil'), { changed: ['say.prompd'] }],
  ['a missing file', file => rmSync(file('docs/more.md')), { missing: ['docs/more.md'] }],
  ['a file more', file => writeFileSync(file('docs/extra.md'), ''), { extra: ['docs/extra.md'] }],
  ['a writable file', file => chmodSync(file('say.prompd'), 0o644), { modes: ['say.prompd'] }],
  ['an executable file', file => chmodSync(file('say.prompd'), 0o555), { modes: ['say.prompd'] }],
  [
    'a link in place of a file',
    file => {
      rmSync(file('docs/more.md'));
      symlinkSync('/etc/hostname', file('docs/more.md'));
    },
    { changed: ['docs/more.md'] },
  ],
  ['a lost record', file => rmSync(file(RECORD)), { missing: [RECORD] }],
  ['a package that is gone', file => rmSync(file(), { recursive: true }), { dir: undefined }],
];
for (const [what, damage, found] of damages) {
  for (const cached of [true, false]) {
    test(`${what} is found and mended from the ${cached ? 'cache' : 'registry'}`, async t => {
      const { context, file, dropCache } = await makeProject(t);
      damage(file);
      if (!cached) dropCache();
      const result = await verify(context);
      t.false(result.ok);
      t.like(result.damaged, [{ ...found, fixed: false }]);
      const use = cached ? 'never' : undefined;
      t.like(await verify(context, { fix: true, use }), { ok: true, damaged: [{ fixed: true }] });
      t.like(await verify(context), { ok: true, damaged: [] });
    });
  }
}

test('a file and its record, both changed to fit each other, are found where the cache has the archive', async t => {
  const { context, file } = await makeProject(t);
  overwrite(file('docs/more.md'), 'evil');
  const { createHash } = await import('node:crypto');
  const digest = (text: string) => createHash('sha256').update(text).digest('hex');
  overwrite(file(RECORD), readFileSync(file(RECORD), 'utf8').replace(digest('more'), digest('evil')));
  const { ok, damaged } = await verify(context);
  t.false(ok);
  t.like(damaged, [{ against: 'archive', changed: [RECORD, 'docs/more.md'] }]);
});

test('what cannot be had again stays damaged, with the reason', async t => {
  const { context, file, dropCache } = await makeProject(t);
  overwrite(file('say.prompd'), 'evil');
  dropCache();
  const { ok, damaged } = await verify(context, { fix: true, use: 'never' });
  t.false(ok);
  t.regex(damaged[0]?.reason ?? '', /not in the cache/);
  t.true(existsSync(file('docs/more.md')));
});

test('a project with dependencies and without a lockfile is not called sound', async t => {
  const { context, cwd } = await makeProject(t);
  rmSync(path.join(cwd, 'prompd-lock.json'));
  await t.throwsAsync(verify(context), { code: 'ELOCKMISSING' });
  writeFileSync(path.join(cwd, 'prompd.json'), '{}');
  t.like(await verify(context), { ok: true, packages: 0 });
});

test('-g looks at the packages for use anywhere', async t => {
  const { context, file } = await makeProject(t, { global: true });
  overwrite(file('say.prompd'), 'evil');
  t.like(await verify(context, { global: true }), { ok: false, packages: 1 });
});

test('--all looks at the whole store, and takes away what nobody knows any more', async t => {
  const { context, file } = await makeProject(t);
  rmSync(file(RECORD));
  t.like(await verify(context, { all: true }), { ok: false, packages: 2, project: undefined });
  t.true((await verify(context, { all: true, fix: true })).ok);
  t.false(existsSync(file()));
  await install(context);
  overwrite(file('say.prompd'), 'evil');
  t.true((await verify(context, { all: true, fix: true })).ok);
  t.is(readFileSync(file('docs/more.md'), 'utf8'), 'more');
});

test('the command line is exit 7 for damage and exit 0 once it is mended', async t => {
  const { context, cwd, file } = await makeProject(t);
  const env = { PROMPD_HOME: context.config.home, PROMPD_REGISTRY: registry().url };
  overwrite(file('say.prompd'), 'evil');
  const bad = await runCli(['verify'], { cwd, env });
  t.is(bad.code, 7);
  t.regex(bad.stdout, /damaged @common\/tone 1\.0\.0\n {2}changed: say\.prompd\n/);
  t.is((await runCli(['verify', '--fix', '--json'], { cwd, env })).code, 0);
});
