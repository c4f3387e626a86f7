import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { parsePackageName } from '#prompd/core/name.js';
import { parseVersion } from '#prompd/core/version.js';
import { openBrowseSession } from '#prompd/ops/browse/open-session.js';
import { publish } from '#prompd/ops/registry/publish.js';
import { exportRegistry } from '#prompd/ops/registry/registry-export.js';
import { testContext } from '../../support/context.js';
import { tempDir } from '../../support/temp.js';
import { startVerdaccio } from '../../support/verdaccio.js';
import { makeScene, promptText, sharedRegistry } from '../scene.js';

const TONE = parsePackageName('@acme/tone');
const ONE = parseVersion('1.0.0');
const SIGNAL = new AbortController().signal;
const FILES = { 'say.prompd': promptText('say'), 'README.md': '# Tone\n\nKind.\n' };
const MANIFEST = {
  name: TONE,
  version: ONE,
  description: 'The tone of the house',
  keywords: ['style'],
  prompts: { say: 'say.prompd' },
};
const registry = sharedRegistry(test, async started => void (await started.publish(MANIFEST, FILES)));

for (const [kind, signed] of [
  ['npm', false],
  ['static', true],
] as const) {
  test(`a registry of kind ${kind} is searched, looked into and installed from like any other`, async t => {
    const url = kind === 'npm' ? await npmRegistry(t) : await exported(t);
    const cwd = tempDir(t);
    const context = await testContext({ cwd, env: { PROMPD_REGISTRY: url } });
    const { session, close } = await openBrowseSession(context, { global: false });
    t.teardown(close);
    const { total, hits } = await session.search({ text: 'tone', sort: 'relevance' }, 0, SIGNAL);
    t.is(total, 1);
    t.like(hits[0], { name: TONE, version: ONE, description: 'The tone of the house' });
    t.is((await session.search({ text: 'nothing-like-it', sort: 'relevance' }, 0, SIGNAL)).total, 0);
    const filtered = (more: object) => session.search({ text: '', sort: 'relevance', ...more }, 0, SIGNAL);
    const chosen = kind === 'npm' ? 'chosen here from 1 that were found' : undefined;
    t.like(await filtered({ tag: 'style' }), { total: 1, note: chosen });
    t.like(await filtered({ tag: 'other' }), { total: 0, note: chosen });
    t.like(await filtered({ sort: 'recency' }), { total: 1, note: chosen });
    t.deepEqual((await session.detail(TONE, SIGNAL)).versions, [ONE]);
    t.deepEqual(await session.marks(TONE, SIGNAL), { signed, approved: false, deprecated: false });
    t.is((await session.open(TONE, ONE, SIGNAL)).readme, '# Tone\n\nKind.\n');
    t.deepEqual(await session.preview({ name: TONE, version: ONE, id: 'say' }, { word: 'hi' }), {
      kind: 'messages',
      messages: [{ role: 'user', content: 'Say hi.' }],
    });
    t.is(await session.dependents(TONE, SIGNAL), undefined, 'it does not tell');
    t.deepEqual(await session.findings(TONE, ONE, SIGNAL), []);
    await session.install(TONE, { progress() {} });
    t.is((await session.installedVersions()).get(TONE), ONE);
    await session.undo({ progress() {} });
    t.false(existsSync(path.join(cwd, 'prompd.json')));
  });
}

async function npmRegistry(t: Parameters<typeof makeScene>[0]): Promise<string> {
  const { url, user } = await startVerdaccio(t);
  const scene = makeScene(t, url, { manifest: MANIFEST });
  for (const [file, text] of Object.entries(FILES)) scene.write(file, text);
  const env = { PROMPD_REGISTRY: url, PROMPD_TOKEN: await user('ann') };
  await publish(await testContext({ cwd: scene.dir, env }), { target: '.' });
  return url;
}

async function exported(t: Parameters<typeof makeScene>[0]): Promise<string> {
  const dir = tempDir(t);
  const context = await testContext({ cwd: dir, env: { PROMPD_REGISTRY: registry().url } });
  await exportRegistry(context, { dir, names: [] });
  return `${pathToFileURL(dir).href}/`;
}
