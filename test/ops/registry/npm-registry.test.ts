import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import type { SearchPage } from '#prompd/registry/index.js';
import { hostileServer, json } from '../../registry/hostile-server.js';
import { startTestRegistry, type TestRegistry } from '../../support/registry.js';
import type { tempDir } from '../../support/temp.js';
import { startVerdaccio, type Verdaccio } from '../../support/verdaccio.js';
import { locked, makeScene, promptText, type Scene } from '../scene.js';

let npm: Verdaccio;
let own: TestRegistry;
let token: string;
const undo: (() => void | Promise<void>)[] = [];
test.before('a Verdaccio and a prompd registry start', async () => {
  const teardown = (step: () => void | Promise<void>) => void undo.push(step);
  npm = await startVerdaccio({ teardown });
  own = await startTestRegistry({ teardown });
  token = await npm.user('ann');
});
test.after.always(async () => {
  for (const step of undo.reverse()) await step();
});

test('a package goes to an npm registry and comes back from there, without a word about its kind', async t => {
  const author = packageScene(t, { name: '@acme/tone', version: '1.0.0' });
  const published = await author.good('publish', '--json');
  const told = (await author.good('info', '@acme/tone', '--json')).json<{ published?: string }>();
  t.regex(told.published ?? '', /^\d{4}-/, 'the short form that is made for installing has no times');
  t.is(published.json<{ receipt: { status: string } }>().receipt.status, 'published');
  await packageScene(t, {
    name: '@acme/reply',
    version: '2.1.0',
    dependencies: { '@acme/tone': '^1.0.0', short: 'prompd:@acme/tone@1.x' },
  }).good('publish');

  const scene = makeScene(t, npm.url, { manifest: {} });
  await scene.good('install', '@acme/reply');
  t.deepEqual(locked(scene.read('prompd-lock.json')), ['@acme/reply@2.1.0', '@acme/tone@1.0.0']);
  const rendered = await scene.good('render', '@acme/reply:main', '-p', 'word=hello');
  t.regex(rendered.stdout, /Say hello\./);
  const before = scene.read('prompd-lock.json');
  await scene.good('ci');
  t.is(scene.read('prompd-lock.json'), before);
});

test('what npm itself published is installed as what prompd published', async t => {
  await npmPublish(packageScene(t, { name: '@acme/by-npm', version: '1.2.3' }));
  const scene = makeScene(t, npm.url, { manifest: {} });
  await scene.good('install', '@acme/by-npm@^1.0.0');
  t.deepEqual(locked(scene.read('prompd-lock.json')), ['@acme/by-npm@1.2.3']);
});

test('a scope comes from the registry that the configuration gives it, and from no other', async t => {
  await own.publish({ name: '@mixed/base', version: '1.0.0' });
  await own.publish({ name: '@mixed/only-here', version: '1.0.0' });
  const scene = makeScene(t, own.url, { manifest: {} });
  scene.write('.prompdrc.json', {
    registries: { npm: { url: npm.url, protocol: 'npm' } },
    scopes: { '@acme': 'npm' },
  });
  await packageScene(t, { name: '@acme/scoped', version: '1.0.0' }).good('publish');
  await scene.good('install', '@acme/scoped', '@mixed/base');
  t.deepEqual(Object.keys(JSON.parse(scene.read('prompd-lock.json')).packages), [
    'default|@mixed/base@1.0.0',
    'npm|@acme/scoped@1.0.0',
  ]);
  const other = makeScene(t, own.url, { manifest: {} });
  other.write('.prompdrc.json', {
    registries: { npm: { url: npm.url, protocol: 'npm' } },
    scopes: { '@mixed': 'npm' },
  });
  const refused = await other.run('install', '@mixed/only-here');
  t.is(refused.code, 5);
  t.regex(refused.stderr, /There is no .*@mixed\/only-here/);
});

test('publishing a version again is refused, and without a token nothing is sent', async t => {
  const author = packageScene(t, { name: '@acme/once', version: '1.0.0' });
  await author.good('publish');
  const again = await author.run('publish');
  t.is(again.code, 1);
  t.regex(again.stderr, /exists already/);
  const nobody = packageScene(t, { name: '@acme/nobody', version: '1.0.0' }, { PROMPD_TOKEN: '' });
  t.is((await nobody.run('publish')).code, 8);
});

test('search and whoami work at an npm registry', async t => {
  const author = packageScene(t, { name: '@acme/zebra', version: '1.0.0', description: 'About zebras' });
  await author.good('publish');
  const { hits } = (await author.good('search', 'zebra', '--json')).json<SearchPage>();
  t.like(hits[0], { name: '@acme/zebra', version: '1.0.0', description: 'About zebras' });
  t.regex((await author.good('whoami')).stdout, /^ann\b/);
});

test('a version is deprecated, made good and taken away at an npm registry, where owners are no affair of clients', async t => {
  const author = packageScene(t, { name: '@acme/fades', version: '1.0.0' });
  await author.good('publish');
  await author.good('deprecate', '@acme/fades@1.0.0', 'Use another.');
  const user = makeScene(t, npm.url, { manifest: {} });
  t.regex((await user.good('install', '@acme/fades')).stderr, /Use another\./);
  await author.good('undeprecate', '@acme/fades@1.0.0');
  const owners = await author.run('owner', 'ls', '@acme/fades');
  t.deepEqual([owners.code, owners.stdout], [1, '']);
  t.regex(owners.stderr, /does not let clients list owners[\s\S]*configuration/);
  t.is((await author.run('yank', '@acme/fades@1.0.0')).code, 1);
  await author.good('unpublish', '@acme/fades@1.0.0', '--yes');
  t.is((await user.run('info', '@acme/fades')).code, 5);
});

test('a closed scope is installed with the token of its own registry, beside another registry with another token', async t => {
  await npmPublish(packageScene(t, { name: '@closed/tone', version: '1.0.0' }));
  await own.publish({
    name: '@mixed/uses-closed',
    version: '1.0.0',
    dependencies: { '@closed/tone': '^1.0.0' },
  });
  const scene = makeScene(t, own.url, { manifest: {}, env: { PROMPD_TOKEN: own.adminToken } });
  scene.write('.prompdrc.json', { registries: { npm: { url: npm.url } }, scopes: { '@closed': 'npm' } });
  const refused = await scene.run('install', '@mixed/uses-closed');
  t.is(refused.code, 8, 'the token of the other registry is no use here');
  await scene.good('login', '--registry', npm.url, '--token', token);
  await scene.good('install', '@mixed/uses-closed');
  t.deepEqual(Object.keys(JSON.parse(scene.read('prompd-lock.json')).packages), [
    'default|@mixed/uses-closed@1.0.0',
    'npm|@closed/tone@1.0.0',
  ]);
});

test('--before works although the short packuments of npm need not tell when versions were published', async t => {
  await packageScene(t, { name: '@acme/dated', version: '1.0.0' }).good('publish');
  const scene = makeScene(t, npm.url, { manifest: {} });
  const refused = await scene.run('install', '@acme/dated', '--before', '2020-01-01');
  t.is(refused.code, 9, refused.stderr);
  await scene.good('install', '@acme/dated', '--before', '2999-01-01');
});

test('an address where nothing speaks like a registry is EBADRESPONSE, and says how to name an npm one', async t => {
  const scene = makeScene(t, new URL('-/ping/', npm.url).href, { manifest: {} });
  const { code, stderr } = await scene.run('install', '@acme/tone');
  t.is(code, 6);
  t.regex(stderr, /did not answer as a registry/);
});

/** Packs a package, and has the real npm publish it. */
async function npmPublish(author: Scene): Promise<void> {
  const { path: archive } = (await author.good('pack', '--json')).json<{ path: string }>();
  const rc = path.join(author.dir, 'npmrc');
  writeFileSync(rc, `registry=${npm.url}\n${npm.url.replace(/^http:/, '')}:_authToken=${token}\n`);
  execFileSync('npm', ['publish', archive, '--userconfig', rc], {
    cwd: author.dir,
    stdio: 'ignore',
    env: { ...process.env, HOME: author.dir },
  });
}

function packageScene(
  t: Parameters<typeof tempDir>[0],
  manifest: Record<string, unknown>,
  env: Record<string, string> = {},
): Scene {
  const scene = makeScene(t, npm.url, {
    manifest: { description: 'Says a word', license: 'MIT', ...manifest, prompts: { main: 'main.prompd' } },
    env: { PROMPD_TOKEN: token, ...env },
  });
  scene.write('main.prompd', promptText('main'));
  scene.write('README.md', '# A package\n');
  return scene;
}

test('a package that has lost all of its versions is shown to have none, and can be taken away', async t => {
  const gone: string[] = [];
  const { url } = await hostileServer(
    t,
    ({ method, url: path }, response) => {
      if (method === 'DELETE') gone.push(String(path));
      const unpublished = { name: 'ann', versions: ['1.0.0'] };
      json(response, { name: '@acme/void', _rev: '2-b', versions: {}, time: { unpublished } });
    },
    'npm',
  );
  const scene = makeScene(t, url, { env: { PROMPD_TOKEN: 'npm_1' } });
  t.regex((await scene.run('info', '@acme/void')).stderr, /ENOVERSION/);
  t.is(
    (await scene.good('unpublish', '@acme/void', '--force', '--json')).json<{ versions: [] }>().versions
      .length,
    0,
  );
  t.deepEqual(gone, ['/@acme%2fvoid/-rev/2-b']);
});
