import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { SILENT } from '#prompd/core/progress.js';
import type { Context } from '#prompd/ops/context.js';
import { type ExecuteOptions, execute } from '#prompd/ops/models/execute.js';
import { testContext } from '../../support/context.js';
import {
  chatAnswer,
  chatAnswers,
  chatBroken,
  chatError,
} from '../../support/model-servers/chat-completions.js';
import { json, startModelServer } from '../../support/model-servers/server.js';
import { type Teardown, tempDir } from '../../support/temp.js';

const PROMPT = `---
name: greet
version: 1.0.0
parameters:
  - { name: whom, type: string, required: true }
---
# System

Be kind.

# User

Greet {whom}.
`;

interface Setting {
  readonly url?: string;
  readonly frontMatter?: string;
  readonly config?: Record<string, unknown>;
  readonly env?: Record<string, string>;
  readonly stdout?: Context['stdout'];
}

async function setting(t: Teardown, { url, frontMatter = '', config = {}, env = {}, stdout }: Setting) {
  const cwd = tempDir(t);
  const home = path.join(cwd, '.prompd');
  mkdirSync(home);
  const work = { kind: 'openai-compatible', baseUrl: url ?? 'http://127.0.0.1:1/v1', model: 'configured' };
  const providers = { work, other: { ...work, model: 'other-model' } };
  writeFileSync(path.join(home, 'config.json'), JSON.stringify({ providers, ...config }));
  writeFileSync(path.join(cwd, 'greet.prompd'), PROMPT.replace('---\n#', `${frontMatter}---\n#`));
  const talk: string[] = [];
  const progress = {
    ...SILENT,
    info: (line: string) => talk.push(line),
    warn: (line: string) => talk.push(line),
  };
  const context = { ...(await testContext({ cwd, home, env })), progress, stdout };
  const run = (options: Partial<ExecuteOptions> = {}) =>
    execute(context, {
      prompt: 'greet.prompd',
      assignments: ['whom=Ada'],
      files: [],
      pace: { now: () => performance.now(), random: () => 0.5, sleep: async () => {} },
      ...options,
    });
  return { cwd, talk, run };
}

function bodyOf(server: { received: readonly { body: unknown }[] }): Record<string, unknown> {
  return { ...Object(server.received[0]?.body) };
}

test('the rendered messages go to the model, and the answer comes back with usage and digest', async t => {
  const server = await startModelServer(t, chatAnswer('Hello Ada!'));
  const { run, talk } = await setting(t, { url: server.url });
  const result = await run({ provider: 'work' });
  t.like(result, {
    text: 'Hello Ada!',
    provider: 'work',
    model: 'llama-3',
    finishReason: 'stop',
    prompt: 'greet.prompd',
    printed: false,
  });
  t.regex(result.promptDigest, /^sha256-[0-9a-f]{64}$/);
  t.deepEqual(bodyOf(server)['messages'], [
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: 'Greet Ada.' },
  ]);
  t.regex(talk.join('\n'), /^work configured \(llama-3\): 9 tokens in, 4 out, \d+\.\d s$/);
});

for (const [title, parts, options, expected] of [
  [
    'the configuration, where nothing else says more',
    { config: { provider: 'work' } },
    {},
    { model: 'configured', temperature: undefined, max_tokens: undefined },
  ],
  [
    'the front matter over the configuration',
    {
      config: { provider: 'other' },
      frontMatter: 'provider: work\nmodel: written\ntemperature: 0.2\nmax_tokens: 30\n',
    },
    {},
    { model: 'written', temperature: 0.2, max_tokens: 30 },
  ],
  [
    'flags over the front matter',
    { frontMatter: 'provider: work\nmodel: written\ntemperature: 0.2\nmax_tokens: 30\n' },
    { model: 'typed', temperature: 0, maxTokens: 7 },
    { model: 'typed', temperature: 0, max_tokens: 7 },
  ],
  [
    'no model of a provider that was not chosen',
    { frontMatter: 'provider: work\nmodel: written\n' },
    { provider: 'other' },
    { model: 'other-model' },
  ],
  [
    'a model that the front matter names without a provider',
    { frontMatter: 'model: written\n' },
    { provider: 'other' },
    { model: 'written' },
  ],
] satisfies [string, Setting, Partial<ExecuteOptions>, Record<string, unknown>][]) {
  test(`what is asked comes from ${title}`, async t => {
    const server = await startModelServer(t, chatAnswer('Hello'));
    const { run } = await setting(t, { ...parts, url: server.url });
    await run(options);
    t.like(bodyOf(server), expected);
  });
}

for (const [title, parts, options, code] of [
  ['nobody names a provider', {}, {}, 'ENOPROVIDER'],
  ['a provider is not defined', {}, { provider: 'wrok' }, 'ENOPROVIDER'],
  ['the prompt names a provider that is not defined', { frontMatter: 'provider: evil\n' }, {}, 'ENOPROVIDER'],
  ['nobody names a model', {}, { provider: 'openai' }, 'ENOMODEL'],
  ['there is no key', {}, { provider: 'openai', model: 'x' }, 'EPROVIDERKEY'],
  ['a value is missing', {}, { provider: 'echo', assignments: [] }, 'EPARAMETER'],
  ['the prompt is not there', {}, { provider: 'echo', prompt: 'missing.prompd' }, 'ENOFILE'],
] satisfies [string, Setting, Partial<ExecuteOptions>, string][]) {
  test(`when ${title}, nothing is sent and the error is ${code}`, async t => {
    const server = await startModelServer(t, chatAnswer('Hello'));
    const { run } = await setting(t, { ...parts, url: server.url });
    await t.throwsAsync(run(options), { instanceOf: PrompdError, code });
    t.is(server.received.length, 0);
  });
}

test('a prompt without a user message is refused before anything is sent', async t => {
  const server = await startModelServer(t, chatAnswer('Hello'));
  const { run, cwd } = await setting(t, { url: server.url });
  writeFileSync(
    path.join(cwd, 'system.prompd'),
    '---\nname: system\nversion: 1.0.0\n---\n# System\n\nBe kind.\n',
  );
  await t.throwsAsync(run({ prompt: 'system.prompd', assignments: [], provider: 'work' }), {
    code: 'EPROMPT',
  });
  t.is(server.received.length, 0);
});

test('a key from the environment reaches the provider, and nothing else that comes back', async t => {
  const server = await startModelServer(
    t,
    json({ error: { message: 'bad key sk-live-0123456789abcdef' } }, { status: 401 }),
  );
  const { run, talk } = await setting(t, {
    url: server.url,
    env: { PROMPD_WORK_API_KEY: 'sk-live-0123456789abcdef' },
  });
  const error = await t.throwsAsync(run({ provider: 'work' }), { code: 'EPROVIDERKEY' });
  t.is(server.received[0]?.headers.authorization, 'Bearer sk-live-0123456789abcdef');
  t.notRegex(`${JSON.stringify(error)}${error?.stack}${talk}`, /0123456789abcdef/);
});

test('on a terminal the answer is shown as it arrives; elsewhere only when asked for', async t => {
  const server = await startModelServer(t, chatAnswer('Hello dear Ada'));
  for (const [terminal, stream, parts] of [
    [true, undefined, ['Hello ', 'dear ', 'Ada', '\n']],
    [false, true, ['Hello ', 'dear ', 'Ada', '\n']],
    [false, undefined, []],
    [true, false, []],
  ] as const) {
    const shown: string[] = [];
    const { run } = await setting(t, {
      url: server.url,
      stdout: { terminal, write: text => shown.push(text) },
    });
    const { printed } = await run({ provider: 'work', stream });
    t.deepEqual(shown, [...parts]);
    t.is(printed, parts.length > 0);
  }
});

test('-o writes the whole answer and shows nothing; an answer that breaks off goes beside it, marked', async t => {
  const server = await startModelServer(
    t,
    chatAnswer('Hello Ada'),
    chatBroken('Hello dear Ada', { finish: 'cut' }),
  );
  const shown: string[] = [];
  const { run, cwd } = await setting(t, {
    url: server.url,
    stdout: { terminal: true, write: text => shown.push(text) },
  });
  const options = { provider: 'work', output: 'answer.txt', stream: true };
  await run(options);
  t.is(readFileSync(path.join(cwd, 'answer.txt'), 'utf8'), 'Hello Ada');
  const error = await t.throwsAsync(run(options), { instanceOf: PrompdError, code: 'EBROKENSTREAM' });
  t.like(error?.facts, { partial: 'answer.txt.partial', receivedCharacters: 14 });
  t.is(readFileSync(path.join(cwd, 'answer.txt'), 'utf8'), 'Hello Ada');
  t.is(readFileSync(path.join(cwd, 'answer.txt.partial'), 'utf8'), 'Hello dear Ada');
  t.deepEqual(shown, []);
});

test('under --json what arrived of a broken answer is in the error', async t => {
  const server = await startModelServer(t, chatBroken('Hello dear Ada', { finish: 'cut' }));
  const { run } = await setting(t, { url: server.url });
  const error = await t.throwsAsync(run({ provider: 'work', stream: true }), { instanceOf: PrompdError });
  t.like(error?.facts, { received: 'Hello dear Ada', receivedCharacters: 14 });
  t.is(error?.exitCode, 3);
});

test('a file that cannot be written is EIO, leaves nothing behind, and costs no request', async t => {
  const server = await startModelServer(t, chatAnswer('Hello'));
  const { run, cwd } = await setting(t, { url: server.url });
  mkdirSync(path.join(cwd, 'folder'));
  for (const output of ['no/such/folder.txt', 'folder', 'greet.prompd/answer.txt'])
    await t.throwsAsync(run({ provider: 'work', output }), { code: 'EIO' }, output);
  t.false(existsSync(path.join(cwd, 'no')));
  t.is(server.received.length, 0);
});

test('an answer is not lost when its file can no longer be written', async t => {
  const { run, cwd } = await setting(t, {
    url: (
      await startModelServer(
        t,
        chatAnswers(() => {
          mkdirSync(path.join(cwd, 'late.txt'));
          return 'Hello Ada';
        }),
        chatBroken('Hello dear Ada', { finish: 'cut' }),
      )
    ).url,
  });
  const late = await t.throwsAsync(run({ provider: 'work', output: 'late.txt' }), {
    instanceOf: PrompdError,
    code: 'EIO',
  });
  t.is(late?.facts['received'], 'Hello Ada');
  mkdirSync(path.join(cwd, 'cut.txt.partial'));
  const cut = await t.throwsAsync(run({ provider: 'work', output: 'cut.txt', stream: true }), {
    instanceOf: PrompdError,
    code: 'EBROKENSTREAM',
  });
  t.is(cut?.facts['received'], 'Hello dear Ada');
});

test("a prompt named by its id is asked with the model map's variant for exactly that model", async t => {
  const { run, cwd } = await setting(t, {});
  const manifest = {
    name: '@acme/greet',
    version: '1.0.0',
    prompts: { greet: 'greet.prompd' },
    models: [
      { provider: 'echo', model: 'small' },
      { provider: 'echo', model: 'small', prompts: { greet: 'small.prompd' } },
      { provider: 'work', model: 'large', prompts: { greet: 'missing.prompd' } },
    ],
  };
  writeFileSync(path.join(cwd, 'prompd.json'), JSON.stringify(manifest));
  const small = PROMPT.replace('Greet', 'Hail').replace('---\n#', 'provider: work\nmodel: large\n---\n#');
  writeFileSync(path.join(cwd, 'small.prompd'), small);
  const asked = async (options: Partial<ExecuteOptions>) => {
    const { text, variant, promptDigest } = await run({ provider: 'echo', ...options });
    return { said: /Greet|Hail/.exec(text)?.[0], variant, promptDigest };
  };
  const plain = await asked({ prompt: '.' });
  const varied = await asked({ prompt: '.', model: 'small' });
  t.like(plain, { said: 'Greet', variant: undefined });
  t.like(varied, { said: 'Hail', variant: 'small.prompd' });
  t.not(plain.promptDigest, varied.promptDigest);
  t.like(await asked({ prompt: 'greet.prompd', model: 'small' }), { said: 'Greet', variant: undefined });
  await t.throwsAsync(run({ prompt: '.', provider: 'work', model: 'large' }), { code: 'ENOFILE' });
});

test('repeated requests and cut answers are told on the side', async t => {
  const server = await startModelServer(
    t,
    chatError(429, { message: 'slow down' }),
    chatAnswer('Hello', { finishReason: 'length' }),
  );
  const { run, talk } = await setting(t, { url: server.url });
  t.is((await run({ provider: 'work' })).finishReason, 'length');
  t.regex(talk.join('\n'), /Trying again in 1 s[\s\S]*cut at the limit/);
});

test('the digest follows what the prompt renders from, not its version or description', async t => {
  const { run, cwd } = await setting(t, {});
  const digest = async (text: string) => {
    writeFileSync(path.join(cwd, 'greet.prompd'), text);
    return (await run({ provider: 'echo' })).promptDigest;
  };
  const first = await digest(PROMPT);
  t.is(
    await digest(PROMPT.replace('1.0.0', '2.0.0').replace('name: greet', 'name: greet\ndescription: Greets')),
    first,
  );
  t.not(await digest(PROMPT.replace('Be kind', 'Be brief')), first);
  t.not(await digest(PROMPT.replace('required: true', 'required: true, maxLength: 9')), first);
  t.not(await digest(PROMPT.replace('version: 1.0.0', 'version: 1.0.0\ntemperature: 1')), first);
});
