import { createHash } from 'node:crypto';
import type { CachePlace, DeliveryCache } from '../ports/delivery-cache.js';
import type { RedisConnection } from './redis-connection.js';

const PREFIX = 'prompd:delivery';
/** An epoch outlives everything that was kept under it, in seconds. */
const EPOCH_LIFETIME = 30 * 24 * 60 * 60;

/** Sets a number unless a greater one stands there: several servers tell of the same events in any order. */
const RAISE = `
local known = tonumber(redis.call('get', KEYS[1]) or '0')
if tonumber(ARGV[1]) > known then redis.call('set', KEYS[1], ARGV[1], 'EX', ARGV[2]) end
return 1`;

/** The cache that all servers share which have the same Redis. */
export class RedisDeliveryCache implements DeliveryCache {
  readonly source = 'redis';
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async get(place: CachePlace): Promise<string | undefined> {
    return (await this.#redis.get(keyOf(place))) ?? undefined;
  }

  async set(place: CachePlace, value: string, lifetime: number): Promise<void> {
    await this.#redis.set(keyOf(place), value, 'PX', lifetime);
  }

  async epoch(scope: string): Promise<number | undefined> {
    const text = await this.#redis.get(epochKey(scope));
    const epoch = text === null ? Number.NaN : Number(text);
    return Number.isSafeInteger(epoch) ? epoch : undefined;
  }

  async raise(scope: string, epoch: number): Promise<void> {
    await this.#redis.eval(RAISE, 1, epochKey(scope), epoch, EPOCH_LIFETIME);
  }
}

/** Keys are hashed: what clients ask for may be long. */
function keyOf({ scope, epoch, key }: CachePlace): string {
  return `${PREFIX}:${scope}:${epoch}:${createHash('sha256').update(key).digest('base64url')}`;
}

function epochKey(scope: string): string {
  return `${PREFIX}:epoch:${scope}`;
}
