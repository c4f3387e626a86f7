import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import type { Context } from '#prompd/ops/context.js';
import { doctor } from '#prompd/ops/doctor/doctor.js';
import { NODE_RANGE } from '#prompd/ops/doctor/doctor-machine.js';
import { install } from '#prompd/ops/install/install.js';
import { startMirror, uplink } from '../../registry-server/mirror-scene.js';
import { makeAuthority } from '../../support/certificates.js';
import { runCli } from '../../support/cli.js';
import { testContext } from '../../support/context.js';
import { tempDir } from '../../support/temp.js';
import { makeScene, promptText, sharedRegistry } from '../scene.js';

const registry = sharedRegistry(test, async ({ publish }) => {
  const files = { 'say.prompd': promptText('say') };
  await publish({ name: '@common/tone', version: '1.0.0', prompts: { say: 'say.prompd' } }, files);
});

async function makeProject(t: ExecutionContext, token?: string) {
  const { dir, home } = makeScene(t, registry().url, {
    manifest: { dependencies: { '@common/tone': '^1.0.0' } },
  });
  const env = { PROMPD_REGISTRY: registry().url, ...(token === undefined ? {} : { PROMPD_TOKEN: token }) };
  const context = { ...(await testContext({ cwd: dir, home, env })), now: () => new Date() };
  await install(context);
  return { dir, home, context };
}

const examine = async (context: Context, options: { use?: 'never'; nodeVersion?: string } = {}) => {
  const { ok, checks } = await doctor(context, { nodeVersion: '20.19.0', ...options });
  return { ok, of: (title: string) => checks.find(check => check.title === title), checks };
};

test('a machine where all is well fails nothing and needs no fix', async t => {
  const { context } = await makeProject(t, registry().adminToken);
  const { ok, checks, of } = await examine(context);
  t.true(ok);
  t.deepEqual(
    checks.filter(({ fix }) => fix !== undefined),
    [],
  );
  t.regex(of('Registry "default"')?.detail ?? '', /answered in \d+ ms\.$/);
  t.regex(of('Token for "default"')?.detail ?? '', /takes you for/);
  t.regex(of('Store')?.detail ?? '', /^1 package with \d files/);
});

test('it is said which proxy each registry is asked through, whom connections trust, and as whom', async t => {
  const authority = makeAuthority(t);
  const home = tempDir(t);
  const bank = { url: 'https://bank.example.com/', ...authority.issue('ann') };
  const network = { caFile: authority.certFile, noProxy: ['bank.example.com'] };
  writeFileSync(path.join(home, 'config.json'), JSON.stringify({ registries: { bank }, network }));
  const env = {
    PROMPD_REGISTRY: 'https://r.example.com',
    HTTPS_PROXY: 'http://ann:pa55@proxy.example.com:3128',
  };
  const context = { ...(await testContext({ cwd: home, home, env })), now: () => new Date() };
  const { ok, of, checks } = await examine(context, { use: 'never' });
  t.true(ok);
  t.is(of('Proxy')?.detail, 'none for "bank"; http://proxy.example.com:3128/ (HTTPS_PROXY) for "default".');
  t.regex(of('Authorities')?.detail ?? '', /and 1 of .*cert\.pem/);
  t.regex(of('Client certificate for "bank"')?.detail ?? '', /CN=ann .* until 20/);
  t.is(of('Client certificate for "bank"')?.status, 'warn', 'it holds for two days');
  t.notRegex(JSON.stringify(checks), /pa55/);
  const later = { ...context, now: () => new Date(Date.now() + 4 * 24 * 3600_000) };
  const expired = await examine(later, { use: 'never' });
  t.is(expired.of('Client certificate for "bank"')?.status, 'fail');
  t.is(expired.of('Authorities')?.status, 'warn');
});

test('an empty machine without network fails nothing offline, and nothing is made', async t => {
  const cwd = tempDir(t);
  const home = path.join(cwd, 'deep', 'home');
  const context = await testContext({ cwd, home, env: { PROMPD_REGISTRY: 'http://127.0.0.1:9/' } });
  const { ok, of } = await examine(context, { use: 'never' });
  t.true(ok);
  t.regex(of('Registry "default"')?.detail ?? '', /not asked: offline/);
  t.false(existsSync(path.join(cwd, 'deep')));
});

type Place = Awaited<ReturnType<typeof makeProject>>;
const faults: readonly [string, string, 'warn' | 'fail', RegExp, (place: Place) => void][] = [
  [
    'tokens that others can read',
    'Credentials',
    'fail',
    /chmod 600/,
    ({ home }) => {
      writeFileSync(path.join(home, 'credentials.json'), '{}');
      chmodSync(path.join(home, 'credentials.json'), 0o644);
    },
  ],
  [
    'a folder that others can write to',
    'prompd folder',
    'warn',
    /chmod go-w/,
    ({ home }) => chmodSync(home, 0o777),
  ],
  [
    'a damaged database',
    'Metadata',
    'warn',
    /begins it anew/,
    ({ home }) =>
      writeFileSync(path.join(home, 'metadata.db'), 'not a database, and long enough to be read as one'),
  ],
  [
    'a misspelt setting',
    'Configuration',
    'fail',
    /Did you mean "network"/,
    ({ home }) => writeFileSync(path.join(home, 'config.json'), '{"netwrk": {}}'),
  ],
  [
    'a manifest that the lockfile does not know',
    'Lockfile',
    'fail',
    /prompd install/,
    ({ dir }) => writeFileSync(path.join(dir, 'prompd.json'), '{"dependencies": {"@common/other": "1"}}'),
  ],
  [
    'a lockfile that is cut off',
    'Lockfile',
    'fail',
    /./,
    ({ dir }) => writeFileSync(path.join(dir, 'prompd-lock.json'), '{"lockf'),
  ],
  [
    'a changed file in the store',
    'Store',
    'fail',
    /verify --all/,
    ({ home }) => {
      const file = path.join(home, 'packages/@common/tone@1.0.0/say.prompd');
      chmodSync(file, 0o644);
    },
  ],
  [
    'what a killed command left behind',
    'Leftovers',
    'warn',
    /a day old/,
    ({ home }) => void mkdirSync(path.join(home, 'packages/.staging/999999999-abc'), { recursive: true }),
  ],
  [
    'an empty vendored folder',
    'Vendored packages',
    'warn',
    /prompd vendor/,
    ({ dir }) => void mkdirSync(path.join(dir, 'prompd_packages')),
  ],
  [
    'a link to a folder that is gone',
    'Links',
    'fail',
    /prompd unlink @common\/tone/,
    ({ dir, home }) => {
      const projects = { [dir]: { '@common/tone': path.join(dir, 'gone') } };
      writeFileSync(path.join(home, 'links.json'), JSON.stringify({ targets: {}, projects }));
    },
  ],
];
for (const [what, title, status, fix, damage] of faults) {
  test(`${what} is a ${status}, with what to do about it`, async t => {
    const place = await makeProject(t);
    damage(place);
    const { ok, of } = await examine(place.context, { use: 'never' });
    t.like(of(title), { status });
    t.regex(of(title)?.fix ?? '', fix);
    t.is(ok, status === 'warn');
  });
}

test('a token that the registry does not accept, and a registry that is down, fail', async t => {
  const { dir, home, context } = await makeProject(t);
  const bad = await examine({ ...context, env: { ...context.env, PROMPD_TOKEN: 'prompd_wrongwrongwrong' } });
  t.like(bad.of('Token for "default"'), { status: 'fail' });
  const env = { PROMPD_REGISTRY: 'http://127.0.0.1:9/' };
  const down = await examine(await testContext({ cwd: dir, home, env }));
  t.like(down.of('Registry "default"'), { status: 'fail' });
  t.regex(down.of('Registry "default"')?.detail ?? '', /ENETWORK/);
});

test('the registries that a registry mirrors are told, and one that is down is a warning', async t => {
  const uplinks = [
    uplink(registry().url, { packages: ['@common'] }),
    uplink('http://127.0.0.1:9/', { name: 'gone', packages: ['@gone'] }),
  ];
  const mirror = await startMirror(t, uplinks);
  await mirror.request('/packages/@common/tone');
  await mirror.request('/packages/@gone/tone');
  const cwd = tempDir(t);
  const { ok, of } = await examine(await testContext({ cwd, env: { PROMPD_REGISTRY: mirror.url } }));
  t.true(ok);
  t.like(of('Uplinks of "default"'), { status: 'warn', detail: 'common: ok, gone: down.' });
  t.regex(of('Uplinks of "default"')?.fix ?? '', /^What gone gave before is served/);
});

test('a clock that differs from the registry’s is a warning', async t => {
  const server = createServer((_request, response) => {
    response.setHeader('date', new Date(Date.now() - 3_600_000).toUTCString());
    response.end('{}');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const cwd = tempDir(t);
  const context = await testContext({ cwd, env: { PROMPD_REGISTRY: `http://127.0.0.1:${port}/` } });
  const { of } = await examine({ ...context, now: () => new Date() });
  t.like(of('Registry "default"'), { status: 'warn' });
  t.regex(of('Registry "default"')?.detail ?? '', /by 60 minutes/);
});

test('Node is held against what package.json asks for', async t => {
  const file = fileURLToPath(new URL('../../../../package.json', import.meta.url));
  t.is(JSON.parse(readFileSync(file, 'utf8')).engines.node, NODE_RANGE);
  const context = await testContext({ cwd: tempDir(t) });
  t.like((await examine(context, { use: 'never', nodeVersion: '20.18.3' })).of('Node'), { status: 'fail' });
});

test('the command line runs also with a broken configuration, and is exit 1 then', async t => {
  const { dir, home } = await makeProject(t);
  const env = { PROMPD_HOME: home };
  const good = await runCli(['doctor', '--offline'], { cwd: dir, env });
  t.is(good.code, 0, good.stdout);
  t.regex(good.stdout, /^ok {4}Node +\d+\.\d+\.\d+$/m);
  writeFileSync(path.join(home, 'config.json'), '{');
  const bad = await runCli(['doctor', '--offline', '--json'], { cwd: dir, env });
  t.is(bad.code, 1);
  t.like(bad.json(), { ok: false });
});
