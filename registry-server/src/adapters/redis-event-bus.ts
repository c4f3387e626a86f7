import type { EventBus } from '../ports/event-bus.js';
import type { RedisConnection } from './redis-connection.js';

const CHANNEL = 'prompd:delivery';
/** Milliseconds between two requests for what is listened to already: one shows whether the server lives, or lost it. */
const ASK_EVERY = 5_000;

/** Redis' publish and subscribe, which takes a connection of its own for listening. */
export class RedisEventBus implements EventBus {
  readonly #redis: RedisConnection;
  readonly #subscriber: RedisConnection;
  readonly #listeners = new Set<(message: string) => void>();

  readonly #askEvery: number;

  /**
   * @param subscriber used for nothing else; it subscribes anew whenever it connects again
   * @param settings askEvery in milliseconds
   */
  constructor(
    redis: RedisConnection,
    subscriber: RedisConnection,
    { askEvery = ASK_EVERY }: { readonly askEvery?: number } = {},
  ) {
    this.#redis = redis;
    this.#askEvery = askEvery;
    this.#subscriber = subscriber;
    subscriber.on('message', (_channel: string, message: string) => {
      for (const listener of [...this.#listeners]) listener(message);
    });
    // Connections that were made before anybody subscribed, and those that come when the first attempt failed.
    subscriber.on('ready', () => {
      if (this.#listeners.size > 0) subscriber.subscribe(CHANNEL).catch(() => undefined);
    });
  }

  async publish(message: string): Promise<void> {
    await this.#redis.publish(CHANNEL, message);
  }

  async subscribe(listener: (message: string) => void): Promise<() => Promise<void>> {
    const own = (message: string) => listener(message);
    this.#listeners.add(own);
    // When it cannot be reached now, it is subscribed to as soon as it can.
    await this.#subscriber.subscribe(CHANNEL).catch(() => undefined);
    // Who only listens would not notice a server that went without a word.
    const ask = () => this.#subscriber.subscribe(CHANNEL).catch(() => undefined);
    const asking = setInterval(ask, this.#askEvery).unref();
    return async () => {
      clearInterval(asking);
      this.#listeners.delete(own);
    };
  }
}
