import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import type { InitResult } from '#prompd/ops/prompts/init.js';
import { validate } from '#prompd/ops/prompts/validate.js';
import { TEMPLATES } from '#prompd/templates/index.js';
import { runCli, runHere } from '../support/cli.js';
import { testContext } from '../support/context.js';
import { tempDir } from '../support/temp.js';
import { KEYS, openTerminal } from '../support/terminal.js';

test('without a terminal nothing is asked, and what was made is on stdout', async t => {
  const cwd = tempDir(t);
  const { code, stdout, stderr } = await runCli(['init', 'my-prompts'], { cwd });
  t.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  t.regex(stdout, /^made my-prompts from the template "blank" in .+my-prompts\n/);
});

for (const { kind } of TEMPLATES) {
  test(`what the template ${kind} makes is valid, also with --strict`, async t => {
    const cwd = tempDir(t);
    const made = await runHere(['init', '.', '--yes', '--template', kind, '--name', '@acme/x', '--json'], {
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
  const { code, json } = await runHere(['init', '--json'], { cwd });
  t.is(code, 1);
  t.like(json(), { error: { code: 'EEXISTS', facts: { files: ['README.md'] } } });
  t.deepEqual(readdirSync(cwd), ['README.md']);
});

test('an unknown template is a usage error that lists those there are', async t => {
  const { code, stderr } = await runHere(['init', '--template', 'poem'], { cwd: tempDir(t) });
  t.is(code, 1);
  for (const { kind } of TEMPLATES) t.true(stderr.includes(kind), kind);
});

test('on a terminal the questions are a form, which leaves its answers and a terminal as it was', async t => {
  const cwd = tempDir(t);
  const env = { PROMPD_HOME: path.join(cwd, 'home') };
  const terminal = await openTerminal(t, ['init', 'review', '--license', 'MIT'], { cwd, env });
  await terminal.until(/> name +review \(default\)/);
  await terminal.send('@acme/Review');
  await terminal.until('! "@acme/Review" is not a valid package name.');
  await terminal.send(`${KEYS.backspace.repeat(6)}review${KEYS.enter}`);
  await terminal.until('> version');
  await terminal.resize(60, 12);
  await terminal.until(/2 of 8\n> version +0\.1\.0 \(default\)\n\n/);
  await terminal.send(`${KEYS.enter}For reviews.${KEYS.enter}`);
  await terminal.resize(100, 30);
  await terminal.until(/> template +blank \(default\)/);
  await terminal.send(`j${KEYS.enter}${KEYS.enter}`);
  await terminal.until(/> license +MIT/);
  await terminal.send(`${KEYS.up}Team${KEYS.enter}${KEYS.enter}${KEYS.enter}`);
  await terminal.until('+ prompts/review.prompd');
  t.deepEqual(readdirSync(cwd), []);
  await terminal.send(KEYS.enter);
  t.is(await terminal.ended(), 0);
  t.regex(
    await terminal.screen(),
    /\+ author +Team\n[\s\S]+\nmade @acme\/review from the template "reviewer" in /,
  );
  t.deepEqual(await terminal.state(), { cursor: true, alternate: false, cooked: true });
  t.like(JSON.parse(readFileSync(path.join(cwd, 'review/prompd.json'), 'utf8')), {
    name: '@acme/review',
    description: 'For reviews.',
    author: 'Team',
    license: 'MIT',
  });
});

test('leaving the questions writes nothing and ends with ECANCELLED, exit 1', async t => {
  for (const key of [KEYS.escape, KEYS.controlC]) {
    const cwd = tempDir(t);
    const terminal = await openTerminal(t, ['init', 'left'], { cwd, env: { PROMPD_HOME: tempDir(t) } });
    await terminal.until('> name');
    await terminal.send('half');
    await terminal.until(/> name +half/);
    await terminal.send(key);
    t.is(await terminal.ended(), 1);
    t.regex(await terminal.screen(), /ECANCELLED: The questions were left\. Nothing was written\./);
    t.deepEqual(await terminal.state(), { cursor: true, alternate: false, cooked: true });
    t.deepEqual(readdirSync(cwd), []);
  }
});

test('where nothing can be drawn, nothing is asked', async t => {
  for (const env of [{ TERM: 'dumb' }, { CONTINUOUS_INTEGRATION: '' }]) {
    const cwd = tempDir(t);
    const terminal = await openTerminal(t, ['init'], { cwd, env: { PROMPD_HOME: tempDir(t), ...env } });
    t.is(await terminal.ended(), 0);
    t.true(readdirSync(cwd).includes('prompd.json'));
  }
});

test('on a terminal --yes asks nothing', async t => {
  const cwd = tempDir(t);
  const terminal = await openTerminal(t, ['init', '--yes', '--prompt', 'ask'], {
    cwd,
    env: { PROMPD_HOME: tempDir(t) },
  });
  t.is(await terminal.ended(), 0);
  t.deepEqual(readdirSync(path.join(cwd, 'prompts')), ['ask.prompd']);
});
