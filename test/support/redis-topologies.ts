import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { freePort, type RedisNode, startRedisNode } from './redis.js';
import { type Teardown, tempDir } from './temp.js';

const run = promisify(execFile);

/** Several processes of Redis that are one to those who use them. */
export interface RedisTopology {
  /** As REDIS_URL has it. */
  readonly url: string;
  /** All that hold data, living or dead. */
  readonly nodes: readonly RedisNode[];
  /** The one, or one of those, that take writes now. */
  master(): Promise<RedisNode>;
}

const MASTER = 'prompts';
/** Milliseconds after which a process that does not answer is taken for dead. */
const PATIENCE = 700;
const READY_TIME = 30_000;
/** Of a cluster's six nodes. */
const REPLICAS = 3;

/** A master and a replica, with a sentinel that puts the one in the place of the other. */
export async function startSentinel(t: Teardown): Promise<RedisTopology> {
  const first = await startRedisNode(t);
  const second = await startRedisNode(t, { args: ['--replicaof', `127.0.0.1 ${first.port}`] });
  const nodes = [first, second];
  await until('the replica follows', async () => (await infoOf(second)).includes('master_link_status:up'));
  const settings = path.join(tempDir(t), 'sentinel.conf');
  writeFileSync(
    settings,
    `sentinel monitor ${MASTER} 127.0.0.1 ${first.port} 1
sentinel down-after-milliseconds ${MASTER} ${PATIENCE}
sentinel failover-timeout ${MASTER} 5000\n`,
  );
  const sentinel = await startRedisNode(t, { args: [settings, '--sentinel'] });
  const masterPort = async () => {
    const reply = await ask(sentinel, redis => redis.call('SENTINEL', 'get-master-addr-by-name', MASTER));
    return Array.isArray(reply) ? Number(reply[1]) : 0;
  };
  await until('the sentinel knows both', async () => {
    const reply = await ask(sentinel, redis => redis.call('SENTINEL', 'replicas', MASTER));
    return Array.isArray(reply) && reply.length === 1;
  });
  return {
    url: `redis+sentinel://127.0.0.1:${sentinel.port}/${MASTER}`,
    nodes,
    master: async () => nodeAt(nodes, await masterPort()),
  };
}

/** Three masters that share the keys, each with a replica. */
export async function startCluster(t: Teardown): Promise<RedisTopology> {
  const nodes: RedisNode[] = [];
  for (let at = 0; at < 6; at++) {
    const args = ['--cluster-enabled', 'yes', '--cluster-node-timeout', String(PATIENCE)];
    const ports = ['--cluster-port', String(await freePort())];
    nodes.push(await startRedisNode(t, { args: [...args, ...ports, '--repl-diskless-sync-delay', '0'] }));
  }
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  await run('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-replicas', '1', '--cluster-yes']);
  await until('all of them agree', async () => {
    const states = await Promise.all(nodes.map(node => ask(node, redis => redis.cluster('INFO'))));
    return states.every(state => state.includes('cluster_state:ok'));
  });
  // A replica that never had its master's keys does not take its place.
  await until('each replica follows its master', async () => {
    const states = await Promise.all(nodes.map(infoOf));
    return states.filter(state => state.includes('master_link_status:up')).length === REPLICAS;
  });
  return {
    url: `redis+cluster://${addresses.slice(0, 2).join(',')}`,
    nodes,
    async master() {
      for (const node of nodes) {
        if (/role:master/.test(await infoOf(node).catch(() => ''))) return node;
      }
      throw new Error('no master lives');
    },
  };
}

/** How many connections of all that live listen to a channel. */
export async function listenersOf({ nodes }: RedisTopology, channel: string): Promise<number> {
  const replies = await Promise.all(
    nodes.map(node => ask(node, redis => redis.pubsub('NUMSUB', channel)).catch(() => [])),
  );
  return replies.reduce((sum, reply) => sum + Number(reply[1] ?? 0), 0);
}

async function ask<T>({ port }: RedisNode, question: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis({
    port,
    host: '127.0.0.1',
    lazyConnect: true,
    retryStrategy: () => null,
    commandTimeout: 1_000,
    connectTimeout: 1_000,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await question(redis);
  } finally {
    redis.disconnect();
  }
}

function infoOf(node: RedisNode): Promise<string> {
  return ask(node, redis => redis.info('replication'));
}

function nodeAt(nodes: readonly RedisNode[], port: number): RedisNode {
  const found = nodes.find(node => node.port === port);
  if (!found) throw new Error(`nothing is known of port ${port}`);
  return found;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + READY_TIME; Date.now() < end; await delay(50)) {
    if (await holds().catch(() => false)) return;
  }
  throw new Error(`it did not happen: ${what}`);
}
