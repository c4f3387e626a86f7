import test from 'ava';
import { LocalEventBus } from '#server/adapters/local-event-bus.js';
import type { DeliveryEvent } from '#server/domain/delivery-event.js';
import { DeliveryFeed } from '#server/services/delivery/delivery-feed.js';

/** A log that answers when it is let, with what it held when it was asked. */
class HeldLog {
  readonly events: DeliveryEvent[] = [];
  readonly #waiting: Array<() => void> = [];
  asked = 0;

  add(id: number): void {
    const moved = { package: '@bank/kyc', scope: '@bank', tag: 'production', version: '1.0.0' };
    this.events.push({ id, type: 'move', previous: null, message: null, ...moved });
  }

  async newest(): Promise<number> {
    return 0;
  }

  async oldest(): Promise<undefined> {
    return undefined;
  }

  async forget(): Promise<void> {}

  async after(id: number): Promise<readonly DeliveryEvent[]> {
    this.asked++;
    const found = this.events.filter(event => event.id > id);
    await new Promise<void>(resolve => this.#waiting.push(resolve));
    return found;
  }

  async answer(): Promise<void> {
    this.#waiting.shift()?.();
    await new Promise(resolve => setImmediate(resolve));
  }
}

test('a change that comes while the feed looks is heard with the next look, and not before', async t => {
  const log = new HeldLog();
  const feed = new DeliveryFeed({ events: log, bus: new LocalEventBus(), time: () => 0 });
  const told: number[] = [];
  feed.listen(({ id }) => told.push(id));
  feed.following = true;
  log.add(1);
  const look = feed.look().then(isHeard => ({ isHeard, told: [...told] }));
  await log.answer();
  t.deepEqual(told, []);
  await log.answer();
  t.deepEqual(await look, { isHeard: true, told: [1] });
});

test('a change is not heard of while the database does not announce what happens', async t => {
  const log = new HeldLog();
  const feed = new DeliveryFeed({ events: log, bus: new LocalEventBus(), time: () => 0 });
  const look = feed.look();
  await log.answer();
  t.false(await look);
});

test('what other servers say is looked for, unless it is known', async t => {
  const log = new HeldLog();
  const bus = new LocalEventBus();
  const feed = new DeliveryFeed({ events: log, bus, time: () => 0 });
  const stop = await feed.start(error => t.fail(String(error)));
  t.teardown(stop);
  log.add(7);
  await bus.publish('7');
  await log.answer();
  t.is(feed.position, 7);
  for (const known of ['7', '3']) await bus.publish(known);
  t.is(log.asked, 1);
  await bus.publish('8');
  t.is(log.asked, 2);
  await log.answer();
});
