import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import type { PackageInfo } from '#prompd/ops/registry/info.js';
import type { SearchPage } from '#prompd/registry/registry.js';
import { sharedRegistry } from '../ops/scene.js';
import { runCli, runHere } from '../support/cli.js';
import { startTestRegistry } from '../support/registry.js';
import { tempDir } from '../support/temp.js';

const shared = sharedRegistry(test, async registry => {
  const code = { category: 'development', author: 'Ada', keywords: ['review'], license: 'MIT' };
  await registry.publish({
    name: '@acme/code-review',
    version: '1.0.0',
    description: 'Reviews a diff',
    ...code,
  });
  await registry.publish({
    name: '@acme/code-review',
    version: '1.1.0',
    description: 'Reviews a diff well',
    dependencies: { '@acme/style': '^1.0.0' },
    ...code,
  });
  await registry.publish({ name: '@acme/code-review', version: '2.0.0-rc.1', ...code }, {}, '?tag=next');
  await registry.publish({
    name: '@bank/kyc',
    version: '1.0.0',
    description: 'Know your customer',
    category: 'finance',
  });
  await registry.publish(
    { name: '@bank/secret', version: '1.0.0', description: 'A private review' },
    {},
    '?access=private',
  );
});

function filledRegistry() {
  const registry = shared();
  return { registry, env: { PROMPD_REGISTRY: registry.url } };
}

test('search finds packages by words and filters, as text and as JSON', async t => {
  const { env, registry } = filledRegistry();
  const names = async (...args: string[]) => {
    const result = await runHere(['search', ...args, '--json'], { env });
    t.is(result.code, 0, result.stdout);
    return result.json<SearchPage>().hits.map(hit => hit.name as string);
  };
  t.deepEqual(await names('review', 'diff'), ['@acme/code-review']);
  t.deepEqual(await names('--category', 'finance'), ['@bank/kyc']);
  t.deepEqual(await names('--author', 'Ada', '--keyword', 'review'), ['@acme/code-review']);
  t.deepEqual(await names('--sort', 'recency'), ['@bank/kyc', '@acme/code-review']);
  t.deepEqual(await names('--sort', 'recency', '--limit', '1', '--offset', '1'), ['@acme/code-review']);
  t.deepEqual(await names('nothing-like-it'), []);

  const text = await runCli(['search', 'customer'], { env });
  t.regex(
    text.stdout,
    /^@bank\/kyc 1\.0\.0 {2}finance · 0 downloads · \d{4}-\d\d-\d\d\n {2}Know your customer\n\n1 package\n$/,
  );
  t.is((await runHere(['search', 'nothing-like-it'], { env })).stdout, 'No package fits.\n');
  t.is((await runHere(['search', '--limit', '9999'], { env })).code, 1);

  const member = { ...env, PROMPD_TOKEN: registry.adminToken };
  const all = (await runHere(['search', 'review', '--json'], { env: member })).json<SearchPage>();
  t.true(all.hits.some(hit => (hit.name as string) === '@bank/secret'));
});

test('info shows a package, a version, a tag or a range of it', async t => {
  const { env, registry } = filledRegistry();
  const info = async (spec: string) => {
    const result = await runHere(['info', spec, '--json'], { env });
    t.is(result.code, 0, result.stdout);
    return result.json<PackageInfo>();
  };
  const latest = await info('@acme/code-review');
  t.like(latest, {
    version: '1.1.0',
    description: 'Reviews a diff well',
    author: 'Ada',
    license: 'MIT',
    category: 'development',
    keywords: ['review'],
    access: 'public',
    distTags: { latest: '1.1.0', next: '2.0.0-rc.1' },
    versions: ['2.0.0-rc.1', '1.1.0', '1.0.0'],
    dependencies: { '@acme/style': '^1.0.0' },
    registry: `${registry.url}/`,
  });
  t.regex(latest.dist.integrity ?? '', /^sha512-/);
  t.is((await info('@acme/code-review@next')).version as string, '2.0.0-rc.1');
  t.is((await info('@acme/code-review@1.0.0')).version as string, '1.0.0');
  t.is((await info('@acme/code-review@<1.1')).version as string, '1.0.0');

  const text = await runCli(['view', '@acme/code-review@1.1.0'], { env });
  t.is(text.code, 0, text.stderr);
  t.regex(text.stdout, /^@acme\/code-review 1\.1\.0\n\ndescription +Reviews a diff well\n/);
  t.regex(text.stdout, /\ntags +latest: 1\.1\.0, next: 2\.0\.0-rc\.1\n/);
  t.regex(text.stdout, /\ndepends on +@acme\/style \^1\.0\.0\n/);
});

test('info tells a missing package from a missing version, and both from a folder', async t => {
  const { env } = filledRegistry();
  for (const [spec, exit, code] of [
    ['@acme/nothing', 5, 'ENOTFOUND'],
    ['@bank/secret', 5, 'ENOTFOUND'],
    ['@acme/code-review@9', 5, 'ENOVERSION'],
    ['@acme/code-review@beta', 5, 'ENOVERSION'],
    ['./somewhere', 1, 'EUSAGE'],
    ['@Acme/Nope', 2, 'EBADNAME'],
  ] satisfies [string, number, string][]) {
    const result = await runHere(['info', spec, '--json'], { env });
    t.is(result.code, exit, spec);
    t.like(result.json(), { error: { code } }, spec);
  }
});

test('info shows why a version should not be used', async t => {
  const { registry } = filledRegistry();
  const env = { PROMPD_REGISTRY: registry.url, PROMPD_TOKEN: registry.adminToken };
  await registry.publish({ name: '@bank/secret', version: '1.1.0', description: 'A private review' });
  const change = { deprecated: { '1.0.0': 'Has a fault' }, yanked: { '1.0.0': true } };
  const answer = await registry.request('/packages/@bank/secret', {
    method: 'PUT',
    body: JSON.stringify(change),
    headers: { 'content-type': 'application/json' },
  });
  t.is(answer.status, 200);
  const text = await runHere(['info', '@bank/secret@1.0.0'], { env });
  t.regex(text.stdout, /deprecated: Has a fault\nyanked: new installs do not choose this version\n/);
});

test('offline, search and info know what the cache knows, and ask nobody', async t => {
  const registry = await startTestRegistry(t);
  for (const [name, description] of [
    ['@bank/kyc', 'Know your customer'],
    ['@bank/review', 'Reviews'],
  ] as const)
    await registry.publish({ name, version: '1.0.0', description });
  const env = { PROMPD_REGISTRY: registry.url };
  const home = tempDir(t);
  const cwd = tempDir(t);
  const run = (...args: string[]) => runHere(args, { cwd, env: { ...env, PROMPD_HOME: home } });
  t.is((await run('search', 'review', '--offline')).stdout, 'No package fits.\n');
  const unknown = await run('info', '@bank/kyc', '--offline');
  t.is(unknown.code, 6);
  t.regex(unknown.stderr, /EOFFLINE/);
  writeFileSync(path.join(cwd, 'prompd.json'), '{"name": "@acme/app", "version": "1.0.0"}');
  t.is((await run('install', '@bank/kyc')).code, 0);
  t.regex((await run('search', 'customer', '--offline')).stdout, /@bank\/kyc 1\.0\.0/);
  t.is((await run('search', 'review', '--offline')).stdout, 'No package fits.\n');
  t.regex((await run('info', '@bank/kyc', '--offline')).stdout, /1\.0\.0[\s\S]*Know your customer/);
});
