import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Context } from '#prompd/ops/context.js';
import { ci } from '#prompd/ops/install/ci.js';
import { install } from '#prompd/ops/install/install.js';
import { ciIfNeeded, installIfNeeded } from '#prompd/ops/install/install-if-needed.js';
import { lock } from '#prompd/ops/lockfile/lock.js';
import { vendor } from '#prompd/ops/store/vendor.js';
import { diff } from '#prompd/ops/version/diff.js';
import { testContext } from '../../support/context.js';
import { type RegistryProxy, startProxy } from '../../support/registry-proxy.js';
import { tempDir } from '../../support/temp.js';
import { sharedRegistry } from '../scene.js';

const NAMES = ['@acme/tone', '@acme/style', '@acme/voice'];
const LOCKFILE = 'prompd-lock.json';
const INSTALLS = [install, installIfNeeded, ci, ciIfNeeded];

const registry = sharedRegistry(test, async shared => {
  for (const name of NAMES) await shared.publish({ name, version: '1.0.0' });
});

interface Project {
  readonly dir: string;
  readonly home: string;
  readonly proxy: RegistryProxy;
  context(): Promise<Context>;
}

/** A project that asks for the packages. @param beside one whose home and registry it shares, and whose lockfile it has */
async function project(t: ExecutionContext, transparency: string, beside?: Project): Promise<Project> {
  const root = tempDir(t);
  const dir = path.join(root, 'project');
  mkdirSync(dir);
  const dependencies = Object.fromEntries(NAMES.map(name => [name, '1.0.0']));
  writeFileSync(path.join(dir, 'prompd.json'), JSON.stringify({ dependencies }));
  if (beside) copyFileSync(path.join(beside.dir, LOCKFILE), path.join(dir, LOCKFILE));
  const home = beside?.home ?? path.join(root, 'home');
  const proxy = beside?.proxy ?? (await startProxy(t, registry().url));
  const env = { PROMPD_REGISTRY: proxy.url, PROMPD_TRANSPARENCY: transparency };
  return { dir, home, proxy, context: () => testContext({ cwd: dir, home, env }) };
}

/** A project that asks no log brought the packages into the store, of a registry that did not log one of them. */
async function unloggedStore(t: ExecutionContext): Promise<Project> {
  const lax = await project(t, 'off');
  await install(await lax.context());
  lax.proxy.rewrite = withoutOne;
  return lax;
}

function withoutOne(url: string, body: Buffer): { body: string } | undefined {
  if (url !== '/log/proofs') return undefined;
  const answer: { inclusions: { name: string }[] } = JSON.parse(body.toString());
  const inclusions = answer.inclusions.filter(({ name }) => name !== NAMES[1]);
  return { body: JSON.stringify({ ...answer, inclusions }) };
}

const logRequests = ({ seen }: RegistryProxy) => seen.filter(line => line.includes('/log'));

test('where a log is required, what another project brought into the store without one is looked for in it', async t => {
  const lax = await unloggedStore(t);
  const strict = await project(t, 'required', lax);
  const before = readFileSync(path.join(strict.dir, LOCKFILE), 'utf8');
  for (const run of [...INSTALLS, vendor]) {
    const error = await t.throwsAsync(run(await strict.context()), { code: 'ELOGINCLUSION' }, run.name);
    t.regex(error?.message ?? '', /@acme\/style@1\.0\.0 is not in the transparency log/);
  }
  t.is(readFileSync(path.join(strict.dir, LOCKFILE), 'utf8'), before);
  t.false(existsSync(path.join(strict.dir, 'prompd_packages', '@acme')));
  rmSync(path.join(strict.dir, LOCKFILE));
  await t.throwsAsync(lock(await strict.context()), { code: 'ELOGINCLUSION' });
  t.false(existsSync(path.join(strict.dir, LOCKFILE)));
  for (const run of INSTALLS) await t.notThrowsAsync(run(await lax.context()), run.name);
});

test('what is only in the cache is looked for as well', async t => {
  const lax = await unloggedStore(t);
  rmSync(path.join(lax.home, 'packages'), { recursive: true });
  const strict = await project(t, 'required', lax);
  for (const run of INSTALLS)
    await t.throwsAsync(run(await strict.context()), { code: 'ELOGINCLUSION' }, run.name);
  const sides = {
    packages: [`${NAMES[0]}@1.0.0`, `${NAMES[1]}@1.0.0`],
    contract: false,
    nameOnly: false,
  };
  await t.throwsAsync(diff(await strict.context(), sides), { code: 'ELOGINCLUSION' });
  t.false(existsSync(path.join(strict.home, 'packages', '@acme')));
});

test('the log is asked once for all that is in the store, and never again of what was found in it', async t => {
  const lax = await unloggedStore(t);
  lax.proxy.rewrite = undefined;
  const strict = await project(t, 'required', lax);
  await installIfNeeded(await strict.context());
  t.deepEqual(logRequests(strict.proxy), ['POST /log/proofs']);
  lax.proxy.seen.length = 0;
  for (const run of INSTALLS) await run(await strict.context());
  rmSync(path.join(strict.home, 'packages'), { recursive: true });
  await ci(await strict.context(), { use: 'never' });
  t.deepEqual(lax.proxy.seen, []);
});

test('what was fetched where a log is required needs no network again', async t => {
  const strict = await project(t, 'required');
  await installIfNeeded(await strict.context());
  t.deepEqual(logRequests(strict.proxy), ['POST /log/proofs']);
  strict.proxy.seen.length = 0;
  for (const run of INSTALLS) {
    await t.notThrowsAsync(run(await strict.context(), { use: 'never' }), run.name);
    await t.notThrowsAsync(run(await strict.context()), run.name);
  }
  t.deepEqual(strict.proxy.seen, []);
});

test('what nobody found in a log is refused where a log is required and may not be asked', async t => {
  const lax = await unloggedStore(t);
  const strict = await project(t, 'required', lax);
  lax.proxy.seen.length = 0;
  for (const run of INSTALLS)
    await t.throwsAsync(run(await strict.context(), { use: 'never' }), { code: 'EOFFLINE' }, run.name);
  t.deepEqual(lax.proxy.seen, []);
});

test('the log is not asked about what is in the store unless one is required', async t => {
  const lax = await unloggedStore(t);
  const usual = await project(t, 'when-present', lax);
  for (const run of INSTALLS) await t.notThrowsAsync(run(await usual.context()), run.name);
  t.deepEqual(logRequests(lax.proxy), []);
  t.false(existsSync(path.join(lax.home, 'verified')));
});
