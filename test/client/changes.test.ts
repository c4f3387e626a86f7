import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { PromptChange, PromptClientOptions } from '#prompd/client/index.js';
import { startDeliveryServer } from '../support/delivery-server.js';
import { tempDir } from '../support/temp.js';
import { clientFor, eventually, SUMMARY, sceneFor, TestClock } from './support.js';

/** A client that listens, with one prompt in memory. */
async function listening(t: ExecutionContext, options: Partial<PromptClientOptions> = {}) {
  const scene = await sceneFor(t, options);
  const changes: PromptChange[] = [];
  scene.client.onChange(change => changes.push(change));
  await scene.client.get(SUMMARY);
  await eventually('the client listens', () => scene.server.listeners === 1);
  return { ...scene, changes };
}

test('a move is seen within a second, after the new answer is in memory', async t => {
  const { server, client } = await listening(t);
  const seen = new Promise<{ change: PromptChange; ms: number; version: string | null }>(resolve => {
    const start = performance.now();
    client.onChange(async change => {
      const ms = performance.now() - start;
      resolve({ change, ms, version: (await client.get(SUMMARY)).version });
    });
  });
  server.move('production', '1.1.0');
  const { change, ms, version } = await seen;
  t.deepEqual(change, {
    kind: 'moved',
    package: '@bank/kyc',
    prompt: 'summary',
    tag: 'production',
    model: null,
    previous: '1.0.0',
    version: '1.1.0',
  });
  t.is(version, '1.1.0');
  t.true(ms < 1_000, `${ms} ms`);
});

test('an answer that was asked for after a move was heard of is the new one', async t => {
  const { server, client } = await listening(t);
  for (const version of ['1.1.0', '1.2.0', '1.1.0', '2.0.0']) {
    server.move('production', version);
    await eventually(version, async () => (await client.get(SUMMARY)).version === version);
    t.is((await client.get(SUMMARY)).version, version);
  }
});

test('a move that happened while the connection was broken is seen when it is back, with the id of the last event', async t => {
  const { server, client } = await listening(t);
  server.move('production', '1.1.0');
  await eventually('the move', async () => (await client.get(SUMMARY)).version === '1.1.0');
  server.cut();
  server.move('production', '1.2.0', { silently: true });
  await eventually('the move', async () => (await client.get(SUMMARY)).version === '1.2.0');
  await eventually('it asks for what came after', () => server.resumed.length > 0);
  t.is(server.resumed[0], '1');
});

test('a reset fetches everything anew', async t => {
  const { server, client } = await listening(t);
  server.move('production', '1.1.0', { silently: true });
  t.is((await client.get(SUMMARY)).version, '1.0.0');
  server.send('reset', {});
  await eventually('the move', async () => (await client.get(SUMMARY)).version === '1.1.0');
  t.is((await client.get(SUMMARY)).version, '1.1.0');
});

test('events that mean nothing, or lie about their shape, change nothing', async t => {
  const { server, client, changes } = await listening(t);
  server.send('move', { package: '@bank/kyc' });
  server.send('move', []);
  server.send('revoke', { package: '@bank/kyc', version: 7 });
  server.send('unknown', { package: '@bank/kyc' });
  server.send('move', { package: '@bank/other', tag: 'production', version: '3.0.0' });
  server.move('production', '1.1.0');
  await eventually('the move', async () => (await client.get(SUMMARY)).version === '1.1.0');
  t.deepEqual(
    changes.map(({ kind }) => kind),
    ['moved'],
  );
});

test('where the registry refuses events, changes are found by asking', async t => {
  const server = await startDeliveryServer(t);
  server.events = false;
  const client = clientFor(t, { registry: server.url, refreshMs: 30 });
  const changes: PromptChange[] = [];
  client.onChange(change => changes.push(change));
  await client.get(SUMMARY);
  server.move('production', '1.1.0');
  await eventually('the change', () => changes.length > 0);
  t.is(changes[0]?.version, '1.1.0');
});

test('a revocation is heard, refused at once, and refused by the next process that starts offline', async t => {
  const cacheDir = path.join(tempDir(t), 'cache');
  const clock = new TestClock();
  const { server, client, changes } = await listening(t, { cacheDir, clock: clock.read });
  // A second process, which hears of nothing.
  const other = clientFor(t, {
    registry: server.url,
    cacheDir,
    clock: clock.read,
    events: false,
    refreshMs: 60_000,
  });
  await other.get(SUMMARY);
  await client.get(SUMMARY, { version: '1.0.0' });
  server.revoke('1.0.0');
  await eventually('it is refused', async () => {
    const error = await client.get(SUMMARY).catch((thrown: unknown) => thrown);
    return error instanceof Error && 'code' in error && error.code === 'EREVOKED';
  });
  t.deepEqual(changes.map(({ kind, version }) => `${kind} ${version}`).slice(0, 2), [
    'revoked null',
    'revoked null',
  ]);
  t.is((await client.get(SUMMARY, { fallback: 'Own.' })).source, 'fallback');
  await client.close();
  await server.close();
  const restarted = clientFor(t, { registry: server.url, cacheDir, clock: clock.read });
  await t.throwsAsync(restarted.get(SUMMARY), { code: 'EREVOKED' });
  await t.throwsAsync(restarted.get(SUMMARY, { version: '1.0.0' }), { code: 'EREVOKED' });
  clock.forward(200_000);
  await t.throwsAsync(other.get(SUMMARY), { code: 'EREVOKED' });
});

test('a revocation that is only seen by asking is remembered on disk, too', async t => {
  const cacheDir = path.join(tempDir(t), 'cache');
  const server = await startDeliveryServer(t);
  const client = clientFor(t, { registry: server.url, cacheDir, refreshMs: 30, events: false });
  await client.get(SUMMARY);
  server.revoke('1.0.0', { silently: true });
  await eventually('it is refused', async () => {
    const error = await client.get(SUMMARY).catch((thrown: unknown) => thrown);
    return error instanceof Error && 'code' in error && error.code === 'EREVOKED';
  });
  await client.close();
  await server.close();
  await t.throwsAsync(clientFor(t, { registry: server.url, cacheDir }).get(SUMMARY), { code: 'EREVOKED' });
});

test('the version that takes the place of a revoked one is served', async t => {
  const { server, client } = await listening(t);
  server.move('production', '1.0.1', { silently: true });
  server.revoke('1.0.0');
  await eventually('the new version', async () => {
    const answer = await client.get(SUMMARY, { fallback: 'x' });
    return answer.version === '1.0.1';
  });
  t.is((await client.get(SUMMARY)).version, '1.0.1');
});

test('a listener that fails disturbs nobody, and one that ended is called no more', async t => {
  const problems: string[] = [];
  const { server, client, changes } = await listening(t, { onProblem: ({ code }) => problems.push(code) });
  client.onChange(() => {
    throw new Error('no');
  });
  let calls = 0;
  client.onChange(() => {
    calls += 1;
  })();
  server.move('production', '1.1.0');
  await eventually('the change', () => changes.length === 1);
  t.is(calls, 0);
  t.deepEqual(problems, ['EBUG']);
});
