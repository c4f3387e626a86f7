import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { bunClient, pnpmClient } from '../../support/npm-clients.js';
import { jsonBody } from '../../support/registry.js';
import { startNotingRegistry, writePackage, writeProject } from './stage.js';

const TONE = { name: '@acme/tone', version: '1.0.0' };

test('pnpm publishes and installs packages, by the lockfile and from its cache, and tags them through npm', async t => {
  const registry = await startNotingRegistry(t);
  await registry.publish(TONE);
  const jane = pnpmClient(t, { url: registry.url, token: await registry.tokenOf('jane', 'publish') });
  const reviews = { name: '@acme/reviews', version: '1.0.0', dependencies: { '@acme/tone': '^1.0.0' } };
  writePackage(jane, 'reviews', reviews);
  await jane.expect(['publish', '--no-git-checks', '--access', 'restricted'], { cwd: 'reviews' });
  writeProject(jane, 'project');
  registry.asked();
  await jane.expect(['add', '@acme/reviews'], { cwd: 'project' });
  t.deepEqual(registry.asked().sort(), [
    'GET /npm/@acme%2freviews 200',
    'GET /npm/@acme%2ftone 200',
    'GET /npm/@acme/reviews/-/reviews-1.0.0.tgz 200',
    'GET /npm/@acme/tone/-/tone-1.0.0.tgz 200',
  ]);
  const modules = path.join(jane.home, 'project/node_modules');
  t.true(existsSync(path.join(modules, '@acme/reviews/prompd.json')));

  rmSync(modules, { recursive: true });
  await jane.expect(['install', '--frozen-lockfile'], { cwd: 'project' });
  t.deepEqual(registry.asked(), []);
  t.true(existsSync(path.join(modules, '@acme/reviews/prompd.json')));

  await jane.expect(['dist-tag', 'add', '@acme/reviews@1.0.0', 'stable']);
  const tags = await registry.request('/packages/@acme/reviews/dist-tags');
  t.deepEqual(await tags.json(), { latest: '1.0.0', stable: '1.0.0' });
  const [who, found] = await Promise.all([
    jane.expect(['whoami']),
    jane.expect(['search', 'zither', '--json']),
    jane.expect(['deprecate', '@acme/reviews@1.0.0', 'Use 2.']),
  ]);
  t.is(who.trim(), 'jane');
  t.regex(found, /"name": ?"@acme\/reviews"/);
  const packument = await (await registry.request('/packages/@acme/reviews')).json();
  t.like(packument, { versions: { '1.0.0': { deprecated: 'Use 2.' } } });
  const clean = await jane.expect(['audit'], { cwd: 'project' });
  t.regex(clean, /No known vulnerabilities/);
  const advisory = { package: TONE.name, vulnerable: '<1.0.1', severity: 'high', title: 'Too merry' };
  await registry.request('/advisories', jsonBody('POST', advisory));
  const audit = await jane.run(['audit'], { cwd: 'project' });
  t.is(audit.code, 1);
  t.regex(audit.output, /high[\s\S]*Too merry[\s\S]*@acme\/tone[\s\S]*@acme\/reviews>@acme\/tone/);
  await jane.expect(['unpublish', '@acme/reviews', '--force']);
  t.is((await registry.request('/packages/@acme/reviews')).status, 404);
});

test('bun publishes and installs packages, by the lockfile and from its cache, and shows why it may not', async t => {
  const registry = await startNotingRegistry(t);
  const token = await registry.tokenOf('jane', 'publish');
  const jane = bunClient(t, { url: registry.url, token });
  await registry.publish(TONE, {}, '?access=private');
  await registry.request('/packages/@acme/tone/owners/jane', { method: 'PUT' });
  writePackage(jane, 'reviews', {
    name: '@acme/reviews',
    version: '1.0.0',
    dependencies: { '@acme/tone': '^1.0.0' },
  });
  t.regex(await jane.expect(['publish'], { cwd: 'reviews' }), /\+ @acme\/reviews@1\.0\.0/);
  t.regex((await jane.run(['publish'], { cwd: 'reviews' })).output, /409 [\s\S]*A version is never reused\./);
  writePackage(jane, 'bare', { name: '@acme/bare', version: '1.0.0', manifest: false });
  t.regex(
    (await jane.run(['publish'], { cwd: 'bare' })).output,
    /422 [\s\S]*The archive has no prompd\.json\./,
  );
  t.is((await jane.expect(['pm', 'whoami'], { cwd: 'reviews' })).trim(), 'jane');

  writeProject(jane, 'project');
  registry.asked();
  await jane.expect(['add', '@acme/reviews'], { cwd: 'project' });
  t.deepEqual(registry.asked().sort(), [
    'GET /npm/@acme%2freviews 200',
    'GET /npm/@acme%2ftone 200',
    'GET /npm/@acme/reviews/-/reviews-1.0.0.tgz 200',
    'GET /npm/@acme/tone/-/tone-1.0.0.tgz 200',
  ]);
  const modules = path.join(jane.home, 'project/node_modules');
  rmSync(modules, { recursive: true });
  await jane.expect(['install', '--frozen-lockfile'], { cwd: 'project' });
  t.deepEqual(registry.asked(), []);
  t.true(existsSync(path.join(modules, '@acme/tone/prompd.json')));

  const advisory = { package: TONE.name, vulnerable: '<1.0.1', severity: 'high', title: 'Too merry' };
  t.is((await registry.request('/advisories', jsonBody('POST', advisory))).status, 201);
  const audit = await jane.run(['audit'], { cwd: 'project' });
  t.is(audit.code, 1);
  t.regex(audit.output, /high: Too merry/);

  jane.use(undefined);
  rmSync(path.join(jane.home, '.bun-cache'), { recursive: true });
  rmSync(modules, { recursive: true });
  rmSync(path.join(jane.home, 'project/bun.lock'));
  const anonymous = await jane.run(['install'], { cwd: 'project' });
  t.not(anonymous.code, 0);
  t.regex(anonymous.output, /404/);
});
