import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import type { Context } from '#prompd/ops/context.js';
import { deprecate, yank } from '#prompd/ops/registry/deprecate.js';
import { addTag, listTags, removeTag } from '#prompd/ops/registry/dist-tag.js';
import { addOwner, listOwners, removeOwner } from '#prompd/ops/registry/owner.js';
import { unpublish } from '#prompd/ops/registry/unpublish.js';
import { ownersText } from '#prompd/output/owner.js';
import { styleFor } from '#prompd/output/style.js';
import { runCli } from '../../support/cli.js';
import { type TestContextOptions, testContext } from '../../support/context.js';
import { jsonBody } from '../../support/registry.js';
import { type Teardown, tempDir } from '../../support/temp.js';
import { sharedRegistry } from '../scene.js';

const VERSIONS = ['1.0.0', '1.1.0', '2.0.0-rc.1', '2.0.0'];
const shared = sharedRegistry(test, async registry => {
  for (const name of ['tagged', 'marked', 'yanked', 'cut', 'dropped', 'asked', 'owned', 'own', 'kept']) {
    for (const version of name === 'own' || name === 'owned' ? ['1.0.0'] : VERSIONS)
      await registry.publish({ name: `@acme/${name}`, version });
  }
  await registry.publish({
    name: '@acme/uses-cut',
    version: '1.0.0',
    dependencies: { '@acme/cut': '^1.0.0' },
  });
  await registry.request('/tokens', jsonBody('POST', { name: 'jane', scopes: ['publish'] }));
});

async function context(
  t: Teardown,
  { manifest, ...options }: Partial<TestContextOptions> & { manifest?: object } = {},
): Promise<Context & { readonly warnings: string[] }> {
  const { url, adminToken } = shared();
  const cwd = tempDir(t);
  if (manifest) writeFileSync(path.join(cwd, 'prompd.json'), JSON.stringify(manifest));
  const env = { PROMPD_REGISTRY: url, PROMPD_TOKEN: adminToken, ...options.env };
  const made = await testContext({ cwd, ...options, env });
  const warnings: string[] = [];
  return { ...made, warnings, progress: { ...made.progress, warn: text => void warnings.push(text) } };
}

test('a tag is added at a version or where another tag is, moved, listed with its history, and removed', async t => {
  const c = await context(t);
  t.like(await addTag(c, '@acme/tagged@1.0.0', 'stable'), { from: undefined, to: '1.0.0' });
  t.like(await addTag(c, '@acme/tagged@latest', 'stable'), { from: '1.0.0', to: '2.0.0' });
  t.like(await addTag(c, '@acme/tagged@1.1.0'), { tag: 'latest', from: '2.0.0', to: '1.1.0' });
  t.like(await addTag(c, '@acme/tagged@1.1.0'), { from: '1.1.0', to: '1.1.0' });
  const { distTags, moves } = await listTags(c, '@acme/tagged', { history: true });
  t.deepEqual(distTags, { latest: '1.1.0', stable: '2.0.0' });
  t.deepEqual(
    moves?.slice(-3).map(({ tag, from, to, actor }) => [tag, from, to, actor]),
    [
      ['stable', null, '1.0.0', 'admin'],
      ['stable', '1.0.0', '2.0.0', 'admin'],
      ['latest', '2.0.0', '1.1.0', 'admin'],
    ],
  );
  t.like(await removeTag(c, '@acme/tagged', 'stable'), { from: '2.0.0', to: undefined });
  const gone = await t.throwsAsync(removeTag(c, '@acme/tagged', 'stable'), { code: 'ENOVERSION' });
  t.like(gone, { hint: 'Run "prompd dist-tag ls @acme/tagged" to see its tags.' });
});

for (const [what, run, code] of [
  ['a range', (c: Context) => addTag(c, '@acme/tagged@^1.0.0', 'x1'), 'EUSAGE'],
  ['no version', (c: Context) => addTag(c, '@acme/tagged', 'x1'), 'EUSAGE'],
  ['a version that is not there', (c: Context) => addTag(c, '@acme/tagged@9.0.0', 'x1'), 'ENOVERSION'],
  ['a tag that is a version', (c: Context) => addTag(c, '@acme/tagged@1.0.0', '1.0.0'), 'EUSAGE'],
  ['a tag of 65 characters', (c: Context) => addTag(c, '@acme/tagged@1.0.0', 'a'.repeat(65)), 'EUSAGE'],
  ['a tag that an object has', (c: Context) => removeTag(c, '@acme/tagged', 'constructor'), 'ENOVERSION'],
  ['the tag latest to remove', (c: Context) => removeTag(c, '@acme/tagged', 'latest'), 'EUSAGE'],
  ['a folder', (c: Context) => listTags(c, './x'), 'EUSAGE'],
  ['a package that is not there', (c: Context) => listTags(c, '@acme/absent'), 'ENOTFOUND'],
  ['no name and no prompd.json', (c: Context) => listTags(c, undefined), 'ENOMANIFEST'],
] as const) {
  test(`changing tags with ${what} is ${code}`, async t => {
    await t.throwsAsync(run(await context(t)), { code });
  });
}

test('the versions in a range are deprecated, pre-releases in it too, and an empty message takes it back', async t => {
  const c = await context(t);
  const dry = await deprecate(c, '@acme/marked@>=1.1.0', { message: 'Use 3.', dryRun: true });
  t.deepEqual([...dry.changed] as string[], ['1.1.0', '2.0.0-rc.1', '2.0.0']);
  const done = await deprecate(c, '@acme/marked@>=1.1.0', { message: 'Use 3.' });
  t.deepEqual(done.changed, dry.changed, 'a dry run changes nothing');
  const again = await deprecate(c, '@acme/marked', { message: 'Use 3.' });
  t.deepEqual([...again.changed] as string[], ['1.0.0']);
  const one = await deprecate(c, '@acme/marked@2.0.0', { message: '' });
  t.deepEqual([...one.changed] as string[], ['2.0.0']);
  await t.throwsAsync(deprecate(c, '@acme/marked@^9.0.0', { message: 'x' }), { code: 'ENOVERSION' });
  await t.throwsAsync(deprecate(c, '@acme/marked', { message: 'x'.repeat(1001) }), { code: 'EUSAGE' });
});

test('a version is yanked and brought back, each once', async t => {
  const c = await context(t);
  const changed = async (options: object) => (await yank(c, '@acme/yanked@1.1.0', options)).changed.length;
  t.is(await changed({ dryRun: true }), 1);
  t.is(await changed({}), 1);
  t.is(await changed({}), 0);
  t.is(await changed({ undo: true }), 1);
  t.is(await changed({ undo: true }), 0);
  await t.throwsAsync(yank(c, '@acme/yanked@^1.0.0'), { code: 'EUSAGE' });
});

test('nothing is unpublished unless somebody confirms it', async t => {
  const silent = await context(t);
  const unasked = await t.throwsAsync(unpublish(silent, '@acme/asked@1.0.0', {}), {
    code: 'EUSAGE',
    message: /confirm/,
  });
  t.regex(`${Reflect.get(unasked ?? {}, 'hint')}`, /npm registries have "prompd deprecate"/);
  await t.throwsAsync(unpublish(silent, '@acme/asked', { yes: true }), {
    code: 'EUSAGE',
    message: /whole package/,
  });
  const questions: string[] = [];
  const answering = async (answer: string) => ({
    ...(await context(t)),
    ask: async (question: string) => {
      questions.push(question);
      return answer;
    },
  });
  await t.throwsAsync(unpublish(await answering(''), '@acme/asked@1.0.0', {}), { code: 'ECANCELLED' });
  t.like(await unpublish(silent, '@acme/asked@1.0.0', { dryRun: true }), { versions: ['1.0.0'] });
  t.like(await unpublish(await answering('y'), '@acme/asked@1.0.0', {}), { versions: ['1.0.0'] });
  t.regex(questions[0] ?? '', /@acme\/asked@1\.0\.0\? This cannot be undone/);
});

test('a version that others depend on is unpublished with a warning; the whole package only with force', async t => {
  const c = await context(t);
  const { dependents, wholePackage } = await unpublish(c, '@acme/cut@1.0.0', { yes: true });
  t.false(wholePackage);
  t.is(dependents?.total, 1);
  t.deepEqual(c.warnings, ['A package depends on @acme/cut: @acme/uses-cut (^1.0.0).']);
  await t.throwsAsync(unpublish(c, '@acme/cut@1.0.0', { yes: true }), { code: 'ENOVERSION' });
  t.is((await unpublish(c, '@acme/dropped', { force: true })).versions.length, 4);
  await t.throwsAsync(listTags(c, '@acme/dropped'), { code: 'ENOTFOUND' });
});

test('owners are listed, added and removed', async t => {
  const c = await context(t);
  const names = ({ owners }: { owners: readonly { user: string }[] }) => owners.map(({ user }) => user);
  t.deepEqual(names(await addOwner(c, 'jane', '@acme/owned')), ['admin', 'jane']);
  t.regex(
    ownersText(await listOwners(c, '@acme/owned'), styleFor(false)),
    /^admin .*\njane .*added by admin$/,
  );
  t.deepEqual(names(await removeOwner(c, 'admin', '@acme/owned')), ['jane']);
  await t.throwsAsync(removeOwner(c, 'jane', '@acme/owned'), { code: 'EUSAGE', message: /last owner/ });
  await t.throwsAsync(addOwner(c, 'nobody', '@acme/owned'), { code: 'ENOUSER' });
});

test('where the package was named before the user, the hint shows the command that was given', async t => {
  const c = await context(t);
  for (const [change, command] of [
    [addOwner, 'add'],
    [removeOwner, 'rm'],
  ] as const) {
    const error = await t.throwsAsync(change(c, '@acme/owned', 'jane'), {
      instanceOf: PrompdError,
      code: 'EUSAGE',
      message: /user comes first/,
    });
    t.is(error?.hint, `Write "prompd owner ${command} <user> [package]".`);
  }
});

test('the package of the folder is meant where none is named, and its publishConfig counts', async t => {
  const { url } = shared();
  const manifest = {
    name: '@acme/own',
    version: '1.0.0',
    publishConfig: { registry: 'https://prompts.example.com/' },
  };
  const c = await context(t, { manifest });
  t.deepEqual((await listTags(c, undefined)).distTags, { latest: '1.0.0' }, 'PROMPD_REGISTRY is stronger');
  t.is((await listOwners(c, undefined)).name as string, '@acme/own');
  t.like(await unpublish(c, undefined, { dryRun: true }), { versions: ['1.0.0'], registry: `${url}/` });
  const unknown = await context(t, { manifest, env: { PROMPD_REGISTRY: '' } });
  await t.throwsAsync(listOwners(unknown, undefined), { code: 'ECONFIG', message: /never named/ });
});

test('no token goes to a registry that only the project names', async t => {
  const { url, adminToken } = shared();
  const cwd = tempDir(t);
  writeFileSync(path.join(cwd, '.prompdrc.json'), JSON.stringify({ registry: url }));
  const c = await testContext({ cwd, env: { PROMPD_TOKEN: adminToken } });
  for (const change of [
    addTag(c, '@acme/kept@1.0.0', 'stable'),
    deprecate(c, '@acme/kept', { message: 'x' }),
    yank(c, '@acme/kept@1.0.0'),
    unpublish(c, '@acme/kept@1.0.0', { yes: true }),
    addOwner(c, 'jane', '@acme/kept'),
  ]) {
    await t.throwsAsync(change, { code: 'EAUTH', message: /not logged in/ });
  }
});

test('the command line prints one JSON document, and exits by the kind of error', async t => {
  const { url, adminToken } = shared();
  const env = { PROMPD_REGISTRY: url, PROMPD_TOKEN: adminToken };
  const added = await runCli(['dist-tags', 'add', '@acme/kept@1.0.0', 'stable', '--json'], { env });
  t.is(added.code, 0, added.stderr);
  t.like(added.json(), { name: '@acme/kept', tag: 'stable', to: '1.0.0' });
  const unconfirmed = await runCli(['unpublish', '@acme/kept@1.0.0'], { env });
  t.deepEqual([unconfirmed.code, unconfirmed.stdout], [1, '']);
  t.regex(unconfirmed.stderr, /--yes/);
  const gone = await runCli(['unpublish', '@acme/kept@1.0.0', '--yes'], { env });
  t.is(gone.code, 0, gone.stderr);
  t.regex(gone.stdout, /Most registries never take its number again/);
});
