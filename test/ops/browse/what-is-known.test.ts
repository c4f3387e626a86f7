import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { parsePackageName } from '#prompd/core/name.js';
import { openBrowseSession } from '#prompd/ops/browse/open-session.js';
import type { BrowseQuery } from '#prompd/ops/browse/session.js';
import { testAndReport } from '#prompd/ops/models/test-package.js';
import { governedScene } from '../../registry-server/governed-scene.js';
import { testContext } from '../../support/context.js';
import { startTestRegistry } from '../../support/registry.js';
import { modelSettings, SUITE_FILES, suiteManifest } from '../../support/suite-package.js';
import { tempDir } from '../../support/temp.js';
import { sharedRegistry } from '../scene.js';

const KYC = parsePackageName('@gov/kyc');
const SIGNAL = new AbortController().signal;
const registry = sharedRegistry(
  test,
  async started => {
    await started.publish(suiteManifest(), SUITE_FILES);
    await started.publish({ name: '@common/echo', version: '1.0.0', keywords: ['echo'], category: 'play' });
    const scene = governedScene(started);
    await scene.people();
    await scene.project('gov');
    await scene.approved(KYC, '1.0.0');
  },
  t => startTestRegistry(t, { models: modelSettings() }),
);

async function sessionOf(t: ExecutionContext, token: string | undefined) {
  const env = { PROMPD_REGISTRY: registry().url, ...(token === undefined ? {} : { PROMPD_TOKEN: token }) };
  const context = await testContext({ cwd: tempDir(t), env });
  const { session, close } = await openBrowseSession(context, { global: false });
  t.teardown(close);
  const found = async (query: Partial<BrowseQuery>) => {
    const { hits } = await session.search({ text: '', sort: 'relevance', ...query }, 0, SIGNAL);
    return hits.map(({ name }) => name).sort();
  };
  return { session, context, found };
}

test('a version that was approved is marked so for those who review, and for nobody else', async t => {
  const { session } = await sessionOf(t, await registry().tokenOf('bob', 'publish'));
  t.deepEqual(await session.marks(KYC, SIGNAL), { signed: true, approved: true, deprecated: false });
  t.false((await session.marks(parsePackageName('@bank/asks'), SIGNAL)).approved);
  const stranger = await sessionOf(t, await registry().tokenOf('eve', 'publish'));
  const marks = await stranger.session.marks(KYC, SIGNAL).catch(() => ({ approved: false }));
  t.false(marks.approved);
});

test('a model keeps the packages of which a prompt was found to work with it, however it is written', async t => {
  const { context, found } = await sessionOf(t, registry().adminToken);
  t.deepEqual(await found({ model: 'echo' }), []);
  writeFileSync(path.join(context.cwd, 'prompd.json'), JSON.stringify(suiteManifest()));
  for (const [file, text] of Object.entries(SUITE_FILES)) {
    mkdirSync(path.dirname(path.join(context.cwd, file)), { recursive: true });
    writeFileSync(path.join(context.cwd, file), text);
  }
  await (await testAndReport(context, {})).send();
  const after = await sessionOf(t, undefined);
  t.deepEqual(await after.found({ model: 'echo' }), ['@bank/asks']);
  t.deepEqual(await after.found({ model: 'echo/echo', text: 'asks' }), ['@bank/asks']);
  t.deepEqual(await after.found({ model: 'gpt-9' }), []);
  t.deepEqual(await after.found({ model: 'echo', category: 'play' }), []);
});
