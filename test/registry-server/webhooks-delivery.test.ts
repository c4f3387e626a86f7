import test from 'ava';
import { z } from 'zod';
import { startPostgres } from '../support/postgres.js';
import { expectedSignature, startReceiver } from '../support/receiver.js';
import { tempDir } from '../support/temp.js';
import { add, aWhile, deliveries, HOUR, until, warn, webhookRegistries } from './webhook-scene.js';

const postgres = await startPostgres();
test.after.always('PostgreSQL stops', () => postgres?.stop());

const { moveOn, shared, start } = webhookRegistries(test);

test.serial(
  'a message is sent again after an error and after a refused connection, with the same id and body',
  async t => {
    const registry = shared();
    const receiver = await startReceiver(
      t,
      (response, index) => void response.writeHead([500, 204][index] ?? 500).end(),
    );
    const { id, secret } = await add(registry, receiver.url);
    const attempts = async (count: number) => (await deliveries(registry, id))[0]?.attempts === count;
    await warn(registry);
    t.true(await until(async () => (await deliveries(registry, id))[0]?.lastStatus === 500));
    await aWhile();
    t.is(receiver.received.length, 1);
    await receiver.stop();
    moveOn(HOUR);
    t.true(await until(() => attempts(2)));
    t.true(
      await until(async () => /ECONNREFUSED/.test((await deliveries(registry, id))[0]?.lastError ?? '')),
    );
    const again = await startReceiver(t, undefined, receiver.port);
    moveOn(HOUR);
    t.true(await until(() => again.received.length === 1));
    const [first] = receiver.received;
    const [last] = again.received;
    if (!first || !last) return t.fail();
    t.is(last.body, first.body);
    t.is(last.headers['webhook-id'], first.headers['webhook-id']);
    t.not(last.headers['webhook-timestamp'], first.headers['webhook-timestamp']);
    t.is(last.headers['webhook-signature'], expectedSignature(last, secret));
    t.true(await until(async () => (await deliveries(registry, id))[0]?.state === 'delivered'));
  },
);

test.serial('a message that is never taken is given up after ten attempts', async t => {
  const registry = shared();
  const receiver = await startReceiver(t, response => void response.writeHead(503).end());
  const { id } = await add(registry, receiver.url);
  await warn(registry);
  t.true(
    await until(async () => {
      moveOn(HOUR);
      return (await deliveries(registry, id))[0]?.state === 'failed';
    }),
  );
  t.true(await until(() => receiver.received.length === 10));
});

test.serial('what was not sent before the server ended is sent by the next one', async t => {
  const registry = await start(t, { dataDir: tempDir(t) });
  await registry.publish({ name: '@acme/tone', version: '1.0.0' });
  const gone = await startReceiver(t);
  await gone.stop();
  const { secret } = await add(registry, gone.url);
  await warn(registry);
  await registry.close();
  const receiver = await startReceiver(t, undefined, gone.port);
  moveOn(HOUR);
  await start(t, { dataDir: registry.dataDir });
  t.true(await until(() => receiver.received.length === 1));
  const [message] = receiver.received;
  t.is(message?.headers['webhook-signature'], message && expectedSignature(message, secret));
});

test.serial('a test is sent once, taken or not', async t => {
  const registry = shared();
  const receiver = await startReceiver(t, response => void response.writeHead(500).end());
  const { id } = await add(registry, receiver.url);
  await registry.request(`/webhooks/${id}/test`, { method: 'POST' });
  t.true(await until(async () => (await deliveries(registry, id))[0]?.state === 'failed'));
  t.is(receiver.received.length, 1);
});

test.serial('a receiver that does not answer does not hold up the others', async t => {
  const registry = shared();
  const [stuck, quick] = [await startReceiver(t, () => undefined), await startReceiver(t)];
  const slow = await add(registry, stuck.url);
  const fast = await add(registry, quick.url);
  for (let at = 0; at < 20; at++) {
    await registry.request(`/webhooks/${slow.id}/test`, { method: 'POST' });
    if (at === 3) t.true(await until(() => stuck.received.length === 4));
  }
  await registry.request(`/webhooks/${fast.id}/test`, { method: 'POST' });
  t.true(await until(() => quick.received.length === 1));
  t.is(stuck.received.length, 4);
  await stuck.stop();
});

test.serial('a receiver that asks for time is left alone for so long', async t => {
  const registry = shared();
  const receiver = await startReceiver(t, (response, index) => {
    if (index === 0) response.writeHead(429, { 'retry-after': '1800' }).end();
    else response.writeHead(204).end();
  });
  const { id } = await add(registry, receiver.url);
  await warn(registry);
  t.true(await until(async () => (await deliveries(registry, id))[0]?.lastStatus === 429));
  // Without its wish the second attempt comes after ten seconds.
  moveOn(25 * 60_000);
  await aWhile();
  t.is(receiver.received.length, 1);
  moveOn(6 * 60_000);
  t.true(await until(() => receiver.received.length === 2));
});

test.serial('a receiver that answers 410 is told nothing more', async t => {
  const registry = shared();
  const receiver = await startReceiver(t, response => void response.writeHead(410).end());
  const { id } = await add(registry, receiver.url);
  await registry.request(`/webhooks/${id}/test`, { method: 'POST' });
  t.true(
    await until(async () => {
      const found = await (await registry.request(`/webhooks/${id}`)).json();
      return z.looseObject({ disabledReason: z.string().nullable() }).parse(found).disabledReason !== null;
    }),
  );
  t.is((await registry.request(`/webhooks/${id}/test`, { method: 'POST' })).status, 400);
});

if (postgres) {
  test.serial('two servers on one database deliver each message once', async t => {
    const databaseUrl = await postgres.freshDatabase();
    const adminToken = 'one-token-for-both-servers';
    const one = await start(t, { databaseUrl, adminToken });
    await start(t, { databaseUrl, adminToken, dataDir: one.dataDir });
    const receiver = await startReceiver(t);
    await one.publish({ name: '@acme/tone', version: '1.0.0' });
    const hooks = [await add(one, receiver.url), await add(one, receiver.url)];
    const warnings = 8;
    for (let at = 0; at < warnings; at++) await warn(one);
    const count = warnings * hooks.length;
    t.true(await until(() => receiver.received.length >= count));
    await aWhile();
    t.is(receiver.received.length, count);
    t.is(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size, warnings);
    for (const { id } of hooks) {
      t.true(
        (await deliveries(one, id)).every(({ state, attempts }) => state === 'delivered' && attempts === 1),
      );
    }
  });
}
