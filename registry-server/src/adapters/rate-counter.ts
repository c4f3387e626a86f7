import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import type { RateCounter } from '../ports/rate-counter.js';
import type { RedisConnection } from './redis-connection.js';

/** Seconds in which the requests of a sender are counted together. */
const WINDOW = 60;
/** Milliseconds: every request waits for its turn to be counted, so nobody waits long, and not each of them. */
const PATIENCE = 100;
const PAUSE = 1_000;

export interface RateCounterOptions {
  /** Tells the counters of one Redis apart. */
  readonly name: string;
  /** Requests that a sender may make in a minute. */
  readonly perMinute: number;
  /** Where servers count together; without it each counts for itself, and so it does while Redis is away. */
  readonly redis?: RedisConnection | undefined;
}

export function rateCounter({ name, perMinute, redis }: RateCounterOptions): RateCounter {
  const own = new RateLimiterMemory({ points: perMinute, duration: WINDOW });
  const common =
    redis &&
    new RateLimiterRedis({
      storeClient: redis,
      keyPrefix: `prompd:rate:${name}`,
      points: perMinute,
      duration: WINDOW,
      // Who is over the limit costs Redis nothing more.
      inMemoryBlockOnConsumed: perMinute + 1,
      rejectIfRedisNotReady: true,
    });
  let aloneUntil = 0;
  return {
    async take(sender) {
      if (common && performance.now() >= aloneUntil) {
        const wait = await inTime(waitOf(common, sender));
        if (wait !== undefined) return wait;
        aloneUntil = performance.now() + PAUSE;
      }
      return waitOf(own, sender);
    },
  };
}

/** Counts a request. @returns milliseconds after which the sender may come again; 0 for now */
async function waitOf(limiter: RateLimiterAbstract, sender: string): Promise<number> {
  try {
    await limiter.consume(sender);
    return 0;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext);
    throw refusal;
  }
}

/** What is counted together, unless that takes too long or fails. */
async function inTime(counted: Promise<number>): Promise<number | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>(resolve => {
    timer = setTimeout(() => resolve(undefined), PATIENCE);
  });
  const known = counted.catch(() => undefined);
  const wait = await Promise.race([known, late]);
  clearTimeout(timer);
  return wait;
}
