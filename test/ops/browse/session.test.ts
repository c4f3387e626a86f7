import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { parsePackageName } from '#prompd/core/name.js';
import { parseVersion } from '#prompd/core/version.js';
import { openBrowseSession } from '#prompd/ops/browse/open-session.js';
import type { BrowseProgress, BrowseQuery, BrowseSession } from '#prompd/ops/browse/session.js';
import type { Context } from '#prompd/ops/context.js';
import { testContext } from '../../support/context.js';
import { startTestRegistry, type TestRegistry } from '../../support/registry.js';
import { tempDir } from '../../support/temp.js';
import { promptText, sharedRegistry } from '../scene.js';

const TONE = parsePackageName('@acme/tone');
const NEW = parseVersion('1.1.0');
const OLD = parseVersion('1.0.0');
const SIGNAL = new AbortController().signal;

const registry = sharedRegistry(test, fill);

async function fill({ publish }: TestRegistry): Promise<void> {
  const prompts = { say: 'say.prompd' };
  const base = { name: '@acme/base', version: '1.0.0', description: 'Base rules', keywords: ['rules'] };
  await publish({ ...base, prompts: { base: 'base.prompd' } }, { 'base.prompd': promptText('base') });
  const tone = {
    name: TONE,
    description: 'The tone of the house',
    author: 'Jane',
    category: 'support',
    keywords: ['style'],
    prompts,
    dependencies: { '@acme/base': '^1.0.0' },
  };
  await publish(
    { ...tone, version: OLD },
    { 'say.prompd': promptText('say'), 'README.md': '# Tone\n\nOld.\n' },
  );
  const more = promptText('say').replace('required: true', 'required: true\n    minLength: 3');
  await publish({ ...tone, version: NEW }, { 'say.prompd': more, 'README.md': '# Tone\n\nKind.\n' });
}

interface Opened {
  readonly session: BrowseSession;
  readonly dir: string;
  readonly context: Context;
}

async function open(t: ExecutionContext, url = registry().url, home?: string): Promise<Opened> {
  const dir = tempDir(t);
  const env = { PROMPD_REGISTRY: url };
  const context = await testContext({ cwd: dir, env, ...(home === undefined ? {} : { home }) });
  const { session, close } = await openBrowseSession(
    { ...context, now: () => new Date() },
    { global: false },
  );
  t.teardown(close);
  return { session, dir, context };
}

function asked(more: Partial<BrowseQuery> = {}): BrowseQuery {
  return { text: '', sort: 'relevance', ...more };
}

async function namesOf(session: BrowseSession, query: BrowseQuery): Promise<string[]> {
  const { hits } = await session.search(query, 0, SIGNAL);
  return hits.map(({ name }) => name).sort();
}

for (const [title, query, expected] of [
  ['words', { text: 'tone' }, ['@acme/tone']],
  ['a category', { category: 'support' }, ['@acme/tone']],
  ['an author', { author: 'Jane' }, ['@acme/tone']],
  ['a tag', { tag: 'rules' }, ['@acme/base']],
  ['a model that nothing was tested with', { model: 'gpt-5' }, []],
  ['nothing', {}, ['@acme/base', '@acme/tone']],
] as const) {
  test(`a search by ${title} finds what the registry has of it`, async t => {
    const { session } = await open(t);
    t.deepEqual(await namesOf(session, asked(query)), [...expected]);
  });
}

test('a search that is given up ends with the reason of its signal', async t => {
  const { session } = await open(t);
  const end = new AbortController();
  const found = session.search(asked(), 0, end.signal);
  end.abort(new Error('somebody typed on'));
  await t.throwsAsync(found, { message: 'somebody typed on' });
});

test('a package is told of with versions, marks, dependencies and dependents', async t => {
  const { session } = await open(t);
  const info = await session.detail('@acme/tone', SIGNAL);
  t.is(info.version, NEW);
  t.deepEqual(info.versions, [NEW, OLD]);
  t.is((await session.detail('@acme/tone@1.0.0', SIGNAL)).version, OLD);
  t.deepEqual(await session.marks(TONE, SIGNAL), { signed: true, approved: false, deprecated: false });
  const [node] = await session.dependencies(TONE, NEW, SIGNAL);
  t.like(node, { name: '@acme/base', range: '^1.0.0', version: '1.0.0', dependencies: [] });
  const dependents = await session.dependents(parsePackageName('@acme/base'), SIGNAL);
  t.is(dependents?.packages[0]?.name, '@acme/tone');
  t.is(session.pageOf(TONE), `${registry().url}/web/package/@acme/tone`);
});

test('a version is opened without being installed, and its prompts are rendered as they are filled', async t => {
  const { session, dir } = await open(t);
  const { readme, prompts } = await session.open(TONE, NEW, SIGNAL);
  t.is(readme, '# Tone\n\nKind.\n');
  t.like(prompts[0], { id: 'say', broken: undefined });
  const prompt = { name: TONE, version: NEW, id: 'say' };
  t.deepEqual(await session.preview(prompt, { word: 'hello' }), {
    kind: 'messages',
    messages: [{ role: 'user', content: 'Say hello.' }],
  });
  const missing = await session.preview(prompt, { word: '' });
  t.regex(missing.kind === 'problem' ? (missing.problems[0] ?? '') : '', /"word".* required/);
  const short = await session.preview(prompt, { word: 'a' });
  t.is(short.kind, 'problem');
  t.deepEqual(await session.findings(TONE, NEW, SIGNAL), []);
  t.false(existsSync(path.join(dir, 'prompd.json')));
});

test('two versions are compared by contract and by text', async t => {
  const { session } = await open(t);
  const { changes, files, order } = await session.compare(TONE, OLD, NEW, SIGNAL);
  t.is(order, 'newer');
  t.true(changes.length > 0);
  t.regex(files.find(file => file.path === 'README.md')?.patch ?? '', /^\+Kind\.$/m);
});

test('what is installed, updated and removed is taken back step by step', async t => {
  const { session, dir } = await open(t);
  const told: BrowseProgress[] = [];
  const options = { progress: (progress: BrowseProgress) => void told.push(progress) };
  const manifest = () => JSON.parse(readFileSync(path.join(dir, 'prompd.json'), 'utf8')).dependencies ?? {};
  const version = async () => (await session.installedVersions()).get(TONE);

  t.is(session.undoable(), undefined);
  t.deepEqual(await session.install('@acme/tone@1.0.0', options), {
    summary: 'Installed @acme/tone 1.0.0, 2 packages in all.',
    undoable: true,
  });
  t.true(told.some(({ phase }) => phase === 'fetch'));
  writeFileSync(path.join(dir, 'prompd.json'), '{"dependencies":{"@acme/tone":"^1.0.0"}}\n');
  t.regex((await session.update(TONE, options)).summary, /is at 1\.1\.0/);
  t.is(await version(), NEW);
  t.is((await session.remove(TONE, options)).summary, 'Removed @acme/tone.');
  t.deepEqual(manifest(), {});
  t.is((await session.undo(options)).summary, 'Took back the removal of @acme/tone.');
  t.deepEqual(manifest(), { '@acme/tone': '^1.0.0' });
  await session.undo(options);
  t.is(await version(), OLD);
});

test('nothing is taken back of a project that something else changed since', async t => {
  const { session, dir } = await open(t);
  const options = { progress() {} };
  await session.install('@acme/base', options);
  const changed = '{"dependencies":{"@acme/base":"1.0.0"}}\n';
  writeFileSync(path.join(dir, 'prompd.json'), changed);
  await t.throwsAsync(session.undo(options), { message: /changed by something else/ });
  t.is(readFileSync(path.join(dir, 'prompd.json'), 'utf8'), changed);
  t.is(session.undoable(), undefined);
});

test('a first install is taken back to a folder without a project', async t => {
  const { session, dir } = await open(t);
  const options = { progress() {} };
  await session.install('@acme/base', options);
  await session.undo(options);
  t.false(existsSync(path.join(dir, 'prompd.json')));
  t.false(existsSync(path.join(dir, 'prompd-lock.json')));
});

test('a registry that goes away is told of, and the cache stands in for it', async t => {
  const own = await startTestRegistry(t);
  await fill(own);
  const { session } = await open(t, own.url);
  const told: boolean[] = [];
  session.onOffline(offline => void told.push(offline));
  await session.detail('@acme/tone', SIGNAL);
  await session.open(TONE, NEW, SIGNAL);
  await own.close();
  t.deepEqual(await namesOf(session, asked({ text: 'tone' })), ['@acme/tone']);
  t.deepEqual(told, [false, true]);
  t.deepEqual(
    await namesOf(session, asked({ text: 'base' })),
    [],
    'of what was never looked at nothing is known',
  );
  t.is((await session.detail('@acme/tone', SIGNAL)).version, NEW);
  t.is((await session.open(TONE, NEW, SIGNAL)).readme, '# Tone\n\nKind.\n');
  t.is(await session.dependents(TONE, SIGNAL), undefined);
  await t.throwsAsync(session.open(TONE, OLD, SIGNAL), { code: 'ENETWORK' });
});
