import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import type { Diagnostic } from 'vscode-languageserver-protocol';
import { LanguageClient } from '../support/language-client.js';
import { tempDir } from '../support/temp.js';

let client: LanguageClient;
let folder: string;

test.before('a server starts', async () => {
  const undo: (() => void | Promise<void>)[] = [];
  folder = tempDir({ teardown: step => void undo.push(step) });
  client = await LanguageClient.start({ folders: [folder], home: path.join(folder, 'home') });
  ends.push(...undo);
});

const ends: (() => void | Promise<void>)[] = [];

test.after.always('the server stops', async () => {
  client.child.kill('SIGKILL');
  for (const step of ends) await step();
});

/** Writes a file into a folder of the test's own. */
function write(dir: string, file: string, text: string): string {
  const target = path.join(folder, dir, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
  return target;
}

/** What a diagnostic's range covers in a text whose lines end in `\n`. */
function covered(text: string, { range: { start, end } }: Diagnostic): string {
  const lines = text.split(/\r\n|\r|\n/);
  const line = lines[start.line] ?? '';
  return start.line === end.line ? line.slice(start.character, end.character) : line.slice(start.character);
}

async function codes(file: string, text: string): Promise<string[]> {
  await client.edit(file, text);
  const found = await client.diagnostics(file);
  return found.map(one => `${one.code} ${covered(text, one)}`);
}

const HEAD = '---\nname: hi\nversion: "1.0.0"\nparameters:\n  - name: word\n---\n';

test('a prompt without faults has no diagnostics', async t => {
  const file = write('clean', 'hi.prompd', '');
  t.deepEqual(await codes(file, `${HEAD}Say {{ word }}.\n`), []);
});

const FAULTS: readonly [string, string, string][] = [
  ['an unknown name in a tag', `${HEAD}Say {{ word }} {{ wrod }}.\n`, 'EUNDEFINED wrod'],
  ['a parameter that is never used', `${HEAD}Say it.\n`, 'EUNUSED word'],
  [
    'a field that is misspelt',
    `${HEAD.replace('name: hi', 'name: hi\ndescripton: x')}{{ word }}\n`,
    'EPROMPTFIELD descripton',
  ],
  ['a version that is a number', `${HEAD.replace('"1.0.0"', '1.0')}{{ word }}\n`, 'EPROMPTFIELD 1.0'],
  [
    'a parent that is not there',
    `${HEAD.replace('parameters', 'inherits: ./none.prompd\nparameters')}{{ word }}\n`,
    'ENOFILE ./none.prompd',
  ],
  ['a template that is never closed', `${HEAD}{{ word }} {% if word %}x\n`, 'ETEMPLATE {% if word %}'],
  ['hidden characters', `${HEAD}{{ word }} a\u200b\u200b\u200bb\n`, 'ESCAN \u200b\u200b\u200b'],
  [
    'a character outside of the first plane before the place',
    `${HEAD}{{ word }} 👩‍💻 {{ wrod }}\n`,
    'EUNDEFINED wrod',
  ],
  ['Windows line ends', `${HEAD}{{ word }}\n{{ wrod }}\n`.replaceAll('\n', '\r\n'), 'EUNDEFINED wrod'],
  ['line ends of old Macs', `${HEAD}{{ word }}\n{{ wrod }}\n`.replaceAll('\n', '\r'), 'EUNDEFINED wrod'],
];

for (const [title, text, expected] of FAULTS) {
  test(`${title}: the diagnostic covers exactly what is wrong`, async t => {
    const file = write(title.replaceAll(' ', '-'), 'hi.prompd', text);
    t.deepEqual(await codes(file, text), [expected]);
  });
}

test('a diagnostic has the advice of its finding, and says what it is about', async t => {
  const file = write('hint', 'hi.prompd', '');
  await client.edit(file, `${HEAD}{{ word }} {{ wrod }}`);
  const [first] = await client.diagnostics(file);
  t.is(first?.message, '"wrod" is not a parameter.\nDid you mean "word"?');
  t.is(first?.source, 'prompd');
  t.is(first?.severity, 1);
});

test('a parent that changes in the editor, unsaved, changes the diagnostics of its child', async t => {
  const parent = write(
    'chain',
    'base.prompd',
    '---\nname: base\nparameters:\n  - name: topic\n---\n# User\n\nOn {{ topic }}.\n',
  );
  const childText = '---\nname: child\ninherits: ./base.prompd\n---\n# Context\n\nAbout {{ topic }}.\n';
  const child = write('chain', 'child.prompd', childText);
  t.deepEqual(await codes(child, childText), []);
  const broken = '---\nname: base\nparameters:\n  - name: theme\n---\n# User\n\nOn {{ theme }}.\n';
  await client.edit(parent, broken);
  const [undefinedName] = await client.diagnostics(child, found => found.length > 0);
  t.is(undefinedName?.code, 'EUNDEFINED');
  const worse = '---\nname: base\nparameters:\n  - nam: theme\n---\nx\n';
  await client.edit(parent, worse);
  const [through] = await client.diagnostics(child, found => found[0]?.code === 'EPARAMETERDEF');
  t.is(covered(childText, through as Diagnostic), './base.prompd');
  t.is(through?.relatedInformation?.[0]?.location.uri, pathToFileURL(parent).href);
  t.is(through?.relatedInformation?.[0]?.location.range.start.line, 3);
  await client.close(parent);
  t.deepEqual(await client.diagnostics(child, found => found.length === 0), [], 'the saved one counts again');
});

test('closing a document clears its diagnostics', async t => {
  const file = write('close', 'hi.prompd', 'nothing');
  await client.edit(file, 'nothing');
  t.is((await client.diagnostics(file)).length, 1);
  await client.close(file);
  t.deepEqual(await client.diagnostics(file, found => found.length === 0), []);
});

test('a manifest has the faults of its schema, its prompts and its dependencies, each at its place', async t => {
  const text = JSON.stringify(
    {
      name: '@acme/x',
      version: '1.0',
      licens: 'MIT',
      keywords: 'none',
      prompts: { hi: 'hi.prompd', gone: 'gone.prompd' },
      main: 'hello',
      dependencies: { '@acme/tone': '^1.0.0' },
    },
    null,
    2,
  );
  write('manifest', 'hi.prompd', `${HEAD}{{ word }}`);
  const file = write('manifest', 'prompd.json', text);
  t.deepEqual((await codes(file, text)).sort(), [
    'EBADVERSION "1.0"',
    'EMANIFEST "none"',
    'EMANIFESTFIELD "MIT"',
    'ENOPROMPT "hello"',
  ]);
  const mended = text.replace('"1.0"', '"1.0.0"').replace('"none"', '["a"]').replace('"hello"', '"hi"');
  t.deepEqual((await codes(file, mended)).sort(), [
    'EMANIFESTFIELD "MIT"',
    'ENOFILE "gone.prompd"',
    'ENOTINSTALLED "^1.0.0"',
  ]);
});

test('a manifest that is no JSON, or has old line ends, is no reason to stop', async t => {
  const file = write('broken', 'prompd.json', '');
  const [broken] = await codes(file, '{ "name": ');
  t.regex(broken ?? '', /^EBADJSON/);
  const text = '{\r\n  "name": "@acme/x",\r\n  "version": "one"\r\n}\r\n';
  t.deepEqual(await codes(file, text), ['EBADVERSION "one"']);
});

test('the packages of one workspace are told apart', async t => {
  for (const name of ['a', 'b']) {
    write(
      `several/${name}`,
      'prompd.json',
      JSON.stringify({ name: `@acme/${name}`, version: '1.0.0', prompts: { p: 'p.prompd' } }),
    );
    write(
      `several/${name}`,
      'base.prompd',
      `---\nname: base\nparameters:\n  - name: ${name}\n---\n{{ ${name} }}\n`,
    );
  }
  const text = '---\nname: p\ninherits: ./base.prompd\n---\n# Context\n\n{{ a }}\n';
  t.deepEqual(await codes(write('several/a', 'p.prompd', text), text), []);
  t.deepEqual(await codes(write('several/b', 'p.prompd', text), text), ['EUNDEFINED a']);
});

test('a file outside of every open folder, and one that was never saved, are checked like others', async t => {
  const outside = tempDir(t);
  const file = path.join(outside, 'far.prompd');
  t.deepEqual(await codes(file, `${HEAD}{{ far }} {{ word }}`), ['EUNDEFINED far']);
  const uri = 'untitled:Untitled-1';
  await client.connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'prompd', version: 1, text: 'nothing' },
  });
  const [first] = await client.published(uri);
  t.is(first?.code, 'EPROMPT');
});

test('a file beyond the limits of the format has one diagnostic and does not keep others waiting', async t => {
  const file = path.join(folder, 'huge.prompd');
  await client.edit(file, `---\nname: huge\n---\n${'{{ x }} '.repeat(300_000)}`);
  const found = await client.diagnostics(file);
  t.is(found[0]?.code, 'EPROMPT');
  t.true(found.length < 30);
  t.deepEqual(await codes(path.join(folder, 'small.prompd'), `${HEAD}{{ word }}`), []);
});

test('the example packages have no errors', async t => {
  const source = path.join(import.meta.dirname, '../../../fixtures/packages/meeting-minutes/1.0.0');
  for (const file of ['prompts/minutes.prmd', 'prompts/actions.prmd', 'prompd.json']) {
    await client.edit(path.join(source, file), readFileSync(path.join(source, file), 'utf8'));
    const found = await client.diagnostics(path.join(source, file));
    t.deepEqual(
      found.filter(({ severity }) => severity === 1),
      [],
      file,
    );
  }
});
