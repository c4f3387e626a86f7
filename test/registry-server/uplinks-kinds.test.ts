import path from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { type Integrity, integrityOf } from '#prompd/core/integrity.js';
import { parsePackageName } from '#prompd/core/name.js';
import { parseVersion } from '#prompd/core/version.js';
import { npmRegistry } from '#prompd/registry/npm/adapter.js';
import { packageJson } from '#prompd/tarball/package-json.js';
import { locked, makeScene, promptText } from '../ops/scene.js';
import { openDoor } from '../support/door.js';
import { startProxy } from '../support/proxy.js';
import { packTest, startTestRegistry, type TestManifest } from '../support/registry.js';
import type { Teardown } from '../support/temp.js';
import { startVerdaccio, VERDACCIO_PRIVATE_SCOPE } from '../support/verdaccio.js';
import { archiveBytes, membersOf, startMirror, uplink } from './mirror-scene.js';
import { archiveOf } from './raw-archive.js';

const undo: Array<() => void | Promise<void>> = [];
const scope: Teardown = { teardown: step => undo.unshift(step) };
const [upstream, verdaccio] = await Promise.all([startTestRegistry(scope), startVerdaccio(scope)]);
const [ours, npms] = await Promise.all([openDoor(scope, upstream.url), openDoor(scope, verdaccio.url)]);
const token = await verdaccio.user('publisher');
const publisher = npmRegistry({
  alias: 'default',
  registryUrl: verdaccio.url,
  network: { concurrency: 4, timeoutMs: 20_000, retries: 1 },
  userAgent: 'prompd/0.0.0-test',
  token: async () => token,
  needsTimes: false,
});
const mirror = await startMirror(
  scope,
  [
    uplink(ours.url, { name: 'ours', packages: ['@chain'] }),
    // Verdaccio names its own address for archives, not the door's.
    uplink(npms.url, {
      name: 'npm',
      packages: ['@team', 'plain-*', VERDACCIO_PRIVATE_SCOPE],
      archiveHosts: [new URL(verdaccio.url).host],
    }),
  ],
  {},
);
test.after.always('the servers stop', async () => {
  for (const step of undo) await step();
});

/** Publishes a package of prompts at Verdaccio, as the command line does. */
async function publishAtVerdaccio(manifest: TestManifest): Promise<Integrity> {
  const files = { 'main.prompd': promptText('main') };
  const packed = await packTest({ prompts: { main: 'main.prompd' }, ...manifest }, files);
  await publisher.publish({
    name: packed.manifest.name,
    version: packed.manifest.version,
    archive: packed.bytes,
    integrity: packed.integrity,
    packageJson: membersOf(JSON.parse(packageJson(packed.manifest))),
    readme: '',
    tag: 'latest',
    access: undefined,
  });
  return packed.integrity;
}

test.serial('an installation by batches gets what its uplink has, and again when that is down', async t => {
  const prompts = { main: 'main.prompd' };
  const files = { 'main.prompd': promptText('main') };
  await upstream.publish({ name: '@chain/base', version: '1.0.0', prompts }, files);
  await upstream.publish({ name: '@chain/base', version: '1.2.0', prompts }, files);
  const dependencies = { '@chain/base': '~1.0.0' };
  await upstream.publish({ name: '@chain/top', version: '1.0.0', prompts, dependencies }, files);
  const manifest = { dependencies: { '@chain/top': '^1.0.0' } };
  const first = makeScene(t, mirror.url, { manifest });
  await first.good('install');
  t.deepEqual(locked(first.read('prompd-lock.json')), ['@chain/base@1.0.0', '@chain/top@1.0.0']);
  ours.shut(true);
  const second = makeScene(t, mirror.url, { manifest });
  await second.good('install');
  t.is(second.read('prompd-lock.json'), first.read('prompd-lock.json'));
});

test.serial('a package of a real npm registry is mirrored, with what it needs under other names', async t => {
  await publishAtVerdaccio({ name: '@team/base', version: '1.0.0' });
  const integrity = await publishAtVerdaccio({
    name: '@team/top',
    version: '1.0.0',
    description: 'On top',
    keywords: ['summit'],
    dependencies: { '@team/base': '^1.0.0' },
  });
  await publishAtVerdaccio({ name: '@team/top', version: '1.1.0', description: 'On top' });
  const scene = makeScene(t, mirror.url, { manifest: { dependencies: { '@team/top': '1.0.0' } } });
  await scene.good('install');
  t.deepEqual(locked(scene.read('prompd-lock.json')), ['@team/base@1.0.0', '@team/top@1.0.0']);
  npms.shut(true);
  t.is(integrityOf(await archiveBytes(mirror, '@team/top', '1.0.0')), integrity);
  npms.shut(false);
});

test.serial(
  'a plain npm package is not mirrored, and what takes a token there is no "not found"',
  async t => {
    const bytes = archiveOf({ 'package/package.json': '{"name":"plain-words","version":"1.0.0"}' });
    await publisher.publish({
      name: parsePackageName('plain-words'),
      version: parseVersion('1.0.0'),
      archive: bytes,
      integrity: integrityOf(bytes),
      packageJson: { name: 'plain-words', version: '1.0.0' },
      readme: '',
      tag: 'latest',
      access: undefined,
    });
    const plain = await mirror.request('/packages/plain-words');
    t.is(plain.status, 404);
    t.regex(String(membersOf(await plain.json())['detail']), /plain-words .* is no package of prompts/);
    const closed = await mirror.request(`/packages/${VERDACCIO_PRIVATE_SCOPE}/x`);
    t.is(closed.status, 502);
    t.like(await closed.json(), { code: 'EUPSTREAM', facts: { uplink: 'npm', reason: 'EAUTH' } });
  },
);

test.serial('an uplink is reached through the proxy that the environment names', async t => {
  await upstream.publish({ name: '@chain/proxied', version: '1.0.0' });
  const proxy = await startProxy(t, { hosts: { 'prompts.example.com': Number(new URL(upstream.url).port) } });
  const rules = { uplinks: [uplink('http://prompts.example.com/')], local: [], tokens: new Map() };
  const { request } = await startTestRegistry(t, { uplinks: { ...rules, env: { HTTP_PROXY: proxy.url } } });
  t.is((await request('/packages/@chain/proxied')).status, 200);
  t.true(proxy.lines.length > 0);
});

test.serial('an exported folder is mirrored, and an export that is added to is followed', async t => {
  await upstream.publish({ name: '@files/one', version: '1.0.0' });
  const scene = makeScene(t, upstream.url);
  const dir = path.join(scene.dir, 'export');
  await scene.good('registry', 'export', dir, '@files/one');
  const url = pathToFileURL(`${dir}/`).href;
  const copy = await startMirror(t, [uplink(url, { name: 'files', packages: ['@files'], ttlMs: 0 })]);
  const tags = async () => membersOf(await (await copy.request('/packages/@files/one')).json())['dist-tags'];
  t.deepEqual(await tags(), { latest: '1.0.0' });
  const next = await upstream.publish({ name: '@files/one', version: '1.1.0' });
  await scene.good('registry', 'export', dir, '@files/one');
  t.deepEqual(await tags(), { latest: '1.1.0' });
  t.is(integrityOf(await archiveBytes(copy, '@files/one', '1.1.0')), next.integrity);
  t.is((await copy.request('/packages/@files/two')).status, 404);
});
