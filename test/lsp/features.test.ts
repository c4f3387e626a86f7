import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import test from 'ava';
import type {
  CodeAction,
  CompletionItem,
  DocumentSymbol,
  Hover,
  Location,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver-protocol';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { sharedRegistry } from '../ops/scene.js';
import { runCli } from '../support/cli.js';
import { LanguageClient } from '../support/language-client.js';
import { removeTree, tempDir } from '../support/temp.js';
import { BASE, CHILD, CHILD_HEAD, FIXES, MANIFEST, PLACES, REFUSED } from './feature-tables.js';

let client: LanguageClient;
let folder: string;

sharedRegistry(test, async registry => {
  const prompt = '---\nname: calm\nparameters:\n  - name: mood\n---\n# System\n\nBe {{ mood }}.\n';
  const description = 'Tones *of* voice';
  await registry.publish(
    { name: '@acme/tone', version: '1.2.0', description, prompts: { calm: 'calm.prompd' } },
    { 'calm.prompd': prompt },
  );
  const deprecated = await registry.request('/packages/@acme%2ftone', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ deprecated: { '1.2.0': 'Use @acme/voice' } }),
  });
  if (!deprecated.ok) throw new Error(await deprecated.text());
  folder = tempDir({ teardown: () => {} });
  write('prompd.json', `${JSON.stringify(MANIFEST, null, 2)}\n`);
  write('base.prompd', BASE);
  write('child.prompd', CHILD);
  write('notes.md', 'Notes.\n');
  const home = path.join(folder, '.home');
  const env = { PROMPD_HOME: home, PROMPD_REGISTRY: registry.url };
  const { code, stderr } = await runCli(['install'], { cwd: folder, env });
  if (code !== 0) throw new Error(stderr);
  // From now on no registry can be asked.
  await registry.close();
  client = await LanguageClient.start({ folders: [folder], home, env });
});

test.after.always('the server stops', async () => {
  client?.child.kill('SIGKILL');
  await removeTree(folder);
});

function write(file: string, text: string): string {
  const target = path.join(folder, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
  return target;
}

let number = 0;

function nextNumber(): number {
  number += 1;
  return number;
}

/**
 * Opens a text that has the cursor where `¦` stands, as an unsaved file beside the others.
 * @returns what requests about that place take
 */
async function at(marked: string, name = `open-${nextNumber()}.prompd`) {
  const text = marked.replace('¦', '');
  const file = path.join(folder, name);
  const uri = await client.edit(file, text);
  const document = TextDocument.create(uri, 'prompd', 1, text);
  const position = document.positionAt(marked.indexOf('¦'));
  return { file, document, params: { textDocument: { uri }, position } };
}

async function labels(marked: string, name?: string): Promise<string[]> {
  const { params } = await at(marked, name);
  const items = await client.request<CompletionItem[]>('textDocument/completion', params);
  return items.map(({ label }) => label);
}

/** The text after the first item of that label was chosen. */
async function chosen(marked: string, label: string, name?: string): Promise<string> {
  const { params, document } = await at(marked, name);
  const items = await client.request<CompletionItem[]>('textDocument/completion', params);
  const edit = items.find(item => item.label === label)?.textEdit;
  if (!edit || !('range' in edit)) throw new Error(`no ${label} in ${items.map(item => item.label)}`);
  return TextDocument.applyEdits(document, [edit]);
}

async function hover(marked: string, name?: string): Promise<string> {
  const { params } = await at(marked, name);
  const found = await client.request<Hover | null>('textDocument/hover', params);
  const contents = found?.contents;
  return typeof contents === 'object' && 'value' in contents ? contents.value : '';
}

/** Path inside of the project or the store, and the line, from 0. */
async function definition(marked: string, name?: string): Promise<string | null> {
  const { params } = await at(marked, name);
  const found = await client.request<Location | null>('textDocument/definition', params);
  return found && `${path.relative(folder, fileURLToPath(found.uri))}:${found.range.start.line}`;
}

test('names in a tag are the own and inherited parameters, and what loops and sets bind', async t => {
  const names = await labels(`${CHILD_HEAD}---\n{% set x = 1 %}{% for item in topic %}{{ ¦ }}{% endfor %}`);
  for (const name of ['depth', 'topic', 'tone', 'item', 'loop', 'x']) t.true(names.includes(name), name);
  t.false((await labels(`${CHILD_HEAD}---\n{% for item in topic %}{% endfor %}{{ ¦ }}`)).includes('item'));
});

for (const [title, marked, label] of PLACES) {
  test(`completion ${title} offers "${label}"`, async t => {
    const found = await labels(marked);
    t.true(found.includes(label), found.join(' '));
  });
}

test('text outside of tags is nobody’s to complete, and neither is a text in a tag', async t => {
  t.deepEqual(await labels(`${CHILD_HEAD}---\nWords ¦`), []);
  t.deepEqual(await labels(`${CHILD_HEAD}---\n{{ "¦" }}`), []);
});

test('a parent is no plain file, and fields that are there are not offered again', async t => {
  t.false((await labels('---\nname: a\ninherits: ./¦\n---\n')).includes('./notes.md'));
  t.false((await labels('---\nname: a\nde¦\n---\n')).includes('name'));
});

test('what YAML would take for something else comes in quotes', async t => {
  t.is(
    await chosen('---\nname: a\ninherits: ¦\n---\n', '@acme/tone'),
    '---\nname: a\ninherits: "@acme/tone"\n---\n',
  );
  t.is(await chosen('---\nname: a\nver¦\n---\n', 'version'), '---\nname: a\nversion: \n---\n');
});

// These have the project's own manifest open, one after another.
test.serial(
  'prompd.json completes its fields, the values of the schema, locked packages and paths of prompts',
  async t => {
    const inside = (text: string) =>
      labels(`{\n  "name": "@acme/writing",\n  "version": "1.0.0",\n  ${text}\n}`, 'prompd.json');
    t.true((await inside('"des¦"')).includes('description'));
    t.false((await inside('"¦"')).includes('name'));
    t.deepEqual(await inside('"dependencies": { "¦" }'), ['@acme/tone']);
    t.deepEqual(await inside('"dependencies": { "@acme/tone": "¦" }'), ['^1.2.0', '~1.2.0', '1.2.0']);
    t.true((await inside('"prompts": { "base": "¦" }')).includes('base.prompd'));
    t.true((await inside('"private": ¦')).includes('true'));
    const tested = (parameters: string) =>
      inside(
        `"prompts": { "child": "child.prompd" }, "tests": [{ "prompt": "child", "parameters": { ${parameters} } }]`,
      );
    t.deepEqual((await tested('"¦"')).sort(), ['depth', 'tone', 'topic']);
    t.deepEqual((await tested('"topic": "x", "d¦"')).sort(), ['depth', 'tone']);
    t.deepEqual(await tested('"tone": ¦'), ['calm', 'bold']);
    t.deepEqual(await tested('"depth": ¦'), []);
    await client.close(path.join(folder, 'prompd.json'));
  },
);

test('hovering over a parameter tells its type, rules and where it is declared', async t => {
  const text = await hover(CHILD.replace('{{ topic', '{{ to¦pic'));
  t.regex(text, /\*\*topic\*\* `string`, required/);
  t.regex(text, /What it is about/);
  t.regex(text, /Declared in base\.prompd/);
  t.regex(await hover(BASE.replace('{tone}', '{to¦ne}')), /enum: `\["calm","bold"\]`/);
});

test('hovering over a field, a parent and a package tells what they are', async t => {
  t.regex(await hover('---\nname: a\nov¦erride:\n---\n'), /Section of the inherited prompt/);
  t.regex(await hover(CHILD.replace('./base', './ba¦se')), /\*\*base\*\*[\s\S]*Parameters: `topic`, `tone`/);
  const text = await hover('---\nname: a\ninherits: "@acme/to¦ne:calm"\n---\n');
  t.regex(text, /\*\*@acme\/tone\*\* 1\.2\.0/);
  t.regex(text, /Tones \\\*of\\\* voice/, 'texts of packages are shown as they are');
  t.regex(text, /Deprecated: Use @acme\/voice/);
  t.regex(text, /Parameters: `mood`/);
  t.is(await hover(`${CHILD_HEAD}---\nA topic¦ in text`), '');
});

test.serial('hovering in prompd.json tells what a field is, and what a dependency is locked as', async t => {
  const text = JSON.stringify(MANIFEST, null, 2);
  t.regex(await hover(text.replace('"^1.0', '"^1¦.0'), 'prompd.json'), /\*\*@acme\/tone\*\* 1\.2\.0/);
  t.regex(await hover(text.replace('"version', '"ver¦sion'), 'prompd.json'), /semantic version/);
  await client.close(path.join(folder, 'prompd.json'));
});

test('definitions lead to the parent, a package in the store, a declaration and a section', async t => {
  t.is(await definition(CHILD.replace('./base', './ba¦se')), 'base.prompd:0');
  t.is(
    await definition('---\nname: a\ninherits: "@acme/to¦ne:calm"\n---\n'),
    '.home/packages/@acme/tone@1.2.0/calm.prompd:0',
  );
  t.is(await definition(CHILD.replace('{{ topic', '{{ to¦pic')), 'base.prompd:3');
  t.regex((await definition(CHILD.replace('{{ depth', '{{ de¦pth'), 'own.prompd')) ?? '', /own\.prompd:4/);
  t.is(await definition(CHILD.replace('  rules', '  ru¦les')), 'base.prompd:14');
  t.is(await definition('---\nname: a\ninherits: ./base.prompd\n---\n# Sy¦stem\n\nx\n'), 'base.prompd:10');
  t.is(await definition(`${CHILD_HEAD}---\nWo¦rds`), null);
});

test.serial('definitions in prompd.json lead to prompts and packages', async t => {
  const text = JSON.stringify(MANIFEST, null, 2);
  t.is(await definition(text.replace('"base.prompd', '"ba¦se.prompd'), 'prompd.json'), 'base.prompd:0');
  t.is(
    await definition(text.replace('"prompt": "child', '"prompt": "ch¦ild'), 'prompd.json'),
    'child.prompd:0',
  );
  t.is(
    await definition(text.replace('"@acme/tone', '"@acme/to¦ne'), 'prompd.json'),
    '.home/packages/@acme/tone@1.2.0/prompd.json:0',
  );
  await client.close(path.join(folder, 'prompd.json'));
});

test('references of a parameter are those of every prompt that has it', async t => {
  const { params } = await at(BASE.replace('name: topic', 'name: to¦pic'), 'base.prompd');
  const found = await client.request<Location[]>('textDocument/references', {
    ...params,
    context: { includeDeclaration: true },
  });
  const files = found.map(({ uri, range }) => `${path.basename(fileURLToPath(uri))}:${range.start.line}`);
  t.true(
    ['base.prompd:3', 'base.prompd:12', 'child.prompd:11'].every(place => files.includes(place)),
    files.join(' '),
  );
});

test('the outline has parameters and sections', async t => {
  const { params } = await at(`¦${BASE}`);
  const found = await client.request<DocumentSymbol[]>('textDocument/documentSymbol', params);
  t.deepEqual(
    found.map(({ name }) => name),
    ['topic', 'tone', 'system', 'rules'],
  );
});

async function rename(marked: string, newName: string, name?: string): Promise<Record<string, string>> {
  const { params } = await at(marked, name);
  const edit = await client.request<WorkspaceEdit | null>('textDocument/rename', { ...params, newName });
  const changed: Record<string, string> = {};
  for (const change of edit?.documentChanges ?? []) {
    if (!('edits' in change)) continue;
    const { uri } = change.textDocument;
    const file = fileURLToPath(uri);
    const text = file.endsWith(name ?? '?') ? marked.replace('¦', '') : readFileSync(file, 'utf8');
    const edits = change.edits.filter((one): one is TextEdit => 'newText' in one);
    changed[path.basename(file)] = TextDocument.applyEdits(TextDocument.create(uri, '', 1, text), edits);
  }
  return changed;
}

test('renaming a parameter changes its declaration, its uses, those of children, and the tests of the manifest', async t => {
  const dir = 'renamed';
  write(`${dir}/prompd.json`, JSON.stringify(MANIFEST, null, 2));
  write(`${dir}/base.prompd`, BASE.replaceAll('\n', '\r\n'));
  write(`${dir}/child.prompd`, CHILD);
  write(`${dir}/other.prompd`, BASE.replace('name: base', 'name: other'));
  const changed = await rename(CHILD.replace('{{ topic', '{{ top¦ic'), 'subject', `${dir}/child.prompd`);
  t.deepEqual(
    Object.keys(changed).sort(),
    ['base.prompd', 'child.prompd', 'prompd.json'],
    'not other.prompd',
  );
  t.is(changed['base.prompd'], BASE.replaceAll('topic', 'subject').replaceAll('\n', '\r\n'));
  t.is(changed['child.prompd'], CHILD.replaceAll('topic', 'subject'));
  t.deepEqual(JSON.parse(changed['prompd.json'] ?? '').tests[0].parameters, { subject: 'rivers', depth: 2 });
  const single = await rename(BASE.replace('{tone}', '{to¦ne}'), 'voice', `${dir}/other.prompd`);
  t.is(
    single['other.prompd'],
    BASE.replace('name: tone', 'name: voice').replace('{{ tone', '{{ voice').replace('{tone}', '{voice}'),
  );
});

for (const [title, newName, reason, marked] of REFUSED) {
  test(`renaming to a name that is ${title} is refused`, async t => {
    await t.throwsAsync(rename(marked, newName, `refused-${newName}.prompd`), { message: reason });
  });
}

test('only parameters can be renamed', async t => {
  const { params } = await at(BASE.replace('{{ tone', '{{ to¦ne'));
  t.like(await client.request('textDocument/prepareRename', params), { placeholder: 'tone' });
  const words = await at(BASE.replace('Write', 'Wr¦ite'));
  t.is(await client.request('textDocument/prepareRename', words.params), null);
});

/** The text after the action of that title was taken. */
async function mended(text: string, title: string, name?: string): Promise<string> {
  const { file, document } = await at(`¦${text}`, name);
  const diagnostics = await client.diagnostics(file, found => found.length > 0);
  const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
    textDocument: { uri: document.uri },
    range: { start: { line: 0, character: 0 }, end: document.positionAt(text.length) },
    context: { diagnostics },
  });
  const action = actions.find(one => one.title === title);
  if (!action) throw new Error(`no "${title}" in ${actions.map(one => one.title).join(', ')}`);
  return TextDocument.applyEdits(document, action.edit?.changes?.[document.uri] ?? []);
}

for (const [title, text, action, expected] of FIXES) {
  test(`a code action ${title}`, async t => {
    const name = action.includes('nameless') || text === 'x' ? `${nextNumber()}/nameless.prompd` : undefined;
    t.is(await mended(text, action, name), expected);
  });
}

test('code actions add what a manifest lacks, correct its fields and drop prompts that are not there', async t => {
  const manifest = (n: number) => `m${n}/prompd.json`;
  t.is(
    await mended('{\n  "name": "@acme/x"\n}\n', 'Add "version"', manifest(1)),
    '{\n  "name": "@acme/x",\n  "version": "1.0.0"\n}\n',
  );
  t.is(
    await mended(
      '{\n  "name": "@acme/x",\n  "version": "1.0.0",\n  "licence": "MIT"\n}\n',
      'Change to "license"',
      manifest(2),
    ),
    '{\n  "name": "@acme/x",\n  "version": "1.0.0",\n  "license": "MIT"\n}\n',
  );
  t.is(
    await mended(
      '{\n  "name": "@acme/x",\n  "version": "1.0.0",\n  "prompts": {\n    "x": "x.prompd"\n  }\n}\n',
      'Remove the prompt "x"',
      manifest(3),
    ),
    '{\n  "name": "@acme/x",\n  "version": "1.0.0",\n  "prompts": {\n  }\n}\n',
  );
});

test('a cancelled request ends, and requests about what is not open have no answer', async t => {
  const uri = pathToFileURL(path.join(folder, 'never-opened.prompd')).href;
  const params = { textDocument: { uri }, position: { line: 0, character: 0 } };
  t.is(await client.request('textDocument/hover', params), null);
  const beyond = await at('---\nname: a\n---\nx¦');
  const far = { ...beyond.params, position: { line: 999, character: 999 } };
  t.is(await client.request('textDocument/hover', far), null);
  t.is(await client.request('textDocument/definition', far), null);
});
