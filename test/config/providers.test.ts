import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { loadConfig } from '#prompd/config/load.js';
import { findProviderKey, forgetProviderKey, keepProviderKey } from '#prompd/config/provider-keys.js';
import { PrompdError } from '#prompd/core/errors.js';
import { type Teardown, tempDir } from '../support/temp.js';

async function load(
  t: Teardown,
  { user, project, env }: { user?: unknown; project?: unknown; env?: Record<string, string> },
) {
  const cwd = tempDir(t);
  const home = path.join(cwd, 'home');
  mkdirSync(home);
  if (user !== undefined) writeFileSync(path.join(home, 'config.json'), JSON.stringify(user));
  if (project !== undefined) writeFileSync(path.join(cwd, '.prompdrc.json'), JSON.stringify(project));
  return loadConfig({ cwd, env: { PROMPD_HOME: home, ...env }, flags: {} });
}

test('without configuration there are four providers, and none is the default', async t => {
  const { providers, provider } = await load(t, {});
  t.deepEqual([...providers.keys()], ['openai', 'anthropic', 'ollama', 'echo']);
  t.is(provider, undefined);
});

test("the provider of the variable is stronger than that of the project, and that than the user's", async t => {
  const files = { user: { provider: 'ollama' }, project: { provider: 'echo' } };
  t.is((await load(t, files)).provider, 'echo');
  t.is((await load(t, { ...files, env: { PROMPD_PROVIDER: 'openai' } })).provider, 'openai');
  t.is((await load(t, { ...files, env: { PROMPD_PROVIDER: '' } })).provider, 'echo');
});

test('the user defines providers, also anew, and a project names one of them', async t => {
  const { providers, provider } = await load(t, {
    user: {
      provider: 'echo',
      providers: {
        work: {
          kind: 'openai-compatible',
          baseUrl: 'https://models.example.com/v1',
          model: 'm',
          headers: { 'x-team': 'a' },
        },
        openai: { kind: 'openai', baseUrl: 'https://proxy.example.com/openai/' },
      },
    },
    project: { provider: 'work' },
  });
  t.is(provider, 'work');
  t.deepEqual(providers.get('work'), {
    name: 'work',
    kind: 'openai-compatible',
    baseUrl: 'https://models.example.com/v1/',
    model: 'm',
    headers: { 'x-team': 'a' },
    origin: 'user',
  });
  t.like(providers.get('openai'), { baseUrl: 'https://proxy.example.com/openai/', origin: 'user' });
});

const compatible = { kind: 'openai-compatible', baseUrl: 'https://m.example.com' };
for (const [title, files, code, key] of [
  [
    'a project that defines a provider',
    { project: { providers: { openai: compatible } } },
    'ECONFIGSECRET',
    'providers',
  ],
  [
    'a project that defines nothing under "providers"',
    { project: { providers: {} } },
    'ECONFIGSECRET',
    'providers',
  ],
  ['a project with a base URL', { project: { baseUrl: 'https://m.example.com' } }, 'ECONFIG', 'baseUrl'],
  [
    'a key beside a provider',
    { user: { providers: { work: { ...compatible, apiKey: 'x' } } } },
    'ECONFIG',
    'providers.work.apiKey',
  ],
  [
    'a key in a header',
    { user: { providers: { work: { ...compatible, headers: { 'X-Api-Key': 'x' } } } } },
    'ECONFIG',
    'providers.work.headers.X-Api-Key',
  ],
  [
    'an authorization header',
    { user: { providers: { work: { ...compatible, headers: { Authorization: 'x' } } } } },
    'ECONFIG',
    'providers.work.headers.Authorization',
  ],
  [
    'a header of the connection',
    { user: { providers: { work: { ...compatible, headers: { Host: 'x' } } } } },
    'ECONFIG',
    'providers.work.headers.Host',
  ],
  [
    'a header with a line break',
    { user: { providers: { work: { ...compatible, headers: { x: 'a\r\nb: c' } } } } },
    'ECONFIG',
    'providers.work.headers.x',
  ],
  [
    'an endpoint without an address',
    { user: { providers: { work: { kind: 'openai-compatible' } } } },
    'ECONFIG',
    'providers.work.baseUrl',
  ],
  [
    'a password in an address',
    { user: { providers: { work: { ...compatible, baseUrl: 'https://u:p@m.example.com' } } } },
    'ECONFIG',
    'providers.work.baseUrl',
  ],
  [
    'a query in an address',
    { user: { providers: { work: { ...compatible, baseUrl: 'https://m.example.com?key=1' } } } },
    'ECONFIG',
    'providers.work.baseUrl',
  ],
  [
    'a file address',
    { user: { providers: { work: { ...compatible, baseUrl: 'file:///etc' } } } },
    'ECONFIG',
    'providers.work.baseUrl',
  ],
  [
    'a variable in an address',
    { user: { providers: { work: { ...compatible, baseUrl: 'https://m.example.com/$' + '{HOME}' } } } },
    'ECONFIG',
    'providers.work.baseUrl',
  ],
  ['an unknown kind', { user: { providers: { work: { kind: 'azure' } } } }, 'ECONFIG', 'providers.work.kind'],
] as const) {
  test(`the configuration refuses ${title}`, async t => {
    const error = await t.throwsAsync(load(t, files), { instanceOf: PrompdError, code });
    t.is(error?.facts['key'], key);
    t.is(error?.exitCode, 4);
    t.notRegex(JSON.stringify(error), /u:p@/);
  });
}

test('a key comes from the own variable, then the usual one, then the store', async t => {
  const config = await load(t, {});
  const openai = config.providers.get('openai');
  if (!openai) throw new Error('there is no openai');
  const warn = t.log;
  const find = (env: Record<string, string>) => findProviderKey({ config, env, warn }, openai);
  t.is(await find({}), undefined);
  await keepProviderKey({ config, warn }, openai, ' sk-kept \n');
  t.deepEqual(await find({ OPENAI_API_KEY: '' }), { source: { kind: 'store' }, key: 'sk-kept' });
  t.deepEqual(await find({ OPENAI_API_KEY: 'sk-usual' }), {
    source: { kind: 'variable', name: 'OPENAI_API_KEY' },
    key: 'sk-usual',
  });
  const own = await find({ OPENAI_API_KEY: 'sk-usual', PROMPD_OPENAI_API_KEY: 'sk-own' });
  t.is(own?.key, 'sk-own');
  t.true(await forgetProviderKey({ config, warn }, openai));
  t.is(await find({}), undefined);
});

test('the usual variables are for the built-in names only, and a kept key for its address only', async t => {
  const config = await load(t, {
    user: { providers: { 'my-gw': { kind: 'openai', baseUrl: 'https://a.example.com' } } },
  });
  const gateway = config.providers.get('my-gw');
  if (!gateway) throw new Error('there is no my-gw');
  const warn = t.log;
  const find = (env: Record<string, string>, who = gateway) => findProviderKey({ config, env, warn }, who);
  t.is(await find({ OPENAI_API_KEY: 'sk-usual', ANTHROPIC_API_KEY: 'x' }), undefined);
  t.is((await find({ PROMPD_MY_GW_API_KEY: 'sk-own' }))?.key, 'sk-own');
  await keepProviderKey({ config, warn }, gateway, 'sk-kept');
  t.is((await find({}))?.key, 'sk-kept');
  t.is(await find({}, { ...gateway, baseUrl: 'https://b.example.com/' }), undefined);
});

test('what holds no key is refused without showing it', async t => {
  const config = await load(t, {});
  const openai = config.providers.get('openai');
  if (!openai) throw new Error('there is no openai');
  const env = { OPENAI_API_KEY: 'sk-one two' };
  const error = await t.throwsAsync(findProviderKey({ config, env, warn: t.log }, openai), {
    instanceOf: PrompdError,
    code: 'EPROVIDERKEY',
  });
  t.notRegex(JSON.stringify(error), /sk-one/);
  await t.throwsAsync(keepProviderKey({ config, warn: t.log }, openai, ''), { code: 'EPROVIDERKEY' });
});
