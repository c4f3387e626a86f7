import { execFile, spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { COMMANDS } from '#prompd/cli/command-table.js';
import { completionCandidates } from '#prompd/cli/completion-words.js';
import { parseVersion } from '#prompd/core/version.js';
import { BIN, runCli } from '../support/cli.js';
import { tempDir } from '../support/temp.js';

const VERSION = parseVersion('0.1.0');
const complete = async (...words: string[]) =>
  (await completionCandidates(words, VERSION)).map(({ word }) => word);

test('every command is offered at the start, with what it does', async t => {
  const found = await completionCandidates([''], VERSION);
  t.deepEqual(
    found.map(({ word, description }) => [word, description]),
    COMMANDS.map(({ usage, summary }) => [usage.split(' ')[0] ?? '', summary]),
  );
});

const cases: readonly [string, string[], string[]][] = [
  ['the rest of a command', ['rend'], ['render']],
  ['subcommands', ['cache', ''], ['ls', 'clean', 'verify']],
  ['subcommands of a command that runs by itself', ['lock', 'm'], ['merge-driver']],
  ['subcommands behind flags of all commands', ['-C', '/', '--json', 'config', 'g'], ['get']],
  ['flags of a command', ['render', '--f'], ['--file', '--format']],
  ['flags of an alias', ['i', '--save-d'], ['--save-dev']],
  ['flags of all commands', ['whoami', '--reg'], ['--registry']],
  ['values behind a flag', ['render', 'x', '--format', ''], ['messages', 'text']],
  ['values behind "="', ['render', '--format=m'], ['--format=messages']],
  ['choices of a positional', ['completion', ''], ['bash', 'zsh', 'fish']],
  [
    'keys of settings',
    ['config', 'get', 'minimumReleaseAge.'],
    ['minimumReleaseAge.age', 'minimumReleaseAge.exclude'],
  ],
  ['nothing for a value that can be anything', ['render', '--output', ''], []],
  ['nothing behind an unknown command', ['frobnicate', ''], []],
];
for (const [what, words, expected] of cases) {
  test(`completes ${what}: ${words.join(' ')}`, async t => t.deepEqual(await complete(...words), expected));
}

test('flags come with their descriptions', async t => {
  const [found] = await completionCandidates(['vendor', '--chec'], VERSION);
  t.deepEqual(found, {
    word: '--check',
    description: 'Only say whether the folder fits the lockfile; exit 1 when it does not',
  });
});

/** A folder with a project whose lockfile names two packages; nothing is installed. */
function makeProject(t: ExecutionContext): { dir: string; env: Record<string, string> } {
  const dir = tempDir(t);
  const home = path.join(dir, 'home');
  const integrity = `sha512-${'A'.repeat(86)}==`;
  const prompts = { say: `sha256-${'0'.repeat(64)}`, 'say-more': `sha256-${'1'.repeat(64)}` };
  const dependencies = { '@acme/review': '^1.0.0', tone: '1.0.0' };
  writeFileSync(path.join(dir, 'prompd.json'), JSON.stringify({ dependencies }));
  writeFileSync(
    path.join(dir, 'prompd-lock.json'),
    JSON.stringify({
      lockfileVersion: 1,
      packages: { 'default|@acme/review@1.0.0': { integrity, prompts }, 'default|tone@1.0.0': { integrity } },
      root: { dependencies, edges: ['@acme/review', 'tone'] },
    }),
  );
  const bin = path.join(dir, 'bin');
  mkdirSync(bin);
  writeFileSync(path.join(bin, 'prompd'), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`);
  chmodSync(path.join(bin, 'prompd'), 0o755);
  return { dir, env: { PROMPD_HOME: home, PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}` } };
}

test('packages and prompts of the lockfile are offered without a store, a network or an error', async t => {
  const { dir, env } = makeProject(t);
  const words = async (...typed: string[]) => {
    const { stdout, stderr, code } = await runCli(['completion-words', '--', ...typed], { cwd: dir, env });
    t.deepEqual([stderr, code], ['', 0]);
    return stdout;
  };
  t.is(await words('render', '@'), '@acme/review:say\t\n@acme/review:say-more\t\n');
  t.is(await words('uninstall', 'tone', ''), '@acme/review\t\ntone\t\n');
  t.is(await words('-C', '/', 'uninstall', ''), '');
  writeFileSync(path.join(dir, 'prompd-lock.json'), '{"broken');
  t.is(await words('render', '@'), '');
  mkdirSync(env['PROMPD_HOME'] ?? '');
  writeFileSync(path.join(env['PROMPD_HOME'] ?? '', 'config.json'), 'broken');
  t.is(await words('config', 'get', 'sco'), 'scope\t\nscopes.\t\n');
});

const script = (shell: string) =>
  fileURLToPath(new URL(`../../../completions/prompd.${shell}`, import.meta.url));

/** Notes, at the end of the test run, a shell that this machine has not. */
function hasShell(shell: string): boolean {
  const isThere = spawnSync(shell, ['-c', 'true']).status === 0;
  const file = process.env['PROMPD_TEST_NOTES'];
  if (!isThere && file) appendFileSync(file, `${shell} is not installed: its completion was not tested.\n`);
  return isThere;
}

interface Typed {
  /** The line, with the cursor at its end. */
  readonly line: string;
  /** How bash splits it. */
  readonly split: readonly string[];
  /** What bash puts behind what it takes for the last word's beginning. */
  readonly bash: readonly string[];
  /** Whole words, as the other shells want them. */
  readonly words: readonly string[];
}

const typed: readonly Typed[] = [
  { line: 'prompd rend', split: ['prompd', 'rend'], bash: ['render'], words: ['render'] },
  {
    line: 'prompd cache ',
    split: ['prompd', 'cache', ''],
    bash: ['ls', 'clean', 'verify'],
    words: ['ls', 'clean', 'verify'],
  },
  {
    line: 'prompd render @acme/re',
    split: ['prompd', 'render', '@', 'acme/re'],
    bash: ['acme/review:say', 'acme/review:say-more'],
    words: ['@acme/review:say', '@acme/review:say-more'],
  },
  {
    line: 'prompd render @acme/review:say-',
    split: ['prompd', 'render', '@', 'acme/review', ':', 'say-'],
    bash: ['say-more'],
    words: ['@acme/review:say-more'],
  },
  {
    line: 'prompd render --format=t',
    split: ['prompd', 'render', '--format', '=', 't'],
    bash: ['text'],
    words: ['--format=text'],
  },
];

if (hasShell('bash')) {
  test('bash completes what was typed, whatever its own idea of words', async t => {
    const { dir, env } = makeProject(t);
    for (const { line, split, bash } of typed) {
      const program = `source '${script('bash')}'
        COMP_WORDBREAKS=$' \\t\\n"\\'@><=;|&(:' COMP_LINE="$1" COMP_POINT=\${#1}; shift
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _prompd prompd "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD-1]}"
        printf '%s\\n' "\${COMPREPLY[@]}"; complete -p prompd`;
      const output = await run('bash', ['--norc', '-c', program, 'bash', line, ...split], { cwd: dir, env });
      t.deepEqual(output, [...bash, 'complete -o default -F _prompd prompd'], line);
    }
  });
}

if (hasShell('zsh')) {
  test('zsh completes what was typed, and names are not cut at their colons', async t => {
    const { dir, env } = makeProject(t);
    for (const { line, words } of typed.slice(1, 4)) {
      const [current = '', ...before] = line.split(' ').reverse();
      const program = `autoload -Uz compinit; compinit -D -u; source '${script('zsh')}'
        [[ "\${_comps[prompd]}" == _prompd ]] || print -u2 not registered
        function _describe() { print -rl -- "\${candidates[@]}" }
        words=("$@") CURRENT=$# PREFIX="\${@[-1]}"; _prompd`;
      const args = ['-f', '-c', program, 'zsh', ...before.reverse(), current];
      const output = await run('zsh', args, { cwd: dir, env });
      const found = output.map(text => text.replace(/(?<!\\):.*$/, '').replaceAll('\\:', ':'));
      t.deepEqual(found, [...words], line);
    }
  });
}

if (hasShell('fish')) {
  test('fish completes what was typed, with descriptions', async t => {
    const { dir, env } = makeProject(t);
    const program = `source '${script('fish')}'; complete -C "$argv[1]"`;
    const fish = (line: string) =>
      run('fish', ['--no-config', '-c', program, line], { cwd: dir, env: { ...env, HOME: dir } });
    for (const { line, words } of typed.slice(1, 4)) {
      t.deepEqual((await fish(line)).map(text => text.split('\t')[0] ?? '').sort(), [...words].sort(), line);
    }
    t.deepEqual(await fish('prompd rend'), ['render\tFill in a prompt and print its messages']);
  });
}

test('the command prints the script of a shell, and without one what to run', async t => {
  const { stdout } = await runCli(['completion', 'bash']);
  t.regex(stdout, /complete -o default -F _prompd prompd\n$/);
  const hints = await runCli(['completion']);
  t.regex(hints.stdout, /source <\(prompd completion zsh\)/);
  t.is((await runCli(['completion', 'tcsh'])).code, 1);
});

async function run(
  shell: string,
  args: readonly string[],
  { cwd, env }: { cwd: string; env: Readonly<Record<string, string>> },
): Promise<string[]> {
  const { stdout } = await promisify(execFile)(shell, args, { cwd, env: { ...process.env, ...env } });
  return stdout.split('\n').filter(line => line !== '');
}
