import { setTimeout as delay } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { openStream } from '../registry-server/delivery/event-stream.js';
import { answerSchema, prompt, publishPrompt } from '../registry-server/delivery/prompts.js';
import { startPostgres } from '../support/postgres.js';
import type { RedisNode } from '../support/redis.js';
import { listenersOf, type RedisTopology, startCluster, startSentinel } from '../support/redis-topologies.js';
import { jsonBody, startTestRegistry, type TestRegistry } from '../support/registry.js';
import { type Teardown, tempDir } from '../support/temp.js';

const CHANNEL = 'prompd:delivery';
const RATE = 40;
/** Their keys lie in different parts of a cluster. */
const PROMPTS = ['kyc', 'limits', 'letters', 'claims', 'loans', 'cards'];

const TOPOLOGIES: Readonly<Record<string, (t: Teardown) => Promise<RedisTopology>>> = {
  Sentinel: startSentinel,
  Cluster: startCluster,
};

const LOSSES: Readonly<Record<string, (node: RedisNode) => Promise<void>>> = {
  dies: node => node.stop(),
  hangs: async node => node.suspend(),
};

for (const [name, start] of Object.entries(TOPOLOGIES)) {
  for (const [how, lose] of Object.entries(LOSSES)) {
    test.serial(
      `${name}: two servers share what they read, tell each other and count together; when a master ${how} no read fails or waits, and its successor serves them again`,
      async t => {
        t.timeout(180_000);
        const redis = await start(t);
        const servers = await twoServers(t, redis.url);
        const [one, two] = servers;
        await publishAll(one, '1.0.0');
        await publishAll(one, '1.1.0');
        for (const of of PROMPTS) await move(one, of, '1.0.0');
        t.is(await sharedReads(servers, '1.0.0'), PROMPTS.length);
        t.true(await until(() => countTogether(servers)));
        t.is(await listenersOf(redis, CHANNEL), 2);
        await hearsOfMoves(t, servers, '1.1.0');

        const master = await redis.master();
        const reads = keepReading(servers);
        t.teardown(async () => void (await reads.stop()));
        await lose(master);
        t.teardown(() => master.resume());
        await hearsOfMoves(t, servers, '1.0.0');
        // What was never read before is read from the database meanwhile.
        for (const of of PROMPTS) t.is((await read(two, `${of}/summary?version=1.1.0`)).version, '1.1.0');
        t.true(await until(async () => (await redis.master()).port !== master.port));
        t.true(await until(async () => (await listenersOf(redis, CHANNEL)) === 2));
        await publishAll(one, '1.2.0');
        t.true(await until(async () => (await sharedReads(servers, '1.2.0')) === PROMPTS.length));
        await hearsOfMoves(t, servers, '1.2.0');
        t.true(await until(() => countTogether(servers)));
        const { failed, slowest, count } = await reads.stop();
        t.log({ reads: count, slowest: Math.round(slowest) });
        t.deepEqual(failed, []);
        t.true(count > 100);
        t.true(slowest < 3_000, `${slowest} ms`);
      },
    );
  }
}

async function twoServers(t: Teardown, redisUrl: string): Promise<readonly [TestRegistry, TestRegistry]> {
  const postgres = await startPostgres();
  if (!postgres) throw new Error('PostgreSQL is needed');
  t.teardown(() => postgres.stop());
  const shared = {
    databaseUrl: await postgres.freshDatabase(),
    redisUrl,
    dataDir: tempDir(t),
    adminToken: 'prompd_one-token-for-both-servers',
    ratePerAddress: RATE,
    proxies: 1,
  };
  return [await startTestRegistry(t, shared), await startTestRegistry(t, shared)];
}

let last = 0;
function newNumber(): number {
  last += 1;
  return last;
}

/** As somebody who has not asked before, so that nobody meets the limit. */
function ask(server: TestRegistry, path: string, init: RequestInit = {}): Promise<Response> {
  const sender = newNumber();
  const headers = new Headers(init.headers);
  headers.set('x-forwarded-for', `10.${sender >> 16}.${(sender >> 8) & 255}.${sender & 255}`);
  return server.request(path, { ...init, headers });
}

async function read(server: TestRegistry, path: string) {
  const answer = await ask(server, `/delivery/@bank/${path}`);
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
  return answerSchema.parse(await answer.json());
}

async function publishAll(server: TestRegistry, version: string): Promise<void> {
  for (const of of PROMPTS)
    await publishPrompt(server, { name: `@bank/${of}`, version }, prompt(`${of} ${version}`));
}

async function move(server: TestRegistry, of: string, version: string): Promise<void> {
  const answer = await ask(
    server,
    `/packages/@bank/${of}/dist-tags/production`,
    jsonBody('PUT', { version }),
  );
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
}

/** Each prompt is read at one server, then at the other. @returns how many the other one had of Redis */
async function sharedReads([one, two]: readonly TestRegistry[], version: string): Promise<number> {
  if (!one || !two) return 0;
  let shared = 0;
  for (const of of PROMPTS) {
    // One that is never asked for otherwise, and each time another one.
    const model = `model-${newNumber()}`;
    const first = await read(one, `${of}/summary?version=${version}&model=${model}`);
    const second = await read(two, `${of}/summary?version=${version}&model=${model}`);
    if (first.source === 'database' && second.source === 'redis') shared += 1;
  }
  return shared;
}

/** A move at each server is heard at the other, and read there: within a second on a machine that does nothing else. */
async function hearsOfMoves(
  t: ExecutionContext,
  [one, two]: readonly [TestRegistry, TestRegistry],
  version: string,
): Promise<void> {
  for (const [of, from, to] of [
    ['kyc', one, two],
    ['limits', two, one],
  ] as const) {
    const stream = await openStream(t, `${to.url}/delivery/events?packages=@bank/${of}`);
    const began = performance.now();
    await move(from, of, version);
    const heard = await stream.next(({ event }) => event === 'move');
    const took = performance.now() - began;
    stream.close();
    t.like(heard, { data: { version } });
    t.true(took < 3_000, `${Math.round(took)} ms`);
    t.is((await read(to, `${of}/summary?tag=production`)).version, version);
  }
}

/** Whether the two servers together allow an address, another one each time, as many requests as one may. */
async function countTogether(servers: readonly TestRegistry[]): Promise<boolean> {
  const headers = { 'x-forwarded-for': `192.0.2.${newNumber() & 255}` };
  const statuses = await Promise.all(
    servers.flatMap(server =>
      Array.from({ length: RATE }, async () => {
        const answer = await server.request('/packages?limit=1', { token: null, headers });
        await answer.arrayBuffer();
        return answer.status;
      }),
    ),
  );
  return statuses.filter(status => status === 200).length === RATE;
}

/** Reads what was read before, at both servers, until it is stopped. */
function keepReading(servers: readonly TestRegistry[]) {
  const failed: string[] = [];
  let [count, slowest, stopped] = [0, 0, false];
  const reading = Promise.all(
    servers.map(async server => {
      for (let turn = 0; !stopped; turn++) {
        const began = performance.now();
        await read(server, `${PROMPTS[turn % PROMPTS.length]}/summary?version=1.0.0`).catch(
          (error: unknown) => failed.push(String(error)),
        );
        slowest = Math.max(slowest, performance.now() - began);
        count += 1;
        await delay(5);
      }
    }),
  );
  return {
    async stop() {
      stopped = true;
      await reading;
      return { failed, count, slowest };
    },
  };
}

async function until(holds: () => Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + 30_000; Date.now() < end; await delay(100)) {
    if (await holds().catch(() => false)) return true;
  }
  return false;
}
