import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { readPackageManifest } from '#prompd/core/manifest.js';
import { init, nameFromFolder } from '#prompd/ops/prompts/init.js';
import { TEMPLATES } from '#prompd/templates/index.js';
import { testContext } from '../../support/context.js';
import { tempDir } from '../../support/temp.js';

const NOTHING = { dir: '.', yes: true } as const;

for (const { kind } of TEMPLATES) {
  test(`the template ${kind} becomes a package with a valid manifest, and every prompt it names`, async t => {
    const cwd = path.join(tempDir(t), 'my-prompts');
    const result = await init(await testContext({ cwd }), { ...NOTHING, template: kind });
    const manifest = readPackageManifest(readFileSync(path.join(cwd, 'prompd.json'), 'utf8'));
    t.is(String(manifest.name), 'my-prompts');
    t.deepEqual(result.files, [...result.files].sort());
    for (const file of Object.values(manifest.prompts ?? {})) t.true(existsSync(path.join(cwd, file)), file);
  });
}

test('options that are given appear in the manifest, and the default template is blank', async t => {
  const cwd = tempDir(t);
  const options = { name: '@acme/x', description: 'For x.', author: 'A <a@example.com>', license: 'MIT' };
  const result = await init(await testContext({ cwd }), { ...NOTHING, ...options });
  t.is(result.template, 'blank');
  t.like(JSON.parse(readFileSync(path.join(cwd, 'prompd.json'), 'utf8')), options);
});

test('a name without a scope gets the scope that is configured for publishing', async t => {
  const cwd = path.join(tempDir(t), 'triage');
  const result = await init(await testContext({ cwd, publishScope: '@acme' }), NOTHING);
  t.is(String(result.name), '@acme/triage');
});

for (const existing of ['prompd.json', 'README.md', 'prompts/main.prompd']) {
  test(`when ${existing} exists, nothing is written and the error names it`, async t => {
    const cwd = tempDir(t);
    mkdirSync(path.dirname(path.join(cwd, existing)), { recursive: true });
    writeFileSync(path.join(cwd, existing), 'mine');
    const before = readdirSync(cwd, { recursive: true });
    const error = await t.throwsAsync(init(await testContext({ cwd }), NOTHING), { code: 'EEXISTS' });
    t.true(error?.message.includes(existing));
    t.deepEqual(readdirSync(cwd, { recursive: true }), before);
    t.is(readFileSync(path.join(cwd, existing), 'utf8'), 'mine');
  });
}

test('a link that leads nowhere counts as a file that exists', async t => {
  const cwd = tempDir(t);
  symlinkSync(path.join(cwd, 'nowhere'), path.join(cwd, 'README.md'));
  await t.throwsAsync(init(await testContext({ cwd }), NOTHING), { code: 'EEXISTS' });
  t.deepEqual(readdirSync(cwd), ['README.md']);
});

test('when a file cannot be written, those written before it are taken away again', async t => {
  const cwd = tempDir(t);
  writeFileSync(path.join(cwd, 'prompts'), 'a file where the folder should be');
  await t.throwsAsync(init(await testContext({ cwd }), NOTHING));
  t.deepEqual(readdirSync(cwd), ['prompts']);
});

test('an unknown template is an error with the list of those there are', async t => {
  const error = await t.throwsAsync(
    init(await testContext({ cwd: tempDir(t) }), { ...NOTHING, template: 'revewer' }),
    {
      code: 'EUSAGE',
    },
  );
  t.like(error, {
    hint: 'Did you mean "reviewer"?',
    facts: { templates: TEMPLATES.map(({ kind }) => kind) },
  });
});

test('a name that breaks the rules is refused before anything is written', async t => {
  const cwd = tempDir(t);
  await t.throwsAsync(init(await testContext({ cwd }), { ...NOTHING, name: 'Not Valid' }), {
    code: 'EBADNAME',
  });
  t.deepEqual(readdirSync(cwd), []);
});

test('on a terminal it asks for name, description and template, and again after an answer that cannot be used', async t => {
  const asked: string[] = [];
  const answers = ['Not Valid', '@acme/asked', 'For asking.', 'nonsense', 'classifier'];
  const ask = async (question: string) => {
    asked.push(question.split(' ')[0] ?? '');
    return answers.shift() ?? '';
  };
  const cwd = tempDir(t);
  const result = await init(await testContext({ cwd, ask }), { dir: '.', yes: false });
  t.deepEqual(asked, ['name', 'name', 'description:', 'template', 'template']);
  t.like(result, { name: '@acme/asked', template: 'classifier' });
  t.like(JSON.parse(readFileSync(path.join(cwd, 'prompd.json'), 'utf8')), { description: 'For asking.' });
});

test('empty answers take the defaults', async t => {
  const cwd = path.join(tempDir(t), 'fallback');
  const result = await init(await testContext({ cwd, ask: async () => '' }), { dir: '.', yes: false });
  t.like(result, { name: 'fallback', template: 'blank' });
});

test('with --yes nothing is asked even where somebody could answer', async t => {
  const ask = () => Promise.reject(new Error('asked'));
  await t.notThrowsAsync(init(await testContext({ cwd: tempDir(t), ask }), NOTHING));
});

const NAMES: readonly [string, string][] = [
  ['/home/x/My Prompts', 'my-prompts'],
  ['/home/x/Überprüfung', 'uberprufung'],
  ['/home/x/.hidden', 'hidden'],
  ['/home/x/node_modules', 'node_modules-prompts'],
  ['/home/x/日本', 'prompts'],
  ['/', 'prompts'],
];
for (const [folder, name] of NAMES) {
  test(`the folder ${folder} suggests the name ${name}`, t => {
    t.is(String(nameFromFolder(folder, undefined)), name);
    t.true(nameFromFolder(folder, '@acme').startsWith('@acme/'));
  });
}
