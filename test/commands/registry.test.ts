import { once } from 'node:events';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Account } from '#prompd/ops/registry/account.js';
import { runCli, startCli } from '../support/cli.js';
import { tempDir } from '../support/temp.js';

/** Starts the registry and waits for its address. */
async function start(t: ExecutionContext, args: string[], env: Record<string, string> = {}) {
  const child = startCli(t, ['registry', 'start', '--port', '0', ...args], { env });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const output = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.endsWith('\n')) resolve(text);
    });
    child.once('close', () => reject(new Error(`it ended: ${stderr}`)));
  });
  return { child, output, talk: () => stderr };
}

test('registry start prints its address alone, serves, and ends cleanly when it is interrupted', async t => {
  const data = path.join(tempDir(t), 'data');
  const { child, output, talk } = await start(t, ['--data', data]);
  t.regex(output, /^http:\/\/127\.0\.0\.1:\d+\n$/);
  t.is((await fetch(`${output.trim()}/healthz`)).status, 200);
  t.regex(talk(), /Nobody can publish yet.*prompd registry token create/);
  child.kill('SIGINT');
  const [code] = await once(child, 'close');
  t.is(code, 0);
});

test('a token made beside a stopped registry can publish once it runs; it is printed alone', async t => {
  const data = path.join(tempDir(t), 'data');
  const made = await runCli([
    'registry',
    'token',
    'create',
    '--name',
    'ci',
    '--scopes',
    'publish',
    '--data',
    data,
  ]);
  t.is(made.code, 0, made.stderr);
  t.regex(made.stdout, /^prompd_[\w-]{43}\n$/);
  const { output, talk } = await start(t, ['--data', data]);
  t.notRegex(talk(), /Nobody can publish/);
  const env = { PROMPD_REGISTRY: output.trim(), PROMPD_TOKEN: made.stdout.trim() };
  const who = (await runCli(['whoami', '--json'], { env })).json<Account>();
  t.is(who.name, 'ci');
  t.true(who.scopes?.includes('publish'));

  const locked = await runCli(['registry', 'token', 'create', '--name', 'x', '--data', data, '--json']);
  t.like(locked.json(), { error: { code: 'ELOCKED' } });
});

test('PROMPD_ADMIN_TOKEN becomes the admin of the registry', async t => {
  const token = 'prompd_admin-token-of-this-test';
  const { output } = await start(t, ['--json', '--data', path.join(tempDir(t), 'data')], {
    PROMPD_ADMIN_TOKEN: token,
  });
  const { url }: { url: string } = JSON.parse(output);
  const who = await runCli(['whoami', '--json'], { env: { PROMPD_REGISTRY: url, PROMPD_TOKEN: token } });
  t.like(who.json(), { scopes: ['read', 'publish', 'admin'] });
});

test('an admin token that is too short is refused with exit 4', async t => {
  const result = await runCli(['registry', 'start', '--port', '0', '--json'], {
    env: { PROMPD_ADMIN_TOKEN: 'short' },
  });
  t.is(result.code, 4);
  t.like(result.json(), { error: { code: 'ECONFIG' } });
});

test('a registry that other machines can reach warns about unprotected tokens', async t => {
  const { talk } = await start(t, ['--host', '0.0.0.0', '--data', path.join(tempDir(t), 'data')]);
  t.regex(talk(), /warning: The registry can be reached from other machines.*TLS/);
});

for (const [title, args] of [
  ['a port that there is not', ['start', '--port', '70000']],
  ['a scope that there is not', ['token', 'create', '--name', 'x', '--scopes', 'read,write']],
  ['an empty name', ['token', 'create', '--name', ' ']],
  ['no subcommand', []],
] satisfies [string, string[]][]) {
  test(`registry refuses ${title}`, async t => {
    const result = await runCli(['registry', ...args, '--json']);
    t.is(result.code, 1);
    t.like(result.json(), { error: { code: 'EUSAGE' } });
  });
}
