import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import { prompdHome } from '#prompd/config/home.js';
import { loadConfig } from '#prompd/config/load.js';
import { PrompdError } from '#prompd/core/errors.js';
import { type Teardown, tempDir } from '../support/temp.js';

interface Files {
  readonly user?: unknown;
  readonly project?: unknown;
  readonly env?: Record<string, string>;
  readonly flag?: string;
}

async function load(t: Teardown, { user, project, env = {}, flag }: Files) {
  const root = tempDir(t);
  const home = path.join(root, 'home');
  const cwd = path.join(root, 'project', 'deep', 'er');
  await mkdir(home);
  await mkdir(cwd, { recursive: true });
  await writeFile(path.join(root, 'project', 'prompd.json'), '{}');
  if (user !== undefined) await writeFile(path.join(home, 'config.json'), JSON.stringify(user));
  if (project !== undefined) {
    await writeFile(path.join(root, 'project', '.prompdrc.json'), JSON.stringify(project));
  }
  return loadConfig({ cwd, env: { PROMPD_HOME: home, ...env }, flags: { registry: flag } });
}

const user = { registry: 'https://user.example.com/r' };
const project = { registry: 'https://project.example.com' };
const env = { PROMPD_REGISTRY: 'https://env.example.com' };

for (const [title, files, url, origin] of [
  ['nothing is set, so the local registry', {}, 'http://127.0.0.1:4874/', 'default'],
  ['the user sets one', { user }, 'https://user.example.com/r/', 'user'],
  ['the project sets one over the user', { user, project }, 'https://project.example.com/', 'project'],
  [
    'the environment sets one over the project',
    { user, project, env },
    'https://env.example.com/',
    'environment',
  ],
  [
    'the flag sets one over the environment',
    { user, project, env, flag: 'http://127.0.0.1:9/x/' },
    'http://127.0.0.1:9/x/',
    'flag',
  ],
  [
    'the project repeats what the user set',
    { user, project: { registry: 'https://USER.example.com/r/' } },
    'https://user.example.com/r/',
    'user',
  ],
  [
    'the flag names an alias',
    { user: { registries: { bank: { url: 'https://bank.example.com' } } }, flag: 'bank' },
    'https://bank.example.com/',
    'user',
  ],
  [
    'an empty variable says nothing',
    { user, env: { PROMPD_REGISTRY: '' } },
    'https://user.example.com/r/',
    'user',
  ],
] satisfies [string, Files, string, string][]) {
  test(`the default registry: ${title}`, async t => {
    const { registries } = await load(t, files);
    t.like(registries.get('default'), { alias: 'default', url, origin: origin as 'flag' });
  });
}

test('scopes, registries and the publish scope come from both files, the project over the user', async t => {
  const config = await load(t, {
    user: {
      registries: { bank: { url: 'https://bank.example.com' } },
      scopes: { '@bank': 'bank', '@acme': 'bank' },
      scope: '@me',
    },
    project: {
      registries: { acme: { url: 'https://acme.example.com' } },
      scopes: { '@acme': 'acme' },
      scope: '@acme',
    },
  });
  t.deepEqual(
    [...config.scopes],
    [
      ['@bank', 'bank'],
      ['@acme', 'acme'],
    ],
  );
  t.is(config.registries.get('bank')?.origin, 'user');
  t.is(config.registries.get('acme')?.origin, 'project');
  t.is(config.publishScope, '@acme');
});

test('a project may lower a network limit of the user', async t => {
  const { network } = await load(t, {
    user: { network: { concurrency: 64 } },
    project: { network: { concurrency: 50, retries: 0 } },
  });
  t.like(network, { concurrency: 50, retries: 0, timeoutMs: 30_000 });
});

test('credentials are kept in a file unless the user says otherwise', async t => {
  t.is((await load(t, {})).credentialStore, 'file');
  t.is((await load(t, { user: { credentialStore: 'keychain' } })).credentialStore, 'keychain');
});

for (const [title, files, code, facts, hint] of [
  ['an unknown setting', { user: { registy: 'x' } }, 'ECONFIG', { key: 'registy' }, /"registry"/],
  [
    'an unknown network setting',
    { user: { network: { timeout: 1 } } },
    'ECONFIG',
    { key: 'network.timeout' },
    /"timeoutMs"|timeoutMs/,
  ],
  [
    'a value of the wrong type',
    { user: { network: { retries: 'two' } } },
    'ECONFIG',
    { key: 'network.retries' },
    /configuration\.md/,
  ],
  [
    'a limit out of its range',
    { user: { network: { concurrency: 0 } } },
    'ECONFIG',
    { key: 'network.concurrency' },
    /./,
  ],
  [
    'a variable that is no number',
    { env: { PROMPD_NETWORK_RETRIES: 'many' } },
    'ECONFIG',
    { variable: 'PROMPD_NETWORK_RETRIES' },
    /0 to 10/,
  ],
  [
    'a variable out of its range',
    { env: { PROMPD_NETWORK_CONCURRENCY: '0' } },
    'ECONFIG',
    { variable: 'PROMPD_NETWORK_CONCURRENCY' },
    /1 to 256/,
  ],
  [
    'a proxy with a password in a file',
    { user: { network: { proxy: 'http://ann:secret@proxy.example.com' } } },
    'ECONFIG',
    { reason: 'holds a user name or password' },
    /HTTPS_PROXY/,
  ],
  [
    'a proxy of another protocol',
    { env: { PROMPD_NETWORK_PROXY: 'socks5://127.0.0.1' } },
    'ECONFIG',
    { place: 'PROMPD_NETWORK_PROXY' },
    /http:/,
  ],
  [
    'a key without its certificate',
    { user: { registries: { bank: { url: 'https://b.example.com', keyFile: 'k.pem' } } } },
    'ECONFIG',
    { key: 'registries.bank.certFile' },
    /./,
  ],
  ...(['proxy', 'noProxy', 'caFile'] as const).map(
    key =>
      [
        `a project that sets network.${key}`,
        { project: { network: { [key]: key === 'noProxy' ? ['*'] : 'http://evil.example.com' } } },
        'ECONFIGSECRET',
        { key: `network.${key}` },
        /config\.json/,
      ] satisfies [string, Files, string, object, RegExp],
  ),
  ...(['certFile', 'keyFile'] as const).map(
    key =>
      [
        `a project that sets the ${key} of a registry`,
        { project: { registries: { bank: { url: 'https://b.example.com', [key]: 'a.pem' } } } },
        'ECONFIGSECRET',
        { key: `registries.bank.${key}` },
        /config\.json/,
      ] satisfies [string, Files, string, object, RegExp],
  ),
  [
    'a token in the user configuration',
    { user: { token: 'abc' } },
    'ECONFIG',
    { key: 'token' },
    /prompd login/,
  ],
  [
    'a scope for a registry that there is not',
    { user: { registries: { bank: { url: 'https://b.example.com' } }, scopes: { '@bank': 'bonk' } } },
    'ECONFIG',
    { key: 'scopes.@bank' },
    /"bank"/,
  ],
  [
    'registries.default',
    { user: { registries: { default: { url: 'https://b.example.com' } } } },
    'ECONFIG',
    { key: 'registries.default' },
    /"registry"/,
  ],
  [
    'an address without protocol',
    { env: { PROMPD_REGISTRY: 'bank.example.com' } },
    'ECONFIG',
    { file: 'PROMPD_REGISTRY' },
    /https:\/\/bank\.example\.com/,
  ],
  [
    'a relative file address',
    { flag: 'file:./copy' },
    'ECONFIG',
    { file: '--registry' },
    /file:\/\/\/path\/to/,
  ],
  [
    'a file address that is no path',
    { flag: 'file:///srv/100%/' },
    'ECONFIG',
    { file: '--registry' },
    /"%" in its path as "%25"/,
  ],
  ['an ftp address', { flag: 'ftp://bank.example.com' }, 'ECONFIG', { file: '--registry' }, /https/],
  [
    'a password in an address',
    { flag: 'https://u:p@bank.example.com' },
    'ECONFIG',
    { file: '--registry' },
    /prompd login/,
  ],
  [
    'a query in an address',
    { flag: 'https://bank.example.com/?key=1' },
    'ECONFIG',
    { file: '--registry' },
    /"\?"/,
  ],
  [
    'a variable in the user configuration',
    { user: { registry: `https://bank.example.com/\${HOME}` } },
    'ECONFIG',
    { key: 'registry' },
    /not expanded/,
  ],
  [
    'a project that raises a limit',
    { project: { network: { maxArchiveBytes: 999_999_999 } } },
    'ECONFIG',
    { key: 'network.maxArchiveBytes' },
    /config\.json/,
  ],
  [
    'a project with a token',
    { project: { token: 'abc' } },
    'ECONFIGSECRET',
    { key: 'token' },
    /prompd login/,
  ],
  [
    'a project with an npm style token',
    { project: { '//bank.example.com/:_authToken': 'abc' } },
    'ECONFIGSECRET',
    { key: '//bank.example.com/:_authToken' },
    /./,
  ],
  [
    'a project with a nested password',
    { project: { registries: { bank: { url: 'https://b.example.com', password: 'x' } } } },
    'ECONFIGSECRET',
    { key: 'registries.bank.password' },
    /./,
  ],
  [
    'a project that chooses the credential store',
    { project: { credentialStore: 'file' } },
    'ECONFIGSECRET',
    { key: 'credentialStore' },
    /./,
  ],
  [
    'a project with a password in an address',
    { project: { registry: 'https://u:p@bank.example.com' } },
    'ECONFIGSECRET',
    { key: 'registry' },
    /./,
  ],
  [
    'a project that expands a variable',
    { project: { registry: `https://bank.example.com/\${PROMPD_TOKEN}` } },
    'ECONFIGSECRET',
    { key: 'registry' },
    /./,
  ],
] satisfies [string, Files, string, Record<string, string>, RegExp][]) {
  test(`the configuration refuses ${title}`, async t => {
    const error = await t.throwsAsync(load(t, files), { instanceOf: PrompdError, code });
    t.like(error?.facts, facts);
    t.regex(error?.hint ?? '', hint);
    t.is(error?.exitCode, 4);
    t.notRegex(`${error?.message}${JSON.stringify(error?.facts)}`, /u:p@/);
  });
}

test('a team may call a scope or a registry by a word that looks like a credential', async t => {
  const config = await load(t, {
    project: { registries: { auth: { url: 'https://auth.example.com' } }, scopes: { '@authors': 'auth' } },
  });
  t.is(config.scopes.get('@authors'), 'auth');
});

test('a file that is not JSON is named with the place of the fault', async t => {
  const home = tempDir(t);
  await writeFile(path.join(home, 'config.json'), '{"registry": }');
  const error = await t.throwsAsync(loadConfig({ cwd: home, env: { PROMPD_HOME: home }, flags: {} }), {
    instanceOf: PrompdError,
    code: 'ECONFIG',
  });
  t.is(error?.facts['file'], path.join(home, 'config.json'));
});

test('outside a project, a file planted in a folder above is not read', async t => {
  const root = tempDir(t);
  const cwd = path.join(root, 'work');
  await mkdir(cwd);
  await writeFile(path.join(root, '.prompdrc.json'), JSON.stringify(project));
  const { registries } = await loadConfig({ cwd, env: { PROMPD_HOME: root }, flags: {} });
  t.is(registries.get('default')?.origin, 'default');
  await writeFile(path.join(cwd, '.prompdrc.json'), JSON.stringify(project));
  const own = await loadConfig({ cwd, env: { PROMPD_HOME: root }, flags: {} });
  t.is(own.registries.get('default')?.origin, 'project');
});

test('the nearest project file wins over one beside prompd.json', async t => {
  const root = tempDir(t);
  const cwd = path.join(root, 'a', 'b');
  await mkdir(cwd, { recursive: true });
  await writeFile(path.join(root, 'prompd.json'), '{}');
  await writeFile(path.join(root, '.prompdrc.json'), JSON.stringify(project));
  await writeFile(
    path.join(root, 'a', '.prompdrc.json'),
    JSON.stringify({ registry: 'https://near.example.com' }),
  );
  const { registries } = await loadConfig({ cwd, env: { PROMPD_HOME: root }, flags: {} });
  t.is(registries.get('default')?.url, 'https://near.example.com/');
});

test('the home folder is absolute, whichever way it was set', t => {
  t.is(prompdHome('/srv/prompd', '/project'), '/srv/prompd');
  t.is(prompdHome('.prompd', '/project'), '/project/.prompd');
  t.regex(prompdHome('~/p', '/project'), /^\/(?!project).*\/p$/);
  t.regex(prompdHome(undefined, '/project'), /\/\.prompd$/);
  t.is(prompdHome('', '/project'), prompdHome(undefined, '/project'));
});
