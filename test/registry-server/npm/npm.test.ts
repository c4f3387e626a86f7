import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { npmClient } from '../../support/npm-clients.js';
import { emptyTrustRoot } from '../../support/trust-root.js';
import { startNotingRegistry, writePackage, writeProject } from './stage.js';

test('npm publishes packages and installs them, with dependencies, by the lockfile, and from its cache', async t => {
  const registry = await startNotingRegistry(t);
  const jane = npmClient(t, { url: registry.url, token: await registry.tokenOf('jane', 'publish') });
  writePackage(jane, 'tone', { name: '@acme/tone', version: '1.0.0' });
  writePackage(jane, 'reviews', {
    name: '@acme/reviews',
    version: '1.0.0',
    dependencies: { '@acme/tone': '^1.0.0' },
  });
  t.regex(await jane.expect(['publish'], { cwd: 'tone' }), /^\+ @acme\/tone@1\.0\.0$/m);
  await jane.expect(['publish', '--tag', 'beta'], { cwd: 'reviews' });

  const anyone = npmClient(t, { url: registry.url, token: undefined });
  writeProject(anyone, 'project');
  registry.asked();
  await anyone.expect(['install', '@acme/reviews@beta'], { cwd: 'project' });
  t.deepEqual([...new Set(registry.asked())].sort(), [
    'GET /npm/@acme%2freviews 200',
    'GET /npm/@acme%2ftone 200',
    'GET /npm/@acme/reviews/-/reviews-1.0.0.tgz 200',
    'GET /npm/@acme/tone/-/tone-1.0.0.tgz 200',
  ]);
  const modules = path.join(anyone.home, 'project/node_modules');
  t.regex(readFileSync(path.join(modules, '@acme/tone/prompd.json'), 'utf8'), /zither/);

  rmSync(modules, { recursive: true });
  await anyone.expect(['ci'], { cwd: 'project' });
  t.deepEqual(registry.asked(), [], 'the lockfile says all, and the cache has it');
  t.true(existsSync(path.join(modules, '@acme/reviews/package.json')));

  rmSync(modules, { recursive: true });
  rmSync(path.join(anyone.home, 'project/package-lock.json'));
  await anyone.expect(['install'], { cwd: 'project' });
  t.deepEqual(registry.asked().sort(), ['GET /npm/@acme%2freviews 304', 'GET /npm/@acme%2ftone 304']);

  const env = await emptyTrustRoot(t, anyone.home);
  const signatures = await anyone.expect(['audit', 'signatures'], { cwd: 'project', env });
  t.regex(signatures, /2 packages have verified registry signatures/);
});

test('npm tags, deprecates, finds, shares and unpublishes what it has published, and a version stays taken', async t => {
  const registry = await startNotingRegistry(t);
  const jane = npmClient(t, { url: registry.url, token: await registry.tokenOf('jane', 'publish') });
  await registry.tokenOf('bob', 'publish');
  for (const version of ['1.0.0', '1.1.0', '2.0.0']) {
    const packed = { name: '@acme/tone', version, description: 'Polishes a zither' };
    await registry.publish(packed);
  }
  await registry.request('/packages/@acme/tone/owners/jane', { method: 'PUT' });

  t.is((await jane.expect(['whoami'])).trim(), 'jane');
  await jane.expect(['dist-tag', 'add', '@acme/tone@1.1.0', 'stable']);
  t.is(await jane.expect(['dist-tag', 'ls', '@acme/tone']), 'latest: 2.0.0\nstable: 1.1.0\n');
  await jane.expect(['dist-tag', 'rm', '@acme/tone', 'stable']);
  await jane.expect(['deprecate', '@acme/tone@1', 'Use 2.']);
  t.regex(await jane.expect(['view', '@acme/tone@1.1.0']), /DEPRECATED.*Use 2\./);
  t.regex(await jane.expect(['search', 'zither', '--json']), /"name": ?"@acme\/tone"/);
  await jane.expect(['owner', 'add', 'bob', '@acme/tone']);
  t.is(await jane.expect(['owner', 'ls', '@acme/tone']), 'admin <>\njane <>\nbob <>\n');
  await jane.expect(['owner', 'rm', 'bob', '@acme/tone']);

  await jane.expect(['unpublish', '@acme/tone@2.0.0']);
  const {
    versions,
    'dist-tags': tags,
    time,
  } = JSON.parse(await jane.expect(['view', '@acme/tone', '--json']));
  t.deepEqual([versions, tags], [['1.0.0', '1.1.0'], { latest: '1.1.0' }]);
  t.deepEqual(Object.keys(time).sort(), ['1.0.0', '1.1.0', 'created', 'modified']);
  writePackage(jane, 'tone', { name: '@acme/tone', version: '2.0.0' });
  const again = await jane.run(['publish'], { cwd: 'tone' });
  t.regex(again.output, /409 .*@acme\/tone@2\.0\.0 existed and was deleted\. A version is never reused\./);
  await jane.expect(['unpublish', '@acme/tone', '--force']);
  t.is((await registry.request('/packages/@acme/tone')).status, 404);
});

test('npm is told in its own words why it may not, and what is wrong with a package', async t => {
  const registry = await startNotingRegistry(t);
  const jane = npmClient(t, { url: registry.url, token: await registry.tokenOf('jane', 'publish') });
  writePackage(jane, 'bare', { name: '@acme/bare', version: '1.0.0', manifest: false });
  const bare = await jane.run(['publish'], { cwd: 'bare' });
  t.regex(bare.output, /422 .*The archive has no prompd\.json\./);
  writePackage(jane, 'script', {
    name: '@acme/script',
    version: '1.0.0',
    scripts: { postinstall: 'exit 1' },
    manifest: false,
  });
  jane.write('script', { 'prompd.json': '{"name":"@acme/script","version":"1.0.0"}' });
  const script = await jane.run(['publish', '--ignore-scripts'], { cwd: 'script' });
  t.regex(script.output, /422 .*package\.json has npm run a script: postinstall\./);

  writePackage(jane, 'own', { name: '@acme/own', version: '1.0.0' });
  await jane.expect(['publish', '--access', 'restricted'], { cwd: 'own' });
  t.is((await jane.expect(['view', '@acme/own', 'version'])).trim(), '1.0.0');
  t.is(await jane.expect(['access', 'get', 'status', '@acme/own']), '@acme/own: private\n');
  jane.use(undefined);
  t.regex((await jane.run(['view', '@acme/own'])).output, /404 .*There is no package @acme\/own\./);
  jane.use('prompd_which_never_was_one');
  t.regex((await jane.run(['view', '@acme/own'])).output, /E401[\s\S]*token seems to be invalid/);
  jane.use(await registry.tokenOf('bob', 'publish'));
  writePackage(jane, 'own', { name: '@acme/own', version: '1.0.1' });
  const foreign = await jane.run(['publish'], { cwd: 'own' });
  t.regex(foreign.output, /404 .*There is no package @acme\/own\./);
});
