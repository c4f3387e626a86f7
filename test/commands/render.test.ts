import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import command from '#prompd/commands/render.js';
import { PrompdError } from '#prompd/core/errors.js';
import { type RenderResult, render } from '#prompd/ops/prompts/render.js';
import { styleFor } from '#prompd/output/style.js';
import { runCli, runHere } from '../support/cli.js';
import { testContext } from '../support/context.js';
import { tempDir } from '../support/temp.js';

const PROMPT = `---
name: greet
version: 1.0.0
parameters:
  - { name: whom, type: string, required: true, description: Who is greeted. }
  - { name: times, type: integer, default: 1, min: 1, max: 9 }
  - { name: tags, type: array }
  - { name: style, type: object }
  - { name: note, type: file }
  - { name: scan, type: base64 }
  - { name: token, type: string }
---
# System

Be {{ style.tone | default("kind") }}.

# User

Greet {{ whom }} {{ times }} times.{% for tag in tags | default([]) %} #{{ tag }}{% endfor %}{% for extra in [note, scan, token] if extra %} {{ extra }}{% endfor %}
`;

test('messages are printed under their roles, defaults filled in', async t => {
  const { code, stdout, stderr } = await runCli(['render', 'greet.prompd', '-p', 'whom=Ada'], {
    cwd: folder(t),
  });
  t.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  t.is(stdout, '--- system ---\nBe kind.\n\n--- user ---\nGreet Ada 1 times.\n');
});

test('--json prints prompt, messages and text, and nothing else', async t => {
  const { stdout, json } = await runHere(['render', 'greet.prompd', '-p', 'whom=Ada', '--json'], {
    cwd: folder(t),
  });
  t.deepEqual(json<RenderResult>(), {
    prompt: 'greet.prompd',
    messages: [
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'Greet Ada 1 times.' },
    ],
    text: 'Be kind.\n\nGreet Ada 1 times.',
  });
  t.true(stdout.endsWith('}\n'));
});

const VALUES: readonly [string, readonly string[], string][] = [
  ['a comma list', ['-p', 'tags=a, b'], 'Greet Ada 1 times. #a #b'],
  ['a JSON array', ['-p', 'tags=["a,b","c"]'], 'Greet Ada 1 times. #a,b #c'],
  ['a number', ['-p', 'times=3'], 'Greet Ada 3 times.'],
  ['an integer beginning with zeros', ['-p', 'times=003'], 'Greet Ada 3 times.'],
  ['a file', ['-p', 'note=@note.md'], 'Greet Ada 1 times. A note.'],
  ['the bytes of a file as base64', ['-p', 'scan=@scan.bin'], 'Greet Ada 1 times. /wD+'],
  ['an "@" that is meant as one', ['-p', 'token=@@ada'], 'Greet Ada 1 times. @ada'],
  [
    'template syntax, which stays text',
    ['-p', 'token={{ 1 + 1 }} {whom}'],
    'Greet Ada 1 times. {{ 1 + 1 }} {whom}',
  ],
  ['a YAML file', ['-f', 'values.yaml'], 'Greet Ada 2 times. #y'],
  ['the later of two files', ['-f', 'values.yaml', '-f', 'values.json'], 'Greet Ada 4 times. #y'],
  ['a flag before a file', ['-p', 'times=5', '-f', 'values.yaml'], 'Greet Ada 5 times. #y'],
];
for (const [title, args, expected] of VALUES) {
  test(`a value can be ${title}`, async t => {
    const line = [
      'render',
      'greet.prompd',
      '-p',
      'whom=Ada',
      ...args,
      '--format',
      'text',
      '--section',
      'user',
    ];
    const { stdout, stderr } = await runHere(line, { cwd: folder(t) });
    t.is(stderr, '');
    t.is(stdout.trimEnd(), expected);
  });
}

test('values come from standard input with -f -', async t => {
  const result = await runHere(['render', 'greet.prompd', '-f', '-', '--json'], {
    cwd: folder(t),
    input: '{"whom": "Ada", "style": {"tone": "brief"}}',
  });
  t.is(result.json<RenderResult>().text, 'Be brief.\n\nGreet Ada 1 times.');
});

test('the environment gives what nothing else gives, and no more than that', async t => {
  const env = { PROMPD_PARAM_WHOM: 'Grace', PROMPD_PARAM_TIMES: '7' };
  const { stdout } = await runHere(['render', 'greet.prompd', '--section', 'user'], { cwd: folder(t), env });
  t.regex(stdout, /Greet Grace 1 times\./);
});

test('missing, unknown and wrong values are all in one error, exit 2', async t => {
  const args = ['render', 'greet.prompd', '-p', 'times=11', '-p', 'tiems=1', '-p', 'style=none', '--json'];
  const { code, stderr, json } = await runHere(args, { cwd: folder(t) });
  t.deepEqual({ code, stderr }, { code: 2, stderr: '' });
  const { error } = json<{ error: { code: string; facts: { parameters: string[] } } }>();
  t.is(error.code, 'EPARAMETER');
  t.deepEqual([...error.facts.parameters].sort(), ['style', 'tiems', 'times', 'whom']);
});

test('a prompt with errors is refused with the place of each', async t => {
  const cwd = folder(t);
  writeFileSync(
    path.join(cwd, 'bad.prompd'),
    '---\nname: bad\nversion: 1\ncontext: ./missing.md\n---\nHello\n',
  );
  const { code, stderr } = await runHere(['render', 'bad.prompd'], { cwd });
  t.is(code, 2);
  t.regex(stderr, /bad\.prompd:3:10 EPROMPTFIELD/);
});

test('-o writes the text byte for byte and leaves stdout empty', async t => {
  const cwd = folder(t);
  const args = ['render', 'greet.prompd', '-p', 'whom=\u001b[31mAda', '--format', 'text', '-o', 'out.txt'];
  const { code, stdout } = await runHere(args, { cwd });
  t.deepEqual({ code, stdout }, { code: 0, stdout: '' });
  t.is(readFileSync(path.join(cwd, 'out.txt'), 'utf8'), 'Be kind.\n\nGreet \u001b[31mAda 1 times.');
});

test('a file that cannot be written is EIO with the reason', async t => {
  const { code, stderr } = await runHere(
    ['render', 'greet.prompd', '-p', 'whom=Ada', '-o', 'no/such/folder.txt'],
    {
      cwd: folder(t),
    },
  );
  t.is(code, 1);
  t.regex(stderr, /EIO[\s\S]+ENOENT/);
});

test('a prompt does not read files outside of the folder the user works in', async t => {
  const cwd = folder(t);
  const above = path.basename(cwd);
  writeFileSync(
    path.join(cwd, 'evil.prompd'),
    `---\nname: evil\nversion: 1.0.0\ncontexts: [../${above}.md, /etc/hostname, ../../etc/hostname]\n---\nHello\n`,
  );
  const { code, stderr } = await runHere(['render', 'evil.prompd'], { cwd });
  t.not(code, 0);
  t.regex(stderr, /ENOFILE|EBADSPEC/);
});

for (const [word, code, exit] of [
  ['missing.prompd', 'ENOFILE', 5],
  ['@acme/missing', 'ENOTINSTALLED', 5],
  ['@acme/missing@^1.0.0:x', 'ENOTINSTALLED', 5],
  ['@acme', 'EBADSPEC', 2],
  ['@acme/x:../y', 'EBADSPEC', 2],
] as const) {
  test(`rendering ${word} ends with ${code}, exit ${exit}`, async t => {
    const result = await runHere(['render', word, '--json'], { cwd: folder(t) });
    t.is(result.code, exit);
    t.like(result.json(), { error: { code } });
  });
}

test('a device is not called missing: it is told that a prompt is a file', async t => {
  const { code, stderr } = await runHere(['render', '/dev/null'], { cwd: folder(t) });
  t.is(code, 5);
  t.regex(stderr, /is a pipe or a device, and no file/);
});

test('an id of the package that the user works in, or one like it, comes with the file to name', async t => {
  const cwd = folder(t);
  const manifest = { name: '@acme/hello', version: '1.0.0', prompts: { welcome: 'greet.prompd' } };
  writeFileSync(path.join(cwd, 'prompd.json'), JSON.stringify(manifest));
  const context = await testContext({ cwd });
  const hint = async (prompt: string) => {
    const error = await t.throwsAsync(render(context, { prompt, assignments: [], files: [], roles: [] }), {
      code: 'ENOTINSTALLED',
    });
    return error instanceof PrompdError ? error.hint : undefined;
  };
  const own = '"welcome" is a prompt of the package in this folder: name its file, "greet.prompd".';
  t.is(await hint('welcome'), own);
  t.is(await hint('wellcome'), own);
  t.is(await hint('@acme/hello:welcome'), own);
  t.is(await hint('@acme/other:welcome'), 'Run "prompd install @acme/other".');
  writeFileSync(
    path.join(cwd, 'prompd.json'),
    JSON.stringify({ ...manifest, prompts: { a: 'greet.prompd' } }),
  );
  t.is(
    await hint('@acme/other:welcome'),
    'Run "prompd install @acme/other".',
    'an id of one letter is like nothing',
  );
});

test('control characters reach a pipe as they are and a terminal never', async t => {
  const cwd = folder(t);
  const context = await testContext({ cwd });
  const args = { json: false, verbose: false, quiet: false, cwd: undefined, registry: undefined };
  const flags = {
    prompt: 'greet.prompd',
    param: ['whom=\u001b[31mAda'],
    file: [],
    format: 'text',
    section: [],
  };
  const { text } = await command.run({ ...args, ...flags }, context);
  const style = styleFor(false);
  t.is(text(style, false), 'Be kind.\n\nGreet \u001b[31mAda 1 times.');
  t.is(text(style, true), 'Be kind.\n\nGreet \ufffd[31mAda 1 times.');
});

function folder(t: Parameters<typeof tempDir>[0]): string {
  const cwd = tempDir(t);
  const write = (name: string, content: string | Uint8Array) => writeFileSync(path.join(cwd, name), content);
  write('greet.prompd', PROMPT);
  write('note.md', 'A note.');
  write('scan.bin', new Uint8Array([255, 0, 254]));
  write('values.yaml', 'times: 2\ntags: [y]\n');
  write('values.json', '{"times": 4}');
  return cwd;
}
