import { connect } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import test from 'ava';
import { z } from 'zod';
import { ERROR_TABLE } from '#prompd/core/error-table.js';
import { SERVER_CODES } from '#server/domain/problem-document.js';
import * as answers from '#server/routes/answers.js';
import { archiveBody, jsonBody, startTestRegistry } from '../support/registry.js';

const undo: Array<() => void | Promise<void>> = [];
const registry = await startTestRegistry(
  { teardown: step => undo.unshift(step) },
  { limits: { idleTime: 800, headersTime: 2000, requestTime: 4000, jsonBytes: 2000 } },
);
test.after.always('the registry stops', async () => {
  for (const step of undo) await step();
});

/** Sends bytes as they are and waits for the whole answer. */
function raw(text: string): Promise<string> {
  const { hostname, port } = new URL(registry.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

for (const [what, path, init, status, code] of [
  ['an unknown address', '/nope', {}, 404, 'ENOROUTE'],
  ['an unknown method', '/nope', { method: 'PATCH' }, 404, 'ENOROUTE'],
  ['an address in other letters', '/Packages', {}, 404, 'ENOROUTE'],
  ['bad percent-encoding', '/packages/%', {}, 400, 'EBADREQUEST'],
  ['bad percent-encoding of a scope', '/packages/@a%zz/b', {}, 400, 'EBADREQUEST'],
  ['an overlong UTF-8 sequence', '/packages/%c0%ae', {}, 400, 'EBADREQUEST'],
  ['malformed JSON', '/tokens', { ...jsonBody('POST', {}), body: '{"name":' }, 400, 'EBADREQUEST'],
  ['JSON that is no object', '/tokens', jsonBody('POST', null), 400, 'EBADREQUEST'],
  [
    'no body',
    '/tokens',
    { method: 'POST', headers: { 'content-type': 'application/json' } },
    400,
    'EBADREQUEST',
  ],
  ['an oversized body', '/tokens', jsonBody('POST', { name: 'x'.repeat(3000) }), 413, 'ETOOLARGE'],
  ['a form', '/tokens', { method: 'POST', body: new URLSearchParams({ name: 'x' }) }, 415, 'EMEDIATYPE'],
  [
    'an unknown encoding',
    '/tokens',
    {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json', 'content-encoding': 'zip' },
    },
    415,
    'EMEDIATYPE',
  ],
  [
    'an unknown member',
    '/tokens',
    jsonBody('POST', { name: 'x', scopes: ['read'], hash: 'x' }),
    400,
    'EBADREQUEST',
  ],
  ['an id that is no number', '/tokens/1e3', { method: 'DELETE' }, 400, 'EBADREQUEST'],
  ['an id beyond all', '/tokens/99999999999', { method: 'DELETE' }, 400, 'EBADREQUEST'],
] as const) {
  test(`${what} is answered with a problem document, ${status} ${code}`, async t => {
    const answer = await registry.request(path, init);
    t.is(answer.status, status);
    t.regex(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
    const problem = answers.problem.parse(await answer.json());
    t.like(problem, { status, code, type: `urn:prompd:error:${code}` });
    t.is(problem.instance, answer.headers.get('x-request-id') ?? 'no id');
    t.notRegex(JSON.stringify(problem), /node_modules|\.js:\d|<html/i);
  });
}

for (const [method, path, allow] of [
  ['PATCH', '/packages', 'GET, HEAD, POST'],
  ['OPTIONS', '/packages', 'GET, HEAD, POST'],
  ['POST', '/packages/@bank/kyc', 'GET, HEAD, PUT, DELETE'],
  ['PUT', '/packages/@bank%2fkyc/1.0.0', 'GET, HEAD, DELETE'],
  ['POST', '/packages/kyc/dist-tags', 'GET, HEAD'],
  ['GET', '/packages/kyc/dist-tags/beta', 'PUT, DELETE'],
  ['DELETE', '/healthz', 'GET, HEAD'],
  ['POST', '/.well-known/registry.json', 'GET, HEAD'],
  ['DELETE', '/whoami', 'GET, HEAD'],
] as const) {
  test(`${method} ${path} is 405, and says what may be done there`, async t => {
    const answer = await registry.request(path, { method });
    t.is(answer.status, 405);
    t.is(answer.headers.get('allow'), allow);
    t.like(await answer.json(), { code: 'EMETHOD' });
  });
}

test('what is not HTTP is answered with a problem document', async t => {
  const answer = await raw('hello\r\n\r\n');
  t.regex(answer, /^HTTP\/1\.1 400 Bad Request\r\n/);
  t.regex(answer, /application\/problem\+json/);
  t.regex(answer, /"code":"EBADREQUEST"/);
});

test('headers that are too large are answered with a problem document', async t => {
  const answer = await raw(`GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'a'.repeat(40_000)}\r\n\r\n`);
  t.regex(answer, /^HTTP\/1\.1 413 /);
  t.regex(answer, /"code":"ETOOLARGE"/);
});

test('a client that sends its headers drop by drop is cut off', async t => {
  const answer = await raw('GET /healthz HTTP/1.1\r\nhost: x\r\n');
  t.regex(answer, /^HTTP\/1\.1 408 /);
  t.regex(answer, /"code":"ESLOW"/);
});

test('an upload that stops is ended with a problem document', async t => {
  const answer = await raw(
    `POST /packages HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${registry.adminToken}\r\n` +
      'content-type: application/gzip\r\ncontent-length: 1000\r\n\r\nabc',
  );
  t.regex(answer, /^HTTP\/1\.1 408 /);
  t.regex(answer, /"code":"ESLOW"/);
});

test('an npm document that stops is ended after the same pause', async t => {
  const answer = await raw(
    `PUT /npm/@acme%2fslow HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${registry.adminToken}\r\n` +
      'content-type: application/json\r\ncontent-length: 1000\r\n\r\n{"name":',
  );
  t.regex(answer, /^HTTP\/1\.1 408 /);
  t.regex(answer, /The upload stopped/);
});

test('an upload that goes on and on is ended', async t => {
  const { hostname, port } = new URL(registry.url);
  const began = Date.now();
  await new Promise<void>(resolve => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(
        `POST /packages HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${registry.adminToken}\r\n` +
          'content-type: application/gzip\r\ncontent-length: 100000\r\n\r\n',
      );
    });
    const drip = setInterval(() => socket.write('x'), 100);
    socket.on('error', () => undefined);
    socket.on('data', () => undefined);
    socket.on('close', () => {
      clearInterval(drip);
      resolve();
    });
  });
  t.true(Date.now() - began < 60_000);
});

test('the id that a client sends comes back, and an odd one is replaced', async t => {
  const idOf = async (id: string) =>
    (await registry.request('/healthz', { headers: { 'x-request-id': id } })).headers.get('x-request-id');
  t.is(await idOf('client-7'), 'client-7');
  t.regex((await idOf('a b"c')) ?? '', /^[0-9a-f-]{36}$/);
});

test('answers tell nothing of the server and are open to no other origin', async t => {
  const { headers } = await registry.request('/packages', { headers: { origin: 'https://example.com' } });
  t.is(headers.get('x-powered-by'), null);
  t.is(headers.get('access-control-allow-origin'), null);
  t.is(headers.get('x-content-type-options'), 'nosniff');
  t.truthy(headers.get('content-security-policy'));
});

test('an archive in a content encoding is refused', async t => {
  const answer = await registry.request(
    '/packages',
    archiveBody(new Uint8Array(9), { 'content-encoding': 'gzip' }),
  );
  t.is(answer.status, 415);
});

test('a Host header that is none never gets into addresses', async t => {
  const answer = await raw(
    'GET /.well-known/registry.json HTTP/1.1\r\nhost: a"b/c@d\r\nconnection: close\r\n\r\n',
  );
  t.regex(answer, new RegExp(`"url":"${registry.url}"`));
});

test('the description names the protocol and the limits', async t => {
  const description = await (await registry.request('/.well-known/registry.json', { token: null })).json();
  t.like(description, {
    kind: 'prompd',
    protocol: 1,
    url: registry.url,
    limits: { archiveBytes: 20 * 1024 * 1024 },
  });
});

test('the server is alive and ready', async t => {
  t.deepEqual(await (await registry.request('/healthz', { token: null })).json(), { status: 'ok' });
  t.deepEqual(await (await registry.request('/readyz', { token: null })).json(), {
    status: 'ok',
    parts: { database: 'ok', blobs: 'ok' },
    uplinks: {},
  });
});

test('the public URL, where one is set, is what addresses begin with', async t => {
  const other = await startTestRegistry(t, { publicUrl: 'https://prompts.example.com/registry/' });
  const { dist } = answers.packument.parse(
    await (async () => {
      await other.publish({ name: '@bank/behind-proxy', version: '1.0.0' });
      return (await other.request('/packages/@bank/behind-proxy')).json();
    })(),
  ).versions['1.0.0'] ?? { dist: undefined };
  t.is(
    dist?.tarball,
    'https://prompts.example.com/registry/packages/@bank/behind-proxy/-/behind-proxy-1.0.0.tgz',
  );
});

test('no code of the server is also a code of the common table', t => {
  t.deepEqual(
    Object.keys(SERVER_CODES).filter(code => code in ERROR_TABLE),
    [],
  );
});

test('the OpenAPI document has every route, with its schemas', async t => {
  const document = z
    .object({
      openapi: z.literal('3.1.0'),
      paths: z.record(z.string(), z.record(z.string(), z.object({ operationId: z.string() }))),
      components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
    })
    .parse(await (await registry.request('/openapi.json', { token: null })).json());
  t.deepEqual(Object.keys(document.paths['/packages'] ?? {}).sort(), ['get', 'post']);
  t.deepEqual(Object.keys(document.paths['/packages/{name}/{version}'] ?? {}).sort(), ['delete', 'get']);
  t.true('Packument' in document.components.schemas);
  t.true('Problem' in document.components.schemas);
});

test.serial(
  'thousands of long ranges in one batch do not keep the registry from answering others',
  async t => {
    const range = (at: number) => Array.from({ length: 42 }, (_, part) => `${at * 42 + part}.0.0`).join('||');
    const names = Array.from({ length: 8 }, (_, at) => `@bank/none-${at}`);
    const requirements = Object.fromEntries(
      names.map((name, at) => [name, Array.from({ length: 100 }, (_, part) => range(at * 100 + part))]),
    );
    const delay = monitorEventLoopDelay({ resolution: 5 });
    const began = performance.now();
    delay.enable();
    const answer = await registry.request('/-/resolve', {
      ...jsonBody('POST', { requirements }),
      token: null,
    });
    await answer.text();
    delay.disable();
    t.is(answer.status, 200);
    t.true(delay.max / 1e6 < (performance.now() - began) / 2, `${delay.max / 1e6} ms`);
  },
);
