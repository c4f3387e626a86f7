import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import type { Validation } from '#prompd/ops/prompts/validate.js';
import { badPackages } from '../support/bad-packages.js';
import { runCli, runHere } from '../support/cli.js';
import { tempDir } from '../support/temp.js';

test('prompd validate --json finds the one defect of every package in fixtures/bad', async t => {
  const cwd = tempDir(t);
  for (const { defect, dir, links } of badPackages) {
    cpSync(dir, path.join(cwd, defect), { recursive: true });
    for (const [link, target] of Object.entries(links)) {
      mkdirSync(path.dirname(path.join(cwd, defect, link)), { recursive: true });
      symlinkSync(target, path.join(cwd, defect, link));
    }
  }
  const { code, stderr, json } = await runHere(['validate', '--json'], { cwd });
  t.deepEqual({ code, stderr }, { code: 2, stderr: '' });
  const { valid, problems } = json<Validation>();
  t.false(valid);
  t.true(badPackages.length > 40);
  for (const { defect, codes } of badPackages) {
    const found = problems.filter(({ file }) => file.startsWith(`${defect}/`));
    t.deepEqual([...new Set(found.map(problem => problem.code))].sort(), [...codes], defect);
  }
});

const WARNING = '---\nname: a\nversion: 1.0.0\nflavour: sweet\n---\nHello\n';
const ERROR = '---\nname: a\nversion: 1.0.0\n---\nHello {{ whom }}\n';

const EXITS: readonly [string, readonly string[], string, number][] = [
  ['a valid prompt', [], WARNING.replace('flavour: sweet\n', ''), 0],
  ['a prompt with a warning', [], WARNING, 0],
  ['a prompt with a warning and --strict', ['--strict'], WARNING, 2],
  ['a prompt with an error', [], ERROR, 2],
];
for (const [title, flags, text, code] of EXITS) {
  test(`exit ${code} for ${title}, with the result on stdout`, async t => {
    const result = await runHere(['validate', 'a.prompd', ...flags], { cwd: folder(t, text) });
    t.is(result.code, code);
    t.is(result.stderr, '');
    t.regex(
      result.stdout.trimEnd().split('\n').at(-1) ?? '',
      code === 0 ? /^valid: 1 file/ : /^not valid: 1 file/,
    );
  });
}

test('a finding is one line with file, line, column, severity and code, and its hint is below', async t => {
  const { stdout } = await runCli(['validate', 'a.prompd'], { cwd: folder(t, ERROR) });
  t.is(
    stdout,
    [
      'a.prompd:5:10 error EUNDEFINED "whom" is not a parameter.',
      '  hint: Declare it: add "- name: whom" to "parameters".',
      'not valid: 1 file checked, 1 error, 0 warnings',
      '',
    ].join('\n'),
  );
});

function folder(t: Parameters<typeof tempDir>[0], text: string): string {
  const cwd = tempDir(t);
  writeFileSync(path.join(cwd, 'a.prompd'), text);
  return cwd;
}
