import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { importPrompts } from '#prompd/ops/interchange/import.js';
import { render } from '#prompd/ops/prompts/render.js';
import { validate } from '#prompd/ops/prompts/validate.js';
import { pack } from '#prompd/ops/registry/pack.js';
import { SAMPLES } from '../../interchange/support.js';
import { testContext } from '../../support/context.js';
import { type Teardown, tempDir } from '../../support/temp.js';

async function scene(t: Teardown, files: Readonly<Record<string, string | Uint8Array>> = {}) {
  const cwd = tempDir(t);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
    writeFileSync(path.join(cwd, name), content);
  }
  return { cwd, context: await testContext({ cwd, home: tempDir(t) }) };
}

test('a folder with everything becomes one package that is valid and can be packed', async t => {
  const { cwd, context } = await scene(t);
  const result = await importPrompts(context, { paths: [SAMPLES], name: '@acme/mixed', out: 'mixed' });
  t.deepEqual(
    result.prompts.map(({ id, path: file, format }) => [id, file, format]),
    [
      ['greeting', 'prompts/greeting.prompd', 'chat'],
      ['messages', 'prompts/messages.prompd', 'chat'],
      ['review-request', 'prompts/review-request.prompd', 'chat'],
      ['menu', 'prompts/menu.prompd', 'dotprompt'],
      ['a-tagline', 'prompts/a-tagline.prompd', 'markdown'],
      ['summarise', 'prompts/summarise.prompd', 'markdown'],
      ['support-reply', 'prompts/support-reply.prompd', 'prompty'],
      ['translate', 'prompts/translate.prompd', 'prompty'],
      ['expense-report', 'skills/expense-report/expense-report.prompd', 'skill'],
      ['haiku', 'prompts/haiku.prompd', 'text'],
    ],
  );
  const checked = await validate(context, { targets: ['mixed'], strict: true });
  t.deepEqual(checked.problems, []);
  const packed = await pack(context, { target: 'mixed', dryRun: true });
  t.true(packed.files.some(file => file.path === 'skills/expense-report/scripts/sum.py'));
  t.deepEqual(readdirSync(cwd), ['mixed']);
});

test('each prompt keeps its own version, and is told of when it is none', async t => {
  const prompty = (name: string, version: string) =>
    `---\nname: ${name}\nversion: ${version}\n---\nuser:\nHi\n`;
  const { cwd, context } = await scene(t, {
    'in/a.prompty': prompty('a', '2.3.4'),
    'in/b.prompty': prompty('b', '"1.0"'),
  });
  const { notes } = await importPrompts(context, { paths: ['in'], name: '@acme/both', out: 'out' });
  t.true(
    notes.some(
      ({ file, what, why }) =>
        file === 'in/b.prompty' &&
        what === 'version "1.0"' &&
        why === 'It is no semantic version; it is left out.',
    ),
  );
  const versions = readdirSync(path.join(cwd, 'out/prompts')).map(
    file => /^version: .*$/m.exec(readFileSync(path.join(cwd, 'out/prompts', file), 'utf8'))?.[0],
  );
  t.deepEqual(versions, ['version: 2.3.4', undefined]);
});

test('a place where no folder can be made is named with the reason', async t => {
  const { cwd, context } = await scene(t, { 'a.md': 'Hi\n', file: '' });
  const error = await t.throwsAsync(
    importPrompts(context, { paths: ['a.md'], name: '@acme/a', out: 'file/a' }),
    { instanceOf: PrompdError, code: 'EIO' },
  );
  t.is(error?.message, `The package cannot be written to ${path.join(cwd, 'file/a')}.`);
  t.deepEqual(error?.facts, { folder: path.join(cwd, 'file/a'), reason: 'EEXIST' });
});

test('a folder of system.md and user.md is one prompt named after it', async t => {
  const { context } = await scene(t);
  await importPrompts(context, { paths: [path.join(SAMPLES, 'markdown')], name: 'office', out: 'out' });
  const { messages } = await render(context, {
    prompt: 'out/prompts/summarise.prompd',
    assignments: [],
    files: [],
  });
  t.deepEqual(
    messages.map(({ role, content }) => [role, content]),
    [
      ['system', readFileSync(path.join(SAMPLES, 'markdown/summarise/system.md'), 'utf8').trimEnd()],
      ['user', readFileSync(path.join(SAMPLES, 'markdown/summarise/user.md'), 'utf8').trimEnd()],
    ],
  );
});

test('prompt files are copied byte for byte, with what they refer to', async t => {
  const prompt =
    '---\nname: child\nversion: 1.2.0\ninherits: ./base/parent.prompd\n---\n\n# User\n\nHi {{ who }}\n';
  const parent =
    '---\nname: parent\nparameters:\n  - name: who\n---\n\n# System\n\nBe kind.\n\n# User\n\n{{ who }}\n';
  const { cwd, context } = await scene(t, { 'in/child.prompd': prompt, 'in/base/parent.prompd': parent });
  const result = await importPrompts(context, {
    paths: ['in/child.prompd'],
    name: '@acme/child',
    out: 'out',
  });
  t.is(result.version, '1.2.0');
  t.is(readFileSync(path.join(cwd, 'out/prompts/child.prompd'), 'utf8'), prompt);
  t.is(readFileSync(path.join(cwd, 'out/prompts/base/parent.prompd'), 'utf8'), parent);
});

test('what a copied prompt is made of becomes no prompt of its own, unless it is named', async t => {
  const { context } = await scene(t, {
    'in/a-rules.md': 'Be kind.',
    'in/letter.prompd':
      '---\nid: letter\ncontexts: [./a-rules.md]\nsystem: ./letter/system.md\n---\n# User\nHi\n',
    'in/letter/system.md': 'You write letters.',
    'in/other.md': 'Hello.',
  });
  const idsOf = async (paths: string[]) =>
    (await importPrompts(context, { paths, name: '@acme/parts', dryRun: true })).prompts.map(({ id }) => id);
  t.deepEqual(await idsOf(['in']), ['letter', 'other']);
  t.deepEqual(await idsOf(['in/letter.prompd', 'in/a-rules.md']), ['letter', 'a-rules']);
});

test('names that are taken are numbered and said', async t => {
  const { context } = await scene(t, {
    'a/My Prompt.md': 'one',
    'b/my-prompt.txt': 'two',
    'c/my_prompt.md': 'three',
    'd/Ünï+1.md': 'four',
  });
  const result = await importPrompts(context, { paths: ['a', 'b', 'c', 'd'], dryRun: true });
  t.deepEqual(
    result.prompts.map(({ id }) => id),
    ['my-prompt', 'my-prompt-2', 'my-prompt-3', 'uni-1'],
  );
  t.is(result.notes.filter(({ what }) => what.startsWith('name ')).length, 3);
});

test('a dry run says what would be made and writes nothing', async t => {
  const { cwd, context } = await scene(t, { 'hello.txt': 'Hello' });
  const result = await importPrompts(context, { paths: ['hello.txt'], dryRun: true });
  t.deepEqual([...result.files], ['README.md', 'prompd.json', 'prompts/hello.prompd']);
  t.deepEqual(readdirSync(cwd), ['hello.txt']);
});

test('one file that cannot be imported stops the whole import, is named, and nothing is written', async t => {
  const { cwd, context } = await scene(t, {
    'in/good.md': 'Good',
    'in/bad.prompty': '---\nname: x\n---\nuser:\n{% include "y" %}',
  });
  await t.throwsAsync(importPrompts(context, { paths: ['in'] }), {
    code: 'EIMPORT',
    message: /^in\/bad\.prompty cannot be imported: line 5: .*include/,
  });
  t.deepEqual(readdirSync(cwd), ['in']);
});

test('what only the check of the package finds is said in the name of the source', async t => {
  const { context } = await scene(t, { 'x.prompty': '---\nname: x\n---\nuser:\n{{ a|shuffle }}' });
  await t.throwsAsync(importPrompts(context, { paths: ['x.prompty'] }), {
    code: 'EIMPORT',
    message: /^x\.prompty cannot be imported: There is no filter "shuffle"/,
  });
});

test('a folder with files in it is left alone', async t => {
  const { cwd, context } = await scene(t, { 'a.txt': 'A', 'out/mine.txt': 'mine' });
  for (const force of [false, true]) {
    await t.throwsAsync(importPrompts(context, { paths: ['a.txt'], out: 'out', force }), { code: 'EEXISTS' });
  }
  t.deepEqual(readdirSync(path.join(cwd, 'out')), ['mine.txt']);
});

test('of several imports into one folder at once one wins, and the others say that something is there', async t => {
  const { cwd, context } = await scene(t, { 'a.txt': 'A' });
  for (const empty of [false, true]) {
    const out = `out-${empty}`;
    if (empty) mkdirSync(path.join(cwd, out));
    const all = await Promise.allSettled(
      Array.from({ length: 6 }, () => importPrompts(context, { paths: ['a.txt'], out })),
    );
    const codes = all.map(one => (one.status === 'fulfilled' ? 'ok' : String(one.reason.code)));
    t.deepEqual(codes.sort(), ['EEXISTS', 'EEXISTS', 'EEXISTS', 'EEXISTS', 'EEXISTS', 'ok']);
    t.deepEqual(readdirSync(path.join(cwd, out, 'prompts')), ['a.prompd']);
  }
  t.deepEqual(readdirSync(cwd).sort(), ['a.txt', 'out-false', 'out-true']);
});

test('by force a package is replaced as a whole, but not one under version control', async t => {
  const { cwd, context } = await scene(t, { 'a.txt': 'A', 'b.txt': 'B' });
  await importPrompts(context, { paths: ['a.txt'], out: 'out' });
  await t.throwsAsync(importPrompts(context, { paths: ['b.txt'], out: 'out' }), { code: 'EEXISTS' });
  await importPrompts(context, { paths: ['b.txt'], out: 'out', force: true });
  t.deepEqual(readdirSync(path.join(cwd, 'out/prompts')), ['b.prompd']);
  mkdirSync(path.join(cwd, 'out/.git'));
  await t.throwsAsync(importPrompts(context, { paths: ['a.txt'], out: 'out', force: true }), {
    code: 'EEXISTS',
  });
  t.deepEqual(readdirSync(cwd).sort(), ['a.txt', 'b.txt', 'out']);
});

test('what a killed import left behind is removed a day later, and what it had moved away comes back', async t => {
  const { cwd, context } = await scene(t, {
    'a.txt': 'A',
    '.prompd-import-999999999-torn/new/prompd.json': '{}',
    '.prompd-import-999999999-torn/old/mine/prompd.json': 'mine',
    '.prompd-import-999999999-done/old/out/prompd.json': 'old',
    '.prompd-import-999999999-fresh/new/prompd.json': '{}',
    [`.prompd-import-${process.pid}-alive/new/prompd.json`]: '{}',
    '.prompd-import-notes/mine.txt': 'mine',
    'out/prompd.json': '{}',
  });
  const before = new Date(context.now().getTime() - 25 * 60 * 60 * 1000);
  const name = (end: string) => path.join(cwd, `.prompd-import-${end}`);
  for (const end of ['999999999-torn', '999999999-done', `${process.pid}-alive`, 'notes'])
    utimesSync(name(end), before, before);
  utimesSync(name('999999999-fresh'), context.now(), context.now());
  await importPrompts(context, { paths: ['a.txt'], out: 'out', force: true });
  t.deepEqual(
    readdirSync(cwd).sort(),
    [
      '.prompd-import-999999999-fresh',
      `.prompd-import-${process.pid}-alive`,
      '.prompd-import-notes',
      'a.txt',
      'mine',
      'out',
    ].sort(),
  );
  t.is(readFileSync(path.join(cwd, 'mine/prompd.json'), 'utf8'), 'mine');
});

test('the whole disk is no folder of prompts', async t => {
  const { context } = await scene(t);
  const root = path.parse(context.cwd).root;
  for (const out of [undefined, 'out'])
    await t
      .throwsAsync(importPrompts(context, { paths: [root], ...(out && { out }) }), {
        code: 'EEXISTS',
        instanceOf: PrompdError,
      })
      .then(error => t.regex(error?.hint ?? '', /Name the folder that holds the prompts/));
});

test('a package is never written into what it is made of', async t => {
  const { context } = await scene(t, { 'in/a.txt': 'A' });
  for (const out of ['in', 'in/out', '.']) {
    await t.throwsAsync(importPrompts(context, { paths: ['in'], out }), {
      code: 'EEXISTS',
      message: /made of/,
    });
  }
});

test('notes come file by file, and in each by line, behind those about all of it', async t => {
  const { context } = await scene(t, {
    'in/a.prompt': '---\nconfig:\n  topK: 3\nlater: 1\n---\nHi {{media url=photo}}\n',
    'in/b.prompt': '---\nname: b (new)\nconfig:\n  topK: 3\nmetadata: {}\n---\nHi\n{{media url=photo}}\n',
  });
  const result = await importPrompts(context, { paths: ['in'], name: '@acme/notes', out: 'out' });
  t.deepEqual(
    result.notes.map(({ file, line, what }) => [file, line, what]),
    [
      ['in/a.prompt', 3, 'config "topK"'],
      ['in/a.prompt', 4, 'later'],
      ['in/a.prompt', 6, 'media'],
      ['in/b.prompt', undefined, 'name "b (new)"'],
      ['in/b.prompt', 4, 'config "topK"'],
      ['in/b.prompt', 5, 'metadata'],
      ['in/b.prompt', 8, 'media'],
    ],
  );
});

test('links are not followed, hidden folders not entered, and both show in the notes or not at all', async t => {
  const { cwd, context } = await scene(t, {
    'in/a.md': 'A',
    'in/.git/b.md': 'B',
    'in/.hidden/c.md': 'C',
    'secret.md': 'S',
  });
  symlinkSync(path.join(cwd, 'secret.md'), path.join(cwd, 'in/link.md'));
  symlinkSync(cwd, path.join(cwd, 'in/circle'));
  const result = await importPrompts(context, { paths: ['in'], dryRun: true });
  t.deepEqual(
    result.prompts.map(({ id }) => id),
    ['a'],
  );
  t.deepEqual(
    result.notes.map(({ what, why }) => [what, why]),
    [['links', 'They are not followed: circle, link.md.']],
  );
});

test('what lies beside a skill comes along when it is text; the rest is noted', async t => {
  const skill = '---\nname: pdf\ndescription: Reads.\nlicense: MIT\n---\nSee [a](refs/a.md).';
  const { cwd, context } = await scene(t, {
    'pdf/SKILL.md': skill,
    'pdf/refs/a.md': 'A',
    'pdf/logo.png': new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0]),
    'pdf/big.txt': 'x'.repeat(1024 * 1024 + 1),
  });
  const result = await importPrompts(context, { paths: ['pdf'], name: '@acme/pdf', out: 'out' });
  t.deepEqual(
    [...result.files],
    ['README.md', 'prompd.json', 'skills/pdf/pdf.prompd', 'skills/pdf/refs/a.md'],
  );
  t.deepEqual(
    result.notes.map(({ file }) => file),
    ['pdf/big.txt', 'pdf/logo.png'],
  );
  t.is(JSON.parse(readFileSync(path.join(cwd, 'out/prompd.json'), 'utf8')).license, 'MIT');
});

const BOMB = `a: &a [x, x, x, x, x, x, x, x, x, x]\n${'bcdefghi'
  .split('')
  .map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefgh'[index]}`).join(', ')}]`)
  .join('\n')}\n`;
const utf16 = (text: string) => new Uint8Array([0xff, 0xfe, ...Buffer.from(text, 'utf16le')]);

const HOSTILE: readonly (readonly [
  title: string,
  name: string,
  content: string | Uint8Array,
  message: RegExp,
])[] = [
  ['UTF-16', 'a.md', utf16('Hello'), /it is UTF-16 text/],
  ['null bytes', 'a.txt', new Uint8Array([104, 0, 105]), /it is not text/],
  ['Latin-1', 'a.md', new Uint8Array([0xe4, 0xf6, 0xfc]), /it is not UTF-8 text/],
  ['a huge file', 'a.md', 'x'.repeat(5 * 1024 * 1024), /bytes, and the limit is/],
  ['too many characters', 'a.md', 'x'.repeat(1024 * 1024 + 1), /more than 1048576 characters/],
  ['deep YAML', 'a.prompty', `---\na: ${'['.repeat(5000)}\n---\nuser:\nx`, /nested too deeply/],
  ['a front matter bomb', 'a.prompty', `---\n${BOMB}---\nuser:\nx`, /aliases/],
  ['deep JSON', 'a.json', `${'['.repeat(100_000)}`, /nested too deeply|no conversation/],
  ['front matter that stays open', 'a.prompt', '---\nname: x\n', /never closed/],
  ['front matter that is a list', 'a.prompty', '---\n- x\n---\nuser:\nx', /not a map/],
  ['a repeated key', 'a.prompty', '---\nname: x\nname: y\n---\nuser:\nx', /line 3 repeats a key/],
  ['an empty file', 'a.md', ' \n', /it has no text/],
  ['an empty conversation', 'a.json', '[{"role": "user", "content": ""}]', /no message with text/],
  [
    'Mustache in Prompty',
    'a.prompty',
    '---\ntemplate: mustache\n---\nuser:\n{{x}}',
    /template language is "mustache"/,
  ],
  [
    'a content that is a number',
    'a.json',
    '[{"role": "user", "content": 5}]',
    /neither a text nor a list of parts/,
  ],
  ['JSON that is no conversation', 'a.json', '{"a": 1}', /holds no conversation/],
];

for (const [title, name, content, message] of HOSTILE) {
  test(`${title} is refused with a sentence that says so`, async t => {
    const { cwd, context } = await scene(t, { [name]: content });
    await t.throwsAsync(importPrompts(context, { paths: [name], out: 'out' }), { code: 'EIMPORT', message });
    t.false(existsSync(path.join(cwd, 'out')));
  });
}

test('a byte order mark and Windows line ends are fine', async t => {
  const { context } = await scene(t, { 'a.md': '\ufeff---\r\nname: Hi\r\n---\r\nHello\r\nthere\r\n' });
  await importPrompts(context, { paths: ['a.md'], out: 'out' });
  const { text } = await render(context, { prompt: 'out/prompts/hi.prompd', assignments: [], files: [] });
  t.is(text, 'Hello\nthere');
});

test('a package, a missing path and a folder without prompts are each their own error', async t => {
  const { context } = await scene(t, { 'pkg/prompd.json': '{}', 'empty/a.png': 'x' });
  await t.throwsAsync(importPrompts(context, { paths: ['pkg'] }), {
    code: 'EUSAGE',
    message: /package of prompts already/,
  });
  await t.throwsAsync(importPrompts(context, { paths: ['nope'] }), { code: 'ENOFILE' });
  await t.throwsAsync(importPrompts(context, { paths: ['empty'] }), {
    code: 'EIMPORT',
    message: /no prompt in "empty"/,
  });
});

test('a folder of many prompts with partials is walked once', async t => {
  const prompts = Object.fromEntries(
    Array.from({ length: 160 }, (_, index) => [`in/p${index}.prompt`, `Say {{name}} ${index}.`]),
  );
  const { context } = await scene(t, { ...prompts, 'in/_part.prompt': 'A part.' });
  const { prompts: made } = await importPrompts(context, { paths: ['in'], name: 'many', dryRun: true });
  t.is(made.length, 160);
});
