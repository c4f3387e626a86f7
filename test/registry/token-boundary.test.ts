import test, { type ExecutionContext } from 'ava';
import { isUnder } from '#prompd/config/registry-url.js';
import { PrompdError } from '#prompd/core/errors.js';
import { parsePackageName } from '#prompd/core/name.js';
import type { VersionMetadata } from '#prompd/core/packument.js';
import { parseVersion } from '#prompd/core/version.js';
import { npmRegistry } from '#prompd/registry/npm/adapter.js';
import { prompdRegistry } from '#prompd/registry/prompd.js';
import { type HostileServer, hostileServer, json } from './hostile-server.js';

const NAME = parsePackageName('@acme/reviews');
const VERSION = parseVersion('1.2.0');
const KINDS = { prompd: prompdRegistry, npm: npmRegistry };

function client(kind: keyof typeof KINDS, registryUrl: string) {
  return KINDS[kind]({
    alias: 'default',
    registryUrl,
    network: { concurrency: 4, timeoutMs: 20_000, retries: 0 },
    userAgent: 'prompd/0.0.0-test',
    token: async () => 'secret-token',
    needsTimes: false,
  });
}

const at = (tarball: string): VersionMetadata => ({ name: NAME, version: VERSION, dist: { tarball } });
const sent = ({ requests }: HostileServer) => requests.map(({ headers }) => headers.authorization);

/** HOME is the registry's server, OTHER another port, NAMED the registry's server under another name. */
const ADDRESSES: readonly [string, boolean][] = [
  ['HOME/team/x.tgz', true],
  ['x.tgz', true],
  ['/team/deep/x.tgz', true],
  ['//HOST/team/x.tgz', true],
  ['HOME/team/a..b/x.tgz', true],
  ['HOME/team/..a/x.tgz', true],
  ['HOME/team-evil/x.tgz', false],
  ['HOME/teamx.tgz', false],
  ['HOME/Team/x.tgz', false],
  ['HOME/x.tgz', false],
  ['../x.tgz', false],
  ['/x.tgz', false],
  ['HOME/team/../x.tgz', false],
  ['HOME/team/%2e%2e/x.tgz', false],
  ['HOME/team/.%2E/x.tgz', false],
  ['HOME/team/..%2fx.tgz', false],
  ['HOME/team/..%2Fx.tgz', false],
  ['HOME/team/..%5cx.tgz', false],
  ['HOME/team/..\\x.tgz', false],
  ['HOME/team/%2e%2e%2fx.tgz', false],
  ['HOME/team/%2e%2e%5cx.tgz', false],
  ['HOME/team/a%2f..%2f..%2fx.tgz', false],
  ['HOME/team/%252e%252e%252fx.tgz', false],
  ['HOME/team/%25252e%25252e%25252fx.tgz', false],
  ['HOME/team/..;/x.tgz', false],
  ['HOME/team/..%3b/x.tgz', false],
  ['HOME/team/%2e%2e;a=b/x.tgz', false],
  ['OTHER/team/x.tgz', false],
  ['//OTHERHOST/team/x.tgz', false],
  ['NAMED/team/x.tgz', false],
];

for (const kind of ['prompd', 'npm'] as const) {
  for (const [address, isOwn] of ADDRESSES) {
    test(`${kind}: an archive at ${address} is fetched ${isOwn ? 'with' : 'without'} the token`, async t => {
      const { home, other, fill } = await servers(t);
      await client(kind, `${home.url}team/`).archive(at(fill(address)), 100);
      t.deepEqual([...sent(home), ...sent(other)], [isOwn ? 'Bearer secret-token' : undefined]);
    });
  }

  for (const address of [
    'http://HOST@OTHERHOST/team/x.tgz',
    'http://user:password@HOST/team/x.tgz',
    'http://user@HOST/team/x.tgz',
  ]) {
    test(`${kind}: an archive at ${address}, with credentials in the address, is not fetched`, async t => {
      const { home, other, fill } = await servers(t);
      const error = await t.throwsAsync(client(kind, `${home.url}team/`).archive(at(fill(address)), 100), {
        code: 'EBADRESPONSE',
      });
      t.deepEqual([...sent(home), ...sent(other)], []);
      t.notRegex(JSON.stringify(error), /user:password/);
    });
  }

  test(`${kind}: a token does not come back when a redirect leads away and back again`, async t => {
    const { home, other, fill } = await servers(t);
    home.answer = (path, response) => {
      const location = path.endsWith('/first.tgz') ? fill('OTHER/away.tgz') : undefined;
      if (location) response.writeHead(302, { location }).end();
      return location !== undefined;
    };
    other.answer = (_path, response) => {
      response.writeHead(302, { location: fill('HOME/team/back.tgz') }).end();
      return true;
    };
    await client(kind, `${home.url}team/`).archive(at('first.tgz'), 100);
    t.deepEqual(sent(home), ['Bearer secret-token', undefined]);
    t.deepEqual(sent(other), [undefined]);
  });

  for (const [location] of ADDRESSES.filter(([address]) => !/^[x.]/.test(address))) {
    test(`${kind}: a redirect to ${location} is followed without the token`, async t => {
      const { home, other, fill } = await servers(t);
      home.answer = (path, response) => {
        if (path !== '/team/first.tgz') return false;
        response.writeHead(307, { location: fill(location) }).end();
        return true;
      };
      await client(kind, `${home.url}team/`).archive(at('first.tgz'), 100);
      t.deepEqual([...sent(home), ...sent(other)], ['Bearer secret-token', undefined]);
    });
  }

  for (const status of [401, 404]) {
    test(`${kind}: who gets a ${status} along a redirect is told that their token did not come along`, async t => {
      const { home, other, fill } = await servers(t);
      home.answer = (_path, response) => {
        response.writeHead(302, { location: fill('OTHER/team/there?signed=secret') }).end();
        return true;
      };
      other.answer = (_path, response) => {
        json(response, { error: 'nothing for you', code: status === 401 ? 'EAUTH' : 'ENOTFOUND' }, status);
        return true;
      };
      const error = await t.throwsAsync(client(kind, `${home.url}team/`).packument(NAME), {
        instanceOf: PrompdError,
        code: status === 401 ? 'EAUTH' : 'ENOTFOUND',
      });
      t.true(error?.hint?.includes(fill('from OTHER, and tokens are sent along none')), error?.hint);
      t.false(error?.hint?.includes('secret'));
    });
  }

  test(`${kind}: what changes a registry follows no redirect, wherever it leads`, async t => {
    const { home, other, fill } = await servers(t);
    for (const server of [home, other])
      server.answer = (_path, response) => {
        response.writeHead(307, { location: fill('OTHER/team/taken') }).end();
        return true;
      };
    const registry = client(kind, `${home.url}team/`);
    const error = await t.throwsAsync(registry.changes.moveTag(NAME, 'latest', VERSION), {
      instanceOf: PrompdError,
      code: 'EBADRESPONSE',
    });
    t.deepEqual(sent(other), []);
    t.true(error?.hint?.startsWith(fill('It redirects to OTHER, ')), error?.hint);
  });
}

test('another protocol, port or name is another host', t => {
  for (const address of [
    'http://r.example.com/team/x',
    'https://r.example.com:8443/team/x',
    'https://r.example.com.evil.example/team/x',
    'https://evil.example/https://r.example.com/team/x',
    'https://r.example.com@evil.example/team/x',
    'https://xr.example.com/team/x',
  ]) {
    t.false(isUnder(new URL(address), 'https://r.example.com/team/'), address);
  }
  t.true(isUnder(new URL('https://R.Example.com:443/team/x'), 'https://r.example.com/team/'));
});

interface Interruptible extends HostileServer {
  /** Answers in place of the bytes; false leaves it to them. */
  answer?: (path: string, response: Parameters<typeof json>[0]) => boolean;
}

async function servers(t: ExecutionContext) {
  const start = async (): Promise<Interruptible> => {
    const server: Interruptible = await hostileServer(t, (request, response) => {
      if (!server.answer?.(request.url ?? '', response)) response.end('bytes');
    });
    return server;
  };
  const [home, other] = [await start(), await start()];
  const [host, otherHost] = [new URL(home.url).host, new URL(other.url).host];
  const fill = (address: string) =>
    address
      .replace('OTHERHOST', otherHost)
      .replace('HOST', host)
      .replace('NAMED', `http://localhost:${new URL(home.url).port}`)
      .replace('HOME', `http://${host}`)
      .replace('OTHER', `http://${otherHost}`);
  return { home, other, fill };
}
