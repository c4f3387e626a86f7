import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestFn } from 'ava';
import test from 'ava';
import { diffFiles } from '#prompd/compare/diff-files.js';
import { type DiffOptions, diff, type PackageDiff } from '#prompd/ops/version/diff.js';
import { diffText } from '#prompd/output/diff.js';
import { styleFor } from '#prompd/output/style.js';
import { memoryTree } from '#prompd/tarball/memory-tree.js';
import { testContext } from '../../support/context.js';
import { packTest } from '../../support/registry.js';
import { type Teardown, tempDir } from '../../support/temp.js';
import { makeScene, sharedRegistry } from '../scene.js';

const PROMPT = (parameters: string, text = 'Say {{ word }}.') =>
  `---\nname: say\nversion: "1.0.0"\nparameters:\n${parameters}---\n# User\n${text}\n`;
const WORD = '  - {name: word, type: string, required: true}\n';
const OLD = PROMPT(
  `${WORD}  - {name: tone, enum: [warm, dry]}\n`,
  'Say {{ word }} {{ tone | default("") }}.',
);
const NEW = PROMPT(WORD, 'Say {{ word }}!');

const manifest = (version: string, more: object = {}) => ({
  name: '@acme/say',
  version,
  description: 'Says a word',
  license: 'MIT',
  prompts: { say: 'say.prompd' },
  ...more,
});

const registry = sharedRegistry(test as TestFn, async running => {
  const files = { 'say.prompd': OLD, 'README.md': 'old\n', 'logo.png': '\u0000a' };
  await running.publish(manifest('1.2.3', { dependencies: { '@acme/base': '^1.0.0' } }), files);
  await running.publish(manifest('2.0.0', { models: [{ provider: 'openai', model: 'm' }] }), {
    'say.prompd': NEW,
    'README.md': 'new\n',
    'logo.png': '\u0000b',
    'more.md': 'more\n',
  });
  await running.publish(manifest('3.0.0-beta.1'), { 'say.prompd': NEW }, '?tag=next');
});

const SHOW_ALL = { contract: false, nameOnly: false };

async function diffIn(cwd: string, ...words: string[]): Promise<PackageDiff> {
  return diffWith(cwd, { packages: words, ...SHOW_ALL });
}

async function diffWith(cwd: string, options: DiffOptions): Promise<PackageDiff> {
  const env = { PROMPD_REGISTRY: registry().url };
  return diff(await testContext({ cwd, home: path.join(cwd, '.home'), env }), options);
}

function packageDir(t: Teardown, version: string, text: string): string {
  const dir = tempDir(t);
  writeFileSync(path.join(dir, 'prompd.json'), JSON.stringify(manifest(version)));
  writeFileSync(path.join(dir, 'say.prompd'), text);
  return dir;
}

const brief = ({ before, after, order, level, needed }: PackageDiff) => ({
  from: before.version,
  to: after.version,
  order,
  level,
  needed: needed && `${needed.version}${needed.enough ? '' : '!'}`,
});

test('two published versions: contracts, manifest and files, and that the step is large enough', async t => {
  const result = await diffIn(tempDir(t), '@acme/say@1', '@acme/say@2');
  t.deepEqual(brief(result), {
    from: '1.2.3',
    to: '2.0.0',
    order: 'newer',
    level: 'breaking',
    needed: '2.0.0',
  });
  t.deepEqual(
    result.changes.map(({ kind, level }) => `${level} ${kind}`),
    ['breaking parameter-removed', 'patch text'],
  );
  t.deepEqual(result.manifest, [
    { field: 'dependencies.@acme/base', before: '^1.0.0' },
    { field: 'models.openai/m', after: {} },
  ]);
  t.deepEqual(
    result.files.map(({ path, status, note }) => [path, status, note].filter(Boolean).join(' ')),
    [
      'README.md changed',
      'logo.png changed binary',
      'more.md added',
      'prompd.json changed',
      'say.prompd changed',
    ],
  );
  t.is(
    diffText(result, styleFor(false), SHOW_ALL).replace(/\n\nprompd\.json changed[\s\S]*?\n\n/, '\n\n'),
    `@acme/say@1.2.3 -> @acme/say@2.0.0

  say
    breaking  The parameter "tone" was removed.
    patch     The text is another one.
breaking changes since 1.2.3: 2.0.0 is a large enough step

prompd.json
  dependencies.@acme/base: ^1.0.0 -> none
  models.openai/m: none -> {}

README.md changed
--- a/README.md
+++ b/README.md
@@ -1,1 +1,1 @@
-old
+new

logo.png changed, 2 B -> 2 B: no text

more.md added
--- /dev/null
+++ b/more.md
@@ -0,0 +1,1 @@
+more

say.prompd changed
--- a/say.prompd
+++ b/say.prompd
@@ -3,7 +3,6 @@
 version: "1.0.0"
 parameters:
   - {name: word, type: string, required: true}
-  - {name: tone, enum: [warm, dry]}
 ---
 # User
-Say {{ word }} {{ tone | default("") }}.
+Say {{ word }}!
 `.trimEnd(),
  );
});

test('going back says so and asks for no version', async t => {
  const result = await diffIn(tempDir(t), '@acme/say@2.0.0', '@acme/say@1.2.3');
  t.deepEqual(brief(result), {
    from: '2.0.0',
    to: '1.2.3',
    order: 'older',
    level: 'minor',
    needed: undefined,
  });
  t.regex(diffText(result, styleFor(false), SHOW_ALL), /minor changes, going back to 1\.2\.3/);
});

test('in the folder of a package, with the release before it', async t => {
  const cwd = packageDir(t, '1.2.4', NEW);
  t.deepEqual(brief(await diffIn(cwd)), {
    from: '1.2.3',
    to: '1.2.4',
    order: 'newer',
    level: 'breaking',
    needed: '2.0.0!',
  });
  const text = diffText(await diffIn(cwd), styleFor(false), SHOW_ALL);
  t.regex(text, /the next version must be 2\.0\.0 or higher, and 1\.2\.4 is not/);
});

test('a package whose version is published already is compared with that very version', async t => {
  t.deepEqual(brief(await diffIn(packageDir(t, '2.0.0', OLD))), {
    from: '2.0.0',
    to: '2.0.0',
    order: 'same',
    level: 'minor',
    needed: '2.1.0!',
  });
});

test('one version of the package that the user works in is compared with the folder', async t => {
  const result = await diffIn(packageDir(t, '2.0.1', NEW), '@acme/say@1.2.3');
  t.like(brief(result), { from: '1.2.3', to: '2.0.1', order: 'newer' });
});

test('a package without a version is its latest one', async t => {
  t.like(brief(await diffIn(packageDir(t, '2.0.1', NEW), '@acme/say')), { from: '2.0.0' });
});

test('folders and archives are compared with each other', async t => {
  const cwd = tempDir(t);
  const packed = await packTest(manifest('1.0.0'), { 'say.prompd': OLD });
  writeFileSync(path.join(cwd, 'old.tgz'), packed.bytes);
  const folder = packageDir(t, '1.0.1', NEW);
  const result = await diffIn(cwd, 'old.tgz', path.relative(cwd, folder));
  t.like(brief(result), { from: '1.0.0', to: '1.0.1', needed: '2.0.0!' });
  t.is(result.before.title, 'old.tgz');
});

test('the same package twice has no differences', async t => {
  const result = await diffIn(tempDir(t), '@acme/say@2.0.0', '@acme/say@2.0.0');
  t.deepEqual([result.changes, result.manifest, result.files, result.level], [[], [], [], undefined]);
  t.regex(diffText(result, styleFor(false), SHOW_ALL), /\n\nnothing differs$/);
});

test('--contract looks at no file, --name-only only names them', async t => {
  const packages = ['@acme/say@1', '@acme/say@2'];
  const contract = await diffWith(tempDir(t), { packages, contract: true, nameOnly: false });
  t.deepEqual([contract.files.length, contract.changes.length], [0, 2]);
  t.notRegex(diffText(contract, styleFor(false), { contract: true, nameOnly: false }), /prompd\.json/);
  const names = await diffWith(tempDir(t), { packages, contract: false, nameOnly: true });
  t.is(
    diffText(names, styleFor(false), { contract: false, nameOnly: true }),
    'README.md\nlogo.png\nmore.md\nprompd.json\nsay.prompd',
  );
  t.true(names.files.every(({ patch }) => patch === undefined));
});

const REFUSED: readonly [title: string, words: string[], code: string][] = [
  ['a folder without a package', [], 'ENOMANIFEST'],
  ['a package that is not installed', ['@acme/say@1'], 'ENOTINSTALLED'],
  ['a version that there is not', ['@acme/say@9', '@acme/say@1'], 'ENOVERSION'],
  ['a package that there is not', ['@acme/none@1', '@acme/say@1'], 'ENOTFOUND'],
  ['a path that there is not', ['./none', '@acme/say@1'], 'ENOFILE'],
  ['a file that is no archive', ['notes.md', '@acme/say@1'], 'EUSAGE'],
];

for (const [title, words, code] of REFUSED) {
  test(`refused: ${title}`, async t => {
    const cwd = tempDir(t);
    writeFileSync(path.join(cwd, 'notes.md'), 'x');
    const error = await t.throwsAsync(diffIn(cwd, ...words));
    t.like(error, { code });
  });
}

test('an installed package is compared with the version that was named; stdout is the result', async t => {
  const scene = makeScene(t, registry().url, { manifest: { dependencies: { '@acme/say': '2.0.0' } } });
  await scene.good('install');
  const result = (await scene.good('diff', '@acme/say@1.2.3', '--json')).json<PackageDiff>();
  t.is(result.before.title, '@acme/say@2.0.0 (installed)');
  t.like(brief(result), { to: '1.2.3' });
  const text = await scene.good('diff', '@acme/say@1', '@acme/say@2', '--name-only');
  t.is(text.stdout, 'README.md\nlogo.png\nmore.md\nprompd.json\nsay.prompd\n');
  t.is((await scene.run('diff', '--contract', '--name-only', '--json')).code, 1);
  const nowhere = [`--registry=${registry().url}`, '--offline', '--json'];
  const cached = await scene.good('diff', '@acme/say@1.2.3', '@acme/say@2.0.0', ...nowhere);
  t.like(brief(cached.json<PackageDiff>()), { from: '1.2.3', to: '2.0.0' });
  const missing = await scene.run('diff', '@acme/base@1.0.0', '@acme/base@1.0.1', ...nowhere);
  t.is(missing.code, 6);
  t.like(missing.json(), { error: { code: 'EOFFLINE' } });
});

const NOW = () => new Date();

test('a hostile file moves no cursor and hides nothing', async t => {
  const tree = (text: string) => memoryTree([['a.md', text]]);
  const files = await diffFiles(tree('x\n'), tree('\u001b[2Jx\u202eevil\u200b\r\n'), {
    patches: true,
    now: NOW,
  });
  const result = { ...(await diffIn(tempDir(t), '@acme/say@2.0.0', '@acme/say@2.0.0')), files };
  const text = diffText(result, styleFor(false), SHOW_ALL);
  t.true(text.includes('\n+\ufffd[2Jx<U+202E>evil<U+200B>'));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  t.notRegex(text, /[\u001b\r\u202e\u200b]/);
});

test('files too large or too different are named with the reason, in little time', async t => {
  const lines = (mark: string) => Array.from({ length: 60_000 }, (_, line) => `${mark}${line}`).join('\n');
  const start = performance.now();
  const files = await diffFiles(
    memoryTree([
      ['different.md', lines('a')],
      ['large.md', 'x'.repeat(600_000)],
      ['removed.bin', new Uint8Array([255, 254])],
    ]),
    memoryTree([
      ['different.md', lines('b')],
      ['large.md', 'y'.repeat(600_000)],
    ]),
    { patches: true, now: NOW },
  );
  t.deepEqual(
    files.map(({ path, status, note }) => [path, status, note]),
    [
      ['different.md', 'changed', 'too different'],
      ['large.md', 'changed', 'too large'],
      ['removed.bin', 'removed', 'binary'],
    ],
  );
  t.true(performance.now() - start < 10_000);
});

test('files that come after too long a time are only named', async t => {
  let calls = 0;
  const now = () => new Date(calls++ === 0 ? 0 : 60_000);
  const files = await diffFiles(memoryTree([]), memoryTree([['a.md', 'a']]), { patches: true, now });
  t.deepEqual(files, [{ path: 'a.md', status: 'added', sizeAfter: 1, note: 'left out' }]);
});
