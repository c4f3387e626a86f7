import type { Logger } from 'pino';
import type { RateCounter } from './ports/rate-counter.js';

export interface RateSettings {
  readonly redisUrl?: string | undefined;
  /** Requests in a minute. */
  readonly ratePerAddress?: number | undefined;
  readonly ratePerToken?: number | undefined;
}

/**
 * The counters of requests that are limited; what counts them is loaded only then.
 * @param undo gets what ends the connection to Redis
 * @throws PrompdError ECONFIG for an address of Redis that is none
 */
export async function openRateCounters(
  { redisUrl, ratePerAddress, ratePerToken }: RateSettings,
  undo: Array<() => Promise<void>>,
  logger: Logger,
): Promise<{ byAddress?: RateCounter; byToken?: RateCounter }> {
  if (ratePerAddress === undefined && ratePerToken === undefined) return {};
  const { rateCounter } = await import('./adapters/rate-counter.js');
  const redis = redisUrl === undefined ? undefined : await openRedis(redisUrl, undo, logger);
  return {
    ...(ratePerAddress && { byAddress: rateCounter({ name: 'address', perMinute: ratePerAddress, redis }) }),
    ...(ratePerToken && { byToken: rateCounter({ name: 'token', perMinute: ratePerToken, redis }) }),
  };
}

async function openRedis(url: string, undo: Array<() => Promise<void>>, logger: Logger) {
  const { connectRedis } = await import('./adapters/redis-connection.js');
  const redis = await connectRedis(url, err => logger.warn({ err }, 'Redis cannot be reached'));
  undo.push(async () => redis.disconnect());
  return redis;
}
