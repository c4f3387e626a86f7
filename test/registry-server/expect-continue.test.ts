import { connect } from 'node:net';
import test from 'ava';
import { packTest, startTestRegistry } from '../support/registry.js';

const undo: Array<() => void | Promise<void>> = [];
const registry = await startTestRegistry(
  { teardown: step => undo.unshift(step) },
  { limits: { archiveBytes: 50_000, jsonBytes: 1_000 } },
);
test.after.always('the registry stops', async () => {
  for (const step of undo) await step();
});

/** Sends the headers, then the body once it is asked for, and gives back all that came. */
function ask(path: string, headers: readonly string[], body: Uint8Array): Promise<string> {
  const { hostname, port } = new URL(registry.url);
  const head = [`POST ${path} HTTP/1.1`, 'host: x', 'expect: 100-continue', ...headers, '', ''].join('\r\n');
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(head));
    socket.setEncoding('utf8').setTimeout(20_000, () => socket.destroy(new Error(`no end: ${answer}`)));
    socket.on('data', (chunk: string) => {
      if (answer === '' && chunk.startsWith('HTTP/1.1 100 ')) socket.write(body);
      answer += chunk;
      if (/^HTTP\/1\.1 201 /m.test(answer)) socket.end();
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

const gzip = 'content-type: application/gzip';
const bearer = (token: string) => `authorization: Bearer ${token}`;
const admin = bearer(registry.adminToken);
let reader = '';
test.before('a reader gets a token', async () => {
  reader = bearer(await registry.token('read'));
});

const refusals: readonly [what: string, path: string, headers: readonly string[], status: number][] = [
  ['without a token', '/packages', [gzip, 'content-length: 100'], 401],
  ['with a token that is wrong', '/packages', [gzip, 'content-length: 100', bearer('prompd_wrong-one')], 401],
  ['with a token that may not publish', '/packages', [gzip, 'content-length: 100', 'reader'], 403],
  ['that is too large', '/packages', [gzip, 'content-length: 50001', admin], 413],
  ['of another type', '/packages', ['content-type: text/plain', 'content-length: 100', admin], 415],
  [
    'that is too large for JSON',
    '/tokens',
    ['content-type: application/json', 'content-length: 1001', admin],
    413,
  ],
];
for (const [what, path, headers, status] of refusals) {
  test(`a body ${what} is refused before it is sent`, async t => {
    const answer = await ask(
      path,
      headers.map(header => (header === 'reader' ? reader : header)),
      new Uint8Array(),
    );
    t.regex(answer, new RegExp(`^HTTP/1\\.1 ${status} `));
    t.regex(answer, /\r\nconnection: close\r\n/i);
    t.regex(answer, /application\/problem\+json/);
  });
}

test('a body that is wanted is asked for, and taken', async t => {
  const { bytes } = await packTest({ name: '@bank/asked', version: '1.0.0' });
  const answer = await ask('/packages', [gzip, `content-length: ${bytes.length}`, admin], bytes);
  t.regex(answer, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 201 Created\r\n/);
});

test('a JSON body that is wanted is asked for, and taken', async t => {
  const body = Buffer.from(JSON.stringify({ name: 'x', scopes: ['read'] }));
  const headers = ['content-type: application/json', `content-length: ${body.length}`, admin];
  t.regex(await ask('/tokens', headers, body), /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 201 Created\r\n/);
});
