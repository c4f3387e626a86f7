import test, { type ExecutionContext } from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { init } from '#prompd/ops/prompts/init.js';
import type { InitAnswers, InitForm } from '#prompd/ops/prompts/init-form.js';
import { InitWizard } from '#prompd/tui/init/init-wizard.js';
import { testContext } from '../../support/context.js';
import { showInk } from '../../support/ink.js';
import { tempDir } from '../../support/temp.js';

test.serial('the questions show their defaults, and what is wrong with an answer as it is typed', async t => {
  const { type, until } = await show(t);
  await until(/^A new package in \/srv\/review {2}1 of 8\n\n> name +review \(default\)\n/);
  await until(/\n {2}license +UNLICENSED \(default\)\n/);
  await type('@Acme');
  await until(/\n {2}! "@Acme" is not a valid package name\.\n/);
  await until(/\n {2}description +Prompts of @Acme \(default\)\n/);
  await type('\r');
  await until('1 of 8');
  await type('\u0015@acme/review\r');
  t.regex(await until('> version'), /\n\+ name +@acme\/review\n> version/);
});

test.serial(
  'arrows and vi keys choose a template; ? shows the keys; the first prompt is the template’s',
  async t => {
    const { type, until } = await show(t);
    await type('\r\r\r', 'j', '\u001b[B', 'k');
    await until(/\n> template +reviewer\n/);
    await until(/\n {2}> reviewer +judges/);
    await until(/\n {2}prompt +review \(default\)/);
    await type('?');
    t.regex(await until('choose\n'), /\n {2}↑ ↓ k j +choose\n/);
  },
);

test.serial('at the end the answers are given back as typed, and the form shows them', async t => {
  const { ended, frame, type, until } = await show(t);
  await type('\r2.0.0\r', 'What? Ä.\r', '\r\r\rmain\r');
  await until(/Enter: write/);
  await type('\r');
  t.like(await ended, { name: '', version: '2.0.0', description: 'What? Ä.', prompt: 'main' });
  t.notRegex(frame(), /Enter: write/);
  t.regex(frame(), /\n\+ version +2\.0\.0\n/);
});

for (const [name, key] of [
  ['Esc', '\u001b'],
  ['Ctrl-C', '\u0003'],
] as const) {
  test.serial(`${name} leaves without an answer`, async t => {
    const { ended, type } = await show(t);
    await type('x', key);
    t.is(await ended, undefined);
  });
}

test.serial('files that are in the way are shown, and nothing is accepted', async t => {
  const { type, until } = await show(t, { inTheWay: async () => ['README.md'] });
  await type('\r\r\r\r\r\r\r');
  await until(/\n {2}\+ \.prompdignore\n {2}! README\.md {2}exists already\n/);
  await type('\r', 'k');
  t.regex(await until('7 of 8'), /\n> prompt/);
});

async function show(t: ExecutionContext, more: Partial<InitForm> = {}) {
  const forms: InitForm[] = [];
  const fill = async (form: InitForm) => {
    forms.push(form);
    throw new PrompdError('ECANCELLED', 'The form is filled in by the test itself.');
  };
  const context = await testContext({ cwd: tempDir(t) });
  await t.throwsAsync(init(context, { dir: 'review', yes: false, fill }), { code: 'ECANCELLED' });
  const [form] = forms;
  if (!form) throw new Error('nothing was asked');
  let end: (answers: InitAnswers | undefined) => void = () => {};
  const ended = new Promise<InitAnswers | undefined>(resolve => {
    end = resolve;
  });
  const shown = await showInk(
    t,
    <InitWizard form={{ ...form, dir: '/srv/review', ...more }} colour={false} onEnd={end} />,
  );
  return { ...shown, ended };
}
