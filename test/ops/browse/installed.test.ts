import test from 'ava';
import { openInstalled } from '#prompd/ops/browse/installed.js';
import { install } from '#prompd/ops/install/install.js';
import { deprecate, yank } from '#prompd/ops/registry/deprecate.js';
import { testContext } from '../../support/context.js';
import { jsonBody } from '../../support/registry.js';
import { smallRegistry } from '../../support/small-registry.js';
import { tempDir } from '../../support/temp.js';
import { makeScene, sharedRegistry } from '../scene.js';

const registry = sharedRegistry(test, async ({ publish }) => {
  for (const version of ['1.0.0', '1.1.0', '2.0.0']) await publish({ name: '@acme/moves', version });
  for (const version of ['1.0.0', '1.0.1']) await publish({ name: '@common/tone', version });
  for (const version of ['1.0.0', '1.0.1']) await publish({ name: '@acme/fades', version });
  const dependencies = { '@common/tone': '1.0.0' };
  await publish({ name: '@acme/rules', version: '1.0.0', dependencies });
});

test('what is installed is listed without asking anybody, and registries tell what is wrong with it', async t => {
  const dependencies = { '@acme/moves': '^1.0.0', '@acme/fades': '1.0.0' };
  const manifest = { dependencies, devDependencies: { '@acme/rules': '*' } };
  const scene = makeScene(t, registry().url, { manifest });
  const context = await testContext({ cwd: scene.dir, home: scene.home, env: scene.env });
  const desk = openInstalled(context, { global: false });
  t.like(await desk.project(), [
    { asked: '@acme/fades', range: '1.0.0', current: undefined, present: false },
  ]);
  await install(context, { specs: ['@acme/moves@1.0.0'] });
  scene.write('prompd.json', manifest);
  await install(context);

  const author = { ...context, env: { ...context.env, PROMPD_TOKEN: registry().adminToken } };
  await deprecate(author, '@acme/fades@1.0.0', { message: 'Use @acme/moves.' });
  await yank(author, '@acme/fades@1.0.0', {});
  const warning = {
    package: '@common/tone',
    vulnerable: '<1.0.1',
    severity: 'high',
    title: 'Obeys the text',
  };
  t.is((await registry().request('/advisories', jsonBody('POST', warning))).status, 201);

  t.like(await desk.project(), [
    { asked: '@acme/fades', dev: false, current: '1.0.0', present: true },
    { asked: '@acme/moves', range: '^1.0.0', current: '1.0.0', present: true },
    { asked: '@acme/rules', dev: true, current: '1.0.0', present: true },
  ]);
  const { packages: news, cached } = await desk.news();
  t.false(cached);
  t.like(news.get('@acme/moves'), { wanted: '1.1.0', latest: '2.0.0', outdated: true, yanked: false });
  t.like(news.get('@acme/fades'), { yanked: true, outdated: true, deprecated: 'Use @acme/moves.' });
  t.like(news.get('@acme/rules'), {
    outdated: false,
    advisories: [{ severity: 'high', message: 'Obeys the text', about: '@common/tone@1.0.0' }],
  });
  const stored = (await desk.store()).map(({ name, current }) => `${name}@${current}`);
  t.deepEqual(stored, ['@acme/fades@1.0.0', '@acme/moves@1.0.0', '@acme/rules@1.0.0', '@common/tone@1.0.0']);
});

test('where no registry can be reached, the cache tells what it knows, marked so', async t => {
  const small = await smallRegistry(t, [
    { name: '@acme/moves', version: '1.0.0' },
    { name: '@acme/moves', version: '1.1.0' },
  ]);
  const scene = makeScene(t, small.url, { manifest: { dependencies: { '@acme/moves': '1.0.0' } } });
  const context = await testContext({ cwd: scene.dir, home: scene.home, env: scene.env });
  await install(context);
  scene.write('prompd.json', { dependencies: { '@acme/moves': '^1.0.0' } });
  small.interfere = request => {
    request.socket.destroy();
    return true;
  };
  const { packages, cached } = await openInstalled(context, { global: false }).news();
  t.true(cached);
  t.like(packages.get('@acme/moves'), { wanted: '1.0.0', latest: '1.1.0', outdated: true });
});

test('a folder without a project has nothing installed, and no registry is asked about it', async t => {
  const context = await testContext({ cwd: tempDir(t), env: { PROMPD_REGISTRY: 'http://127.0.0.1:9' } });
  const desk = openInstalled(context, { global: false });
  t.deepEqual(await desk.project(), []);
  t.is((await desk.news()).packages.size, 0);
});
