import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import test from 'ava';
import { install } from '#prompd/ops/install/install.js';
import { testContext } from '../../support/context.js';
import { packTest } from '../../support/registry.js';
import { locked, makeScene, sharedRegistry } from '../scene.js';

// What is installed from a folder, a file or an address instead of a registry.
const registry = sharedRegistry(test, async ({ publish }) => {
  await publish({ name: '@common/tone', version: '1.0.0' });
});
const url = () => registry().url;

test('a folder is installed as it is now, with its dependencies; a changed folder is installed anew', async t => {
  const scene = makeScene(t, url());
  scene.write('../local/prompd.json', {
    name: '@acme/local',
    version: '0.1.0',
    dependencies: { '@common/tone': '1.0.0' },
  });
  await scene.good('install', '../local');
  t.deepEqual(JSON.parse(scene.read('prompd.json')), { dependencies: { '@acme/local': 'file:../local' } });
  t.deepEqual(locked(scene.read('prompd-lock.json')), [
    '@common/tone@1.0.0',
    'file:../local|@acme/local@0.1.0',
  ]);
  t.is((await scene.run('ci')).code, 0);

  const before = scene.read('prompd-lock.json');
  scene.write('../local/README.md', '# changed\n');
  const refused = await scene.run('ci');
  t.is(refused.code, 10);
  t.regex(refused.stderr, /file:\.\.\/local has changed since it was locked/);
  await scene.good('install');
  t.not(scene.read('prompd-lock.json'), before);
  t.is((await scene.run('ci')).code, 0);
  const folders = new Set(Object.keys(scene.stored()).map(file => file.split('/').slice(0, 2).join('/')));
  t.is(
    [...folders].filter(folder => folder.startsWith('@acme/local@0.1.0')).length,
    2,
    'both packings have a folder of their own',
  );
});

test('an archive is installed from its file', async t => {
  const scene = makeScene(t, url());
  const { bytes } = await packTest({ name: '@acme/archived', version: '3.0.0' });
  writeFileSync(path.join(scene.dir, 'a.tgz'), bytes);
  await scene.good('install', './a.tgz');
  t.deepEqual(JSON.parse(scene.read('prompd.json')), { dependencies: { '@acme/archived': 'file:a.tgz' } });
  t.deepEqual(locked(scene.read('prompd-lock.json')), ['file:a.tgz|@acme/archived@3.0.0']);
  t.is((await scene.run('ci')).code, 0);
});

test('what is wrong with a path is told with the path', async t => {
  const scene = makeScene(t, url(), { manifest: {} });
  scene.write('bad.tgz', 'no archive');
  scene.write('notes', 'no folder');
  const context = await testContext({ cwd: scene.dir, home: scene.home, env: scene.env });
  for (const [spec, code, message] of [
    ['./bad.tgz', 'EARCHIVE', /^bad\.tgz: The archive is not compressed/],
    ['./nothere', 'ENOFILE', /There is no folder .*nothere\./],
    ['./notes', 'ENOFILE', /notes is neither a folder nor an archive\./],
  ] as const)
    await t.throwsAsync(install(context, { specs: [spec] }), { code, message });
});

test('an archive is installed from an address, and held against the lockfile ever after', async t => {
  let { bytes } = await packTest({ name: '@acme/remote', version: '1.0.0' });
  const server = createServer((_request, response) => response.end(bytes)).listen(0, '127.0.0.1');
  t.teardown(() => void server.close());
  await new Promise(resolve => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}/remote.tgz`;
  const scene = makeScene(t, url());
  await scene.good('install', address);
  t.deepEqual(JSON.parse(scene.read('prompd.json')), { dependencies: { '@acme/remote': address } });
  t.deepEqual(locked(scene.read('prompd-lock.json')), [`${address}|@acme/remote@1.0.0`]);

  bytes = (await packTest({ name: '@acme/remote', version: '1.0.0', description: 'changed' })).bytes;
  const fresh = makeScene(t, url(), { manifest: scene.read('prompd.json') });
  fresh.write('prompd-lock.json', scene.read('prompd-lock.json'));
  const { code, stderr } = await fresh.run('ci');
  t.is(code, 7);
  t.regex(stderr, /EINTEGRITY/);
  t.deepEqual(fresh.stored(), {});
});

test('a plain http address of another machine is refused', async t => {
  const { code, stderr } = await makeScene(t, url()).run('install', 'http://example.com/x.tgz');
  t.is(code, 2);
  t.regex(stderr, /EBADSPEC/);
});

test('a dependency of a dependency must come from a registry, exit 9', async t => {
  const scene = makeScene(t, url());
  scene.write('../evil/prompd.json', {
    name: '@acme/evil',
    version: '1.0.0',
    dependencies: { x: 'file:/etc' },
  });
  const { code, stderr } = await scene.run('install', '../evil');
  t.is(code, 9);
  t.regex(stderr, /EEXOTICDEP/);
  t.deepEqual(scene.stored(), {});
});
