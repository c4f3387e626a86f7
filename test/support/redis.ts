import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { type Teardown, tempDir } from './temp.js';

export interface TestRedis {
  readonly port: number;
  /** As REDIS_URL has it. */
  readonly url: string;
  /** Ends the server, as a crash would; its data is lost. */
  stop(): Promise<void>;
  /** Has it answer nothing, with all connections open, as a machine that hangs would. */
  suspend(): void;
  resume(): void;
  /** Starts it again at the same port, empty. */
  restart(): Promise<void>;
}

const START_MILLISECONDS = 15_000;

/** Starts a private Redis on a free port, which keeps nothing on the disk; it ends with the test. */
export async function startRedis(t: Teardown): Promise<TestRedis> {
  let node = await startRedisNode(t);
  const { port } = node;
  return {
    port,
    url: `redis://127.0.0.1:${port}/0`,
    stop: () => node.stop(),
    suspend: () => node.suspend(),
    resume: () => node.resume(),
    async restart() {
      await node.stop();
      node = await startRedisNode(t, { port });
    },
  };
}

/** One process of Redis. */
export interface RedisNode {
  readonly port: number;
  /** Ends it, as a crash would. */
  stop(): Promise<void>;
  /** Has it answer nothing, with all connections open, as a machine that hangs would. */
  suspend(): void;
  resume(): void;
}

/**
 * Starts one process of Redis on the loopback, which ends with the test.
 * @param settings port: a free one by default; args: more of the command line, a file of settings among them
 */
export async function startRedisNode(
  t: Teardown,
  settings: { port?: number; args?: readonly string[] } = {},
): Promise<RedisNode> {
  const { port = await freePort(), args = [] } = settings;
  const server = await start(port, [...args, '--dir', tempDir(t)]);
  t.teardown(() => end(server));
  return {
    port,
    stop: () => end(server),
    suspend: () => void server.kill('SIGSTOP'),
    resume: () => void server.kill('SIGCONT'),
  };
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const server of running) server.kill('SIGKILL');
});

async function start(port: number, args: readonly string[]): Promise<ChildProcess> {
  const server = spawn(
    'redis-server',
    [...args, '--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    { stdio: 'ignore' },
  );
  const failed = once(server, 'error').then(([error]) => {
    throw new Error('redis-server cannot be started: is it installed?', { cause: error });
  });
  running.add(server);
  await Promise.race([answering(port, server), failed]);
  failed.catch(() => undefined);
  return server;
}

async function answering(port: number, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_MILLISECONDS;
  while (true) {
    const client = new Redis({ port, host: '127.0.0.1', lazyConnect: true, retryStrategy: () => null });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.ping();
      return;
    } catch (error) {
      if (server.exitCode !== null || Date.now() > deadline) throw error;
      await delay(20);
    } finally {
      client.disconnect();
    }
  }
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exit = once(server, 'exit');
  server.kill('SIGKILL');
  await exit;
  running.delete(server);
}

/** A port that nobody listens at. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the test has no port');
  return address.port;
}
