import { gzipSync } from 'node:zlib';
import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import type { VersionMetadata } from '#prompd/core/packument.js';
import { type Answer, hostileServer, json } from './hostile-server.js';
import { client, NAME, problem, VERSION } from './prompd-client.js';

const PACKUMENT = {
  name: NAME,
  'dist-tags': { latest: VERSION },
  versions: { [VERSION]: { name: NAME, version: VERSION, dist: { tarball: 'x', integrity: 'sha512-x' } } },
};

function at(tarball: string): VersionMetadata {
  return { name: NAME, version: VERSION, dist: { tarball } };
}

const longJson = `{"name":"${NAME}","pad":"${'x'.repeat(2000)}"}`;

for (const [title, answer, code, requests] of [
  [
    'HTML',
    (_, r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>'),
    'EBADRESPONSE',
    1,
  ],
  ['half a JSON document', (_, r) => r.end(longJson.slice(0, 1000)), 'EBADRESPONSE', 1],
  ['an empty body', (_, r) => r.end(), 'EBADRESPONSE', 1],
  ['a JSON array', (_, r) => json(r, []), 'EBADRESPONSE', 1],
  [
    'the document of another package',
    (_, r) => json(r, { ...PACKUMENT, name: '@acme/other' }),
    'EOTHERPACKAGE',
    1,
  ],
  ['a 304 that was not asked for', (_, r) => r.writeHead(304).end(), 'EBADRESPONSE', 1],
  [
    'a body that ends before its length',
    (_, r) => {
      r.writeHead(200, { 'content-length': 2000 });
      r.write('{"name":');
      setTimeout(() => r.destroy(), 10);
    },
    'ENETWORK',
    3,
  ],
  [
    'a body that is not compressed as it says',
    (_, r) => r.writeHead(200, { 'content-encoding': 'gzip' }).end('{"name":1}'),
    'EBADRESPONSE',
    1,
  ],
  ['what is not HTTP', (_, r) => r.socket?.end('SSH-2.0-OpenSSH_9.9\r\n'), 'EBADRESPONSE', 1],
  ['a closed connection', (_, r) => r.destroy(), 'ENETWORK', 3],
  ['a redirect to itself', (q, r) => r.writeHead(302, { location: q.url }).end(), 'EREDIRECT', 6],
  [
    'a redirect to a file',
    (_, r) => r.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    'EBADRESPONSE',
    1,
  ],
  [
    'a redirect whose body never ends',
    (_, r) => {
      r.writeHead(302, { location: '/never' });
      const more = () => {
        if (!r.destroyed) r.write('x'.repeat(65536), () => setImmediate(more));
      };
      more();
    },
    'ENETWORK',
    undefined,
  ],
  ['503 each time', (_, r) => json(r, problem('EUNAVAILABLE'), 503), 'EREGISTRY', 3],
  ['500 with HTML', (_, r) => r.writeHead(500).end('<html>'), 'EREGISTRY', 3],
  [
    '429 with a pause of an hour',
    (_, r) => json(r, problem('ESLOW'), 429, { 'retry-after': '3600' }),
    'EREGISTRY',
    1,
  ],
  ['400', (_, r) => json(r, problem('EBADREQUEST'), 400), 'EREGISTRY', 1],
  [
    '400 that says what is wrong with the request',
    (_, r) => json(r, { ...problem('EBADREQUEST'), facts: { problems: ['body.name: is no name'] } }, 400),
    'EUSAGE',
    1,
  ],
  ['401', (_, r) => json(r, problem('EAUTH'), 401), 'EAUTH', 1],
  ['401 with HTML', (_, r) => r.writeHead(401).end('<html>'), 'EAUTH', 1],
  ['403', (_, r) => json(r, problem('EFORBIDDEN'), 403), 'EFORBIDDEN', 1],
  ['404 of the registry', (_, r) => json(r, problem('ENOTFOUND'), 404), 'ENOTFOUND', 1],
  ['404 of something else', (_, r) => r.writeHead(404).end('<html>'), 'EBADRESPONSE', 1],
  ['404 in JSON of another kind', (_, r) => json(r, { error: 'not found' }, 404), 'EBADRESPONSE', 1],
  ['an error about our own side', (_, r) => json(r, problem('EBUG'), 400), 'EREGISTRY', 1],
] satisfies [string, Answer, string, number | undefined][]) {
  test(`asking for a package, and the answer is ${title}: ${code}`, async t => {
    const server = await hostileServer(t, answer);
    const error = await t.throwsAsync(client(server.url).packument(NAME), { instanceOf: PrompdError });
    t.is(error?.code, code as never, error?.stack ?? '');
    if (requests !== undefined) t.is(server.requests.length, requests);
    t.notRegex(`${error?.message} ${JSON.stringify(error)} ${error?.stack}`, /secret-token/);
  });
}

test.serial('a server that never answers is given up after the longest silence', async t => {
  const server = await hostileServer(t, () => {});
  const error = await t.throwsAsync(
    client(server.url, { network: { concurrency: 1, timeoutMs: 1000, retries: 1 } }).packument(NAME),
    { code: 'ETIMEOUT' },
  );
  t.is(server.requests.length, 2);
  t.regex((error as PrompdError).hint ?? '', /timeoutMs/);
});

test.serial(
  'a server that drips is given up after ten times the longest silence, and not asked again',
  async t => {
    const server = await hostileServer(t, (_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    });
    const started = Date.now();
    await t.throwsAsync(
      client(server.url, { network: { concurrency: 1, timeoutMs: 300, retries: 2 } }).packument(NAME),
      { code: 'ETIMEOUT' },
    );
    t.true(Date.now() - started < 20_000);
    t.is(server.requests.length, 1);
  },
);

test('a registry that is not running is ENETWORK, with the address and a way to start one', async t => {
  const error = await t.throwsAsync(client('http://127.0.0.1:1/').packument(NAME), {
    instanceOf: PrompdError,
    code: 'ENETWORK',
  });
  t.is(error?.facts['url'], 'http://127.0.0.1:1/packages/%40acme/reviews');
  t.regex(error?.hint ?? '', /prompd registry start/);
});

test('after 429 with a pause, the request is sent again', async t => {
  const server = await hostileServer(t, (_, response, count) =>
    count === 1 ? json(response, problem('ESLOW'), 429, { 'retry-after': '1' }) : json(response, PACKUMENT),
  );
  const started = Date.now();
  const answer = await client(server.url).packument(NAME);
  t.is(answer.kind, 'fresh');
  t.true(Date.now() - started >= 950);
});

test('an answer with an etag is fresh; the same etag sent back is unchanged', async t => {
  const server = await hostileServer(t, (request, response) =>
    request.headers['if-none-match'] === '"v1"'
      ? response.writeHead(304).end()
      : json(response, PACKUMENT, 200, { etag: '"v1"' }),
  );
  const registry = client(server.url);
  const first = await registry.packument(NAME);
  t.is(first.kind === 'fresh' ? first.etag : undefined, '"v1"');
  t.deepEqual(await registry.packument(NAME, '"v1"'), { kind: 'unchanged' });
});

test('requests say who asks, and carry the token', async t => {
  const server = await hostileServer(t, (_, response) => json(response, PACKUMENT));
  await client(server.url).packument(NAME);
  t.like(server.requests[0]?.headers, {
    'user-agent': 'prompd/0.0.0-test',
    authorization: 'Bearer secret-token',
  });
});

test('the token is looked up once', async t => {
  let looked = 0;
  const server = await hostileServer(t, (_, response) => json(response, PACKUMENT));
  const registry = client(server.url, {
    token: async () => {
      looked += 1;
      return 'x';
    },
  });
  await Promise.all([registry.packument(NAME), registry.packument(NAME), registry.packument(NAME)]);
  t.is(looked, 1);
});

test('a redirect to another host is followed without the token', async t => {
  const other = await hostileServer(t, (_, response) => json(response, PACKUMENT));
  const server = await hostileServer(t, (_, response) =>
    response.writeHead(302, { location: `${other.url}x` }).end(),
  );
  t.is((await client(server.url).packument(NAME)).kind, 'fresh');
  t.is(other.requests[0]?.headers.authorization, undefined);
});

for (const location of ['/other/x', '/team/../other/x', '/team/..%2fother/x', '/team/a%2F..%5C../other/x']) {
  test(`a redirect out of the path of the registry, to ${location}, is followed without the token`, async t => {
    const server = await hostileServer(t, (request, response) =>
      request.url?.startsWith('/team/packages/')
        ? response.writeHead(307, { location }).end()
        : json(response, PACKUMENT),
    );
    t.is((await client(`${server.url}team/`).packument(NAME)).kind, 'fresh');
    t.deepEqual(
      server.requests.map(({ headers }) => headers.authorization),
      ['Bearer secret-token', undefined],
    );
  });
}

test('an archive on another host is fetched without the token', async t => {
  const other = await hostileServer(t, (_, response) => response.end('bytes'));
  const bytes = await client('http://127.0.0.1:1/').archive(at(`${other.url}x.tgz`), 100);
  t.is(Buffer.from(bytes).toString(), 'bytes');
  t.is(other.requests[0]?.headers.authorization, undefined);
});

test("an archive whose address only begins like the registry's does not get the token", async t => {
  const server = await hostileServer(t, (_, response) => response.end('bytes'));
  await client(`${server.url}team/`).archive(at(`${server.url}team-evil/x.tgz`), 100);
  t.is(server.requests[0]?.headers.authorization, undefined);
});

for (const tarball of ['', 'file:///etc/passwd', 'ftp://example.com/x.tgz', 'http://', 'data:,x']) {
  test(`an archive is not fetched from "${tarball}"`, async t => {
    await t.throwsAsync(client('http://127.0.0.1:1/').archive(at(tarball), 100), { code: 'EBADRESPONSE' });
  });
}

test('a registry on https cannot name an archive on plain http', async t => {
  const error = await t.throwsAsync(
    client('https://127.0.0.1:1/').archive(at('http://127.0.0.1:1/x.tgz'), 100),
    { code: 'EBADRESPONSE' },
  );
  t.regex(error?.message ?? '', /no usable address/);
});

test('an archive above the limit is not read to its end', async t => {
  let sent = 0;
  const server = await hostileServer(t, (_, response) => {
    const more = () => {
      sent += 65_536;
      if (!response.destroyed && sent < 500_000_000)
        response.write(Buffer.alloc(65_536), () => setImmediate(more));
    };
    more();
  });
  await t.throwsAsync(client(server.url).archive(at(`${server.url}x.tgz`), 1_000_000), {
    code: 'EARCHIVELIMIT',
  });
  t.true(sent < 50_000_000);
});

test('a small answer that unpacks to gigabytes is given up at the limit', async t => {
  // 80 MB of zeros in 78 kB, more than the limit for JSON.
  const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024));
  const server = await hostileServer(t, (_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
  );
  const error = await t.throwsAsync(
    client(server.url, { network: { concurrency: 1, timeoutMs: 5000, retries: 0 } }).packument(NAME),
    { code: 'EANSWERLIMIT' },
  );
  t.regex(error?.message ?? '', /more than/);
});

test('an archive comes as it is, also when the server calls it compressed', async t => {
  const archive = gzipSync('content');
  const server = await hostileServer(t, (_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(archive),
  );
  t.deepEqual(Buffer.from(await client(server.url).archive(at(`${server.url}x.tgz`), 1000)), archive);
});

for (const [title, hit] of [
  ['an invalid name', { name: '../x' }],
  ['an invalid version', { version: 'latest' }],
] satisfies [string, object][]) {
  test(`a search result with ${title} is refused`, async t => {
    const good = { name: NAME, version: VERSION, updated: '2025-01-01T00:00:00.000Z' };
    const server = await hostileServer(t, (_, response) =>
      json(response, { total: 1, packages: [{ ...good, ...hit }] }),
    );
    await t.throwsAsync(client(server.url).search({ text: 'x' }), { code: 'EBADRESPONSE' });
  });
}
