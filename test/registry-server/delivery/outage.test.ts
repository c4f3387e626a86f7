import test from 'ava';
import { startPrivatePostgres } from '../../support/postgres.js';
import { startRedis } from '../../support/redis.js';
import { jsonBody, startTestRegistry, type TestRegistry } from '../../support/registry.js';
import { tempDir } from '../../support/temp.js';
import { openStream } from './event-stream.js';
import { delivered, prompt, publishPrompt, refused } from './prompts.js';

const TOKEN = 'one-token-for-both-servers';

test('two servers with Redis and PostgreSQL: both hear of a move within a second, and what was read goes on being read without either', async t => {
  const postgres = await startPrivatePostgres();
  if (!postgres) throw new Error('PostgreSQL is needed');
  t.teardown(() => postgres.stop());
  const redis = await startRedis(t);
  const shared = {
    databaseUrl: await postgres.freshDatabase(),
    redisUrl: redis.url,
    dataDir: tempDir(t),
    adminToken: TOKEN,
  };
  const [one, two] = [await startTestRegistry(t, shared), await startTestRegistry(t, shared)];
  for (const name of ['@bank/kyc', '@bank/secret']) {
    for (const version of ['1.0.0', '1.1.0']) {
      await publishPrompt(
        one,
        { name, version },
        prompt(`${name} ${version}`),
        name === '@bank/kyc' ? '' : '?access=private',
      );
    }
    await move(one, name, '1.0.0');
  }
  const reader = await one.token('admin');
  const path = '@bank/kyc/summary?tag=production';
  const secret = '@bank/secret/summary?tag=production';

  const streams = await Promise.all(
    Array.from({ length: 20 }, (_, at) =>
      openStream(t, `${(at % 2 ? one : two).url}/delivery/events?packages=@bank/kyc`),
    ),
  );
  t.is((await delivered(one, path, null)).source, 'database');
  const second = await delivered(two, path, null);
  t.deepEqual([second.source, second.version], ['redis', '1.0.0']);
  const moved = Date.now();
  await move(one, '@bank/kyc', '1.1.0');
  const told = await Promise.all(streams.map(stream => stream.next(({ event }) => event === 'move')));
  t.true(told.every(event => event !== undefined));
  t.true(Date.now() - moved < 1_000, `${Date.now() - moved} ms`);
  for (const server of [one, two]) t.is((await delivered(server, path, null)).version, '1.1.0');

  // Everything that is asked for below was answered before.
  const readAll = async () => {
    const answers = await Promise.all(
      [one, two].flatMap(server => [
        delivered(server, path, null),
        delivered(server, path, reader),
        delivered(server, secret, reader),
        delivered(server, '@bank/kyc/summary?version=1.0.0', null),
      ]),
    );
    return answers.map(({ stale, source }) => `${stale ? 'stale' : 'fresh'} ${source}`);
  };
  await readAll();
  await redis.stop();
  for (let round = 0; round < 3; round++)
    t.true((await readAll()).every(answer => answer.startsWith('fresh')));
  t.is((await move(one, '@bank/kyc', '1.0.0')).status, 200);
  const heard = async () => (await delivered(two, path, null)).version === '1.0.0';
  t.true(await until(heard));
  await readAll();
  await redis.restart();
  await readAll();
  await postgres.stop();
  t.true(await until(async () => (await readAll()).every(answer => answer === 'stale memory')));
  t.is(
    await refused(two.request('/delivery/@bank/kyc/summary?version=1.1.0', { token: null })),
    '503 EUNAVAILABLE',
  );
  t.is((await one.request(`/delivery/${secret}`, { token: null })).status, 503);
  await redis.stop();
  for (let round = 0; round < 3; round++) t.deepEqual([...new Set(await readAll())], ['stale memory']);
  t.is((await delivered(two, path, null)).version, '1.0.0');
});

test('a server that stops ends the streams of those who listen', async t => {
  const registry = await startTestRegistry(t);
  const stream = await openStream(t, `${registry.url}/delivery/events`);
  const began = Date.now();
  await Promise.all([registry.close(), stream.ended]);
  t.true(Date.now() - began < 5_000);
});

test('past its limit nothing is delivered that the database does not confirm', async t => {
  const postgres = await startPrivatePostgres();
  if (!postgres) throw new Error('PostgreSQL is needed');
  t.teardown(() => postgres.stop());
  const databaseUrl = await postgres.freshDatabase();
  const registry = await startTestRegistry(t, { databaseUrl, limits: { deliveryLimit: 400 } });
  await publishPrompt(registry, { name: '@bank/kyc', version: '1.0.0' }, prompt('x'));
  await delivered(registry, '@bank/kyc/summary', null);
  const clock = { set: 0, passed: 0 };
  const clocked = await startTestRegistry(t, {
    databaseUrl,
    dataDir: registry.dataDir,
    now: () => new Date(Date.now() + clock.set + clock.passed),
    uptime: () => performance.now() + clock.passed,
  });
  await delivered(clocked, '@bank/kyc/summary', null);
  await postgres.stop();
  t.true(await until(async () => (await delivered(clocked, '@bank/kyc/summary', null)).stale));
  clock.set = -3_600_000;
  clock.passed = 14 * 60_000;
  const late = await delivered(clocked, '@bank/kyc/summary', null);
  t.true(late.stale && late.age >= 14 * 60 && Date.parse(late.servedAt) < Date.now() - 30 * 60_000);
  clock.passed = 16 * 60_000;
  t.is(await refused(clocked.request('/delivery/@bank/kyc/summary', { token: null })), '503 EUNAVAILABLE');
  t.true(
    await until(
      async () => (await registry.request('/delivery/@bank/kyc/summary', { token: null })).status === 503,
    ),
  );
});

function move(registry: TestRegistry, name: string, version: string): Promise<Response> {
  return registry.request(`/packages/${name}/dist-tags/production`, jsonBody('PUT', { version }));
}

async function until(holds: () => Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    if (await holds()) return true;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  return false;
}
