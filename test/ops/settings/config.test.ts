import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { editConfigText } from '#prompd/config/edit.js';
import { parseSettingKey, settingKeys } from '#prompd/config/setting-key.js';
import { deleteSetting, getSetting, listSettings, setSetting } from '#prompd/ops/settings/config.js';
import { runCli } from '../../support/cli.js';
import { testContext } from '../../support/context.js';
import { tempDir } from '../../support/temp.js';

/** Text that other programs would look up in the environment. */
const VARIABLE = `$${'{TOKEN}'}`;

interface Files {
  readonly user?: unknown;
  readonly project?: unknown;
  readonly env?: Readonly<Record<string, string>>;
}

async function makePlace(t: ExecutionContext, { user, project, env = {} }: Files = {}) {
  const cwd = tempDir(t);
  const home = path.join(cwd, 'home');
  mkdirSync(home);
  const files = { user: path.join(home, 'config.json'), project: path.join(cwd, '.prompdrc.json') };
  const write = (file: string, content: unknown) =>
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  writeFileSync(path.join(cwd, 'prompd.json'), '{}');
  const context = await testContext({ cwd, home });
  if (user !== undefined) write(files.user, user);
  if (project !== undefined) write(files.project, project);
  return {
    cwd,
    home,
    files,
    context: { ...context, env: { ...context.env, ...env } },
    read: (layer: 'user' | 'project') => readFileSync(files[layer], 'utf8'),
  };
}

test('a proxy of the environment is listed without its password', async t => {
  const dir = tempDir(t);
  const env = { PROMPD_NETWORK_PROXY: 'http://ann:pa55word@proxy.example.com:3128' };
  const settings = await listSettings(await testContext({ cwd: dir, env }));
  const proxy = settings.find(({ key }) => key === 'network.proxy');
  t.deepEqual([proxy?.value, proxy?.source], ['http://***@proxy.example.com:3128', 'PROMPD_NETWORK_PROXY']);
});

test('every setting is listed with the strongest layer that says it', async t => {
  const { context, files } = await makePlace(t, {
    user: { registry: 'https://user.example.com', network: { retries: 5, timeoutMs: 5000 }, scope: '@me' },
    project: { network: { retries: 1 }, scope: '@team', minimumReleaseAge: '3d' },
    env: { PROMPD_REGISTRY: 'https://env.example.com' },
  });
  const settings = new Map((await listSettings(context)).map(({ key, ...rest }) => [key, rest]));
  const of = (key: string) => settings.get(key);
  t.deepEqual(of('registry'), {
    value: 'https://env.example.com/',
    origin: 'environment',
    source: 'PROMPD_REGISTRY',
  });
  t.deepEqual(of('network.retries'), { value: 1, origin: 'project', source: files.project });
  t.deepEqual(of('network.timeoutMs'), { value: 5000, origin: 'user', source: files.user });
  t.deepEqual(of('network.concurrency'), { value: 32, origin: 'default', source: undefined });
  t.like(of('minimumReleaseAge.age'), { value: '3d', origin: 'project' });
  t.like(of('scope'), { value: '@team' });
  const flagged = await getSetting(context, 'registry', { registry: 'https://flag.example.com' });
  t.like(flagged, { value: 'https://flag.example.com/', origin: 'flag', source: '--registry' });
  t.like(await getSetting(context, 'scope', { location: 'user' }), { value: '@me' });
  t.is(await getSetting(context, 'registry', { location: 'project' }), undefined);
});

const written: readonly [string, string, unknown][] = [
  ['registry', 'https://prompts.example.com/', { registry: 'https://prompts.example.com/' }],
  ['network.retries', '3', { network: { retries: 3 } }],
  ['scope', '@team', { scope: '@team' }],
  [
    'registries.work.url',
    'https://a.example.com',
    { registries: { work: { url: 'https://a.example.com' } } },
  ],
  [
    'registries.my.host.url',
    'https://a.example.com',
    { registries: { 'my.host': { url: 'https://a.example.com' } } },
  ],
  ['credentialStore', 'keychain', { credentialStore: 'keychain' }],
  ['minimumReleaseAge.exclude', '["@team/*"]', { minimumReleaseAge: { exclude: ['@team/*'] } }],
  ['$schema', VARIABLE, { $schema: VARIABLE }],
];
for (const [key, typed, file] of written) {
  test(`set ${key} ${typed} writes it, get reads it, delete leaves nothing of it`, async t => {
    const { context, read, files } = await makePlace(t, { env: { TOKEN: 'secret' } });
    t.deepEqual(await setSetting(context, { key, typed }), { key, file: files.user, changed: true });
    t.deepEqual(JSON.parse(read('user')), file);
    const value = (await getSetting(context, key))?.value;
    t.is(
      typeof value === 'string' ? value.replace(/\/$/, '') : JSON.stringify(value),
      typed.replace(/\/$/, ''),
    );
    t.false((await setSetting(context, { key, typed })).changed);
    t.true((await deleteSetting(context, key)).changed);
    t.deepEqual(JSON.parse(read('user')), {});
  });
}

test('a scope goes to a registry that there is, and a value below a key is read as one', async t => {
  const { context } = await makePlace(t, {
    user: { registries: { work: { url: 'https://a.example.com' } } },
  });
  await setSetting(context, { key: 'scopes.@my.team', typed: 'work' });
  t.like(await getSetting(context, 'scopes'), { value: { '@my.team': 'work' } });
  t.like(await getSetting(context, 'registries'), { value: { work: { url: 'https://a.example.com' } } });
});

const refused: readonly [string, string, string, 'user' | 'project', string, RegExp][] = [
  ['a misspelt key', 'network.retry', '3', 'user', 'ECONFIG', /^Did you mean "network\.retries"\?$/],
  ['a key below a value', 'registry.url', 'x', 'user', 'ECONFIG', /./],
  ['an inherited name', 'constructor', 'x', 'user', 'ECONFIG', /./],
  ['a credential', 'registries.work.token', 'abc', 'user', 'ECONFIG', /prompd login/],
  ['a value of the wrong kind', 'network.retries', 'many', 'user', 'ECONFIG', /./],
  ['a value beyond its limits', 'network.retries', '11', 'user', 'ECONFIG', /./],
  ['a name that breaks its rule', 'scopes.team', 'default', 'user', 'ECONFIG', /./],
  ['a scope of a registry that there is not', 'scopes.@team', 'nowhere', 'user', 'ECONFIG', /Add it/],
  ['an address that is none', 'registry', 'prompts', 'user', 'ECONFIG', /Write it with its protocol/],
  ['an address with a password', 'registry', 'https://a:b@example.com', 'user', 'ECONFIG', /prompd login/],
  [
    'an address with a variable',
    'registry',
    `https://example.com/${VARIABLE}`,
    'user',
    'ECONFIG',
    /not expanded/,
  ],
  ['a personal setting', 'credentialStore', 'file', 'project', 'ECONFIG', /Leave out "--location project"/],
  ['a limit above the user’s', 'network.retries', '9', 'project', 'ECONFIG', /only lower/],
  ['a variable', '$schema', VARIABLE, 'project', 'ECONFIGSECRET', /./],
  ['a password', 'registries.work.url', 'https://a:b@example.com', 'project', 'ECONFIGSECRET', /./],
];
for (const [what, key, typed, location, code, hint] of refused) {
  test(`${what} is not written into the file of the ${location}`, async t => {
    const { context, files } = await makePlace(t, { env: { TOKEN: 'secret' } });
    const error = await t.throwsAsync<Error & { hint: string }>(
      setSetting(context, { key, typed }, { location }),
      {
        code,
      },
    );
    t.regex(error?.hint ?? '', hint);
    t.false(existsSync(files[location]));
  });
}

test('a setting that is written as one value is not taken apart, and its removal from the same file is proposed', async t => {
  const { context, read } = await makePlace(t, { project: { signatures: 'required' } });
  const rule = { key: 'signatures.scopes.@bank', typed: 'off' };
  const error = await t.throwsAsync<Error & { hint: string }>(
    setSetting(context, rule, { location: 'project' }),
    { code: 'ECONFIG' },
  );
  t.regex(error?.hint ?? '', /"prompd config delete signatures" with the same --location first/);
  t.regex(read('project'), /"signatures": ?"required"/);
});

test('a change leaves the rest of the file as it was typed', async t => {
  const text = '{\r\n\t"scope": "@me",   \r\n\r\n\t"network": {"retries": 1}\r\n}';
  const { context, read } = await makePlace(t, { user: text });
  await setSetting(context, { key: 'network.retries', typed: '2' });
  t.is(read('user'), text.replace('1', '2'));
  await setSetting(context, { key: 'network.timeoutMs', typed: '1000' });
  await deleteSetting(context, 'network.timeoutMs');
  t.true(read('user').startsWith('{\r\n\t"scope": "@me",   \r\n\r\n\t"network": {'));
});

test('a configuration that cannot be used can be mended by set and delete, not made worse', async t => {
  const { cwd, home, context, files } = await makePlace(t, {
    user: { retires: 3, network: { retries: 99 } },
    project: { token: 'abc' },
  });
  const env = { PROMPD_HOME: home };
  const run = (...args: string[]) => runCli(['config', ...args], { cwd, env });
  t.is((await run('list')).code, 4);
  const first = await run('delete', 'retires');
  t.is(first.code, 0);
  t.regex(first.stderr, /still cannot be used/);
  t.is((await run('set', 'network.retries', '3')).code, 0);
  await deleteSetting(context, 'token', { location: 'project' });
  t.deepEqual(JSON.parse(readFileSync(files.project, 'utf8')), {});
  t.is((await run('get', 'network.retries')).stdout, '3\n');
});

test('a value that cannot be used is not written either where a variable hides it from this command', async t => {
  for (const [key, typed, env] of [
    ['registry', 'http://jane:pass@prompts.example.com/', { PROMPD_REGISTRY: 'http://127.0.0.1:1/' }],
    ['registry', 'nonsense', { PROMPD_REGISTRY: 'http://127.0.0.1:1/' }],
  ] as const) {
    const { context, files } = await makePlace(t, { env });
    await t.throwsAsync(setSetting(context, { key, typed }), { code: 'ECONFIG' });
    t.false(existsSync(files.user));
  }
});

test('a file that is no JSON is a broken configuration, for every way to change it', async t => {
  const { context, files } = await makePlace(t, { user: {}, project: {} });
  writeFileSync(files.project, '{');
  const options = { location: 'project' } as const;
  await t.throwsAsync(setSetting(context, { key: 'auditLevel', typed: 'high' }, options), {
    code: 'ECONFIG',
  });
  await t.throwsAsync(deleteSetting(context, 'auditLevel', options), { code: 'ECONFIG' });
  t.is(readFileSync(files.project, 'utf8'), '{');
});

test('the command line prints values bare, JSON with their origin, and is exit 1 for what is not set', async t => {
  const { cwd, home } = await makePlace(t, { user: { scope: '@me' } });
  const env = { PROMPD_HOME: home, PROMPD_TOKEN: 'prompd_secretsecret' };
  const run = (...args: string[]) => runCli(['config', ...args], { cwd, env });
  t.is((await run('get', 'scope')).stdout, '@me\n');
  t.like((await run('get', 'scope', '--json')).json(), { value: '@me', origin: 'user' });
  t.like(await run('get', 'before'), { code: 1, stdout: '' });
  t.is((await run('get', 'scop')).code, 4);
  const list = await run('list');
  t.regex(list.stdout, /^scope = @me \(user: .*config\.json\)$/m);
  t.notRegex(list.stdout, /secretsecret/);
});

test('what is sent to providers in headers is not shown', async t => {
  const work = {
    kind: 'openai-compatible',
    baseUrl: 'https://a.example.com/v1',
    headers: { 'x-team': 'secret' },
  };
  const { context } = await makePlace(t, { user: { providers: { work } } });
  t.notRegex(JSON.stringify(await listSettings(context)), /secret/);
  t.like(await getSetting(context, 'providers.work'), {
    value: { kind: work.kind, headers: { 'x-team': '***' } },
  });
});

test('two changes at once are both kept', async t => {
  const { context, read } = await makePlace(t);
  const keys = ['network.retries', 'network.concurrency', 'scope', 'resolution', 'conflicts'];
  const values = ['1', '2', '@me', 'lowest', 'error'];
  await Promise.all(keys.map((key, at) => setSetting(context, { key, typed: values[at] ?? '' })));
  t.deepEqual(JSON.parse(read('user')), {
    network: { retries: 1, concurrency: 2 },
    scope: '@me',
    resolution: 'lowest',
    conflicts: 'error',
  });
});

test('every key that is listed is one that can be set, and names may hold dots', t => {
  for (const key of settingKeys())
    t.notThrows(
      () => parseSettingKey(key.replaceAll('<name>', /\bscopes\b|^signers/.test(key) ? '@work' : 'work')),
      key,
    );
  t.deepEqual(parseSettingKey('registries.a.url.url').path, ['registries', 'a.url', 'url']);
});

test('setting and deleting any path in any file gives JSON that differs there only', t => {
  const name = fc.stringMatching(/^[a-z.@]{1,6}$/);
  fc.assert(
    fc.property(
      fc.dictionary(name, fc.jsonValue(), { maxKeys: 4 }),
      name,
      fc.jsonValue(),
      (made, key, value) => {
        const object = JSON.parse(JSON.stringify(made));
        const before = JSON.stringify(object, null, 4);
        const set = editConfigText(before, [key], value);
        t.deepEqual(JSON.parse(set), { ...object, [key]: JSON.parse(JSON.stringify(value)) });
        const { [key]: _gone, ...rest } = JSON.parse(set);
        t.deepEqual(JSON.parse(editConfigText(set, [key], undefined)), rest);
      },
    ),
    { numRuns: 60 },
  );
});
