import { execFileSync, fork } from 'node:child_process';
import {
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type BootstrapFile, PrompdError } from '#prompd/client/index.js';
import { digestOf } from '#prompd/core/digest.js';
import { contentOf, type DeliveryServer, startDeliveryServer } from '../support/delivery-server.js';
import { tempDir } from '../support/temp.js';
import { clientFor, eventually, SUMMARY, TestClock } from './support.js';

const NOON = '2026-03-01T12:00:00.000Z';

/** What a registry answered once. */
const answerFor = (version: string) => ({
  package: '@bank/kyc',
  prompt: 'summary',
  version,
  tag: 'production',
  digest: digestOf(contentOf(version)),
  content: contentOf(version),
  contract: {},
});

const bootstrapOf = (version: string, madeAt = NOON): BootstrapFile => ({
  format: 'prompd-bootstrap',
  formatVersion: 1,
  registry: 'https://registry.example.com/',
  madeAt,
  prompts: [{ package: '@bank/kyc', prompt: 'summary', tag: 'production', answer: answerFor(version) }],
});

/** A server that has stopped, and a folder in which a client of it left its last known good. */
async function afterOutage(
  t: ExecutionContext,
): Promise<{ server: DeliveryServer; cacheDir: string; clock: TestClock }> {
  const server = await startDeliveryServer(t);
  const cacheDir = path.join(tempDir(t), 'cache');
  const clock = new TestClock();
  const client = clientFor(t, { registry: server.url, cacheDir, clock: clock.read, events: false });
  await client.get(SUMMARY);
  await client.close();
  await server.close();
  return { server, cacheDir, clock };
}

const answersIn = (cacheDir: string) => {
  const folder = path.join(cacheDir, 'delivery', 'answers');
  return readdirSync(folder).map(file => path.join(folder, file));
};

test('a program that starts without the registry serves the last known good from disk, and says how old it is', async t => {
  const { server, cacheDir, clock } = await afterOutage(t);
  clock.forward(60_000);
  const client = clientFor(t, { registry: server.url, cacheDir, clock: clock.read, refreshMs: 50 });
  const answer = await client.get(SUMMARY);
  t.like(answer, { source: 'disk', version: '1.0.0', stale: true, age: 60, reason: 'ENETWORK' });
  t.is((await client.get(SUMMARY)).source, 'disk');
  const [file = ''] = answersIn(cacheDir);
  t.is(statSync(file).mode & 0o777, 0o600);
});

test('a program that starts without the registry serves what the one before it got last, however soon the channel moved', async t => {
  const server = await startDeliveryServer(t);
  const cacheDir = path.join(tempDir(t), 'cache');
  const clock = new TestClock();
  const options = { registry: server.url, cacheDir, clock: clock.read };
  const client = clientFor(t, options);
  await client.get(SUMMARY);
  server.move('production', '1.1.0');
  await eventually('the move is heard', async () => (await client.get(SUMMARY)).version === '1.1.0');
  await client.close();
  await server.close();
  t.like(await clientFor(t, options).get(SUMMARY), { source: 'disk', version: '1.1.0' });
});

test('when the registry comes back, it is asked again without anybody waiting', async t => {
  const { server, cacheDir, clock } = await afterOutage(t);
  const client = clientFor(t, {
    registry: server.url,
    cacheDir,
    clock: clock.read,
    refreshMs: 40,
    events: false,
  });
  t.is((await client.get(SUMMARY)).source, 'disk');
  await server.reopen();
  await eventually('the registry confirms', async () => (await client.get(SUMMARY)).source === 'memory');
  t.false((await client.get(SUMMARY)).stale);
});

test('a bootstrap file serves where neither the registry nor the disk does, and the disk comes before it', async t => {
  const { server, cacheDir, clock } = await afterOutage(t);
  const bootstrap = path.join(tempDir(t), 'prompts.json');
  writeFileSync(bootstrap, JSON.stringify(bootstrapOf('0.9.0')));
  const shared = { registry: server.url, clock: clock.read, bootstrap };
  t.like(await clientFor(t, shared).get(SUMMARY), { source: 'bootstrap', version: '0.9.0', stale: true });
  t.like(await clientFor(t, { ...shared, cacheDir }).get(SUMMARY), { source: 'disk', version: '1.0.0' });
  const missing = await clientFor(t, shared).get('@bank/kyc:other', { fallback: 'Own.' });
  t.is(missing.source, 'fallback');
});

test('a bootstrap file that was changed serves nothing', async t => {
  const { server, clock } = await afterOutage(t);
  const good = bootstrapOf('0.9.0');
  const answer = { ...answerFor('0.9.0'), content: contentOf('6.6.6') };
  const problems: string[] = [];
  const shared = {
    registry: server.url,
    clock: clock.read,
    onProblem: (one: PrompdError) => problems.push(one.code),
  };
  const changed = {
    ...good,
    prompts: [{ package: '@bank/kyc', prompt: 'summary', tag: 'production', answer }],
  };
  await t.throwsAsync(clientFor(t, { ...shared, bootstrap: changed }).get(SUMMARY), { code: 'ENETWORK' });
  t.true(problems.includes('EINTEGRITY'));
  const file = path.join(tempDir(t), 'no.json');
  await t.throwsAsync(clientFor(t, { ...shared, bootstrap: file }).get(SUMMARY), { code: 'ENETWORK' });
  t.true(problems.includes('EBOOTSTRAP'));
});

const OF_ANOTHER_USER = 'of another user';
const DAMAGE: readonly [what: string, (file: string) => void][] = [
  ['empty', file => writeFileSync(file, '')],
  ['cut off', file => writeFileSync(file, readFileSync(file).subarray(0, 200))],
  ['not JSON', file => writeFileSync(file, 'x'.repeat(500))],
  ['of another shape', file => writeFileSync(file, '{"format":1,"confirmedAt":1,"answer":[1]}')],
  [
    'changed in its text',
    file => writeFileSync(file, readFileSync(file, 'utf8').replace('You are', 'You were')),
  ],
  [
    'changed in its name',
    file => writeFileSync(file, readFileSync(file, 'utf8').replaceAll('summary', 'sammury')),
  ],
  [
    'from the future',
    file => writeFileSync(file, readFileSync(file, 'utf8').replace(/"confirmedAt":1/, '"confirmedAt":9')),
  ],
  [
    'a link',
    file => {
      writeFileSync(`${file}.real`, readFileSync(file));
      unlinkSync(file);
      symlinkSync(`${file}.real`, file);
    },
  ],
  [OF_ANOTHER_USER, file => chownSync(file, 65_534, 65_534)],
  [
    'a folder',
    file => {
      unlinkSync(file);
      mkdirSync(file);
    },
  ],
  [
    'a pipe',
    file => {
      unlinkSync(file);
      execFileSync('mkfifo', [file]);
    },
  ],
];

// Only root can give files away.
for (const [what, damage] of DAMAGE.filter(([of]) => of !== OF_ANOTHER_USER || process.getuid?.() === 0)) {
  test(`a file of the cache that is ${what} is not served, and the registry mends it`, async t => {
    const { server, cacheDir, clock } = await afterOutage(t);
    const [file = ''] = answersIn(cacheDir);
    damage(file);
    const options = { registry: server.url, cacheDir, clock: clock.read, events: false };
    const error = await t.throwsAsync(clientFor(t, options).get(SUMMARY), { instanceOf: PrompdError });
    t.is(error?.code, what === 'from the future' ? 'EUNCONFIRMED' : 'ENETWORK');
    await server.reopen();
    const mending = clientFor(t, options);
    t.is((await mending.get(SUMMARY)).source, 'registry');
    await mending.close();
    await server.close();
    if (what === 'a folder') return;
    t.is((await clientFor(t, options).get(SUMMARY)).source, 'disk');
  });
}

test('a cache that cannot be written to is a problem that is told, and no reason to serve nothing', async t => {
  const server = await startDeliveryServer(t);
  const cacheDir = path.join(tempDir(t), 'file');
  writeFileSync(cacheDir, '');
  const problems: string[] = [];
  const client = clientFor(t, {
    registry: server.url,
    cacheDir,
    onProblem: ({ code }) => problems.push(code),
  });
  t.is((await client.get(SUMMARY)).source, 'registry');
  await eventually('the problem is told', () => problems.includes('EIO'));
});

test('what the registry has not confirmed for longer than the limit is not served: not from memory, disk or bootstrap', async t => {
  const server = await startDeliveryServer(t);
  const clock = new TestClock();
  const cacheDir = path.join(tempDir(t), 'cache');
  const options = {
    registry: server.url,
    cacheDir,
    clock: clock.read,
    revocationLimitMs: 3_600_000,
    events: false,
  };
  const client = clientFor(t, options);
  await client.get(SUMMARY);
  await server.close();
  clock.forward(3_599_000);
  t.is((await client.get(SUMMARY)).version, '1.0.0');
  clock.forward(2_000);
  await t.throwsAsync(client.get(SUMMARY), { code: 'EUNCONFIRMED' });
  await client.close();
  await t.throwsAsync(clientFor(t, options).get(SUMMARY), { code: 'EUNCONFIRMED' });
  const bootstrap = bootstrapOf('0.9.0', '2026-03-01T11:00:00.000Z');
  const bare = { ...options, cacheDir: undefined, bootstrap };
  await t.throwsAsync(clientFor(t, bare).get(SUMMARY), { code: 'EUNCONFIRMED' });
  t.is((await clientFor(t, bare).get(SUMMARY, { fallback: 'Own.' })).source, 'fallback');
});

const HOUR = 3_600_000;

test('a clock that is set back makes no prompt younger: not in memory, and not for those who start later', async t => {
  const { server, cacheDir, clock } = await afterOutage(t);
  const options = {
    registry: server.url,
    cacheDir,
    clock: clock.read,
    uptime: clock.uptime,
    revocationLimitMs: HOUR,
    events: false,
  };
  clock.forward(HOUR / 2);
  const client = clientFor(t, options);
  t.like(await client.get(SUMMARY), { source: 'disk', age: 1_800 });
  clock.set(-365 * 24 * HOUR);
  clock.forward(HOUR / 2 - 1_000);
  t.like(await client.get(SUMMARY), { source: 'disk', age: 3_599, stale: true });
  clock.forward(2_000);
  await t.throwsAsync(client.get(SUMMARY), { code: 'EUNCONFIRMED' });
  // By this clock what lies on the disk is of next year.
  await t.throwsAsync(clientFor(t, options).get(SUMMARY), { code: 'EUNCONFIRMED' });
  const bootstrap = bootstrapOf('0.9.0');
  const bare = { ...options, cacheDir: undefined, bootstrap };
  await t.throwsAsync(clientFor(t, bare).get(SUMMARY), { code: 'EUNCONFIRMED' });
});

test('a clock that is set back keeps no client from asking, so that it finds what was revoked', async t => {
  const server = await startDeliveryServer(t);
  let setBack = 0;
  const client = clientFor(t, {
    registry: server.url,
    events: false,
    refreshMs: 30,
    clock: () => new Date(Date.now() - setBack),
    uptime: () => performance.now(),
  });
  await client.get(SUMMARY);
  setBack = 365 * 24 * HOUR;
  server.revoke('1.0.0');
  await eventually('it is refused', () =>
    client.get(SUMMARY).then(
      () => false,
      () => true,
    ),
  );
  await t.throwsAsync(client.get(SUMMARY), { code: 'EREVOKED' });
});

test('a revocation that one program is told of when it asks holds for all that was kept of the version', async t => {
  const server = await startDeliveryServer(t);
  const cacheDir = path.join(tempDir(t), 'cache');
  const options = { registry: server.url, cacheDir, events: false };
  const keeper = clientFor(t, options);
  for (const reference of [SUMMARY, '@bank/kyc@1.0.0:summary']) await keeper.get(reference);
  await keeper.get(SUMMARY, { model: 'gpt-5' });
  await keeper.close();
  server.revoke('1.0.0', { silently: true });
  const asking = clientFor(t, options);
  await t.throwsAsync(asking.get(SUMMARY), { code: 'EREVOKED' });
  await asking.close();
  await server.close();
  const offline = clientFor(t, options);
  await t.throwsAsync(offline.get('@bank/kyc@1.0.0:summary'), { code: 'EREVOKED' });
  await t.throwsAsync(offline.get(SUMMARY, { model: 'gpt-5' }), { code: 'EREVOKED' });
});

test('many processes share a folder, killed at any moment, and it stays good', async t => {
  const server = await startDeliveryServer(t);
  const cacheDir = path.join(tempDir(t), 'cache');
  const child = path.join(import.meta.dirname, 'sharing-process.js');
  const run = () => {
    const started = fork(child, [server.url, cacheDir], { execArgv: [], stdio: 'ignore' });
    t.teardown(() => void started.kill('SIGKILL'));
    return started;
  };
  const processes = [run(), run()];
  await eventually('both have written', () => {
    try {
      return answersIn(cacheDir).length > 0 && server.asked.length > 60;
    } catch {
      return false;
    }
  });
  for (const one of processes) one.kill('SIGKILL');
  await server.close();
  const clientProblems: string[] = [];
  const client = clientFor(t, {
    registry: server.url,
    cacheDir,
    onProblem: ({ code }) => clientProblems.push(code),
  });
  t.like(await client.get('@bank/kyc@1.0.1:summary'), { source: 'disk', version: '1.0.1' });
  t.false(clientProblems.includes('EINTEGRITY'));
});

test('a program that closes its client ends', t => {
  const script = `
    import { createServer } from 'node:http';
    import { createPromptClient } from '${path.join(import.meta.dirname, '../../../dist/client/index.js')}';
    const server = createServer((request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(':\\n\\n');
    }).listen(0, '127.0.0.1', async () => {
      const client = createPromptClient({ registry: 'http://127.0.0.1:' + server.address().port, deadlineMs: 100 });
      await client.get('@bank/kyc:summary', { fallback: 'x' });
      await client.close();
      server.close();
      server.closeAllConnections();
    });`;
  const start = performance.now();
  execFileSync(process.execPath, ['--input-type=module', '-e', script], { timeout: 10_000 });
  t.true(performance.now() - start < 8_000);
});
