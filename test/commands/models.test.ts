import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import type { ExecuteResult } from '#prompd/ops/models/execute.js';
import { listProviders, showProvider } from '#prompd/ops/models/providers.js';
import { providerListText } from '#prompd/output/provider.js';
import { styleFor } from '#prompd/output/style.js';
import { finished, runCli, startCli } from '../support/cli.js';
import { testContext } from '../support/context.js';
import { chatAnswer, chatBroken, chatEvents } from '../support/model-servers/chat-completions.js';
import { events, silence, startModelServer } from '../support/model-servers/server.js';
import { type Teardown, tempDir } from '../support/temp.js';

const KEY = 'sk-cli-0123456789abcdefghij';
const PROMPT =
  '---\nname: greet\nversion: 1.0.0\nparameters: [{ name: whom, type: string, required: true }]\n---\nGreet {whom}.\n';

interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  run(args: readonly string[], input?: string): ReturnType<typeof runCli>;
}

function place(t: Teardown): Place {
  const cwd = tempDir(t);
  const env = { PROMPD_HOME: path.join(cwd, 'home') };
  writeFileSync(path.join(cwd, 'greet.prompd'), PROMPT);
  return {
    cwd,
    env,
    run: (args, input) => runCli(args, { cwd, env, ...(input === undefined ? {} : { input }) }),
  };
}

const GREET = ['execute', 'greet.prompd', '-p', 'whom=Ada'];

test('a provider is added with its key, shown without it, asked with it, and removed with it', async t => {
  const server = await startModelServer(t, chatAnswer('Hello Ada!'));
  const { cwd, run } = place(t);
  const add = [
    'provider',
    'add',
    'work',
    '--kind',
    'openai-compatible',
    '--base-url',
    server.url,
    '--model',
    'm',
  ];
  const outputs = [
    await run([...add, '--header', 'x-team=reviews', '--key-stdin', '--json'], `${KEY}\n`),
    await run(['provider', 'show', 'work']),
    await run(['provider', 'list', '--json']),
    await run([...GREET, '--provider', 'work', '--json', '--verbose']),
  ];
  for (const { code, stdout, stderr } of outputs) {
    t.is(code, 0, stderr);
    t.notRegex(stdout + stderr, /0123456789abcdef/);
  }
  t.like(outputs[0]?.json(), { name: 'work', key: { kind: 'store' }, baseUrl: `${server.url}/` });
  t.regex(outputs[1]?.stdout ?? '', /key: +credential store/);
  t.like(outputs[3]?.json<ExecuteResult>(), { text: 'Hello Ada!', provider: 'work' });
  t.is(outputs[3]?.stderr, '');
  t.like(server.received[0]?.headers, { authorization: `Bearer ${KEY}`, 'x-team': 'reviews' });
  t.notRegex(readFileSync(path.join(cwd, 'home/config.json'), 'utf8'), /sk-cli/);
  t.is(statSync(path.join(cwd, 'home/credentials.json')).mode & 0o777, 0o600);

  t.deepEqual((await run(['provider', 'remove', 'work', '--json'])).json(), {
    name: 'work',
    definition: true,
    key: true,
  });
  t.notRegex(readFileSync(path.join(cwd, 'home/credentials.json'), 'utf8'), /sk-cli/);
  t.is((await run(['provider', 'show', 'work'])).code, 4);
});

test('provider add changes what it is told, and forgets the key of an address that changes', async t => {
  const { run } = place(t);
  const add = ['provider', 'add', 'work'];
  await run(
    [...add, '--kind', 'openai-compatible', '--base-url', 'http://127.0.0.1:1/v1', '--key-stdin'],
    KEY,
  );
  const changed = await run([...add, '--model', 'm2', '--json']);
  t.like(changed.json(), { model: 'm2', baseUrl: 'http://127.0.0.1:1/v1/', key: { kind: 'store' } });
  const moved = await run([...add, '--base-url', 'http://127.0.0.1:2/v1', '--json']);
  t.like(moved.json(), { model: 'm2', baseUrl: 'http://127.0.0.1:2/v1/', key: null });
  const back = await run([...add, '--base-url', 'http://127.0.0.1:1/v1', '--json']);
  t.like(back.json(), { key: null });
});

for (const [title, args, input, code, exit] of [
  ['no kind', ['work'], '', 'EUSAGE', 1],
  ['a name that is none', ['My Gateway', '--kind', 'echo'], '', 'EUSAGE', 1],
  ['no address', ['work', '--kind', 'openai-compatible'], '', 'ECONFIG', 4],
  ['a key in a header', ['work', '--kind', 'openai', '--header', `authorization=${KEY}`], '', 'ECONFIG', 4],
  ['an empty key', ['openai', '--key-stdin'], '\n', 'EPROVIDERKEY', 3],
  ['a key for echo', ['echo', '--key-stdin'], KEY, 'EUSAGE', 1],
] as const) {
  test(`provider add with ${title} is ${code} and changes nothing`, async t => {
    const { cwd, run } = place(t);
    const result = await run(['provider', 'add', ...args, '--json'], input);
    t.is(result.code, exit);
    t.like(result.json(), { error: { code } });
    t.notRegex(result.stdout, /0123456789abcdef/);
    t.throws(() => readFileSync(path.join(cwd, 'home/config.json')));
  });
}

test('providers are listed when the key of one cannot be used', async t => {
  const context = await testContext({
    cwd: tempDir(t),
    home: tempDir(t),
    env: { OPENAI_API_KEY: 'two words', ANTHROPIC_API_KEY: 'sk-test' },
  });
  const providers = await listProviders(context);
  const keys = new Map(providers.map(({ name, key, keyFault }) => [name, { key, keyFault }]));
  t.deepEqual(keys.get('openai'), { key: null, keyFault: 'OPENAI_API_KEY does not hold an API key.' });
  t.like(keys.get('anthropic'), { key: { kind: 'variable' }, keyFault: null });
  t.regex(providerListText(providers, styleFor(false)), /openai .*cannot be used/);
  await t.throwsAsync(showProvider(context, 'openai'), { code: 'EPROVIDERKEY' });
});

test('a project names a provider and cannot say where it is', async t => {
  const server = await startModelServer(t, chatAnswer('caught'));
  const { cwd, run } = place(t);
  const project = path.join(cwd, '.prompdrc.json');
  writeFileSync(project, JSON.stringify({ provider: 'echo' }));
  t.regex((await run(GREET)).stdout, /^--- user ---\nGreet Ada\.\n$/);
  writeFileSync(project, JSON.stringify({ providers: { openai: { kind: 'openai', baseUrl: server.url } } }));
  const refused = await runCli([...GREET, '--provider', 'openai', '--model', 'm', '--json'], {
    cwd,
    env: { PROMPD_HOME: path.join(cwd, 'home'), OPENAI_API_KEY: KEY, OPENAI_BASE_URL: server.url },
  });
  t.is(refused.code, 4);
  t.like(refused.json(), { error: { code: 'ECONFIGSECRET' } });
  t.is(server.received.length, 0);
});

test('stdout is the answer and nothing else; who answered is on stderr', async t => {
  const { run } = place(t);
  const { stdout, stderr } = await run([...GREET, '--provider', 'echo']);
  t.is(stdout, '--- user ---\nGreet Ada.\n');
  t.regex(stderr, /^echo echo: about 3 tokens in, 6 out/);
});

test('--stream prints each part when it arrives', async t => {
  let release: () => void = () => {};
  const held = new Promise<void>(resolve => {
    release = resolve;
  });
  const blocks = chatEvents('Hello Ada!');
  const server = await startModelServer(t, async response => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(
      blocks
        .slice(0, 2)
        .map(block => `${block}\n\n`)
        .join(''),
    );
    await held;
    response.end(
      blocks
        .slice(2)
        .map(block => `${block}\n\n`)
        .join(''),
    );
  });
  const { cwd, env, run } = place(t);
  await run([
    'provider',
    'add',
    'work',
    '--kind',
    'openai-compatible',
    '--base-url',
    server.url,
    '--model',
    'm',
  ]);
  const child = startCli(t, [...GREET, '--provider', 'work', '--stream'], { cwd, env });
  const end = finished(child);
  const first = await new Promise<string>(resolve =>
    child.stdout?.once('data', chunk => resolve(String(chunk))),
  );
  t.is(first, 'Hello ');
  release();
  t.like(await end, { code: 0, stdout: 'Hello Ada!\n' });
});

test('an answer that breaks off leaves what arrived on stdout and exits with 3', async t => {
  const server = await startModelServer(t, chatBroken('Hello dear Ada', { finish: 'cut' }));
  const { run } = place(t);
  await run([
    'provider',
    'add',
    'work',
    '--kind',
    'openai-compatible',
    '--base-url',
    server.url,
    '--model',
    'm',
  ]);
  const { code, stdout, stderr } = await run([...GREET, '--provider', 'work', '--stream']);
  t.is(code, 3);
  t.is(stdout, 'Hello dear Ada\n');
  t.regex(stderr, /error EBROKENSTREAM[\s\S]*receivedCharacters: 14/);
});

test('Ctrl-C stops the request and exits at once', async t => {
  let asked: () => void = () => {};
  const request = new Promise<void>(resolve => {
    asked = resolve;
  });
  const server = await startModelServer(t, (response, received) => {
    asked();
    return silence(response, received);
  });
  const { cwd, env, run } = place(t);
  await run([
    'provider',
    'add',
    'work',
    '--kind',
    'openai-compatible',
    '--base-url',
    server.url,
    '--model',
    'm',
  ]);
  const child = startCli(t, [...GREET, '--provider', 'work'], { cwd, env });
  const end = finished(child);
  await request;
  child.kill('SIGINT');
  const { code, stderr } = await end;
  t.is(code, 1);
  t.regex(stderr, /ECANCELLED/);
});

for (const [title, args] of [
  ['--temperature', ['--temperature', 'hot']],
  ['--temperature', ['--temperature', '3']],
  ['--max-tokens', ['--max-tokens', '1.5']],
  ['--timeout', ['--timeout', '-1']],
] as const) {
  test(`${args.join(' ')} is an error that names ${title}`, async t => {
    const { run } = place(t);
    const { code, json } = await run([...GREET, '--provider', 'echo', ...args, '--json']);
    t.is(code, 1);
    t.regex(json<{ error: { message: string } }>().error.message, new RegExp(title));
  });
}

test('prompd test prints a table, JSON or JUnit, writes either to a file, and exits by the result', async t => {
  const { cwd, run } = place(t);
  const tests = [
    {
      name: 'greets',
      prompt: 'greet',
      parameters: { whom: 'Ada' },
      assert: [{ type: 'contains', value: 'Greet Ada' }],
    },
    {
      name: 'fails',
      prompt: 'greet',
      parameters: { whom: 'Bo' },
      assert: [{ type: 'contains', value: 'Ada' }],
    },
  ];
  const manifest = { name: '@acme/greet', version: '1.0.0', prompts: { greet: 'greet.prompd' }, tests };
  writeFileSync(path.join(cwd, 'prompd.json'), JSON.stringify(manifest));
  const table = await run(['test', '--provider', 'echo']);
  t.is(table.code, 1);
  t.regex(table.stdout, /echo\/echo {2}needs-tuning {2}1 of 2 passed, score 0\.5/);
  const good = await run(['test', '.', '--provider', 'echo', '--grep', 'greets', '--json']);
  t.is(good.code, 0);
  t.like(good.json(), { schemaVersion: 1, target: '@acme/greet' });
  const junit = await run(['test', '--provider', 'echo', '--format', 'junit', '-o', 'report.xml']);
  t.is(junit.code, 1);
  t.regex(junit.stdout, /needs-tuning/);
  t.regex(readFileSync(path.join(cwd, 'report.xml'), 'utf8'), /^<\?xml[\s\S]*failures="1"/);
  const untested = await run(['test', '--provider', 'openai', '--model', 'm']);
  t.is(untested.code, 3);
  t.regex(untested.stdout, /untested[\s\S]*EPROVIDERKEY/);
  t.is((await run(['test', '--provider', 'echo', '--grep', 'nothing'])).code, 5);
});

test('control characters of a stream reach a pipe as they are', async t => {
  const server = await startModelServer(t, events(chatEvents('\u001b[31mred')));
  const { run } = place(t);
  await run([
    'provider',
    'add',
    'work',
    '--kind',
    'openai-compatible',
    '--base-url',
    server.url,
    '--model',
    'm',
  ]);
  const { stdout } = await run([...GREET, '--provider', 'work', '--stream']);
  t.is(stdout, '\u001b[31mred\n');
});
