import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { ci } from '#prompd/ops/install/ci.js';
import { install } from '#prompd/ops/install/install.js';
import { setSetting } from '#prompd/ops/settings/config.js';
import { json } from '../../registry/hostile-server.js';
import { testContext } from '../../support/context.js';
import { smallRegistry } from '../../support/small-registry.js';
import { tempDir } from '../../support/temp.js';

const tone = (version: string) => ({ name: 'tone', version });

/** A project whose default registry is the first, with settings of its own. */
async function project(t: ExecutionContext, url: string, settings: object, manifest: object = {}) {
  const dir = tempDir(t);
  const home = path.join(dir, 'home');
  writeFileSync(path.join(dir, 'prompd.json'), JSON.stringify(manifest));
  writeFileSync(path.join(dir, '.prompdrc.json'), JSON.stringify({ network: { retries: 0 }, ...settings }));
  const open = (flags = {}) => testContext({ cwd: dir, home, env: { PROMPD_REGISTRY: url }, ...flags });
  const lockfile = path.join(dir, 'prompd-lock.json');
  return {
    home,
    open,
    install: async (...specs: string[]) => install(await open(), { specs }),
    locked: () => Object.keys(JSON.parse(readFileSync(lockfile, 'utf8')).packages),
    isEmpty: () => !existsSync(lockfile) && !existsSync(path.join(home, 'packages')),
  };
}

test('a name in two registries is refused, says how to choose, and leaves nothing; a binding chooses', async t => {
  const main = await smallRegistry(t, [tone('1.0.0')]);
  const bank = await smallRegistry(t, [tone('99.0.0')]);
  const { install, open, locked, isEmpty } = await project(t, main.url, {
    registries: { bank: { url: bank.url } },
  });
  const error = await t.throwsAsync(install('tone'), { instanceOf: PrompdError, code: 'EAMBIGUOUS' });
  t.is(error?.message, '"tone" is in two registries: "default" and "bank".');
  t.regex(error?.hint ?? '', /prompd config set packages\.tone bank --location project/);
  t.true(isEmpty());

  await setSetting(await open(), { key: 'packages.tone', typed: 'bank' }, { location: 'project' });
  await install('tone');
  t.deepEqual(locked(), ['bank|tone@99.0.0']);
  await setSetting(await open(), { key: 'packages.tone', typed: 'default' }, { location: 'project' });
  await install('tone');
  t.deepEqual(locked(), ['default|tone@1.0.0']);
});

test('what the lockfile has stays in its registry, and no other is asked for it again', async t => {
  const main = await smallRegistry(t, [tone('1.0.0')]);
  const bank = await smallRegistry(t, []);
  const { install, open, locked } = await project(t, main.url, { registries: { bank: { url: bank.url } } });
  await install('tone');
  t.deepEqual(bank.asked, ['/packages/tone'], 'once, when the name was new');
  bank.interfere = (_, response) => {
    json(response, { name: 'tone', versions: { '99.0.0': { ...tone('99.0.0'), dist: {} } } });
    return true;
  };
  await install();
  await ci(await open());
  t.deepEqual(locked(), ['default|tone@1.0.0']);
  t.is(bank.asked.length, 1);
});

test('a name that only another registry has is not found, and that registry is not asked', async t => {
  const main = await smallRegistry(t, []);
  const bank = await smallRegistry(t, [tone('1.0.0')]);
  const { install, isEmpty } = await project(t, main.url, { registries: { bank: { url: bank.url } } });
  const error = await t.throwsAsync(install('tone'), { instanceOf: PrompdError, code: 'ENOTFOUND' });
  t.regex(error?.hint ?? '', /No other registry is asked.*packages\.tone bank/);
  t.deepEqual(bank.asked, []);
  t.true(isEmpty());
});

for (const [status, body, code] of [
  [401, { code: 'EAUTH' }, 'EAUTH'],
  [403, { code: 'EFORBIDDEN' }, 'EFORBIDDEN'],
  [500, { code: 'EBUG' }, 'EREGISTRY'],
  [503, {}, 'EREGISTRY'],
  [404, '<html>Not here</html>', 'EBADRESPONSE'],
] satisfies [number, unknown, string][]) {
  const refuse = (registry: Awaited<ReturnType<typeof smallRegistry>>) => {
    registry.interfere = (_, response) => {
      const problem = { type: 'about:blank', title: 'T', detail: 'No.' };
      json(response, typeof body === 'string' ? body : { ...problem, ...body }, status);
      return true;
    };
  };

  test(`a default registry that answers ${status} is ${code}: no other is asked in its place`, async t => {
    const main = await smallRegistry(t, [tone('1.0.0')]);
    const bank = await smallRegistry(t, [tone('1.0.0')]);
    refuse(main);
    const { install, isEmpty } = await project(t, main.url, { registries: { bank: { url: bank.url } } });
    await t.throwsAsync(install('tone'), { code });
    t.deepEqual(bank.asked, []);
    t.true(isEmpty());
  });

  test(`a registry of a scope that answers ${status} is ${code}: the default is not asked in its place`, async t => {
    const main = await smallRegistry(t, [{ name: '@bank/kyc', version: '1.0.0' }]);
    const bank = await smallRegistry(t, []);
    refuse(bank);
    const settings = { registries: { bank: { url: bank.url } }, scopes: { '@bank': 'bank' } };
    const { install, isEmpty } = await project(t, main.url, settings);
    await t.throwsAsync(install('@bank/kyc'), { code });
    t.deepEqual(main.asked, []);
    t.true(isEmpty());
  });

  test(`while another registry answers ${status}, a new name that might be its own is ${code}`, async t => {
    const main = await smallRegistry(t, [tone('1.0.0')]);
    const bank = await smallRegistry(t, []);
    refuse(bank);
    const { install, isEmpty } = await project(t, main.url, { registries: { bank: { url: bank.url } } });
    const error = await t.throwsAsync(install('tone'), { instanceOf: PrompdError, code });
    t.regex(error?.message ?? '', /"bank" cannot say whether it has "tone"/);
    t.true(isEmpty());
  });
}

test('a registry that is down is an error, and the name is not looked for elsewhere', async t => {
  const main = await smallRegistry(t, [{ name: '@bank/kyc', version: '1.0.0' }]);
  const settings = {
    registries: { bank: { url: 'http://127.0.0.1:1/', protocol: 'prompd' } },
    scopes: { '@bank': 'bank' },
  };
  const { install } = await project(t, main.url, settings);
  await t.throwsAsync(install('@bank/kyc'), { code: 'ENETWORK' });
  t.deepEqual(main.asked, []);
});

test('what a package depends on comes from where the configuration says, not from the registry of the package', async t => {
  const main = await smallRegistry(t, [
    { name: 'app', version: '1.0.0', dependencies: { '@bank/kyc': '>=1' } },
    tone('1.0.0'),
    { name: '@bank/kyc', version: '99.0.0' },
  ]);
  const bank = await smallRegistry(t, [
    { name: '@bank/kyc', version: '1.0.0', dependencies: { tone: '>=1' } },
    tone('99.0.0'),
  ]);
  const settings = { registries: { bank: { url: bank.url } }, scopes: { '@bank': 'bank' } };
  const { install, locked } = await project(t, main.url, settings);
  await install('app');
  t.deepEqual(locked(), ['bank|@bank/kyc@1.0.0', 'default|app@1.0.0', 'default|tone@1.0.0']);
  t.false(
    bank.asked.some(asked => asked.startsWith('/packages/tone')),
    'it is bound to a scope, and asked for nothing else',
  );
  t.false(main.asked.some(asked => asked.startsWith('/packages/@bank')));
});

test('a name that a package depends on is refused as well when two registries have it', async t => {
  const main = await smallRegistry(t, [
    { name: 'app', version: '1.0.0', dependencies: { tone: '>=1' } },
    tone('1.0.0'),
  ]);
  const bank = await smallRegistry(t, [tone('99.0.0')]);
  const { install, isEmpty } = await project(t, main.url, { registries: { bank: { url: bank.url } } });
  await t.throwsAsync(install('app'), { code: 'EAMBIGUOUS' });
  t.true(isEmpty());
});

test('a package has a registry of its own, beside that of its scope', async t => {
  const main = await smallRegistry(t, [{ name: '@bank/kyc', version: '1.0.0' }]);
  const bank = await smallRegistry(t, [
    { name: '@bank/kyc', version: '9.0.0' },
    { name: '@bank/aml', version: '2.0.0' },
  ]);
  const settings = {
    registries: { bank: { url: bank.url } },
    scopes: { '@bank': 'bank' },
    packages: { '@bank/kyc': 'default' },
  };
  const { install, locked } = await project(t, main.url, settings);
  await install('@bank/kyc', '@bank/aml');
  t.deepEqual(locked(), ['bank|@bank/aml@2.0.0', 'default|@bank/kyc@1.0.0']);
});

test('a locked package whose name is now bound elsewhere is not installed from where it was', async t => {
  const main = await smallRegistry(t, [tone('1.0.0')]);
  const bank = await smallRegistry(t, [tone('2.0.0')]);
  const { install, open, locked } = await project(t, main.url, {
    registries: { bank: { url: bank.url } },
    packages: { tone: 'default' },
  });
  await install('tone');
  await setSetting(await open(), { key: 'packages.tone', typed: 'bank' }, { location: 'project' });
  await t.throwsAsync(async () => ci(await open()), { instanceOf: PrompdError });
  t.deepEqual(locked(), ['default|tone@1.0.0']);
});
