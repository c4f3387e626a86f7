import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { BIN, runCli } from '../support/cli.js';
import { tempDir } from '../support/temp.js';

const SUGGESTIONS: readonly [string, readonly string[], RegExp][] = [
  ['a command', ['validat'], /Did you mean "validate"\?/],
  ['a flag', ['validate', '--stritc'], /Did you mean "--strict"\?/],
  ['a flag of every command', ['validate', '--registri'], /Did you mean "--registry"\?/],
  [
    'a flag of a subcommand, letters swapped',
    ['registry', 'start', '--prot', '1'],
    /Did you mean "--port"\?/,
  ],
  ['a subcommand', ['registry', 'strat'], /Did you mean "start"\?/],
];

for (const [what, args, hint] of SUGGESTIONS) {
  test(`a mistyped name of ${what} is answered with the nearest one, exit 1`, async t => {
    const { code, stdout, stderr } = await runCli(args);
    t.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    t.regex(stderr, /EUSAGE/);
    t.regex(stderr, hint);
  });
}

test('a folder to work in that is not there is an error, exit 5', async t => {
  const { code, stderr } = await runCli(['list', '-C', 'nowhere']);
  t.is(code, 5);
  t.regex(stderr, /^error ENOFILE: There is no folder "nowhere" to work in\./);
});

const LOST: readonly (readonly [what: string, args: readonly string[], setup: string, code: string])[] = [
  ['in a folder that is gone', ['install'], 'mkdir gone && cd gone && rmdir ../gone', 'ENOFILE'],
  ['in a folder that is gone', ['ci'], 'mkdir gone && cd gone && rmdir ../gone', 'ENOFILE'],
  ['without SQLite', ['install'], 'export NODE_OPTIONS=--no-addons', 'ENOSQLITE'],
];

for (const [what, args, setup, code] of LOST)
  test(`${what}, "prompd ${args.join(' ')} --json" still prints one document: ${code}`, async t => {
    const cwd = tempDir(t);
    writeFileSync(path.join(cwd, 'prompd.json'), '{}');
    const env = { PROMPD_HOME: path.join(cwd, 'home'), PATH: process.env['PATH'] };
    const shell = spawnSync(
      '/bin/sh',
      ['-c', `${setup} && exec "$@"`, 'sh', process.execPath, BIN, ...args, '--json'],
      { cwd, env, encoding: 'utf8' },
    );
    t.is(JSON.parse(shell.stdout).error.code, code, shell.stderr);
  });

test('a home that is no folder is no obstacle to a command that needs nothing of it', async t => {
  const cwd = tempDir(t);
  writeFileSync(path.join(cwd, 'prompd.json'), '{}');
  await runCli(['install'], { cwd });
  const { code, stderr } = await runCli(['ci'], { cwd, env: { PROMPD_HOME: '/dev/null' } });
  t.is(code, 0, stderr);
});

const WORDINGS: readonly (readonly [readonly string[], string, string])[] = [
  [['uninstall'], '"prompd uninstall" needs <names..>.', 'prompd uninstall --help'],
  [['rm'], '"prompd uninstall" needs <names..>.', 'prompd uninstall --help'],
  [['install', '--zzzz'], '"prompd install" does not know "--zzzz".', 'prompd install --help'],
  [['ci', 'extra'], '"prompd ci" does not know "extra".', 'prompd ci --help'],
  [['ci', '--no-such-flag'], '"prompd ci" does not know "--no-such-flag".', 'prompd ci --help'],
  [['lock', '--chekc-it=1'], '"prompd lock" does not know "--chekc-it".', 'prompd lock --help'],
  [
    ['run-script', 'build'],
    '"prompd" does not know "run-script", "build".',
    'Nothing in a package is a program.',
  ],
  [['render', 'x', '-p'], '-p needs a value.', 'prompd render --help'],
  [['list', '--cwd'], '--cwd needs a value.', 'prompd list --help'],
  [['install', '--omit=all'], '--omit cannot be "all".', 'It can be "dev".'],
  [
    ['registry'],
    '"prompd registry" needs a subcommand: start, migrate, audit, backup, restore, export, token, keys.',
    'prompd registry --help',
  ],
  [
    ['audit', 'signatures', '--fix'],
    '"prompd audit signatures" does not know "--fix".',
    'prompd audit signatures --help',
  ],
  [['registry', 'token', 'create'], 'needs --name.', 'prompd registry token create --help'],
];

for (const [args, message, hint] of WORDINGS) {
  test(`"prompd ${args.join(' ')}" says what is wrong as it was typed, and where the help is`, async t => {
    const { code, stderr } = await runCli(args);
    t.is(code, 1);
    t.true(stderr.includes(message) && stderr.includes(hint), stderr);
  });
}

test('messages are English whatever the locale says', async t => {
  const env = { LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8' };
  t.regex((await runCli(['validat'], { env })).stderr, /does not know "validat"/);
  t.regex((await runCli(['list', '--help'], { env })).stdout, /Options:/);
});

test('"prompd help <command>" prints what "prompd <command> --help" prints', async t => {
  t.is((await runCli(['help', 'ci'])).stdout, (await runCli(['ci', '--help'])).stdout);
  t.is((await runCli(['help'])).stdout, (await runCli(['--help'])).stdout);
});

test('"prompd help" for a command that there is not is an error, with nothing on stdout', async t => {
  const { code, stdout, stderr } = await runCli(['help', 'instal']);
  t.deepEqual({ code, stdout }, { code: 1, stdout: '' });
  t.regex(stderr, /^error EUSAGE: "prompd" does not know "instal"\.[\s\S]*Did you mean "install"\?/);
});

for (const args of [[], ['--help'], ['install', '--help'], ['--version'], ['-v']]) {
  test(`"prompd ${[...args, '--json'].join(' ')}" prints one JSON document`, async t => {
    const result = await runCli([...args, '--json']);
    t.is(result.code, 0);
    const value = result.json<Record<string, string>>();
    t.regex(value['help'] ?? value['version'] ?? '', /^(?:prompd .*\n[\s\S]*Options:|\d+\.\d+\.\d+$)/);
  });
}

test('a word that is near no command gets the way to the help', async t => {
  const { code, stderr } = await runCli(['xyzzyplugh']);
  t.is(code, 1);
  t.regex(stderr, /prompd --help/);
});

for (const args of [
  ['render', 'x.prompd', '-p'],
  ['render'],
  ['render', 'x.prompd', '--format', 'pdf'],
  ['registry'],
]) {
  test(`"prompd ${args.join(' ')}" is a mistake of the command line, not of the program`, async t => {
    const { code, stderr } = await runCli(args);
    t.is(code, 1);
    t.regex(stderr, /^error EUSAGE: /);
  });
}

test('of a flag that is given twice the last one counts', async t => {
  const cwd = tempDir(t);
  mkdirSync(path.join(cwd, 'a'));
  mkdirSync(path.join(cwd, 'b'));
  writeFileSync(path.join(cwd, 'b', 'x.prompd'), PROMPT);
  const { code } = await runCli(['validate', 'x.prompd', '-C', 'a', '-C', 'b'], { cwd });
  t.is(code, 0);
});

test('under --json an error is one object on stdout, and stderr stays empty', async t => {
  const result = await runCli(['validate', 'missing.prompd', '--json']);
  t.is(result.code, 5);
  t.is(result.stderr, '');
  t.like(result.json(), { error: { code: 'ENOFILE', exitCode: 5 } });
});

test('without --json an error is on stderr only, without a stack trace', async t => {
  const { code, stdout, stderr } = await runCli(['validate', 'missing.prompd']);
  t.is(code, 5);
  t.is(stdout, '');
  t.regex(stderr, /^error ENOFILE: .+missing\.prompd/);
  t.notRegex(stderr, /^\s+at .+:\d+:\d+/m);
});

test('--verbose adds the stack trace to stderr, also under --json', async t => {
  const { stdout, stderr } = await runCli(['validate', 'missing.prompd', '--json', '--verbose']);
  t.notThrows(() => JSON.parse(stdout));
  t.regex(stderr, /^\s+at .+:\d+:\d+/m);
});

for (const [env, coloured] of [
  [{ NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  [{ NO_COLOR: undefined, FORCE_COLOR: '1' }, true],
  [{ NO_COLOR: undefined, FORCE_COLOR: undefined }, false],
] as const) {
  test(`colour is ${coloured ? 'on' : 'off'} in a pipe with ${JSON.stringify(env)}`, async t => {
    const { stderr } = await runCli(['validate', 'missing.prompd'], { env });
    t.is(stderr.includes('\u001b['), coloured);
  });
}

test('a reader that closes early ends the command quietly with exit 0', async t => {
  const cwd = tempDir(t);
  const paragraph = `${'All work and no play. '.repeat(50)}\n\n`;
  writeFileSync(path.join(cwd, 'long.prompd'), PROMPT + paragraph.repeat(800));
  const child = spawn(process.execPath, [BIN, 'render', 'long.prompd', '--format', 'text'], {
    cwd,
    env: { ...process.env, PROMPD_HOME: path.join(cwd, '.prompd') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', chunk => {
    stderr += chunk;
  });
  child.stdout.once('data', () => child.stdout.destroy());
  const code = await new Promise(resolve => child.once('close', resolve));
  t.deepEqual({ code, stderr }, { code: 0, stderr: '' });
});

test('control characters and turns of direction in file names and contents do not reach stderr or stdout of an error', async t => {
  const cwd = tempDir(t);
  const name = 'evil\u001b]0;owned\u0007\u202egnp.prompd';
  writeFileSync(
    path.join(cwd, name),
    '---\nname: "x\u001b[2Jy"\nunknown\u009b31m\u2067field: 1\n---\n# User\n\nHello\n',
  );
  const { stdout, stderr } = await runCli(['validate', '.'], { cwd });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
  t.notRegex(stdout + stderr, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  t.regex(stdout, /evil/);
});

const PROMPT = '---\nname: long\nversion: 1.0.0\n---\n# User\n\nRead this.\n\n';
