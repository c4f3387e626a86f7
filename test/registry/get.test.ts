import { gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { type HttpAnswer, type HttpClient, type HttpRequest, httpClient } from '#prompd/registry/http.js';
import { type Answer, hostileServer } from './hostile-server.js';

const TIMEOUT_MS = 300;

test('an answer that passes is asked for again, and what a registry asks for is waited', async t => {
  const start = Date.now();
  const { answer, requests } = await asked(t, (_, response, count) => {
    if (count === 1) response.writeHead(503, { 'retry-after': '0.2' }).end('busy');
    else if (count === 2) response.socket?.destroy();
    else response.end('here');
  });
  t.is(String((await answer).body), 'here');
  t.true((await answer).repeated);
  t.is(requests.length, 3);
  t.true(Date.now() - start >= 200);
});

test('a registry that wants a longer pause than anybody waits for is not asked again', async t => {
  const { answer, requests } = await asked(t, (_, response) => {
    response.writeHead(429, { 'retry-after': '31' }).end('later');
  });
  t.is((await answer).status, 429);
  t.is(requests.length, 1);
});

test('a pause that is longer than the whole request may take is ended', async t => {
  const { answer } = await asked(t, (_, response) => {
    response.writeHead(503, { 'retry-after': '29' }).end('later');
  });
  await t.throwsAsync(answer, { code: 'ETIMEOUT', message: /did not finish/ });
});

test('where a redirect leads to nobody, nobody is named, and not who redirected', async t => {
  const { answer } = await asked(t, (_, response) => {
    response.writeHead(302, { location: 'http://127.0.0.1:1/x' }).end();
  });
  await t.throwsAsync(answer, { code: 'ENETWORK', message: '127.0.0.1:1 cannot be reached.' });
});

test('where a connection breaks that a redirect led to, that one is named, without its query', async t => {
  const other = await hostileServer(t, (_, response) => {
    response.writeHead(200, { 'content-length': '9' }).write('half');
    setTimeout(() => response.destroy(), 20);
  });
  const { answer } = await asked(t, (_, response) => {
    response.writeHead(302, { location: `${other.url}x?signature=1` }).end();
  });
  const error = await t.throwsAsync<PrompdError>(answer, { code: 'ENETWORK', message: /broke off/ });
  t.is(error?.facts['url'], `${other.url}x`);
});

test('silence in the middle of an answer is told as silence', async t => {
  const { answer } = await asked(
    t,
    (_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half');
    },
    { retries: 0 },
  );
  await t.throwsAsync(answer, { code: 'ETIMEOUT', message: /was silent/ });
});

test('an answer that breaks off is told as that', async t => {
  const { answer } = await asked(
    t,
    (_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half');
      setTimeout(() => response.socket?.destroy(), 20);
    },
    { retries: 0 },
  );
  await t.throwsAsync(answer, { code: 'ENETWORK', message: /broke off/ });
});

test('an answer that switches to another protocol is refused, however it was asked for', async t => {
  const { answer, http, url } = await asked(t, ({ socket }) => {
    socket.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n');
  });
  const refusal = { code: 'EBADRESPONSE', message: /cannot be read/ };
  await t.throwsAsync(answer, refusal);
  const post = { ...requestFor(url), method: 'POST', body: Buffer.from('x') } as const;
  await t.throwsAsync(http.send(post), refusal);
  await t.throwsAsync(http.stream(post), refusal);
});

test('a redirect is followed with its connection, and the address of the answer is told', async t => {
  const ports = new Set<number | undefined>();
  const { answer, url } = await asked(t, (request, response) => {
    ports.add(request.socket.remotePort);
    if (request.url === '/moved/%C3%A9') response.end('here');
    else response.writeHead(302, { location: Buffer.from('/moved/é').toString('latin1') }).end('moved');
  });
  t.is(String((await answer).body), 'here');
  t.is((await answer).url, `${url}moved/%C3%A9`);
  t.is(ports.size, 1);
});

for (const [location, code, message] of [
  ['ftp://127.0.0.1/x', 'EBADRESPONSE', /cannot be read/],
  ['http://[', 'EBADRESPONSE', /cannot be read/],
  ['/again', 'EREDIRECT', /redirects without end/],
] as const) {
  test(`a redirect to ${location} is a wrong answer`, async t => {
    const { answer } = await asked(t, (_, response) => void response.writeHead(302, { location }).end());
    await t.throwsAsync(answer, { code, message });
  });
}

test('a compressed answer comes as it was, and one that is too large then is refused', async t => {
  const small = await asked(t, (_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('here'));
  });
  t.is(String((await small.answer).body), 'here');
  const bomb = await asked(t, (_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(100_000)));
  });
  await t.throwsAsync(bomb.answer, { code: 'EBADRESPONSE', message: 'It is too large.' });
});

async function asked(
  t: ExecutionContext,
  respond: Answer,
  { retries = 2 } = {},
): Promise<{
  answer: Promise<HttpAnswer>;
  http: HttpClient;
  requests: readonly unknown[];
  url: string;
}> {
  const { url, requests } = await hostileServer(t, respond);
  const http = httpClient({
    registryUrl: url,
    network: { concurrency: 4, timeoutMs: TIMEOUT_MS, retries },
    userAgent: 'test',
    token: async () => undefined,
    backoffLimitMs: 20,
  });
  const answer = http.send(requestFor(url));
  answer.catch(() => undefined);
  return { answer, http, requests, url };
}

function requestFor(url: string): HttpRequest {
  return {
    method: 'GET',
    url: new URL('start', url),
    maxBytes: 10_000,
    tooLarge: () => new PrompdError('EBADRESPONSE', 'It is too large.'),
    decompress: true,
  };
}
