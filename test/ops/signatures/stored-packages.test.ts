import { copyFileSync, cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { ci } from '#prompd/ops/install/ci.js';
import { install } from '#prompd/ops/install/install.js';
import { ciIfNeeded, installIfNeeded } from '#prompd/ops/install/install-if-needed.js';
import { uninstall } from '#prompd/ops/install/uninstall.js';
import { lock } from '#prompd/ops/lockfile/lock.js';
import { vendor } from '#prompd/ops/store/vendor.js';
import { update } from '#prompd/ops/update/update.js';
import { runCli } from '../../support/cli.js';
import { sharedRegistry } from '../scene.js';
import { NAME, publishVersions, type Scene, signedScene, unsignedVersions } from './signed-scene.js';

const OTHER = '@shop/tone';
const registry = sharedRegistry(test, async shared => {
  await publishVersions(shared);
  await shared.publish({ name: OTHER, version: '1.0.0' });
});

const LOCKFILE = 'prompd-lock.json';
const REQUIRED = { signatures: 'required' };
const INSTALLS = [install, installIfNeeded, ci, ciIfNeeded];

/** A project without a policy, which brought the package into the store. */
async function laxScene(t: ExecutionContext, { signed = true } = {}): Promise<Scene> {
  const lax = await signedScene(t, registry().url);
  if (!signed) lax.proxy.edit = unsignedVersions;
  await install(await lax.context());
  return lax;
}

/** Another project of the same user, which was checked out with the same lockfile. */
async function sceneBeside(t: ExecutionContext, lax: Scene): Promise<Scene> {
  const scene = await signedScene(t, registry().url, { beside: lax });
  copyFileSync(path.join(lax.dir, LOCKFILE), path.join(scene.dir, LOCKFILE));
  return scene;
}

/** Leaves of a home what was noted of packages, and nothing that could answer in the place of a registry. */
function forgetRegistry({ home }: Scene): void {
  for (const file of ['metadata.db', 'metadata.db-wal', 'metadata.db-shm', 'known-keys.json'])
    rmSync(path.join(home, file), { force: true });
}

test('where signatures are required, what another project brought into the store without one is refused', async t => {
  const lax = await laxScene(t, { signed: false });
  const strict = await sceneBeside(t, lax);
  strict.projectConfig(REQUIRED);
  const before = strict.read(LOCKFILE);
  for (const run of INSTALLS)
    await t.throwsAsync(run(await strict.context()), { code: 'EUNSIGNED' }, run.name);
  t.is(strict.read(LOCKFILE), before);
  for (const run of INSTALLS) await t.notThrowsAsync(run(await lax.context()), run.name);
});

test('what is refused in the store changes neither the manifest nor the lockfile', async t => {
  const lax = await laxScene(t, { signed: false });
  const strict = await signedScene(t, registry().url, { beside: lax });
  strict.projectConfig(REQUIRED);
  writeFileSync(path.join(strict.dir, 'prompd.json'), '{ "dependencies": {} }');
  const specs = [`${NAME}@1.0.0`];
  await t.throwsAsync(installIfNeeded(await strict.context(), { specs }), { code: 'EUNSIGNED' });
  t.is(strict.read('prompd.json'), '{ "dependencies": {} }');
  t.is(strict.read(LOCKFILE), undefined);
});

test('updating to, locking, and keeping what is in the store without a signature is refused as installing it is', async t => {
  const lax = await laxScene(t, { signed: false });
  const newer = await signedScene(t, registry().url, { range: '1.1.0', beside: lax });
  await install(await newer.context());
  const strict = await sceneBeside(t, lax);
  const dependencies = { [NAME]: '^1.0.0', [OTHER]: '1.0.0' };
  writeFileSync(path.join(strict.dir, 'prompd.json'), JSON.stringify({ dependencies }));
  await install(await strict.context());
  strict.projectConfig(REQUIRED);
  const before = [strict.read('prompd.json'), strict.read(LOCKFILE)];
  await t.throwsAsync(update(await strict.context()), { code: 'EUNSIGNED' });
  await t.throwsAsync(uninstall(await strict.context(), [OTHER]), { code: 'EUNSIGNED' });
  t.deepEqual([strict.read('prompd.json'), strict.read(LOCKFILE)], before);
  rmSync(path.join(strict.dir, LOCKFILE));
  await t.throwsAsync(lock(await strict.context()), { code: 'EUNSIGNED' });
  t.is(strict.read(LOCKFILE), undefined);
  await t.notThrowsAsync(uninstall(await strict.context(), [NAME]), 'what is refused can be taken away');
});

test('an install that was answered without a look is looked at once the project asks for signatures', async t => {
  const { dir, home, proxy } = await signedScene(t, registry().url);
  proxy.edit = unsignedVersions;
  const options = { cwd: dir, env: { PROMPD_HOME: home, PROMPD_REGISTRY: proxy.url } };
  for (const command of ['install', 'install', 'ci']) t.is((await runCli([command], options)).code, 0);
  writeFileSync(path.join(dir, '.prompdrc.json'), JSON.stringify(REQUIRED));
  for (const command of ['install', 'ci', 'install']) {
    const { code, stderr } = await runCli([command], options);
    t.not(code, 0, command);
    t.regex(stderr, /EUNSIGNED/, command);
  }
});

for (const isFetched of [true, false]) {
  const how = isFetched ? 'was fetched under a policy' : 'was verified in the store';
  test(`what ${how} needs no network again`, async t => {
    const lax = isFetched ? undefined : await laxScene(t);
    const strict = lax ? await sceneBeside(t, lax) : await signedScene(t, registry().url);
    strict.projectConfig(REQUIRED);
    await installIfNeeded(await strict.context());
    forgetRegistry(strict);
    const { length } = strict.proxy.asked;
    for (const run of INSTALLS) {
      await t.notThrowsAsync(run(await strict.context(), { use: 'never' }), run.name);
      await t.notThrowsAsync(run(await strict.context()), run.name);
    }
    t.is(strict.proxy.asked.length, length);
    rmSync(path.join(strict.home, 'verified'), { recursive: true });
    await t.throwsAsync(ci(await strict.context(), { use: 'never' }), { code: 'EOFFLINE' });
    await ci(await strict.context());
    t.true(strict.proxy.asked.length > length, 'without the note it is verified again');
  });
}

test('what nobody verified is refused where no registry may be asked', async t => {
  const lax = await laxScene(t);
  const strict = await sceneBeside(t, lax);
  strict.projectConfig(REQUIRED);
  for (const run of INSTALLS)
    await t.throwsAsync(run(await strict.context(), { use: 'never' }), { code: 'EOFFLINE' }, run.name);
});

test('what a weaker policy let pass is verified again by a stricter one', async t => {
  const lax = await laxScene(t, { signed: false });
  const scene = await sceneBeside(t, lax);
  scene.projectConfig({ signatures: 'when-present' });
  await installIfNeeded(await scene.context());
  scene.projectConfig(REQUIRED);
  for (const run of INSTALLS)
    await t.throwsAsync(run(await scene.context()), { code: 'EUNSIGNED' }, run.name);
  scene.projectConfig({ signatures: { default: 'required', scopes: { '@bank': 'when-present' } } });
  for (const run of INSTALLS) await t.notThrowsAsync(run(await scene.context()), run.name);
});

test('"when-present" refuses what is in the store with a wrong signature', async t => {
  const lax = await laxScene(t);
  const scene = await sceneBeside(t, lax);
  scene.projectConfig({ signatures: 'when-present' });
  scene.proxy.edit = (at, document) => (at === '/-/npm/v1/keys' ? { keys: [] } : document);
  for (const run of INSTALLS)
    await t.throwsAsync(run(await scene.context()), { code: 'ESIGNATURE' }, run.name);
});

test('a project to whose packages no policy applies asks no registry for what is in the store, and notes nothing', async t => {
  const lax = await laxScene(t);
  const scene = await sceneBeside(t, lax);
  scene.projectConfig({ signatures: { scopes: { '@shop': 'required' } } });
  const { length } = scene.proxy.asked;
  for (const run of INSTALLS) await run(await scene.context());
  t.is(scene.proxy.asked.length, length);
  t.false(existsSync(path.join(scene.home, 'verified')));
});

test('what is vendored came with the project; what another project brought is not vendored without its signature', async t => {
  const lax = await laxScene(t, { signed: false });
  await vendor(await lax.context());
  const away = await signedScene(t, registry().url, { beside: { home: `${lax.home}-2`, proxy: lax.proxy } });
  for (const file of [LOCKFILE, path.join('prompd_packages', '@bank', 'kyc@1.0.0')])
    cpSync(path.join(lax.dir, file), path.join(away.dir, file), { recursive: true });
  away.projectConfig(REQUIRED);
  for (const run of INSTALLS) await t.notThrowsAsync(run(await away.context()), run.name);

  const strict = await sceneBeside(t, lax);
  strict.projectConfig(REQUIRED);
  await t.throwsAsync(vendor(await strict.context()), { code: 'EUNSIGNED' });
  t.false(existsSync(path.join(strict.dir, 'prompd_packages', '@bank')));
});
