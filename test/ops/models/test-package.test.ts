import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { type TestOptions, testExitCode, testPackage } from '#prompd/ops/models/test-package.js';
import { junitXml } from '#prompd/output/junit.js';
import { styleFor } from '#prompd/output/style.js';
import { testText } from '#prompd/output/test.js';
import { testContext } from '../../support/context.js';
import { chatAnswer, chatAnswers, chatError } from '../../support/model-servers/chat-completions.js';
import { type Reply, startModelServer } from '../../support/model-servers/server.js';
import { type Teardown, tempDir } from '../../support/temp.js';

const ASK = `---
name: ask
version: 1.0.0
parameters:
  - { name: question, type: string, required: true }
---
{question}
`;
const GRADE = `---
name: grade
version: 1.0.0
parameters:
  - { name: answer, type: string, required: true }
  - { name: criteria, type: array, items: { type: string }, required: true }
---
Grade {answer} by {criteria}.
`;

interface Parts {
  readonly tests: readonly unknown[];
  readonly models?: readonly unknown[];
  readonly servers?: Readonly<Record<string, string>>;
}

async function setting(t: Teardown, { tests, models, servers = {} }: Parts) {
  const cwd = tempDir(t);
  const home = path.join(cwd, '.prompd');
  mkdirSync(home);
  const providers = Object.fromEntries(
    Object.entries(servers).map(([name, baseUrl]) => [
      name,
      { kind: 'openai-compatible', baseUrl, model: 'm' },
    ]),
  );
  writeFileSync(path.join(home, 'config.json'), JSON.stringify({ providers, network: { retries: 0 } }));
  const manifest = {
    name: '@acme/asks',
    version: '1.0.0',
    prompts: { ask: 'ask.prompd', grade: 'grade.prompd' },
    ...(models ? { models } : {}),
    tests,
  };
  writeFileSync(path.join(cwd, 'prompd.json'), JSON.stringify(manifest));
  writeFileSync(path.join(cwd, 'ask.prompd'), ASK);
  writeFileSync(path.join(cwd, 'short.prompd'), ASK.replace('{question}', 'Briefly: {question}'));
  writeFileSync(path.join(cwd, 'grade.prompd'), GRADE);
  const context = await testContext({ cwd, home });
  return { cwd, context, run: (options: TestOptions = {}) => testPackage(context, options) };
}

function asks(name: string, question: string, ...assert: readonly unknown[]) {
  return { name, prompt: 'ask', parameters: { question }, assert };
}

const YEAR = asks('knows the year', 'When?', { type: 'contains', value: '1932' });
const BRIEF = asks('is brief', 'How?', { type: 'max-tokens', value: 3 });
const work = [{ provider: 'work', model: 'm' }];

for (const [title, reply, verdict, statuses, score, exit] of [
  ['every test passes', chatAnswers(() => '1932', { usage: false }), 'works', ['passed', 'passed'], 1, 0],
  [
    'one fails',
    chatAnswers(() => 'It was opened in 1932, I think.', { usage: false }),
    'needs-tuning',
    ['passed', 'failed'],
    0.5,
    1,
  ],
  [
    'none passes',
    chatAnswers(() => 'I do not know that.', { usage: false }),
    'not-supported',
    ['failed', 'failed'],
    0,
    1,
  ],
  [
    'the model does not exist',
    chatError(404, { message: 'model "m" not found' }),
    'not-supported',
    ['refused', 'refused'],
    0,
    1,
  ],
  [
    'the context is too long',
    chatError(400, { message: 'too long', code: 'context_length_exceeded' }),
    'not-supported',
    ['refused', 'refused'],
    0,
    1,
  ],
  ['the key is wrong', chatError(401, { message: 'no' }), 'untested', ['undecided', 'undecided'], null, 3],
  ['the provider fails', chatError(500, { message: 'no' }), 'untested', ['undecided', 'undecided'], null, 3],
] satisfies [string, Reply, string, string[], number | null, number][]) {
  test(`when ${title}, the model is ${verdict} and the exit code ${exit}`, async t => {
    const server = await startModelServer(t, reply);
    const { run } = await setting(t, { tests: [YEAR, BRIEF], models: work, servers: { work: server.url } });
    const report = await run();
    const [model] = report.models;
    t.is(model?.verdict, verdict as never);
    t.deepEqual(
      model?.tests.map(({ status }) => String(status)),
      statuses,
    );
    t.is(model?.score, score);
    t.is(testExitCode(report), exit as never);
    t.regex(testText(report, styleFor(false)), new RegExp(`work/m {2}${verdict}`));
  });
}

test('a run has its evidence: what was asked for, what was measured, the answer and who gave it', async t => {
  const server = await startModelServer(t, chatAnswer('1932, of course', { model: 'm-2026-01-01' }));
  const { run } = await setting(t, { tests: [YEAR, BRIEF], models: work, servers: { work: server.url } });
  const report = await run();
  const [model] = report.models;
  t.deepEqual(model?.answeredBy, ['m-2026-01-01']);
  const [passed, failed] = model?.tests ?? [];
  t.regex(passed?.promptDigest ?? '', /^sha256-/);
  t.like(passed?.runs[0], {
    status: 'passed',
    excerpt: '1932, of course',
    usage: { ...passed?.runs[0]?.usage, outputTokens: 4 },
  });
  t.like(failed?.runs[0]?.assertions[0], { type: 'max-tokens', passed: false, measured: 4 });
  t.regex(testText(report, styleFor(false)), /failed +ask: is brief\n +max-tokens: .* 4 tokens, at most 3/);
});

test('each model of the map is asked, with its own variant; flags choose among them or name another', async t => {
  const server = await startModelServer(t, chatAnswer('1932'));
  const models = [
    { provider: 'work', model: 'large' },
    { provider: 'work', model: 'small', prompts: { ask: 'short.prompd' } },
    { provider: 'echo', model: 'echo' },
  ];
  const { run } = await setting(t, { tests: [YEAR], models, servers: { work: server.url } });
  const names = async (options: TestOptions) =>
    (await run(options)).models.map(({ provider, model }) => `${provider}/${model}`);
  t.deepEqual(await names({}), ['work/large', 'work/small', 'echo/echo']);
  const asked = server.received.map(({ body }) => Object(body));
  t.deepEqual(asked.find(({ model }) => model === 'small').messages, [
    { role: 'user', content: 'Briefly: When?' },
  ]);
  t.deepEqual(asked.find(({ model }) => model === 'large').messages, [{ role: 'user', content: 'When?' }]);
  t.deepEqual(await names({ provider: 'work' }), ['work/large', 'work/small']);
  t.deepEqual(await names({ model: 'small' }), ['work/small']);
  t.deepEqual(await names({ provider: 'work', model: 'new' }), ['work/new']);
  const digests = (await run()).models.map(({ tests }) => tests[0]?.promptDigest);
  t.is(digests[0], digests[2]);
  t.not(digests[0], digests[1]);
});

test('runs repeat a test, all of them must pass, and the score counts each', async t => {
  let asked = 0;
  const server = await startModelServer(
    t,
    chatAnswers(() => (++asked % 2 === 0 ? '1937' : '1932')),
  );
  const { run } = await setting(t, {
    tests: [{ ...YEAR, runs: 4 }],
    models: work,
    servers: { work: server.url },
  });
  const [model] = (await run({ concurrency: 1 })).models;
  t.deepEqual(
    model?.tests[0]?.runs.map(({ status }) => String(status)),
    ['passed', 'failed', 'passed', 'failed'],
  );
  t.is(model?.score, 0.5);
  t.is(model?.tests[0]?.status, 'failed');
  t.is((await run({ runs: 1 })).models[0]?.tests[0]?.runs.length, 1);
});

test('no more requests are under way than allowed', async t => {
  let [now, most] = [0, 0];
  const server = await startModelServer(t, async (response, request) => {
    now += 1;
    most = Math.max(most, now);
    await new Promise(resolve => setTimeout(resolve, 20));
    now -= 1;
    await chatAnswer('1932')(response, request);
  });
  const { run } = await setting(t, {
    tests: [{ ...YEAR, runs: 8 }],
    models: work,
    servers: { work: server.url },
  });
  await run({ concurrency: 2 });
  t.is(most, 2);
});

test('many requests under way are no leak that is warned of', async t => {
  const warned: string[] = [];
  const listen = ({ name }: Error) => warned.push(name);
  process.on('warning', listen);
  t.teardown(() => process.off('warning', listen));
  const server = await startModelServer(t, async (response, request) => {
    await new Promise(resolve => setTimeout(resolve, 100));
    await chatAnswer('1932')(response, request);
  });
  const { run } = await setting(t, {
    tests: [{ ...YEAR, runs: 16 }],
    models: work,
    servers: { work: server.url },
  });
  await run({ concurrency: 16 });
  t.false(warned.includes('MaxListenersExceededWarning'));
});

test('a judge is asked with the question, the answer and the statement, where the test says', async t => {
  const answering = await startModelServer(t, chatAnswer('It was 1932.'));
  const judging = await startModelServer(
    t,
    chatAnswer('{"pass": true, "score": 0.7, "reason": "It says so."}'),
  );
  const servers = { work: answering.url, court: judging.url };
  const judge = { type: 'judge', value: 'The year is right.', provider: 'court', model: 'wise' };
  const tests = [asks('lenient', 'When?', judge), asks('strict', 'When?', { ...judge, threshold: 0.8 })];
  const { run } = await setting(t, { tests, models: work, servers });
  const [model] = (await run()).models;
  t.deepEqual(
    model?.tests.map(({ status }) => String(status)),
    ['passed', 'failed'],
  );
  t.like(model?.tests[1]?.runs[0]?.assertions[0], { type: 'judge', measured: 0.7 });
  const sent = JSON.stringify(judging.received[0]?.body);
  for (const part of ['When?', 'It was 1932.', 'The year is right.', '"model":"wise"'])
    t.true(sent.includes(part), part);
  t.is(answering.received.length, 2);
});

test('a prompt of the package can judge, flags choose its model, and it is part of the suite', async t => {
  const server = await startModelServer(
    t,
    chatAnswers(text => (text.startsWith('Grade') ? '{"met": 1, "of": 2, "pass": false}' : 'It was 1932.')),
  );
  const judge = { type: 'judge', value: 'The year is right.', prompt: 'grade', threshold: 0.5 };
  const { run, cwd } = await setting(t, {
    tests: [asks('graded', 'When?', judge)],
    models: work,
    servers: { work: server.url },
  });
  const report = await run({ judgeModel: 'wise' });
  t.is(report.models[0]?.verdict, 'works');
  t.deepEqual(
    server.received.map(({ body }) => [Object(body).model, Object(body).messages[0].content]),
    [
      ['m', 'When?'],
      ['wise', 'Grade It was 1932. by ["The year is right."].'],
    ],
  );
  writeFileSync(path.join(cwd, 'grade.prompd'), GRADE.replace('Grade', 'Grade strictly'));
  t.not((await run()).suiteDigest, report.suiteDigest);
});

test('a judge that cannot be read or reached leaves the test undecided, unless something else failed', async t => {
  const answering = await startModelServer(t, chatAnswer('It was 1932.'));
  const babbling = await startModelServer(t, chatAnswer('I would say it passes.'));
  const servers = { work: answering.url, court: babbling.url };
  const judge = { type: 'judge', value: 'The year is right.', provider: 'court', model: 'x' };
  const tests = [
    asks('open', 'When?', judge),
    asks('decided', 'When?', judge, { type: 'contains', value: '1937' }),
    asks('without a key', 'When?', { ...judge, provider: 'openai' }),
  ];
  const { run } = await setting(t, { tests, models: work, servers });
  const report = await run();
  const [model] = report.models;
  t.deepEqual(
    model?.tests.map(({ status }) => String(status)),
    ['undecided', 'failed', 'undecided'],
  );
  t.deepEqual(
    model?.tests.map(({ runs }) => runs[0]?.error?.code),
    ['EMODELANSWER', 'EMODELANSWER', 'EPROVIDERKEY'],
  );
  t.is(model?.verdict, 'untested');
  t.is(testExitCode(report), 1);
});

for (const [title, tests, code, problem] of [
  ['has no tests', [], 'ENOTEST', undefined],
  [
    'has a parameter that the prompt does not know',
    [{ ...YEAR, parameters: { query: 'x' } }],
    'EBADTEST',
    /query/,
  ],
  [
    'has a pattern that cannot be used',
    [asks('x', 'y', { type: 'regex', value: '(?=a)' })],
    'EBADTEST',
    /look-around/,
  ],
  [
    'has a judge prompt that is not there',
    [asks('x', 'y', { type: 'judge', value: 'z', prompt: '@acme/none:judge' })],
    'EBADTEST',
    /@acme\/none/,
  ],
  [
    'has a judge prompt that cannot judge',
    [asks('x', 'y', { type: 'judge', value: 'z', prompt: 'ask' })],
    'EBADTEST',
    /answer/,
  ],
] as const) {
  test(`a package that ${title} ends with ${code} before anybody is asked`, async t => {
    const server = await startModelServer(t, chatAnswer('1932'));
    const { run } = await setting(t, { tests, models: work, servers: { work: server.url } });
    const error = await t.throwsAsync(run(), { instanceOf: PrompdError, code });
    if (problem) t.regex(error?.message ?? '', problem);
    t.is(server.received.length, 0);
  });
}

test('--grep chooses tests by a part of their names, and an empty choice is an error', async t => {
  const { run } = await setting(t, { tests: [YEAR, BRIEF] });
  const report = await run({ provider: 'echo', grep: 'YEAR' });
  t.deepEqual(
    report.models[0]?.tests.map(({ name }) => name),
    ['knows the year'],
  );
  t.not(report.suiteDigest, (await run({ provider: 'echo' })).suiteDigest);
  await t.throwsAsync(run({ provider: 'echo', grep: 'nothing' }), { code: 'ENOTEST' });
});

test('a model that nobody defines is an error of the configuration, not a verdict', async t => {
  const { run } = await setting(t, { tests: [YEAR], models: [{ provider: 'unheard-of', model: 'x' }] });
  await t.throwsAsync(run(), { code: 'ENOPROVIDER' });
});

test('the same answers give the same report, but for the time they took', async t => {
  const server = await startModelServer(t, chatAnswer('1932'));
  const { run } = await setting(t, {
    tests: [YEAR, { ...BRIEF, runs: 3 }],
    models: work,
    servers: { work: server.url },
  });
  const text = async () => JSON.stringify(await run(), (key, value) => (key === 'latencyMs' ? 0 : value));
  t.is(await text(), await text());
});

test('JUnit holds control characters, markup and the end of CDATA from answers', async t => {
  const nasty = 'a\u0000\u001b[31m<b>&]]>\ud800\uffff"\'';
  const server = await startModelServer(
    t,
    chatAnswer(nasty),
    chatAnswer(nasty),
    chatError(500, { message: nasty }),
  );
  const tests = [
    asks(
      '<ends> & "quotes" \u0007',
      'When?',
      { type: 'contains', value: nasty.slice(3, 9) },
      { type: 'equals', value: 'x' },
    ),
    YEAR,
    BRIEF,
  ];
  const { run } = await setting(t, { tests, models: work, servers: { work: server.url } });
  const xml = junitXml(await run({ concurrency: 1 }));
  t.notRegex(xml, /[\p{Cs}\ufffe\uffff]/u);
  for (const character of xml)
    t.true(character >= ' ' || '\t\n\r'.includes(character), JSON.stringify(character));
  t.regex(xml, /<testsuite name="work\/m" tests="3" failures="2" errors="1"/);
  t.regex(xml, /name="&lt;ends(?:>|&gt;) &amp; &quot;quotes&quot; \ufffd"/);
  const outside = xml.replace(/<!\[CDATA\[[\s\S]*?\]\]>|"[^"<]*"/g, '');
  t.false(outside.includes(']]>'));
  t.false(outside.includes('<b>'));
});
