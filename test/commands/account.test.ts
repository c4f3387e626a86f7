import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import { sharedRegistry } from '../ops/scene.js';
import { hostileServer, json } from '../registry/hostile-server.js';
import { runCli, runHere } from '../support/cli.js';
import { type Teardown, tempDir } from '../support/temp.js';

const shared = sharedRegistry(test, async () => undefined);

/** A home whose user configuration names the registry. */
async function homeFor(t: Teardown, url: string): Promise<{ PROMPD_HOME: string }> {
  const home = path.join(tempDir(t), 'home');
  await mkdir(home);
  await writeFile(path.join(home, 'config.json'), JSON.stringify({ registry: url }));
  return { PROMPD_HOME: home };
}

test('login keeps a token that the registry accepts, whoami shows it, logout forgets it', async t => {
  const registry = shared();
  const env = await homeFor(t, registry.url);
  const token = await registry.token('read', 'publish');

  const login = await runCli(['login', '--token', token, '--json'], { env });
  t.is(login.code, 0, login.stderr);
  t.deepEqual(login.json(), {
    name: 'test read publish',
    scopes: ['read', 'publish'],
    registry: `${registry.url}/`,
  });
  t.is((await stat(path.join(env.PROMPD_HOME, 'credentials.json'))).mode & 0o777, 0o600);

  const whoami = await runCli(['whoami'], { env });
  t.is(whoami.code, 0, whoami.stderr);
  t.regex(whoami.stdout, /^test read publish\nmay read, publish at /);

  t.deepEqual((await runCli(['logout', '--json'], { env })).json(), {
    registry: `${registry.url}/`,
    removed: true,
  });
  const after = await runHere(['whoami'], { env });
  t.is(after.code, 8);
  t.regex(after.stderr, /EAUTH: You are not logged in[\s\S]*hint: Run "prompd login/);
  t.is(after.stdout, '');
  t.deepEqual((await runHere(['logout', '--json'], { env })).json(), {
    registry: `${registry.url}/`,
    removed: false,
  });
});

test('login reads the token from standard input, and never prints it', async t => {
  const registry = shared();
  const env = await homeFor(t, registry.url);
  const token = await registry.token('read');
  const result = await runHere(['login', '--verbose'], { env, input: `${token}\n` });
  t.is(result.code, 0, result.stderr);
  t.false(`${result.stdout}${result.stderr}`.includes(token));
  t.true((await readFile(path.join(env.PROMPD_HOME, 'credentials.json'), 'utf8')).includes(token));
});

for (const [title, input, exit, code] of [
  ['a token that the registry does not know', 'prompd_0123456789abcdefghijklmnop', 8, 'EAUTH'],
  ['an empty token', '', 1, 'EUSAGE'],
  ['a token with a line break inside', 'prompd_0123456789\nabcdefgh', 8, 'EAUTH'],
] satisfies [string, string, number, string][]) {
  test(`login does not keep ${title}`, async t => {
    const registry = shared();
    const env = await homeFor(t, registry.url);
    const result = await runHere(['login', '--json'], { env, input });
    t.is(result.code, exit);
    t.is(result.json<{ error: { code: string } }>().error.code, code);
    await t.throwsAsync(stat(path.join(env.PROMPD_HOME, 'credentials.json')), { code: 'ENOENT' });
  });
}

test('login does not send a token to a registry that only the checkout named', async t => {
  const server = await hostileServer(t, (_, response) => json(response, { name: 'x', scopes: ['admin'] }));
  const cwd = tempDir(t);
  await writeFile(path.join(cwd, '.prompdrc.json'), JSON.stringify({ registry: server.url }));
  const refused = await runHere(['login', '--token', 'prompd_0123456789'], { cwd });
  t.is(refused.code, 8);
  t.regex(refused.stderr, /hint: .*--registry http:\/\/127/);
  t.is(server.requests.length, 0);
  const named = await runHere(['login', '--token', 'prompd_0123456789', '--registry', server.url], { cwd });
  t.is(named.code, 0, named.stderr);
  t.is(server.requests.length, 1);
});

test('PROMPD_TOKEN goes to the registry of PROMPD_REGISTRY, and not to one that only the checkout named', async t => {
  const server = await hostileServer(t, (_, response) => json(response, { name: 'x', scopes: ['admin'] }));
  const cwd = tempDir(t);
  await writeFile(path.join(cwd, '.prompdrc.json'), JSON.stringify({ registry: server.url }));
  const refused = await runHere(['whoami'], { cwd, env: { PROMPD_TOKEN: 'prompd_0123456789' } });
  t.is(refused.code, 8);
  t.regex(refused.stderr, /warning: PROMPD_TOKEN is not sent to http.*set PROMPD_REGISTRY/);
  t.is(server.requests.length, 0);
  const env = { PROMPD_TOKEN: 'prompd_0123456789', PROMPD_REGISTRY: server.url };
  const named = await runHere(['whoami', '--json'], { cwd, env });
  t.is(named.code, 0, named.stderr);
  t.is(server.requests[0]?.headers.authorization, 'Bearer prompd_0123456789');
});

test('a registry that answers with a sign-in page is exit 6, with a hint at the address', async t => {
  const server = await hostileServer(t, (_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
  );
  const env = { PROMPD_TOKEN: 'prompd_0123456789', PROMPD_REGISTRY: server.url };
  const result = await runHere(['whoami', '--json'], { env });
  t.is(result.code, 6);
  t.like(result.json(), { error: { code: 'EBADRESPONSE', exitCode: 6 } });
});

test('a configuration file with a fault stops every command with exit 4 and names the key', async t => {
  const cwd = tempDir(t);
  await writeFile(path.join(cwd, '.prompdrc.json'), JSON.stringify({ _authToken: 'x' }));
  const result = await runHere(['whoami', '--json'], { cwd });
  t.is(result.code, 4);
  t.like(result.json(), { error: { code: 'ECONFIGSECRET', facts: { key: '_authToken' } } });
});

test('login without a token says how to give one, exit 1', async t => {
  for (const args of [['login'], ['login', '--token', '']]) {
    const { code, stderr } = await runHere(args);
    t.is(code, 1);
    t.regex(stderr, /EUSAGE: There is no token to log in with\.[\s\S]*--token <token>/);
  }
});
