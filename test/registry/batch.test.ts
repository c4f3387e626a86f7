import { gzipSync } from 'node:zlib';
import test from 'ava';
import type { ErrorCode } from '#prompd/core/error-table.js';
import { PrompdError } from '#prompd/core/errors.js';
import { parsePackageName } from '#prompd/core/name.js';
import { parseVersion } from '#prompd/core/version.js';
import { prompdRegistry } from '#prompd/registry/prompd.js';
import type { RegistryBatch } from '#prompd/registry/registry.js';
import { type Answer, hostileServer } from './hostile-server.js';

const A = parsePackageName('@acme/a');
const B = parsePackageName('@acme/b');
const V = parseVersion('1.0.0');
const MAX = 1000;

const packument = (name: string) => ({
  name,
  'dist-tags': { latest: '1.0.0' },
  versions: { '1.0.0': { name, version: '1.0.0', dist: { integrity: 'sha512-x' } } },
});
const line = (name: string, of = name) =>
  `${JSON.stringify({ name, etag: '"1"', packument: packument(of) })}\n`;
const END = '{"end":{"packuments":2,"complete":true}}\n';
const frame = (name: string, text: string) =>
  `{"name":"${name}","version":"1.0.0","size":${text.length}}\n${text}`;
const FRAMES_END = '{"end":{"entries":2}}\n';

const NDJSON = 'application/x-ndjson';
const FRAMES = 'application/vnd.prompd.tarballs';
const says =
  (type: string, body: string | Buffer, headers = {}): Answer =>
  (_, r) =>
    r.writeHead(200, { 'content-type': type, ...headers }).end(body);
/** Writes the same again and again, for as long as anybody reads. */
const endless =
  (type: string, start: string, chunk: string, pauseMs = 0): Answer =>
  (_, r) => {
    r.writeHead(200, { 'content-type': type }).write(start);
    const go = () => {
      if (r.destroyed) return;
      if (pauseMs > 0) setTimeout(go, pauseMs);
      else if (r.writableNeedDrain) r.once('drain', go);
      else setImmediate(go);
      r.write(chunk);
    };
    go();
  };
/** Sends half of it and breaks the connection off. */
const broken =
  (type: string, body: string): Answer =>
  (_, r) => {
    r.writeHead(200, { 'content-type': type, 'content-length': String(body.length + 100) });
    r.write(body, () => setTimeout(() => r.destroy(), 20));
  };

async function batchOf(url: string, timeoutMs = 20_000): Promise<RegistryBatch> {
  const registry = prompdRegistry({
    alias: 'default',
    registryUrl: url,
    network: { concurrency: 4, timeoutMs, retries: 0 },
    userAgent: 'prompd/0.0.0-test',
    token: async () => 'secret-token',
    capabilities: ['resolve', 'tarballs'],
  });
  const batch = await registry.batch?.();
  if (!batch) throw new Error('no batch');
  return batch;
}

async function all<T>(entries: AsyncIterable<T>): Promise<{ got: T[]; error: unknown }> {
  const got: T[] = [];
  try {
    for await (const entry of entries) got.push(entry);
    return { got, error: undefined };
  } catch (error) {
    return { got, error };
  }
}

const askPackuments = (batch: RegistryBatch) =>
  all(batch.packuments({ requirements: new Map([[A, ['^1.0.0']]]), locked: new Map(), known: new Map() }));
const askArchives = (batch: RegistryBatch) =>
  all(
    batch.archives({
      wanted: [
        { name: A, version: V },
        { name: B, version: V },
      ],
      maxBytes: MAX,
    }),
  );

const longName = 'x'.repeat(5000);
const manyVersions = Object.fromEntries(Array.from({ length: 60_000 }, (_, n) => [`1.0.${n}`, {}]));

for (const [title, answer, code, before] of [
  ['HTML', says('text/html', '<html>'), 'EUNSUPPORTED', 0],
  ['an error', (_, r) => r.writeHead(500).end(), 'EUNSUPPORTED', 0],
  ['nothing', says(NDJSON, ''), 'EBADRESPONSE', 0],
  ['no last line', says(NDJSON, line(A)), 'EBADRESPONSE', 1],
  ['half a line', says(NDJSON, line(A) + line(B).slice(0, 40)), 'EBADRESPONSE', 1],
  ['half of it on a broken connection', broken(NDJSON, line(A) + line(B).slice(0, 40)), 'ENETWORK', 1],
  ['a line that is no JSON', says(NDJSON, `${line(A)}nonsense\n${END}`), 'EBADRESPONSE', 1],
  ['a line of another protocol', says(NDJSON, `[1]\n${END}`), 'EBADRESPONSE', 0],
  ['a packument for another name', says(NDJSON, line(A, B) + END), 'EOTHERPACKAGE', 0],
  ['a name that is none', says(NDJSON, line('../a') + END), 'EBADRESPONSE', 0],
  ['a package twice', says(NDJSON, line(A) + line(A) + END), 'EBADRESPONSE', 1],
  ['as unchanged what nobody has', says(NDJSON, `{"unchanged":["${B}"]}\n${END}`), 'EBADRESPONSE', 0],
  [
    'more versions than anybody publishes',
    says(
      NDJSON,
      `${JSON.stringify({ name: A, packument: { ...packument(A), versions: manyVersions } })}\n${END}`,
    ),
    'EANSWERLIMIT',
    0,
  ],
  ['a line without end', endless(NDJSON, '{"name":"', 'x'.repeat(1 << 20)), 'EBADRESPONSE', 0],
  [
    'a bomb',
    says(NDJSON, gzipSync(Buffer.alloc(40 * 1024 * 1024, 'x')), { 'content-encoding': 'gzip' }),
    'EBADRESPONSE',
    0,
  ],
  [
    'what is not compressed as it says',
    says(NDJSON, line(A), { 'content-encoding': 'gzip' }),
    'EBADRESPONSE',
    0,
  ],
] satisfies [string, Answer, ErrorCode, number][]) {
  test(`a batch of packuments that is ${title} is ${code}`, async t => {
    const { url } = await hostileServer(t, answer);
    const { got, error } = await askPackuments(await batchOf(url));
    t.true(error instanceof PrompdError, String(error));
    t.is(error instanceof PrompdError && error.code, code);
    t.is(got.length, before);
  });
}

for (const [title, answer, code, before] of [
  ['an error', (_, r) => r.writeHead(404).end(), 'EUNSUPPORTED', 0],
  ['nothing', says(FRAMES, ''), 'EBADRESPONSE', 0],
  [
    'cut off in an archive',
    says(FRAMES, frame(A, 'aaaa') + frame(B, 'bbbb').slice(0, -2)),
    'EBADRESPONSE',
    1,
  ],
  ['cut off between archives', says(FRAMES, frame(A, 'aaaa')), 'EBADRESPONSE', 1],
  [
    'cut off by a broken connection',
    broken(FRAMES, frame(A, 'aaaa') + frame(B, 'b').slice(0, 9)),
    'ENETWORK',
    1,
  ],
  [
    'an archive that nobody asked for',
    says(FRAMES, frame(A, 'a') + frame('@acme/c', 'c') + FRAMES_END),
    'EBADRESPONSE',
    1,
  ],
  ['one archive too many', says(FRAMES, frame(A, 'a') + frame(B, 'b') + frame(A, 'a')), 'EBADRESPONSE', 2],
  ['an archive twice', says(FRAMES, frame(A, 'a') + frame(A, 'a') + FRAMES_END), 'EBADRESPONSE', 1],
  ['in another order', says(FRAMES, frame(B, 'b') + frame(A, 'a') + FRAMES_END), 'EBADRESPONSE', 0],
  ['an archive that is too large', says(FRAMES, frame(A, 'a'.repeat(MAX + 1))), 'EARCHIVELIMIT', 0],
  [
    'an archive of a size that is none',
    says(FRAMES, `{"name":"${A}","version":"1.0.0","size":-1}\n`),
    'EBADRESPONSE',
    0,
  ],
  ['a header that is too long', says(FRAMES, `{"name":"${longName}"}\n`), 'EBADRESPONSE', 0],
  ['a header without end', endless(FRAMES, '', 'x'.repeat(1 << 16)), 'EBADRESPONSE', 0],
] satisfies [string, Answer, ErrorCode, number][]) {
  test(`a batch of archives that is ${title} is ${code}`, async t => {
    const { url } = await hostileServer(t, answer);
    const { got, error } = await askArchives(await batchOf(url));
    t.true(error instanceof PrompdError, String(error));
    t.is(error instanceof PrompdError && error.code, code);
    t.is(got.length, before);
  });
}

test('batches that only drip are given up in time', async t => {
  const { url } = await hostileServer(t, (request, r) =>
    request.url?.endsWith('resolve')
      ? endless(NDJSON, '{"name":"', 'x', 20)(request, r, 1)
      : endless(FRAMES, '{"name":"', 'x', 20)(request, r, 1),
  );
  const batch = await batchOf(url, 100);
  for (const { error } of [await askPackuments(batch), await askArchives(batch)])
    t.is(error instanceof PrompdError && error.code, 'ETIMEOUT');
});

test('an archive that the registry does not have is passed over', async t => {
  const missing = `{"name":"${A}","version":"1.0.0","status":404}\n`;
  const { url, requests } = await hostileServer(t, says(FRAMES, missing + frame(B, 'bb') + FRAMES_END));
  const { got, error } = await askArchives(await batchOf(url));
  t.is(error, undefined);
  t.deepEqual(got, [{ name: B, version: V, bytes: Buffer.from('bb') }]);
  t.is(requests[0]?.headers.authorization, 'Bearer secret-token');
});

test('a batch whose answer nobody waits for any more ends its connection', async t => {
  const abort = new AbortController();
  const { url } = await hostileServer(t, endless(FRAMES, frame(A, 'a'), '', 20));
  const batch = await batchOf(url);
  const wanted = [A, B].map(name => ({ name, version: V }));
  const archives = batch.archives({ wanted, maxBytes: MAX, signal: abort.signal });
  await t.throwsAsync(async () => {
    for await (const _ of archives) abort.abort();
  });
});

test('only a registry that announces batches is asked for them', async t => {
  const { url, requests } = await hostileServer(t, says(NDJSON, END));
  const registry = prompdRegistry({
    alias: 'default',
    registryUrl: url,
    network: { concurrency: 4, timeoutMs: 1000, retries: 0 },
    userAgent: 'prompd/0.0.0-test',
    token: async () => undefined,
  });
  t.is(await registry.batch?.(), undefined);
  t.is(requests.length, 0);
});
