import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import test from 'ava';
import { z } from 'zod';
import { rateCounter } from '#server/adapters/rate-counter.js';
import { connectRedis } from '#server/adapters/redis-connection.js';
import { clientAddress } from '#server/middleware/client-address.js';
import { startRedis } from '../support/redis.js';
import { jsonBody, startTestRegistry } from '../support/registry.js';
import type { Teardown } from '../support/temp.js';

const undo: Array<() => void | Promise<void>> = [];
const shared: Teardown = { teardown: step => undo.unshift(step) };
const registry = await startTestRegistry(shared, { ratePerAddress: 20, ratePerToken: 5, proxies: 1 });
const redis = await startRedis(shared);
test.after.always('the servers stop', async () => {
  for (const step of undo) await step();
});

/** Asks as somebody behind the operator's proxy. */
const ask = (address: string, init: { token?: string | null; path?: string; forged?: string } = {}) =>
  registry.request(init.path ?? '/packages', {
    token: init.token ?? null,
    headers: { 'x-forwarded-for': init.forged === undefined ? address : `${init.forged}, ${address}` },
  });

test('an address that asks too often is told when to come back, and others are not', async t => {
  const answers = await Promise.all(Array.from({ length: 25 }, () => ask('192.0.2.1')));
  const refused = answers.filter(({ status }) => status === 429);
  t.is(refused.length, 5);
  const [first] = refused;
  t.regex(first?.headers.get('retry-after') ?? '', /^(?:[1-9]|[1-5]\d|60)$/);
  t.like(await first?.json(), { status: 429, code: 'ETOOMANY' });
  t.truthy(first?.headers.get('x-request-id'));
  t.is((await ask('192.0.2.2')).status, 200);
});

test('npm clients are refused in the form that they print', async t => {
  await Promise.all(Array.from({ length: 20 }, () => ask('192.0.2.7')));
  const answer = await ask('192.0.2.7', { path: '/npm/-/ping' });
  t.is(answer.status, 429);
  const body: unknown = await answer.json();
  t.true(typeof body === 'object' && body !== null && 'error' in body);
});

test('what a client writes into x-forwarded-for by itself gives it no new address', async t => {
  const answers = await Promise.all(
    Array.from({ length: 25 }, (_, at) => ask('192.0.2.3', { forged: `198.51.100.${at}` })),
  );
  t.is(answers.filter(({ status }) => status === 429).length, 5);
});

test("a token's networks are those that the proxy tells of, not those that a client writes", async t => {
  const limited = { name: 'office', scopes: ['read'], cidrs: ['198.51.100.61'] };
  const made = await registry.request('/tokens', jsonBody('POST', limited));
  const { token } = z.looseObject({ token: z.string() }).parse(await made.json());
  const status = async (address: string, forged?: string) =>
    (await ask(address, { token, path: '/whoami', ...(forged !== undefined && { forged }) })).status;
  t.is(await status('198.51.100.61'), 200);
  t.is(await status('::ffff:198.51.100.61'), 200);
  t.is(await status('198.51.100.61:4711'), 200);
  t.is(await status('198.51.100.62'), 401);
  t.is(await status('198.51.100.62', '198.51.100.61'), 401);
});

test('a token has a limit of its own, wherever it is used from, and is not looked up beyond it', async t => {
  const statuses: number[] = [];
  for (let at = 0; at < 8; at += 1) {
    statuses.push((await ask(`203.0.113.${at}`, { token: 'prompd_of_nobody_at_all' })).status);
  }
  t.deepEqual(statuses, [401, 401, 401, 401, 401, 429, 429, 429]);
  t.is((await ask('203.0.113.99', { token: registry.adminToken })).status, 200);
});

test('who watches over the server is never limited', async t => {
  const answers = await Promise.all(
    Array.from({ length: 30 }, () => ask('192.0.2.4', { path: '/readyz?exclude=database' })),
  );
  t.true(answers.every(({ status }) => status === 200));
});

test('servers on one Redis count together, and each for itself while it is away', async t => {
  const start = () => startTestRegistry(t, { ratePerAddress: 6, redisUrl: redis.url, proxies: 1 });
  const servers = await Promise.all([start(), start()]);
  const allowed = async (address: string) => {
    const headers = { 'x-forwarded-for': address };
    const answers = await Promise.all(
      servers.flatMap(server =>
        Array.from({ length: 6 }, () => server.request('/packages', { token: null, headers })),
      ),
    );
    return answers.filter(({ status }) => status === 200).length;
  };
  t.is(await allowed('192.0.2.1'), 6);
  await redis.stop();
  t.is(await allowed('192.0.2.2'), 12);
});

test('while Redis hangs a counter counts for itself, and nobody waits for long', async t => {
  const own = await startRedis(t);
  const connection = await connectRedis(own.url, () => undefined);
  t.teardown(() => connection.disconnect());
  const counter = rateCounter({ name: 'hangs', perMinute: 20, redis: connection });
  t.is(await counter.take('a'), 0);
  own.suspend();
  t.teardown(() => own.resume());
  const began = performance.now();
  for (let at = 0; at < 20; at++) t.is(await counter.take('a'), 0);
  t.true((await counter.take('a')) > 0);
  const took = performance.now() - began;
  t.true(took < 4_000, `${took} ms`);
});

test('a counter without Redis forgets nothing within its minute', async t => {
  const counter = rateCounter({ name: 'test', perMinute: 2 });
  t.is(await counter.take('a'), 0);
  t.is(await counter.take('a'), 0);
  t.true((await counter.take('a')) > 0);
  t.is(await counter.take('b'), 0);
});

for (const [remote, forwarded, proxies, expected] of [
  ['10.0.0.1', undefined, 0, '10.0.0.1'],
  ['10.0.0.1', '192.0.2.1', 0, '10.0.0.1'],
  ['10.0.0.1', '192.0.2.1', 1, '192.0.2.1'],
  ['10.0.0.1', '198.51.100.1, 192.0.2.1, 10.0.0.2', 2, '192.0.2.1'],
  ['10.0.0.1', '192.0.2.1', 2, '192.0.2.1'],
  ['10.0.0.1', '', 1, '10.0.0.1'],
  ['10.0.0.1', '192.0.2.1:4711', 1, '192.0.2.1'],
  ['10.0.0.1', '[2001:db8:1:2::3]:4711', 1, '2001:db8:1:2::/64'],
  ['::ffff:192.0.2.1', undefined, 0, '192.0.2.1'],
  ['2001:db8:1:2:aaaa:bbbb:cccc:dddd', undefined, 0, '2001:db8:1:2::/64'],
  ['2001:db8::1', undefined, 0, '2001:db8:0:0::/64'],
  ['::1', undefined, 0, '0:0:0:0::/64'],
] as const) {
  test(`a request from ${remote}, forwarded for "${forwarded}", with ${proxies} proxies counts for ${expected}`, t => {
    const socket = new Socket();
    Object.defineProperty(socket, 'remoteAddress', { value: remote });
    const request = new IncomingMessage(socket);
    if (forwarded !== undefined) request.headers['x-forwarded-for'] = forwarded;
    t.is(clientAddress(request, proxies), expected);
  });
}
