import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import type { InitResult } from '#prompd/ops/prompts/init.js';
import { validate } from '#prompd/ops/prompts/validate.js';
import { TEMPLATES } from '#prompd/templates/index.js';
import { runCli } from '../support/cli.js';
import { testContext } from '../support/context.js';
import { tempDir } from '../support/temp.js';

test('without a terminal nothing is asked, and what was made is on stdout', async t => {
  const cwd = tempDir(t);
  const { code, stdout, stderr } = await runCli(['init', 'my-prompts'], { cwd });
  t.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  t.regex(stdout, /^made my-prompts from the template "blank" in .+my-prompts\n/);
});

for (const { kind } of TEMPLATES) {
  test(`what the template ${kind} makes is valid, also with --strict`, async t => {
    const cwd = tempDir(t);
    const made = await runCli(['init', '.', '--yes', '--template', kind, '--name', '@acme/x', '--json'], {
      cwd,
    });
    t.like(made.json<InitResult>(), { name: '@acme/x', template: kind, dir: cwd });
    const context = await testContext({ cwd, home: tempDir(t) });
    t.deepEqual((await validate(context, { targets: ['.'], strict: true })).problems, []);
  });
}

test('a second time it overwrites nothing and ends with EEXISTS, exit 1', async t => {
  const cwd = tempDir(t);
  writeFileSync(path.join(cwd, 'README.md'), 'mine');
  const { code, json } = await runCli(['init', '--json'], { cwd });
  t.is(code, 1);
  t.like(json(), { error: { code: 'EEXISTS', facts: { files: ['README.md'] } } });
  t.deepEqual(readdirSync(cwd), ['README.md']);
});

test('an unknown template is a usage error that lists those there are', async t => {
  const { code, stderr } = await runCli(['init', '--template', 'poem'], { cwd: tempDir(t) });
  t.is(code, 1);
  for (const { kind } of TEMPLATES) t.true(stderr.includes(kind), kind);
});
