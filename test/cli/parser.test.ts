import test from 'ava';
import { parseCommandLine } from '#prompd/cli/parser.js';
import type { Command } from '#prompd/commands/command.js';
import { PrompdError } from '#prompd/core/errors.js';

const parse = (line: string) => parseCommandLine(line.split(' ').filter(Boolean), '0.0.0', 100);

/** What a command line asks for: the command's module and the flags. */
async function parsed(line: string): Promise<{ command: Command; args: Record<string, unknown> }> {
  const found = await parse(line);
  if (found.kind !== 'run') throw new Error(`"${line}" prints something`);
  return { command: found.command, args: { ...found.args } };
}

const aliases: Readonly<Record<string, readonly string[]>> = {
  'install x': ['i x', 'add x'],
  ci: ['clean-install', 'ic'],
  'uninstall x': ['rm x', 'remove x', 'r x', 'un x'],
  list: ['ls', 'll', 'la'],
  'info x': ['view x', 'v x'],
  'search x': ['find x', 's x', 'se x'],
  update: ['up', 'upgrade'],
  'why x': ['explain x'],
  dedupe: ['ddp'],
  link: ['ln'],
  'dist-tag ls x': ['dist-tags ls x', 'dist-tag list x'],
  'config list': ['config ls'],
};
for (const [name, others] of Object.entries(aliases)) {
  test(`"prompd ${name}" goes by the names it has in npm: ${others.join(', ')}`, async t => {
    const { command, args } = await parsed(name);
    for (const other of others) {
      const found = await parsed(other);
      t.is(found.command, command);
      t.deepEqual({ ...found.args, _: [] }, { ...args, _: [] });
    }
  });
}

const flags: readonly [string, Record<string, unknown>][] = [
  ['install -D x', { 'save-dev': true }],
  ['install -P x', { 'save-prod': true }],
  ['install -E x', { 'save-exact': true }],
  ['install -S x', { save: true }],
  ['install -DE x', { 'save-dev': true, 'save-exact': true }],
  ['install --no-save x', { save: false }],
  ['install -g x', { global: true }],
  ['install --omit=dev', { omit: 'dev' }],
  ['install --frozen-lockfile', { 'frozen-lockfile': true }],
  ['install --no-frozen-lockfile', { 'frozen-lockfile': false }],
  ['install -C dir --dry-run', { cwd: 'dir', 'dry-run': true }],
  ['install --before=2026-01-31', { before: '2026-01-31' }],
  ['ci --offline --dry-run', { offline: true, 'dry-run': true }],
  ['ci --prefer-offline -q', { 'prefer-offline': true, quiet: true }],
  ['uninstall --offline --dry-run x', { offline: true, 'dry-run': true }],
  ['lock --check --json', { check: true, json: true }],
  ['up -g --latest --dry-run x', { global: true, latest: true, 'dry-run': true, names: ['x'] }],
  ['-C dir ls -g --json', { cwd: 'dir', global: true, json: true }],
];
for (const [line, expected] of flags) {
  test(`"prompd ${line}" is understood as in npm`, async t => {
    t.like((await parsed(line)).args, expected);
  });
}

const behindDashes: readonly [string, Record<string, unknown>][] = [
  ['install -- x', { specs: ['x'] }],
  ['install x --dry-run -- -y --json', { specs: ['x', '-y', '--json'], 'dry-run': true, json: false }],
  ['deprecate x -- --old', { package: 'x', message: '--old' }],
  ['-C dir config set scope -- @acme', { cwd: 'dir', key: 'scope', value: '@acme' }],
  ['completion -- zsh', { shell: 'zsh' }],
];
for (const [line, expected] of behindDashes) {
  test(`"prompd ${line}": what stands behind "--" is a word of the command, whatever it looks like`, async t => {
    t.like((await parsed(line)).args, expected);
  });
}

test('a word too many is one behind "--" as well, and is named as it was typed', async t => {
  await t.throwsAsync(parse('list -- x'), { message: '"prompd list" does not know "x".' });
  await t.throwsAsync(parse('list -- --x'), { message: '"prompd list" does not know "--x".' });
  await t.throwsAsync(parse('completion -- -x'), { message: 'The shell cannot be "-x".' });
});

test('a command line that is wrong twice gets a suggestion for both', async t => {
  const error = await t.throwsAsync(parse('outdate --josn'), { instanceOf: PrompdError });
  t.regex(error?.hint ?? '', /"--json".*"outdated"/);
});

for (const line of ['compatibility show', 'compatibility cancel']) {
  test(`"prompd ${line}" takes its own word, and not that of the command above it`, async t => {
    const { args } = await parsed(`${line} cr_1`);
    t.deepEqual([args['id'], 'package' in args], ['cr_1', false]);
    await t.throwsAsync(parse(line), { message: /needs <id>/ });
  });
}

test('a command with a subcommand is one by itself, and neither has the other’s flags', async t => {
  const own = await parsed('lock');
  const sub = await parsed('lock merge-driver a b c d');
  t.not(own.command, sub.command);
  t.like(sub.args, { base: 'a', ours: 'b', theirs: 'c', file: 'd' });
  t.false('check' in sub.args);
  await t.throwsAsync(parse('lock merge-driver --check'), { code: 'EUSAGE' });
  await t.throwsAsync(parse('lock --install'), { code: 'EUSAGE' });
});

const mistyped: readonly [string, RegExp][] = [
  ['instal --help', /"install"/],
  ['-C x instal --help', /"install"/],
  ['registry strt --help', /"start"/],
  ['registry token craete --help', /"create"/],
  ['lock merge-drive --help', /"merge-driver"/],
  ['lock --chekc', /"--check"/],
  ['install --frozen-lokfile', /"--frozen-lockfile"/],
  ['uninstall x --dryrun', /"--dry-run"/],
];
for (const [line, hint] of mistyped) {
  test(`"prompd ${line}" is an error that says what was probably meant`, async t => {
    const error = await t.throwsAsync<PrompdError>(parse(line), { instanceOf: PrompdError, code: 'EUSAGE' });
    t.regex(error.hint, hint);
  });
}

for (const line of [
  '--help',
  'install --help',
  'install x --help',
  'i --help',
  'registry --help',
  'lock --help',
]) {
  test(`"prompd ${line}" prints help`, async t => {
    const found = await parse(line);
    t.is(found.kind, 'print');
    t.regex(found.kind === 'print' ? found.text : '', /Options:/);
  });
}

test('a word that is none of the choices is told by what it is: a flag with dashes, a word without', async t => {
  await t.throwsAsync(parse('completion tcsh'), { code: 'EUSAGE', message: 'The shell cannot be "tcsh".' });
  await t.throwsAsync(parse('import x --format word'), {
    code: 'EUSAGE',
    message: /^--format cannot be "word"\./,
  });
});
