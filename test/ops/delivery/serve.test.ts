import { request as httpRequest } from 'node:http';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { z } from 'zod';
import { type ServeOptions, servePrompts } from '#prompd/ops/delivery/serve.js';
import { eventually } from '../../client/support.js';
import { testContext } from '../../support/context.js';
import { contentOf, type DeliveryServer, startDeliveryServer } from '../../support/delivery-server.js';
import { tempDir } from '../../support/temp.js';

interface Scene {
  readonly server: DeliveryServer;
  readonly url: string;
  readonly stop: () => Promise<void>;
}

async function sidecar(t: ExecutionContext, options: ServeOptions = {}): Promise<Scene> {
  const server = await startDeliveryServer(t);
  const home = tempDir(t);
  const context = await testContext({
    cwd: home,
    home,
    env: { PROMPD_REGISTRY: server.url, PROMPD_TOKEN: 'prompd_abc' },
  });
  let interrupt = () => {};
  const interrupted = new Promise<void>(resolve => {
    interrupt = resolve;
  });
  const { url, stopped } = await servePrompts(
    { ...context, now: () => new Date(), interrupted: () => interrupted },
    { port: 0, deadlineMs: 5_000, ...options },
  );
  const stop = async () => {
    interrupt();
    await stopped;
  };
  t.teardown(stop);
  return { server, url, stop };
}

/** A JSON answer that is an object. */
async function bodyOf(answer: Response): Promise<Record<string, unknown>> {
  return z.record(z.string(), z.unknown()).parse(await answer.json());
}

const json = (body: unknown): RequestInit => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
});

test('the sidecar delivers what the registry does, with both forms of the address, and says from where', async t => {
  const { server, url } = await sidecar(t);
  const answer = await fetch(`${url}/delivery/%40bank%2Fkyc/summary?tag=production`);
  t.is(answer.status, 200);
  const body = await bodyOf(answer);
  t.like(body, {
    package: '@bank/kyc',
    prompt: 'summary',
    version: '1.0.0',
    source: 'registry',
    stale: false,
  });
  t.deepEqual(body['content'], contentOf('1.0.0'));
  const again = await fetch(`${url}/delivery/@bank/kyc/summary`);
  t.like(await bodyOf(again), { version: '1.0.0', source: 'memory' });
  t.regex(again.headers.get('prompd-delivery') ?? '', /^fresh;source="memory";age=0$/);
  t.deepEqual([...server.tokens], ['Bearer prompd_abc']);
  const etag = again.headers.get('etag') ?? '';
  const same = await fetch(`${url}/delivery/@bank/kyc/summary`, { headers: { 'if-none-match': etag } });
  t.is(same.status, 304);
  t.is((await fetch(`${url}/health`)).status, 200);
});

test('it renders, and answers many at once', async t => {
  const { url } = await sidecar(t);
  const rendered = await fetch(
    `${url}/delivery/@bank/kyc/summary/render`,
    json({ parameters: { name: 'Ada' } }),
  );
  t.is((await bodyOf(rendered))['text'], 'You are version 1.0.0.\n\nSummarise Ada.');
  const missing = await fetch(`${url}/delivery/@bank/kyc/summary/render`, json({ parameters: {} }));
  t.is(missing.status, 422);
  t.is((await bodyOf(missing))['code'], 'EPARAMETER');
  const batch = await fetch(
    `${url}/delivery/batch`,
    json({
      prompts: [
        { package: '@bank/kyc', prompt: 'summary' },
        { package: '@bank/none', prompt: 'summary' },
      ],
    }),
  );
  t.like(await bodyOf(batch), {
    results: [
      { status: 200, version: '1.0.0' },
      { status: 404, problem: { code: 'ENOTFOUND' } },
    ],
  });
});

test('it goes on without the registry, and hides what was revoked', async t => {
  const { server, url } = await sidecar(t, { refreshMs: 50 });
  const get = () => fetch(`${url}/delivery/@bank/kyc/summary`);
  await get();
  await eventually('it listens', () => server.listeners === 1);
  server.revoke('1.0.0');
  await eventually('it is gone', async () => (await get()).status === 410);
  server.move('production', '1.1.0');
  await eventually('the next version', async () => (await get()).status === 200);
  await server.close();
  await eventually('it says that it is stale', async () => (await bodyOf(await get()))['stale'] === true);
  t.is((await bodyOf(await get()))['version'], '1.1.0');
});

test('it tells those who listen of a move within a second', async t => {
  const { server, url } = await sidecar(t);
  await fetch(`${url}/delivery/@bank/kyc/summary`);
  await eventually('it listens', () => server.listeners === 1);
  const stream = await fetch(`${url}/delivery/events?packages=%40bank%2Fkyc`);
  const start = performance.now();
  server.move('production', '2.0.0');
  let text = '';
  for await (const chunk of stream.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (text.includes('event: move')) break;
  }
  t.regex(
    text,
    /event: move\ndata: \{"package":"@bank\/kyc","tag":"production","version":"2.0.0","previous":"1.0.0"\}/,
  );
  t.true(performance.now() - start < 1_000);
});

for (const host of [
  'evil.example.com',
  'evil.example.com:80',
  'localhost.evil.example.com',
  '127.0.0.1.example.com',
]) {
  test(`a request for the host "${host}" is refused`, async t => {
    const { url } = await sidecar(t);
    t.is(await statusFor(`${url}/delivery/@bank/kyc/summary`, host), 421);
  });
}

test('the names of this machine, and those that were allowed, are served', async t => {
  const { url } = await sidecar(t, { allowedHosts: ['sidecar.internal'] });
  for (const host of ['localhost', 'LOCALHOST:99', '[::1]:4875', 'sidecar.internal'])
    t.is(await statusFor(`${url}/health`, host), 200, host);
});

test('what a web page may send without asking is not read as JSON', async t => {
  const { url } = await sidecar(t);
  const answer = await fetch(`${url}/delivery/@bank/kyc/summary/render`, { method: 'POST', body: '{}' });
  t.is(answer.status, 400);
});

for (const where of [
  '/',
  '/delivery',
  '/delivery/@bank',
  '/delivery/@bank/kyc',
  '/delivery/@bank/kyc/a/b',
  '/%zz',
  '/delivery/..%2f/x',
]) {
  test(`there is nothing at ${where}`, async t => {
    const { url } = await sidecar(t);
    t.is((await fetch(`${url}${where}`)).status, 400);
  });
}

test('it stops when it is asked to, with programs still listening', async t => {
  const { url, stop } = await sidecar(t);
  const stream = await fetch(`${url}/delivery/events`);
  await stop();
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream.body ?? []) chunks.push(chunk);
  t.true(chunks.length > 0);
  await t.throwsAsync(fetch(`${url}/health`));
});

/** `fetch` sets the host itself. */
function statusFor(url: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port, pathname } = new URL(url);
    const request = httpRequest({ hostname, port, path: pathname, headers: { host } }, answer => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    request.on('error', reject).end();
  });
}

test('a port that there is not is refused', async t => {
  const context = await testContext({ cwd: path.resolve('.') });
  await t.throwsAsync(servePrompts(context, { port: 70_000 }), { code: 'EUSAGE' });
});
