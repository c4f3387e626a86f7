import type { Logger } from 'pino';
import { LocalDeliveryCache } from './adapters/local-delivery-cache.js';
import { LocalEventBus } from './adapters/local-event-bus.js';
import type { DeliveryLinks } from './compose-delivery.js';

/**
 * What servers have in common for delivery: a cache and a bus in Redis where there is one. What speaks to Redis is loaded
 * only then.
 * @param undo gets what ends the connections
 * @throws PrompdError ECONFIG for an address of Redis that is none
 */
export async function openDeliveryLinks(
  redisUrl: string | undefined,
  undo: Array<() => Promise<void>>,
  logger: Logger,
): Promise<DeliveryLinks> {
  if (redisUrl === undefined) return { cache: new LocalDeliveryCache(), bus: new LocalEventBus() };
  const [{ connectRedis }, { RedisDeliveryCache }, { RedisEventBus }] = await Promise.all([
    import('./adapters/redis-connection.js'),
    import('./adapters/redis-delivery-cache.js'),
    import('./adapters/redis-event-bus.js'),
  ]);
  const onError = (err: Error) => logger.warn({ err }, 'Redis cannot be reached');
  const redis = await connectRedis(redisUrl, onError);
  undo.push(async () => redis.disconnect());
  const subscriber = await connectRedis(redisUrl, onError);
  undo.push(async () => subscriber.disconnect());
  return { cache: new RedisDeliveryCache(redis), bus: new RedisEventBus(redis, subscriber) };
}
