import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { z } from 'zod';
import { createPromptClient } from '#prompd/client/index.js';
import type { RegistryOptions } from '#server/main.js';
import { chatAnswer, chatAnswers, chatError } from '../support/model-servers/chat-completions.js';
import { silence, startModelServer } from '../support/model-servers/server.js';
import { startPostgres } from '../support/postgres.js';
import { jsonBody, startTestRegistry, type TestRegistry } from '../support/registry.js';
import { startServerProcess } from '../support/server-process.js';
import { modelSettings, promptText, SUITE_FILES, suiteManifest } from '../support/suite-package.js';
import { type Teardown, tempDir } from '../support/temp.js';
import { codeOf, compatibilityOf, pause } from './compatibility-requests.js';

const postgres = await startPostgres();

const DAY = 24 * 3_600_000;
const LIMITS = { jobInterval: 50, jobPause: 20 };
/** How far the shared registry's clock is ahead: the tests run one after the other. */
let ahead = 0;
const undo: Array<() => void | Promise<void>> = [];
const scope: Teardown = { teardown: step => undo.unshift(step) };
const [llama, flaky, down, silent] = await Promise.all([
  startModelServer(
    scope,
    chatAnswers(() => 'When? Where?', { model: 'llama-3.1-8b-0724' }),
  ),
  startModelServer(scope, chatError(503, { message: 'busy' }), chatAnswer('When? Where?')),
  startModelServer(scope, chatError(503, { message: 'busy' })),
  startModelServer(scope, silence),
]);
const registry = await start(scope, {
  models: modelSettings(
    { llama: llama.url, flaky: flaky.url, down: down.url, silent: silent.url },
    { concurrency: 1, timeoutMs: 60_000 },
  ),
  now: () => new Date(Date.now() + ahead),
});

// Last, as all tests and hooks of a file must be declared in one go.
test.after.always('the servers stop', async () => {
  for (const step of undo) await step();
  await postgres?.stop();
});

function start(t: Teardown, options: Partial<RegistryOptions>): Promise<TestRegistry> {
  return startTestRegistry(t, { ...options, limits: LIMITS });
}

const { publishSuite, matrix, statuses, startRun, over } = compatibilityOf(registry);
const of = (provider: string) => ({ models: [{ provider, model: 'm' }] });

test.serial('a run fills the matrix by the verdict of each prompt, with its evidence', async t => {
  await publishSuite('@bank/fills');
  t.deepEqual(await statuses('@bank/fills'), ['ask echo null untested', 'other echo null untested']);
  const { id } = await startRun('@bank/fills');
  t.like(await over(id), { state: 'done', attempts: 1, total: 3, done: 3, error: null });
  t.deepEqual(await statuses('@bank/fills'), ['ask echo echo works', 'other echo echo needs-tuning']);
  const [, other] = await matrix('@bank/fills', '1.0.0', '?tests=true');
  t.like(other?.models[0]?.evidence, { source: 'server', score: 0.5, version: '1.0.0', run: id });
  t.deepEqual(
    other?.models[0]?.evidence?.tests?.map(({ name, status }) => `${name}: ${status}`),
    ['says when, too: passed', 'says where: failed'],
  );
  t.regex(JSON.stringify(other?.models[0]?.evidence?.tests), /does not have .{0,3}Where.{0,4} in it/);
});

test.serial('a run is about the prompts that are named, with all of their tests', async t => {
  const name = '@bank/some';
  await publishSuite(name);
  const run = await startRun(name, { prompts: ['ask'] });
  t.like(await over(run.id), { state: 'done', total: 1, prompts: ['ask'] });
  t.deepEqual(await statuses(name), ['ask echo echo works', 'other echo null untested']);
  const [ask] = await matrix(name, '1.0.0', '?tests=true');
  t.regex(JSON.stringify(ask?.models[0]?.evidence?.tests), /"tokens":\d+/);
  const unknown = await registry.request(
    `/packages/${name}/1.0.0/compatibility-runs`,
    jsonBody('POST', { prompts: ['ask', 'nothing'] }),
  );
  t.is(unknown.status, 422);
  t.is(await codeOf(unknown), 'ENOTEST');
});

test.serial(
  'an unchanged prompt keeps its evidence in a new version; a changed prompt or test is untested',
  async t => {
    const name = '@bank/keeps';
    await publishSuite(name);
    await over((await startRun(name)).id);
    await publishSuite(
      name,
      { version: '1.1.0' },
      { 'other.prompd': promptText('other', 'Now: {question}') },
    );
    t.deepEqual(await statuses(name, '1.1.0'), ['ask echo echo works', 'other echo null untested']);
    const { tests } = suiteManifest();
    const more = Array.isArray(tests) ? [...tests, { ...Object(tests[0]), name: 'one more' }] : [];
    await publishSuite(name, { version: '1.2.0', tests: more });
    t.deepEqual(await statuses(name, '1.2.0'), ['ask echo null untested', 'other echo echo needs-tuning']);
  },
);

test.serial(
  'what only the provider is to blame for is tried again, and then leaves the prompt untested',
  async t => {
    const name = '@bank/flaky';
    await publishSuite(name);
    const [recovers, fails] = [await startRun(name, of('flaky')), await startRun(name, of('down'))];
    t.like(await over(recovers.id), { state: 'done', attempts: 2 });
    const ended = await over(fails.id);
    t.like(ended, { state: 'done', attempts: 3 });
    t.deepEqual(
      ended.outcome?.map(({ status }) => status),
      ['untested', 'untested'],
    );
    t.regex(String(ended.outcome?.[0]?.['reason']), /^EMODELSERVER/);
    t.is(down.received.length, 9);
    const found = (await statuses(name)).filter(line => !line.includes('echo'));
    t.deepEqual(found, ['ask flaky llama-3 works', 'other flaky llama-3 works']);
  },
);

test.serial('a run is one for all who ask for the same, and stops when it is cancelled', async t => {
  const name = '@bank/stops';
  await publishSuite(name);
  const { id } = await startRun(name, of('silent'));
  t.is((await startRun(name, of('silent'))).id, id);
  while (silent.received.length === 0) await pause();
  const stream = await registry.request(`/compatibility-runs/${id}/events`);
  const stranger = await registry.token('publish');
  const cancel = (token?: string) =>
    registry.request(`/compatibility-runs/${id}`, { method: 'DELETE', ...(token ? { token } : {}) });
  t.is((await cancel(stranger)).status, 403);
  t.is((await cancel()).status, 202);
  t.is((await over(id)).state, 'cancelled');
  t.is(silent.received.length, 1);
  const events = await stream.text();
  t.regex(events, /^id: \d+\nevent: run\ndata: \{.*"state":"running"/);
  t.regex(events, /"state":"cancelled"[^\n]*\n\n$/);
  const last = /.*id: (\d+)\n/s.exec(events)?.[1] ?? '';
  const again = await registry.request(`/compatibility-runs/${id}/events`, {
    headers: { 'last-event-id': last },
  });
  t.is(await again.text(), '');
  t.is((await cancel()).status, 202);
  t.deepEqual(await statuses(name), ['ask echo null untested', 'other echo null untested']);
});

test.serial(
  'what cannot be run is refused before anything is asked, and nothing of a request decides whom',
  async t => {
    const name = '@bank/refused';
    await publishSuite(name);
    await publishSuite(name, { version: '1.1.0', tests: [] });
    await publishSuite(name, { version: '1.2.0', models: [{ provider: 'elsewhere', model: 'm' }] });
    const post = async (body: object, version = '1.0.0', more: object = {}) => {
      const path = `/packages/${name}/${version}/compatibility-runs`;
      return codeOf(await registry.request(path, { ...jsonBody('POST', body), ...more }));
    };
    t.is(await post({ models: [{ provider: 'openai', model: 'gpt-4o' }] }), 'ENOMODEL');
    const elsewhere = { provider: 'echo', model: 'echo', baseUrl: 'http://127.0.0.1' };
    t.is(await post({ models: [elsewhere] }), 'EBADREQUEST');
    t.is(await post({}, '1.1.0'), 'ENOTEST');
    t.is(await post({}, '1.2.0'), 'ENOMODEL');
    t.is(await post({}, '9.0.0'), 'ENOVERSION');
    t.is(
      await codeOf(await registry.request('/compatibility-runs/cr_000000000000000000000000')),
      'ENOTFOUND',
    );
    t.is(await post({}, '1.0.0', { token: await registry.token('publish') }), 'EFORBIDDEN');
    t.is(await post({}, '1.0.0', { token: null }), 'EAUTH');
  },
);

test.serial('runs of a package that the caller may not see are not there', async t => {
  await registry.publish(suiteManifest({ name: '@bank/hidden' }), SUITE_FILES, '?access=private');
  const { id } = await startRun('@bank/hidden');
  await over(id);
  for (const path of [`/compatibility-runs/${id}`, `/compatibility-runs/${id}/events`]) {
    t.is(await codeOf(await registry.request(path, { token: null })), 'ENOTFOUND');
  }
});

test.serial('a prompt that is made of another package is tested with it, and changes with it', async t => {
  const base = '---\nid: base\nname: base\nversion: 1.0.0\n---\n# System\n\nBe kind.\n';
  const publishBase = (version: string, text: string) =>
    registry.publish(
      { name: '@common/base', version, prompts: { base: 'base.prompd' } },
      { 'base.prompd': text },
    );
  await publishBase('1.0.0', base);
  const heir = promptText('ask', 'Answer: {question}').replace(
    'version: 1.0.0\n',
    'version: 1.0.0\ninherits: "@common/base:base"\n',
  );
  const name = '@bank/heir';
  await publishSuite(name, { dependencies: { '@common/base': '^1.0.0' } }, { 'ask.prompd': heir });
  await over((await startRun(name)).id);
  t.is((await statuses(name))[0], 'ask echo echo works');
  await publishBase('1.1.0', base.replace('kind', 'brief'));
  t.is((await statuses(name))[0], 'ask echo null untested');
});

test.serial(
  'what a user reports is that word of theirs; only what is about exactly this version counts',
  async t => {
    const name = '@bank/reports';
    await publishSuite(name);
    const rows = await matrix(name);
    const tested = (prompt: string, tests: readonly string[], more: object = {}) =>
      tests.map(test => {
        const row = rows.find(one => one.prompt === prompt);
        const passed = {
          status: 'passed',
          model: 'gpt-4o-2024-08-06',
          assertions: [{ type: 'contains', passed: true, message: '' }],
        };
        return {
          name: test,
          prompt,
          promptDigest: row?.digest,
          suiteDigest: row?.suite,
          runs: [passed],
          ...more,
        };
      });
    const report = (...tests: object[]) =>
      registry.request(
        `/packages/${name}/1.0.0/compatibility`,
        jsonBody('POST', {
          models: [{ provider: 'openai', model: 'gpt-4o', verdict: 'works', score: 1, tests }],
        }),
      );
    const other = rows[1]?.digest;
    const claimed = [{ status: 'passed', model: 'gpt-4o-2024-08-06', assertions: [] }];
    for (const [what, tests] of [
      ['another prompt', tested('ask', ['says when'], { promptDigest: other })],
      ['other tests', tested('ask', ['says when'], { suiteDigest: other })],
      ['half of the tests', tested('other', ['says where'])],
      ['a claim without statements', tested('ask', ['says when'], { runs: claimed })],
      ['no prompt of it', tested('ask', ['says when'], { prompt: 'none' })],
    ] as const) {
      t.is(await codeOf(await report(...tests)), 'EBADREQUEST', what);
    }
    t.is((await report(...tested('ask', ['says when']))).status, 201);
    const refused = [{ status: 'refused', assertions: [], error: { code: 'EUNKNOWNMODEL', message: 'no' } }];
    t.is((await report(...tested('other', ['says when, too', 'says where'], { runs: refused }))).status, 201);
    const found = (await statuses(name)).filter(line => !line.includes('echo'));
    t.deepEqual(found, ['ask openai gpt-4o-2024-08-06 works', 'other openai gpt-4o not-supported']);
    const cell = (await matrix(name))[0]?.models.find(({ provider }) => provider === 'openai');
    t.like(cell, { asked: 'gpt-4o', evidence: { source: 'reported', run: null, version: '1.0.0' } });
  },
);

test.serial(
  'a delivery for a model says what is known of it, and is refused where the operator wants that',
  async t => {
    const name = '@bank/delivers';
    await publishSuite(name);
    await over((await startRun(name)).id);
    const said = async (query: string) =>
      z
        .looseObject({ compatibility: z.unknown().optional() })
        .parse(await (await registry.request(`/delivery/${name}/${query}`)).json()).compatibility;
    await matrix(name);
    t.is(await said('ask?model=echo'), undefined);
    t.deepEqual(await said('other?model=echo%2Fecho'), { model: 'echo/echo', status: 'needs-tuning' });
    t.deepEqual(await said('ask?model=gpt-4o'), { model: 'gpt-4o', status: 'untested' });
    t.is(await said('ask'), undefined);
    const strict = await start(t, { models: modelSettings({}, { require: 'refuse' }) });
    await strict.publish(suiteManifest(), SUITE_FILES);
    const deliver = (query: string) => strict.request(`/delivery/@bank/asks/${query}`);
    t.is((await deliver('ask')).status, 200);
    const refused = await deliver('ask?model=echo');
    t.is(refused.status, 409);
    t.is(await codeOf(refused), 'EINCOMPATIBLE');
    const asks = compatibilityOf(strict);
    await asks.over((await asks.startRun('@bank/asks')).id);
    t.is((await deliver('ask?model=gpt-4o')).status, 409);
    t.is((await deliver('other?model=echo')).status, 409);
  },
);

test.serial('the client passes on what the registry says of a model, and an ETag ends with it', async t => {
  const name = '@bank/told';
  await publishSuite(name);
  await matrix(name);
  const client = createPromptClient({ registry: registry.url, deadlineMs: 30_000 });
  t.teardown(() => client.close());
  const told = await client.get(`${name}@1.0.0:ask`, { model: 'echo' });
  t.deepEqual(told.compatibility, { model: 'echo', status: 'untested' });
  t.is((await client.get(`${name}@1.0.0:ask`)).compatibility, undefined);
  const path = `/delivery/${name}/ask?version=1.0.0&model=echo`;
  const etag = (await registry.request(path)).headers.get('etag') ?? '';
  const ask = () => registry.request(path, { headers: { 'if-none-match': etag } });
  t.is((await ask()).status, 304);
  await over((await startRun(name)).id);
  // What was found out is believed for ten seconds.
  ahead += 11_000;
  await matrix(name);
  t.is((await ask()).status, 200);
});

test.serial(
  'evidence belongs to the exact model that answered and to the variant that it got, and expires',
  async t => {
    const name = '@bank/exact';
    const models = [
      { provider: 'llama', model: 'llama' },
      { family: 'llama', prompts: { other: 'llama.prompd' } },
    ];
    await publishSuite(name, { models }, { 'llama.prompd': promptText('other', 'For llamas: {question}') });
    t.is((await over((await startRun(name)).id)).state, 'done');
    const works = ['ask llama llama-3.1-8b-0724 works', 'other llama llama-3.1-8b-0724 works'];
    t.deepEqual(await statuses(name), works);
    t.is((await matrix(name))[1]?.models[0]?.variant, 'llama.prompd');
    t.is(llama.received[0]?.headers.authorization, 'Bearer sk-test-0123456789abcdef0123');
    t.true(llama.received.some(({ body }) => JSON.stringify(body).includes('For llamas: When?')));
    ahead = 91 * DAY;
    t.deepEqual(
      await statuses(name),
      works.map(line => line.replace('works', 'untested')),
    );
    t.true((await matrix(name))[0]?.models[0]?.expired);
  },
);

test.serial(
  'a run outlives a server that is killed, and one that stops, and is in no hurry to be lost',
  async t => {
    if (!postgres) throw new Error('PostgreSQL is needed');
    const server = await startModelServer(t, silence, silence, chatAnswer('When? Where?'));
    const dataDir = tempDir(t);
    const databaseUrl = await postgres.freshDatabase();
    const file = join(dataDir, 'models.json');
    const settings = { kind: 'openai-compatible', baseUrl: server.url };
    writeFileSync(
      file,
      JSON.stringify({ providers: { work: settings }, hosts: ['127.0.0.1'], concurrency: 1 }),
    );
    const env = { DATABASE_URL: databaseUrl, PROMPD_MODELS: file };
    const child = await startServerProcess(t, dataDir, env);
    const models = modelSettings({ work: server.url }, { concurrency: 1, timeoutMs: 60_000 });
    const replica = (seconds: number) =>
      start(t, {
        dataDir,
        databaseUrl,
        models,
        adminToken: child.adminToken,
        now: () => new Date(Date.now() + seconds * 1000),
      });
    const second = await replica(0);
    const lives = compatibilityOf(second);
    await second.publish(suiteManifest({ name: '@bank/lives' }), SUITE_FILES);
    const { id } = z.object({ id: z.string() }).parse(
      await (
        await fetch(`${child.url}/packages/@bank/lives/1.0.0/compatibility-runs`, {
          ...jsonBody('POST', of('work')),
          headers: { authorization: `Bearer ${child.adminToken}`, 'content-type': 'application/json' },
        })
      ).json(),
    );
    while (server.received.length === 0) await pause();
    const first = await lives.getRun(id);
    t.like(first, { state: 'running', attempts: 1 });
    child.process.kill('SIGKILL');
    await child.exit;
    await pause(300);
    // The one that was killed may still be at it, for all that the others know.
    t.like(await lives.getRun(id), { state: 'running', attempts: 1 });
    const third = await replica(60);
    while (server.received.length === 1) await pause();
    t.like(await lives.getRun(id), { state: 'running', attempts: 2 });
    await third.close();
    t.like(await lives.over(id), { state: 'done', attempts: 2 });
  },
);
