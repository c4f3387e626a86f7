import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { exportPrompts } from '#prompd/ops/interchange/export.js';
import { importPrompts } from '#prompd/ops/interchange/import.js';
import { render } from '#prompd/ops/prompts/render.js';
import { SAMPLES } from '../../interchange/support.js';
import { testContext } from '../../support/context.js';
import { type Teardown, tempDir } from '../../support/temp.js';

const PARENT =
  '---\nname: base\nparameters:\n  - name: who\n    required: true\n---\n\n# System\n\nBe kind to {who}, {"not": "them"}.\n\n# User\n\n-\n';
const CHILD =
  '---\nname: child\ninherits: ./base.prompd\ncontexts: [./facts.json]\ninputs: {place: Rome}\n---\n\n# User\n\nFrom {inputs.place}: {{ who|upper }}\n';

async function scene(t: Teardown) {
  const cwd = tempDir(t);
  const files = { 'base.prompd': PARENT, 'child.prompd': CHILD, 'facts.json': '{"{{ literal }}": 1}\n' };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(cwd, name), text);
  return { cwd, context: await testContext({ cwd, home: tempDir(t) }) };
}

const NONE = { assignments: [], files: [] };

test('inheritance, contexts and inputs are put in place, and said', async t => {
  const { context } = await scene(t);
  const { files, notes } = await exportPrompts(context, {
    prompt: 'child.prompd',
    format: 'prompty',
    ...NONE,
  });
  const [{ text = '' } = {}] = files;
  t.true(text.includes('system:\nBe kind to {{ who }}, {"not": "them"}.\n\n'), text);
  t.true(text.includes('{% raw %}```json\n{"{{ literal }}": 1}\n```{% endraw %}'), text);
  t.true(text.includes('user:\nFrom {{ inputs.place }}: {{ who|upper }}\n'), text);
  t.regex(
    text,
    /inputs:\n {2}who:\n {4}type: string\n {2}inputs:\n {4}type: object\n {4}default:\n {6}place: Rome\n/,
  );
  t.deepEqual(
    notes.map(({ what }) => what),
    ['inherits', 'contexts', 'inputs'],
  );
});

test('what Handlebars cannot say is noted by name', async t => {
  const { context } = await scene(t);
  const { files, notes } = await exportPrompts(context, {
    prompt: 'child.prompd',
    format: 'dotprompt',
    ...NONE,
  });
  t.true(files[0]?.text.endsWith('{{role "user"}}\nFrom {{inputs.place}}: {{who}}\n'), files[0]?.text);
  t.true(notes.some(({ what }) => what === 'filter "upper"'));
});

test('blanks at the end of a message, which dotprompt takes off, are noted', async t => {
  const { cwd, context } = await scene(t);
  writeFileSync(
    path.join(cwd, 'ends.prompd'),
    '---\nname: ends\n---\n\n# System\n\nBe kind.\n\n# User\n\nINPUT: \n',
  );
  const { notes } = await exportPrompts(context, { prompt: 'ends.prompd', format: 'dotprompt', ...NONE });
  t.deepEqual(
    notes.map(({ what, why }) => [what, why.includes('user')]),
    [['white space', true]],
  );
});

test('formats without templates need the values, or the word to keep the template', async t => {
  const { context } = await scene(t);
  const options = { prompt: 'child.prompd', format: 'chat-json' } as const;
  await t.throwsAsync(exportPrompts(context, { ...options, ...NONE }), {
    code: 'EPARAMETER',
    message: /"who"/,
  });
  const given = await exportPrompts(context, { ...options, assignments: ['who=ada'], files: [] });
  t.is(JSON.parse(given.files[0]?.text ?? '').messages[1].content, 'From Rome: ADA');
  const kept = await exportPrompts(context, { ...options, ...NONE, template: true });
  t.like(JSON.parse(kept.files[0]?.text ?? ''), {
    template_format: 'jinja2',
    messages: { 1: { content: 'From {{ inputs.place }}: {{ who|upper }}' } },
  });
});

test('a package is written to a folder, prompt by prompt, and no file is overwritten without force', async t => {
  const { cwd, context } = await scene(t);
  await importPrompts(context, { paths: [path.join(SAMPLES, 'prompty')], name: 'pair', out: 'pair' });
  const options = { prompt: 'pair', format: 'dotprompt', ...NONE } as const;
  await t.throwsAsync(exportPrompts(context, options), { code: 'EUSAGE', message: /has 2 prompts/ });
  await exportPrompts(context, { ...options, out: 'to' });
  t.deepEqual(readdirSync(path.join(cwd, 'to')), ['support-reply.prompt', 'translate.prompt']);
  writeFileSync(path.join(cwd, 'to/translate.prompt'), 'mine');
  await t.throwsAsync(exportPrompts(context, { ...options, out: 'to' }), { code: 'EEXISTS' });
  t.is(readFileSync(path.join(cwd, 'to/translate.prompt'), 'utf8'), 'mine');
  await exportPrompts(context, { ...options, out: 'to', force: true });
  t.true(readFileSync(path.join(cwd, 'to/translate.prompt'), 'utf8').startsWith('---\nname: translate\n'));
});

test('a prompt goes out as one prompt file that refers to nothing, keeps what it takes, and renders the same', async t => {
  const { cwd, context } = await scene(t);
  const PLAIN =
    '---\nid: one\nname: One of all\nversion: 1.4.0\ninherits: ./base.prompd\ncontexts: [./facts.json]\ninputs: {place: Rome}\n' +
    'model: m\nmodels: [{provider: a, model: b}]\nx-team: {owner: Ann}\nparameters:\n' +
    '  - {name: who, type: string, pattern: "^a", error_message: Begin with a., required: true}\n---\n\n' +
    '# User\n\nFrom {inputs.place}: {{ who|upper }}\n\n# Format\n\nJSON\n\n# Assistant\n\nOne\n\n# Assistant\n\nTwo\n';
  writeFileSync(path.join(cwd, 'one.prompd'), PLAIN);
  const { files, notes } = await exportPrompts(context, { prompt: 'one.prompd', format: 'prompd', ...NONE });
  t.deepEqual(
    notes.map(({ what }) => what),
    ['inherits', 'contexts'],
  );
  mkdirSync(path.join(cwd, 'out'));
  writeFileSync(path.join(cwd, 'out/one.prompd'), files[0]?.text ?? '');
  const rendered = (prompt: string, who: string) =>
    render(context, { prompt, assignments: [`who=${who}`], files: [], roles: [] });
  t.deepEqual(
    (await rendered('out/one.prompd', 'ada')).messages,
    (await rendered('one.prompd', 'ada')).messages,
  );
  await t.throwsAsync(rendered('out/one.prompd', 'bob'), { code: 'EPARAMETER', message: /Begin with a\./ });
  t.regex(files[0]?.text ?? '', /^---\nid: one\nname: One of all\nmodel: m\nversion: 1\.4\.0\nmodels:\n/);
  t.true(files[0]?.text.includes('\nx-team:\n  owner: Ann\ninputs:\n  place: Rome\n'), files[0]?.text);
});

test('a prompt goes out as a folder of Markdown, a file for each role, and comes back from there', async t => {
  const { cwd, context } = await scene(t);
  const options = {
    prompt: 'child.prompd',
    format: 'markdown-folder',
    assignments: ['who=ada'],
    files: [],
  } as const;
  await t.throwsAsync(exportPrompts(context, options), { code: 'EUSAGE', message: /becomes 2 files/ });
  await exportPrompts(context, { ...options, out: 'to' });
  t.deepEqual(readdirSync(path.join(cwd, 'to/child')), ['system.md', 'user.md']);
  t.is(readFileSync(path.join(cwd, 'to/child/user.md'), 'utf8'), 'From Rome: ADA\n');
  await importPrompts(context, { paths: ['to'], name: 'back', out: 'back' });
  const back = await render(context, {
    prompt: 'back/prompts/child.prompd',
    assignments: [],
    files: [],
    roles: [],
  });
  const before = await render(context, {
    prompt: 'child.prompd',
    assignments: ['who=ada'],
    files: [],
    roles: [],
  });
  t.deepEqual(back.messages, before.messages);
});

test('a skill goes out with the files beside it and comes back the same', async t => {
  const { cwd, context } = await scene(t);
  await importPrompts(context, { paths: [path.join(SAMPLES, 'skill')], name: 'expenses', out: 'expenses' });
  await exportPrompts(context, { prompt: 'expenses', format: 'skill', ...NONE, out: 'back' });
  const files = readdirSync(path.join(cwd, 'back'), { recursive: true, encoding: 'utf8' }).sort();
  t.deepEqual(
    files.filter(name => /\./.test(name)),
    ['expense-report/SKILL.md', 'expense-report/references/form.md', 'expense-report/scripts/sum.py'],
  );
  const body = (file: string) => readFileSync(file, 'utf8').replace(/^---[\s\S]*?\n---\n/, '');
  t.is(
    body(path.join(cwd, 'back/expense-report/SKILL.md')),
    body(path.join(SAMPLES, 'skill/expense-report/SKILL.md')),
  );
});

test('a prompt without text cannot be exported', async t => {
  const { cwd, context } = await scene(t);
  mkdirSync(path.join(cwd, 'sub'));
  writeFileSync(path.join(cwd, 'sub/empty.prompd'), '---\nname: empty\n---\n');
  await t.throwsAsync(exportPrompts(context, { prompt: 'sub/empty.prompd', format: 'prompty', ...NONE }), {
    code: 'EEXPORT',
  });
});
