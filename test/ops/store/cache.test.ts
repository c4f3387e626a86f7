import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { install } from '#prompd/ops/install/install.js';
import { cleanCache, listCache, verifyCache } from '#prompd/ops/store/cache.js';
import { openStore } from '#prompd/store/index.js';
import { makePackage } from '../../store/package.js';
import { runCli } from '../../support/cli.js';
import { testContext } from '../../support/context.js';
import { tempDir } from '../../support/temp.js';
import { makeScene, sharedRegistry } from '../scene.js';

const registry = sharedRegistry(test, async ({ publish }) => {
  await publish({ name: '@common/tone', version: '1.0.0' });
});

/** A home whose cache holds two versions of one package and one of another. */
async function filled(t: ExecutionContext) {
  const home = tempDir(t);
  const { cache } = openStore(home);
  for (const [name = '', version = ''] of [
    ['@acme/a', '1.0.0'],
    ['@acme/a', '2.0.0'],
    ['b', '1.0.0'],
  ]) {
    const { id, bytes } = await makePackage(name, version);
    await cache.write(id.integrity, bytes);
  }
  const context = await testContext({ cwd: tempDir(t), home });
  return { home, cache, context: { ...context, now: () => new Date(Date.now() + 3_600_000) } };
}

const names = (archives: readonly { name: string | undefined; version: string | undefined }[]) =>
  archives.map(({ name, version }) => `${name}@${version}`);

test('archives are listed by name, also those that nobody wrote down, with size and age', async t => {
  const { context } = await filled(t);
  const { archives, size } = await listCache(context);
  t.deepEqual(names(archives), ['@acme/a@1.0.0', '@acme/a@2.0.0', 'b@1.0.0']);
  t.true(archives.every(({ ageSeconds }) => ageSeconds >= 3599 && ageSeconds < 3700));
  t.is(
    size,
    archives.reduce((sum, archive) => sum + archive.size, 0),
  );
});

test('an empty cache is empty, and looking at it makes nothing', async t => {
  const home = path.join(tempDir(t), 'home');
  const context = await testContext({ cwd: tempDir(t), home });
  t.like(await listCache(context), { archives: [], size: 0 });
  t.like(await verifyCache(context), { checked: 0, damaged: [] });
  t.false(existsSync(home));
});

const cleanings: readonly [string, string[], string[]][] = [
  ['everything', [], ['@acme/a@1.0.0', '@acme/a@2.0.0', 'b@1.0.0']],
  ['all versions of a package', ['@acme/a'], ['@acme/a@1.0.0', '@acme/a@2.0.0']],
  ['one version', ['@acme/a@2.0.0'], ['@acme/a@2.0.0']],
  ['what is not there', ['@acme/other'], []],
];
for (const [what, packages, gone] of cleanings) {
  test(`cleaning removes ${what} and says how much that freed`, async t => {
    const { context } = await filled(t);
    const before = await listCache(context);
    const { removed, freed } = await cleanCache(context, packages);
    t.deepEqual(names(removed), gone);
    t.is((await listCache(context)).size, before.size - freed);
    t.is(removed.length === 0, freed === 0);
  });
}

test('a range does not say what is to go', async t => {
  const { context } = await filled(t);
  await t.throwsAsync(cleanCache(context, ['@acme/a@^1.0.0']), { code: 'EBADSPEC' });
});

test('damaged archives are found, removed and told', async t => {
  const { context, cache } = await filled(t);
  const [entry] = await cache.entries();
  writeFileSync(entry?.file ?? '', 'evil');
  const { checked, damaged } = await verifyCache(context);
  t.deepEqual([checked, damaged.map(({ integrity }) => integrity)], [3, [entry?.integrity]]);
  t.like(await verifyCache(context), { checked: 2, damaged: [] });
});

test('an install beside a cleaning is whole, and its packuments are forgotten with the rest', async t => {
  const { dir, home } = makeScene(t, registry().url, {
    manifest: { dependencies: { '@common/tone': '^1.0.0' } },
  });
  const context = await testContext({ cwd: dir, home, env: { PROMPD_REGISTRY: registry().url } });
  let running = true;
  const cleaning = (async () => {
    while (running) await cleanCache(context, []);
  })();
  for (let round = 0; round < 5; round++) {
    rmSync(path.join(home, 'packages'), { recursive: true, force: true });
    t.like(await install(context), { total: 1 });
    t.deepEqual(readdirSync(path.join(home, 'packages/@common')), ['tone@1.0.0']);
  }
  running = false;
  await cleaning;
  await cleanCache(context, []);
  t.like(await listCache(context), { archives: [], packuments: { count: 0 }, size: 0 });
});

test('the command line lists, cleans, and is exit 7 once for a damaged archive', async t => {
  const { home, cache } = await filled(t);
  const run = (...args: string[]) => runCli(['cache', ...args], { env: { PROMPD_HOME: home } });
  const [entry] = await cache.entries();
  writeFileSync(entry?.file ?? '', 'evil');
  t.is((await run('verify')).code, 7);
  t.is((await run('verify')).code, 0);
  t.regex((await run('clean')).stdout, /^Removed 2 archives .* freed\.\n$/);
  t.deepEqual((await run('ls', '--json')).json(), {
    archives: [],
    packuments: { count: 0, size: 0 },
    size: 0,
  });
});
