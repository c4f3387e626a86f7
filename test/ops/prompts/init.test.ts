import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { readPackageManifest } from '#prompd/core/manifest.js';
import { type InitOptions, init, nameFromFolder } from '#prompd/ops/prompts/init.js';
import { type InitField, type InitForm, NO_ANSWERS } from '#prompd/ops/prompts/init-form.js';
import { validate } from '#prompd/ops/prompts/validate.js';
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

const GIVEN_NOTHING = { dir: '.', yes: false } as const;

test('what the user fills in appears in every file, the first prompt under its own id', async t => {
  const cwd = tempDir(t);
  const context = await testContext({ cwd });
  const answers = {
    name: '@acme/asked',
    version: '1.2.0',
    description: 'For asking.',
    template: 'classifier',
    author: 'Team <team@example.com>',
    license: 'MIT',
    prompt: 'sort-mail',
  };
  const result = await init(context, { ...GIVEN_NOTHING, fill: async () => answers });
  t.like(result, { name: '@acme/asked', template: 'classifier' });
  const { prompt: _prompt, template: _template, ...said } = answers;
  t.like(readPackageManifest(readFileSync(path.join(cwd, 'prompd.json'), 'utf8')), {
    ...said,
    main: 'sort-mail',
    prompts: { 'sort-mail': 'prompts/sort-mail.prompd' },
  });
  t.regex(
    readFileSync(path.join(cwd, 'prompts/sort-mail.prompd'), 'utf8'),
    /^---\nname: sort-mail\nversion: 1\.2\.0\n/,
  );
  t.regex(readFileSync(path.join(cwd, 'README.md'), 'utf8'), /@acme\/asked:sort-mail /);
  t.deepEqual((await validate(context, { targets: ['.'], strict: true })).problems, []);
});

test('empty answers take the defaults', async t => {
  const cwd = path.join(tempDir(t), 'fallback');
  const result = await init(await testContext({ cwd }), {
    ...GIVEN_NOTHING,
    fill: async ({ given }) => given,
  });
  t.like(result, { name: 'fallback', template: 'blank' });
  const manifest = readPackageManifest(readFileSync(path.join(cwd, 'prompd.json'), 'utf8'));
  t.like(manifest, {
    version: '0.1.0',
    license: 'UNLICENSED',
    description: 'Prompts of fallback',
    main: 'main',
  });
});

test('with --yes nothing is asked even where somebody could answer', async t => {
  const fill = () => Promise.reject(new Error('asked'));
  await t.notThrowsAsync(init(await testContext({ cwd: tempDir(t) }), { ...NOTHING, fill }));
});

test('what is wrong with an option is said before anything is asked', async t => {
  const context = await testContext({ cwd: tempDir(t) });
  const fill = () => Promise.reject(new Error('asked'));
  const start = (options: Partial<InitOptions>) => init(context, { ...GIVEN_NOTHING, fill, ...options });
  await t.throwsAsync(start({ version: '1.0' }), { code: 'EBADVERSION' });
  await t.throwsAsync(start({ prompt: 'Not An Id' }), { code: 'EMANIFEST' });
  await t.throwsAsync(start({ license: 'x'.repeat(300) }), { code: 'EMANIFEST' });
});

const WRONG: readonly [InitField, string][] = [
  ['name', 'Not Valid'],
  ['version', '1.0'],
  ['description', 'x'.repeat(1001)],
  ['template', 'poem'],
  ['author', 'x'.repeat(301)],
  ['license', 'x'.repeat(257)],
  ['prompt', 'Main'],
];
for (const [field, answer] of WRONG) {
  test(`a ${field} that the manifest would refuse is a problem of the form, its default is none`, async t => {
    const forms: InitForm[] = [];
    const fill = async (form: InitForm) => {
      forms.push(form);
      return form.given;
    };
    await init(await testContext({ cwd: tempDir(t) }), { ...GIVEN_NOTHING, fill });
    const [form] = forms;
    t.truthy(form?.problem(field, { ...NO_ANSWERS, [field]: answer })?.message);
    t.is(form?.problem(field, NO_ANSWERS), undefined);
  });
}

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
