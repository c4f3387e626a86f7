import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'ava';
import fc from 'fast-check';
import { PrompdError } from '#prompd/core/errors.js';
import { install } from '#prompd/ops/install/install.js';
import { testContext } from '../../support/context.js';
import type { Teardown } from '../../support/temp.js';
import { makeScene, sharedRegistry } from '../scene.js';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
/** Later names depend on earlier ones and on one another, so that there are chains, diamonds and a cycle. */
const PUBLISHED: Record<string, Record<string, Record<string, string>>> = {
  a: { '1.0.0': {}, '1.1.0': { b: '^1.0.0' }, '2.0.0': {} },
  b: { '1.0.0': { c: '*' }, '1.2.0': { c: '^1.0.0', g: '~1.0.0' } },
  c: { '1.0.0': {}, '1.0.1': { a: '^1.0.0' } },
  d: { '1.0.0': { a: '^2.0.0', b: '^1.0.0' }, '1.0.1-rc.1': { nothere: '*' } },
  e: { '1.0.0': { d: '^1.0.0', f: '^2.0.0 || ^1.0.0' } },
  f: { '1.0.0': { a: '1.0.0' }, '2.0.0': { nothere: '*' } },
  g: { '1.0.0': { c: '1.0.0' }, '1.1.0': {} },
};
const registry = sharedRegistry(test, async ({ publish }) => {
  for (const [name, versions] of Object.entries(PUBLISHED))
    for (const [version, wanted] of Object.entries(versions)) {
      const dependencies = Object.fromEntries(
        Object.entries(wanted).map(([other, range]) => [`@acme/${other}`, range]),
      );
      await publish({ name: `@acme/${name}`, version, dependencies });
    }
});

interface Between {
  readonly url: string;
  /** Method and path of every request, in order. */
  readonly log: string[];
}

/** Stands between client and registry. @param change changes an answer, given the path; undefined leaves it as it is */
async function between(
  t: Teardown,
  change: (path: string, body: Buffer) => Buffer | undefined,
): Promise<Between> {
  const log: string[] = [];
  const server = createServer((request, response) => {
    log.push(`${request.method} ${request.url}`);
    const { 'accept-encoding': _, host: __, ...headers } = request.headers;
    const passed = forward(
      new URL(request.url ?? '/', registry().url),
      { method: request.method, headers },
      answer => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const body = Buffer.concat(chunks);
          const changed = change(request.url ?? '', body);
          const { 'content-length': _length, 'transfer-encoding': _coding, ...rest } = answer.headers;
          response.writeHead(answer.statusCode ?? 500, rest).end(changed ?? body);
        });
      },
    );
    request.pipe(passed);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, log };
}

const quiet = (path: string, body: Buffer) =>
  path === '/.well-known/registry.json' ? Buffer.from('{"kind":"prompd"}') : body;

function scene(t: Teardown, url: string, dependencies: Record<string, string>) {
  const manifest = { name: '@acme/app', version: '1.0.0', dependencies };
  const made = makeScene(t, url, { manifest });
  return {
    ...made,
    install: async () => {
      const context = await testContext({ cwd: made.dir, home: made.home, env: made.env });
      return install(context);
    },
  };
}

test('a first install takes four requests, two of them side by side, whatever there is to install', async t => {
  const { url, log } = await between(t, () => undefined);
  const { install, read } = scene(t, url, { '@acme/d': '*', '@acme/b': '*' });
  await install();
  t.true(read('prompd-lock.json').includes('@acme/c'));
  t.deepEqual(log.slice(0, 2), ['GET /.well-known/registry.json', 'POST /-/resolve']);
  t.deepEqual(log.slice(2).sort(), ['POST /-/tarballs', 'POST /log/proofs']);
});

test('with and without batches the lockfile and the store are the same, byte for byte', async t => {
  const [fast, slow] = [await between(t, () => undefined), await between(t, quiet)];
  const range = fc.constantFrom('*', '^1.0.0', '1.0.0', '~1.0.0', '>=1.0.0 <3', 'latest', '^1.0.1-rc.0');
  const dependencies = fc.dictionary(fc.constantFrom(...NAMES), range, { minKeys: 1, maxKeys: 5 });
  await fc.assert(
    fc.asyncProperty(dependencies, dependencies, async (first, second) => {
      const undo: (() => void | Promise<void>)[] = [];
      const own: Teardown = { teardown: step => void undo.push(step) };
      const outcome = async (url: string) => {
        const { install, write, read, has, stored } = scene(own, url, scoped(first));
        const steps: unknown[] = [];
        for (const wanted of [first, second]) {
          write('prompd.json', { name: '@acme/app', version: '1.0.0', dependencies: scoped(wanted) });
          steps.push(await install().then(({ added }) => added, codeOf));
          steps.push(has('prompd-lock.json') ? read('prompd-lock.json') : undefined);
        }
        return { steps, stored: stored() };
      };
      try {
        t.deepEqual(await outcome(fast.url), await outcome(slow.url));
      } finally {
        for (const step of undo) await step();
      }
    }),
    { numRuns: 12 },
  );
  t.true(fast.log.some(line => line === 'POST /-/resolve'));
  t.false(slow.log.some(line => line.startsWith('POST /-/')));
});

for (const [title, change, code] of [
  [
    'other bytes of the same size',
    (body: Buffer) => {
      const changed = Buffer.from(body);
      const at = changed.indexOf('\n') + 40;
      changed[at] = (changed[at] ?? 0) ^ 1;
      return changed;
    },
    'EINTEGRITY',
  ],
  ['half of an archive', (body: Buffer) => body.subarray(0, body.indexOf('\n') + 60), 'EBADRESPONSE'],
  ['an archive of another version under the wanted name', (body: Buffer) => swapped(body), 'EINTEGRITY'],
] as const) {
  test(`${title} in a batch end the install with ${code}, and nothing of it is stored`, async t => {
    const { url } = await between(t, (path, body) => (path === '/-/tarballs' ? change(body) : undefined));
    const { install, stored, has } = scene(t, url, { '@acme/g': '1.0.0', '@acme/c': '1.0.0' });
    await t.throwsAsync(install(), { code });
    t.deepEqual(stored(), {});
    t.false(has('prompd-lock.json'));
  });
}

test('what a batch does not bring is asked for by itself', async t => {
  const end = '{"end":{"entries":0}}\n';
  const { url, log } = await between(t, path =>
    path === '/-/tarballs'
      ? Buffer.from(end)
      : path === '/-/resolve'
        ? Buffer.from('{"end":{"packuments":0,"complete":false}}\n')
        : undefined,
  );
  const { install, read } = scene(t, url, { '@acme/g': '1.0.0', '@acme/b': '1.0.0' });
  await install();
  t.true(read('prompd-lock.json').includes('@acme/c'));
  t.true(log.some(line => /^GET \/packages\/.*acme.*c$/.test(line)));
});

function scoped(wanted: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(wanted).map(([name, range]) => [`@acme/${name}`, range]));
}

function codeOf(error: unknown): string {
  if (error instanceof PrompdError) return error.code;
  throw error;
}

/** The two archives of a batch, each under the other's header: sizes are those of the bytes. */
function swapped(body: Buffer): Buffer {
  const frames: { header: Record<string, unknown>; bytes: Buffer }[] = [];
  for (let at = 0; at < body.length; ) {
    const end = body.indexOf('\n', at);
    const header = JSON.parse(body.subarray(at, end).toString());
    const size: number = header.size ?? 0;
    frames.push({ header, bytes: body.subarray(end + 1, end + 1 + size) });
    at = end + 1 + size;
  }
  const [first, second, last] = frames;
  if (!first || !second || !last) throw new Error('two archives were expected');
  const framed = (header: Record<string, unknown>, bytes: Buffer) => [
    Buffer.from(`${JSON.stringify({ ...header, size: bytes.length })}\n`),
    bytes,
  ];
  return Buffer.concat([
    ...framed(first.header, second.bytes),
    ...framed(second.header, first.bytes),
    Buffer.from(`${JSON.stringify(last.header)}\n`),
  ]);
}
