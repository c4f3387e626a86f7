import { Cluster, Redis } from 'ioredis';
import { parseRedisUrl } from '../domain/redis-address.js';

/** One server, a master that sentinels name, or a cluster. */
export type RedisConnection = Redis | Cluster;

/** Milliseconds. Redis is an aid here: what waits for it longer is better done without it. */
const CONNECT_TIME = 2_000;
const COMMAND_TIME = 300;
/** After which a connection that owes an answer counts as broken: its server hangs, or went without a word. */
const SILENCE = 1_000;
/** Who only listens to a cluster asks it nothing that would tell of a node that is gone. */
const LOOK_EVERY = 5_000;
const MAX_PAUSE = 2_000;

/**
 * Connects to Redis, and goes on trying while it cannot be reached: meanwhile every command fails at once, so that its
 * caller does without.
 * @param url as REDIS_URL has it
 * @param onError told of each failure to connect
 * @throws PrompdError ECONFIG for what is no such address
 */
export async function connectRedis(url: string, onError: (error: Error) => void): Promise<RedisConnection> {
  const { kind, hosts, tls, username, password, master, database } = parseRedisUrl(url);
  const [first] = hosts;
  const common = {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: {} } : {}),
    connectTimeout: CONNECT_TIME,
    commandTimeout: COMMAND_TIME,
    socketTimeout: SILENCE,
    maxRetriesPerRequest: 0,
    // Whoever listens subscribes anew when it is ready: a failure of what is done here would be nobody's to catch.
    autoResubscribe: false,
    connectionName: 'prompd-registry',
  };
  const lazy = { lazyConnect: true, enableOfflineQueue: false };
  const pause = (times: number) => Math.min(times * 100, MAX_PAUSE);
  const connection =
    kind === 'cluster'
      ? new Cluster([...hosts], {
          ...lazy,
          redisOptions: common,
          clusterRetryStrategy: pause,
          slotsRefreshInterval: LOOK_EVERY,
        })
      : new Redis({
          ...common,
          ...lazy,
          db: database,
          retryStrategy: pause,
          ...(kind === 'sentinel'
            ? {
                sentinels: [...hosts],
                name: master ?? '',
                sentinelRetryStrategy: pause,
                ...(tls ? { enableTLSForSentinelMode: true } : {}),
              }
            : { host: first?.host ?? '', port: first?.port ?? 0 }),
        });
  connection.on('error', onError);
  // That it cannot be reached now was told above; it is tried again all the time.
  await connection.connect().catch(() => undefined);
  return connection;
}
