import test from 'ava';
import { LocalDeliveryCache } from '#server/adapters/local-delivery-cache.js';
import { LocalEventBus } from '#server/adapters/local-event-bus.js';
import { connectRedis } from '#server/adapters/redis-connection.js';
import { RedisDeliveryCache } from '#server/adapters/redis-delivery-cache.js';
import { RedisEventBus } from '#server/adapters/redis-event-bus.js';
import type { DeliveryCache } from '#server/ports/delivery-cache.js';
import type { EventBus } from '#server/ports/event-bus.js';
import { startRedis } from '../../support/redis.js';

const undo: Array<() => unknown> = [];
const redis = await startRedis({ teardown: step => undo.push(step) });
const connect = async () => {
  const connection = await connectRedis(redis.url, () => undefined);
  undo.unshift(() => connection.disconnect());
  return connection;
};
const local = new LocalDeliveryCache();
const localBus = new LocalEventBus();
const [commands, other, subscriber] = [await connect(), await connect(), await connect()];

/** Each as two servers have it. */
const CACHES: Readonly<Record<string, readonly [DeliveryCache, DeliveryCache]>> = {
  'in process': [local, local],
  redis: [new RedisDeliveryCache(commands), new RedisDeliveryCache(other)],
};
const BUSES: Readonly<Record<string, readonly [EventBus, EventBus]>> = {
  'in process': [localBus, localBus],
  redis: [new RedisEventBus(commands, await connect()), new RedisEventBus(other, subscriber)],
};

test.after.always('Redis stops', async () => {
  for (const step of undo) await step();
});

for (const [name, [one, two]] of Object.entries(CACHES)) {
  test(`${name}: what one server keeps another one finds, under the same epoch alone`, async t => {
    const place = { scope: '@bank', epoch: 7, key: 'kyc\nsummary\ntag production\n' };
    t.is(await two.get(place), undefined);
    await one.set(place, 'value', 60_000);
    t.is(await two.get(place), 'value');
    t.is(await two.get({ ...place, epoch: 8 }), undefined);
    t.is(await two.get({ ...place, scope: '@acme' }), undefined);
    t.is(await two.get({ ...place, key: 'other' }), undefined);
  });

  test(`${name}: what is kept is gone after its lifetime`, async t => {
    const place = { scope: '@bank', epoch: 1, key: 'short' };
    await one.set(place, 'value', 20);
    await new Promise(resolve => setTimeout(resolve, 60));
    t.is(await one.get(place), undefined);
  });

  test(`${name}: an epoch only goes up, in whichever order servers tell of events`, async t => {
    t.is(await two.epoch('@new'), undefined);
    await one.raise('@new', 5);
    await two.raise('@new', 3);
    t.is(await one.epoch('@new'), 5);
    await Promise.all([one.raise('@new', 9), two.raise('@new', 8)]);
    t.is(await two.epoch('@new'), 9);
    t.is(await two.epoch('@other'), undefined);
  });
}

for (const [name, [one, two]] of Object.entries(BUSES)) {
  test(`${name}: what one server publishes all hear, until they listen no more`, async t => {
    const heard: string[] = [];
    const enough = new Promise<void>(resolve => {
      const note = (who: string) => (message: string) => {
        heard.push(`${who} ${message}`);
        if (heard.length === 2) resolve();
      };
      void Promise.all([one.subscribe(note('one')), two.subscribe(note('two'))]).then(async ([stop]) => {
        await two.publish('12');
        await enough;
        await stop();
        await one.publish('13');
      });
    });
    await enough;
    t.deepEqual(heard.sort(), ['one 12', 'two 12']);
    for (const end = Date.now() + 30_000; heard.length < 3 && Date.now() < end; ) {
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    t.deepEqual(heard.sort(), ['one 12', 'two 12', 'two 13']);
  });
}

test('without Redis every use fails at once, and it is used again when it is back', async t => {
  const own = await startRedis({ teardown: step => t.teardown(step) });
  const connection = await connectRedis(own.url, () => undefined);
  t.teardown(() => connection.disconnect());
  const cache = new RedisDeliveryCache(connection);
  await own.stop();
  const began = Date.now();
  await t.throwsAsync(cache.get({ scope: '', epoch: 0, key: 'x' }));
  t.true(Date.now() - began < 2_000);
  await own.restart();
  let back = false;
  for (const end = Date.now() + 30_000; !back && Date.now() < end; ) {
    back = await cache.raise('@bank', 1).then(
      () => true,
      () => false,
    );
    if (!back) await new Promise(resolve => setTimeout(resolve, 20));
  }
  t.true(back);
});

test('a Redis that hangs is noticed by those who only listen, and listened to again when it is back', async t => {
  const own = await startRedis({ teardown: step => t.teardown(step) });
  const [writing, reading] = [
    await connectRedis(own.url, () => undefined),
    await connectRedis(own.url, () => undefined),
  ];
  t.teardown(() => writing.disconnect());
  t.teardown(() => reading.disconnect());
  const bus = new RedisEventBus(writing, reading, { askEvery: 50 });
  const heard: string[] = [];
  const stop = await bus.subscribe(message => heard.push(message));
  t.teardown(stop);
  const broken = new Promise<void>(resolve => reading.once('close', () => resolve()));
  own.suspend();
  t.teardown(() => own.resume());
  await broken;
  own.resume();
  for (const end = Date.now() + 30_000; heard.length === 0 && Date.now() < end; ) {
    await bus.publish('7').catch(() => undefined);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  t.is(heard[0], '7');
});
