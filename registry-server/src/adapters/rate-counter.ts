import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateCounter } from '../ports/rate-counter.js';
import type { RedisConnection } from './redis-connection.js';

/** Seconds in which the requests of a sender are counted together. */
const WINDOW = 60;

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
  const limiter = redis
    ? new RateLimiterRedis({
        storeClient: redis,
        keyPrefix: `prompd:rate:${name}`,
        points: perMinute,
        duration: WINDOW,
        // Who is over the limit costs Redis nothing more.
        inMemoryBlockOnConsumed: perMinute + 1,
        insuranceLimiter: own,
        rejectIfRedisNotReady: true,
      })
    : own;
  return {
    async take(sender) {
      try {
        await limiter.consume(sender);
        return 0;
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext);
        throw refusal;
      }
    },
  };
}
