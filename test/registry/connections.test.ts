import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { TLSSocket } from 'node:tls';
import test, { type ExecutionContext } from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { parsePackageName } from '#prompd/core/name.js';
import { parseVersion } from '#prompd/core/version.js';
import { connect } from '#prompd/registry/index.js';
import { type Authority, makeAuthority, pemOf } from '../support/certificates.js';
import { runCli } from '../support/cli.js';
import { testContext } from '../support/context.js';
import { startProxy } from '../support/proxy.js';
import { type Teardown, tempDir } from '../support/temp.js';
import { hostileServer, json } from './hostile-server.js';

const NAME = parsePackageName('@acme/reviews');
const V1 = parseVersion('1.0.0');
const packumentOf = (name: string) => ({
  name,
  'dist-tags': { latest: V1 },
  versions: { [V1]: { name, version: V1, dist: { integrity: 'sha512-x' } } },
});
const HOST = 'registry.example.com';

let authority: Authority;
const undo: (() => void | Promise<void>)[] = [];
test.before('an authority is made', () => {
  authority = makeAuthority({ teardown: step => undo.push(step) });
});
test.after.always(async () => {
  for (const step of undo.reverse()) await step();
});

test('a registry that only the proxy can find is reached through it, and the proxy sees no token', async t => {
  const { port, seen } = await secureRegistry(t);
  const proxy = await startProxy(t, { credentials: 'ann:p@ss', hosts: { [HOST]: port } });
  const HTTPS_PROXY = proxy.url.replace('//', '//ann:p%40ss@');
  const registry = await open(t, { env: { HTTPS_PROXY } });
  t.is((await registry.packument(NAME)).kind, 'fresh');
  t.deepEqual([...new Set(proxy.lines)], [`CONNECT ${HOST}:443`]);
  t.true(proxy.headers.every(({ authorization }) => authorization === undefined));
  t.true(
    seen.every(
      ({ authorization, proxyAuthorization }) =>
        authorization === 'Bearer secret-token' && proxyAuthorization === undefined,
    ),
  );
});

test('one tunnel is used again for the next request', async t => {
  const { port } = await secureRegistry(t);
  const proxy = await startProxy(t, { hosts: { [HOST]: port } });
  const registry = await open(t, { env: { https_proxy: proxy.url }, user: { network: { concurrency: 1 } } });
  for (let asked = 0; asked < 3; asked++) await registry.packument(NAME);
  t.is(proxy.lines.length, 1);
});

for (const [title, env] of [
  ['NO_PROXY', { NO_PROXY: 'localhost' }],
  ['PROMPD_NETWORK_NO_PROXY', { PROMPD_NETWORK_NO_PROXY: 'localhost' }],
] satisfies [string, Record<string, string>][]) {
  test(`a host in ${title} is asked directly`, async t => {
    const { port } = await secureRegistry(t);
    const proxy = await startProxy(t);
    const registry = await open(t, {
      url: `https://localhost:${port}/`,
      env: { HTTPS_PROXY: proxy.url, ...env },
    });
    t.is((await registry.packument(NAME)).kind, 'fresh');
    t.deepEqual(proxy.lines, []);
  });
}

test('the proxy of the configuration is stronger than that of the system', async t => {
  const { port } = await secureRegistry(t);
  const proxy = await startProxy(t, { hosts: { [HOST]: port } });
  const registry = await open(t, {
    user: { network: { proxy: proxy.url } },
    env: { HTTPS_PROXY: 'http://127.0.0.1:1' },
  });
  t.is((await registry.packument(NAME)).kind, 'fresh');
});

test('a plain registry is asked through HTTP_PROXY, with credentials for the proxy alone', async t => {
  const server = await hostileServer(t, (_, response) => json(response, packumentOf(NAME)));
  const proxy = await startProxy(t, {
    credentials: 'ann:secret',
    hosts: { [HOST]: Number(new URL(server.url).port) },
  });
  const env = { HTTP_PROXY: proxy.url.replace('//', '//ann:secret@') };
  const registry = await open(t, { url: `http://${HOST}/`, env });
  t.is((await registry.packument(NAME)).kind, 'fresh');
  t.is(server.requests[0]?.headers['proxy-authorization'], undefined);
  const stranger = await open(t, { url: `http://${HOST}/`, env: { HTTP_PROXY: proxy.url } });
  await t.throwsAsync(stranger.packument(NAME), { code: 'EPROXY' });
});

for (const [title, connectStatus] of [
  ['407', 407],
  ['403', 403],
  ['404, as a registry without the package would', 404],
  ['200 with no tunnel', 204],
] satisfies [string, number][]) {
  test(`a proxy that answers ${title} is EPROXY, and the token was never sent`, async t => {
    const proxy = await startProxy(t, { connectStatus });
    const env = { HTTPS_PROXY: proxy.url.replace('//', '//ann:pa55word@') };
    const registry = await open(t, { env });
    const error = await t.throwsAsync(registry.packument(NAME), { instanceOf: PrompdError, code: 'EPROXY' });
    t.is(error?.facts['status'], connectStatus);
    t.is(proxy.lines.length, 1, 'it would say the same again');
    t.notRegex(`${error?.message}${error?.hint}${JSON.stringify(error)}`, /pa55word|secret-token/);
    t.notRegex(JSON.stringify(proxy.headers), /secret-token/);
  });
}

test('a proxy that is not there is named in the hint, without its password', async t => {
  const env = { HTTPS_PROXY: 'http://ann:pa55word@127.0.0.1:1' };
  const registry = await open(t, { env });
  const error = await t.throwsAsync(registry.packument(NAME), { instanceOf: PrompdError, code: 'ENETWORK' });
  t.regex(error?.hint ?? '', /proxy http:\/\/127\.0\.0\.1:1\//);
  t.notRegex(`${error?.message}${error?.hint}${JSON.stringify(error)}`, /pa55word/);
});

test('a proxy that opens no tunnel is given up after the longest silence', async t => {
  const proxy = await startProxy(t, { connectStatus: 'never' });
  const env = { HTTPS_PROXY: proxy.url, PROMPD_NETWORK_TIMEOUT_MS: '300', PROMPD_NETWORK_RETRIES: '0' };
  const started = Date.now();
  const registry = await open(t, { env });
  await t.throwsAsync(registry.packument(NAME), { code: 'ETIMEOUT' });
  t.true(Date.now() - started < 60_000);
});

test('an authority of the organisation is trusted where the user names it, and where nobody does it is not', async t => {
  const { port } = await secureRegistry(t);
  const url = `https://localhost:${port}/`;
  t.is((await (await open(t, { url })).packument(NAME)).kind, 'fresh');
  const stranger = await open(t, { url, caFile: null });
  const error = await t.throwsAsync(stranger.packument(NAME), { instanceOf: PrompdError, code: 'ENETWORK' });
  t.regex(error?.hint ?? '', /network\.caFile/);
  const other = makeAuthority(t, 'Other');
  const misled = await open(t, { url, caFile: other.certFile });
  await t.throwsAsync(misled.packument(NAME), { code: 'ENETWORK' });
  const extra = await open(t, {
    url,
    caFile: other.certFile,
    env: { NODE_EXTRA_CA_CERTS: authority.certFile },
  });
  t.is((await extra.packument(NAME)).kind, 'fresh', 'those of the system stay trusted');
});

for (const [title, content] of [
  ['is not there', undefined],
  ['holds no certificate', 'hello'],
  ['is damaged', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
] satisfies [string, string | undefined][]) {
  test(`a file of authorities that ${title} is ECONFIG with its name`, async t => {
    const caFile = path.join(tempDir(t), 'ca.pem');
    if (content !== undefined) writeFileSync(caFile, content);
    const registry = await open(t, { url: 'https://localhost:1/', caFile });
    const error = await t.throwsAsync(registry.packument(NAME), { instanceOf: PrompdError, code: 'ECONFIG' });
    t.is(error?.facts['file'], caFile);
  });
}

test('a registry that asks who connects gets the certificate of the user, and no other host does', async t => {
  const elsewhere = await secureRegistry(t, { requestCert: true });
  const own = await secureRegistry(t, { requestCert: true, rejectUnauthorized: true }, elsewhere.port);
  const url = `https://localhost:${own.port}/`;
  const ann = authority.issue('ann');
  const registries = { bank: { url, ...ann } };
  const registry = await open(t, { url, user: { registries } });
  t.is((await registry.packument(NAME)).kind, 'fresh');
  t.is(own.seen.at(-1)?.client, 'ann');
  await registry.packument(parsePackageName('@acme/moved'));
  t.deepEqual(
    elsewhere.seen.map(({ client, authorization }) => [client, authorization]),
    [[undefined, undefined]],
  );

  const nobody = await open(t, { url });
  const error = await t.throwsAsync(nobody.packument(NAME), { instanceOf: PrompdError, code: 'ENETWORK' });
  t.truthy(error?.hint);
  const byVariable = await open(t, {
    url,
    env: { PROMPD_CERT_FILE: ann.certFile, PROMPD_KEY_FILE: ann.keyFile },
  });
  t.is((await byVariable.packument(NAME)).kind, 'fresh');
});

test('the certificate goes through a proxy to the registry, and not to the proxy', async t => {
  const { port, seen } = await secureRegistry(t, { requestCert: true, rejectUnauthorized: true });
  const proxy = await startProxy(t, { hosts: { [HOST]: port } });
  const registries = { bank: { url: `https://${HOST}/`, ...authority.issue('bob') } };
  const registry = await open(t, { user: { registries }, env: { HTTPS_PROXY: proxy.url } });
  t.is((await registry.packument(NAME)).kind, 'fresh');
  t.is(seen.at(-1)?.client, 'bob');
});

test('a key that does not belong to its certificate is ECONFIG', async t => {
  const { certFile } = authority.issue('ann');
  const { keyFile } = authority.issue('bob');
  const url = 'https://localhost:1/';
  const registry = await open(t, { url, user: { registries: { bank: { url, certFile, keyFile } } } });
  await t.throwsAsync(registry.packument(NAME), { code: 'ECONFIG', message: /cannot be used together/ });
});

test('the command line goes through the proxy of its environment', async t => {
  const { port } = await secureRegistry(t);
  const proxy = await startProxy(t, { hosts: { [HOST]: port } });
  const env = {
    PROMPD_HOME: tempDir(t),
    PROMPD_REGISTRY: `https://${HOST}/`,
    HTTPS_PROXY: proxy.url,
    NO_PROXY: '',
    PROMPD_NETWORK_CA_FILE: authority.certFile,
  };
  const { code, stdout, stderr } = await runCli(['info', NAME, '--json'], { cwd: tempDir(t), env });
  t.is(code, 0, stderr);
  t.is(JSON.parse(stdout).name, NAME);
  t.true(proxy.lines.length > 0);
});

interface OpenOptions {
  readonly url?: string;
  readonly env?: Record<string, string>;
  /** config.json, beside the authority. */
  readonly user?: { readonly network?: object; readonly registries?: object };
  /** null for none. */
  readonly caFile?: string | null;
}

/** The default registry of a user who has these settings. */
async function open(t: Teardown, { url = `https://${HOST}/`, env, user = {}, caFile }: OpenOptions) {
  const home = tempDir(t);
  const authorities = caFile === null ? {} : { caFile: caFile ?? authority.certFile };
  const network = { retries: 0, ...authorities, ...user.network };
  writeFileSync(path.join(home, 'config.json'), JSON.stringify({ ...user, network }));
  const context = await testContext({
    cwd: home,
    home,
    env: { PROMPD_REGISTRY: url, PROMPD_TOKEN: 'secret-token', ...env },
  });
  return connect(context, 'default');
}

interface SecureRegistry {
  readonly port: number;
  /** What came with requests for packages. */
  readonly seen: {
    authorization: string | undefined;
    proxyAuthorization: string | undefined;
    client: string | undefined;
  }[];
}

/** A registry behind TLS, as registry.example.com and localhost. `@acme/moved` is at another port. */
async function secureRegistry(
  t: ExecutionContext,
  options: object = {},
  movedTo = 0,
): Promise<SecureRegistry> {
  const seen: SecureRegistry['seen'] = [];
  const files = authority.issue('registry', [`DNS:${HOST}`, 'DNS:localhost']);
  const { cert: ca } = pemOf(authority);
  const server: Server = createServer({ ...pemOf(files), ca, rejectUnauthorized: false, ...options });
  server.on('request', (request, response) => {
    if (request.url === '/.well-known/registry.json') return json(response, { kind: 'prompd' });
    const { authorization, 'proxy-authorization': proxyAuthorization } = request.headers;
    const subject = (request.socket as TLSSocket).getPeerCertificate?.().subject;
    seen.push({ authorization, proxyAuthorization, client: subject?.CN?.toString() });
    if (request.url?.includes('moved') && movedTo !== 0)
      return response.writeHead(302, { location: `https://localhost:${movedTo}${request.url}` }).end();
    json(response, packumentOf(decodeURIComponent(request.url ?? '').replace('/packages/', '')));
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, seen };
}
