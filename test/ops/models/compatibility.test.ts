import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { SILENT } from '#prompd/core/progress.js';
import { installIfNeeded } from '#prompd/ops/install/install-if-needed.js';
import { compatibility } from '#prompd/ops/models/compatibility.js';
import { cancelRun, listRuns, showRun, startRun } from '#prompd/ops/models/compatibility-runs.js';
import { testAndReport } from '#prompd/ops/models/test-package.js';
import { compatibilityText } from '#prompd/output/compatibility.js';
import { runsText, runText } from '#prompd/output/compatibility-run.js';
import { styleFor } from '#prompd/output/style.js';
import { testContext } from '../../support/context.js';
import { startTestRegistry } from '../../support/registry.js';
import { modelSettings, SUITE_FILES, suiteManifest } from '../../support/suite-package.js';
import { tempDir } from '../../support/temp.js';
import { sharedRegistry } from '../scene.js';

const NAME = '@bank/asks';
const registry = sharedRegistry(
  test,
  async ({ publish }) => {
    await publish(suiteManifest(), SUITE_FILES);
    await publish(suiteManifest({ version: '1.1.0' }), SUITE_FILES);
  },
  t => startTestRegistry(t, { models: modelSettings() }),
);

async function setting(t: ExecutionContext, { token = registry().adminToken, require = '' } = {}) {
  const cwd = tempDir(t);
  const talk: string[] = [];
  const env = {
    PROMPD_REGISTRY: registry().url,
    ...(token === '' ? {} : { PROMPD_TOKEN: token }),
    ...(require === '' ? {} : { PROMPD_MODELS_REQUIRE: require }),
  };
  const progress = { ...SILENT, warn: (line: string) => talk.push(line) };
  const context = await testContext({ cwd, env, progress });
  const write = (manifest: object, files: Readonly<Record<string, string>> = {}) => {
    writeFileSync(path.join(cwd, 'prompd.json'), JSON.stringify(manifest));
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(cwd, file), text);
  };
  return { context, cwd, talk, write };
}

test.serial('what was tested here is reported in the name of the user, and the table shows it', async t => {
  const { context, write } = await setting(t);
  const before = compatibilityText(await compatibility(context, `${NAME}@1.0.0`), styleFor(false));
  t.regex(before, /^@bank\/asks@1\.0\.0\n\nask\s+echo\/echo\s+untested\nother\s+echo\/echo\s+untested$/);
  write(suiteManifest(), SUITE_FILES);
  const { report, send } = await testAndReport(context, {});
  t.is(report.models[0]?.verdict, 'needs-tuning');
  t.like(await send(), {
    recorded: [
      { prompt: 'ask', status: 'works' },
      { prompt: 'other', status: 'needs-tuning' },
    ],
    untested: [],
  });
  // A version that waits for approval is named by its request.
  const request = `apr_${'0'.repeat(24)}`;
  for (const ask of [
    () => compatibility(context, request),
    () => testAndReport(context, { request }),
    () => listRuns(context, request),
    () => startRun(context, request, { models: [], follow: false }),
  ]) {
    await t.throwsAsync(ask, { code: 'ENOTFOUND', message: /no request for approval apr_0/ });
  }
  // The version after it has the same prompts and tests, and so the same evidence.
  const found = await compatibility(context, `${NAME}@^1.0.0`);
  t.is(found.version, '1.1.0');
  const table = compatibilityText(found, styleFor(false));
  t.regex(table, /ask +echo\/echo +works +1 +\d{4}-\d\d-\d\d reported by admin, as 1\.0\.0, until/);
  t.regex(table, /other +echo\/echo +needs-tuning +0\.5 /);
});

test.serial('what is not the published version is not reported, and costs no request', async t => {
  const { context, write } = await setting(t);
  const { tests } = suiteManifest();
  write(suiteManifest({ tests: Array.isArray(tests) ? tests.slice(0, 2) : [] }), SUITE_FILES);
  await t.throwsAsync(testAndReport(context, {}), {
    code: 'EUSAGE',
    message: /not those of @bank\/asks@1\.0\.0/,
  });
  write(suiteManifest({ version: '7.0.0' }), SUITE_FILES);
  await t.throwsAsync(testAndReport(context, {}), { code: 'ENOVERSION' });
  write(suiteManifest(), {
    ...SUITE_FILES,
    'ask.prompd': SUITE_FILES['ask.prompd'].replace('Answer', 'Say'),
  });
  const { send } = await testAndReport(context, {});
  await t.throwsAsync(send(), { message: /what was tested is not the prompt "ask" of this version/ });
  const nobody = await setting(t, { token: '' });
  nobody.write(suiteManifest(), SUITE_FILES);
  await t.throwsAsync(testAndReport(nobody.context, {}), { code: 'EAUTH' });
});

test.serial(
  'an install for a model warns of what was not found to work, refuses it, or says nothing, by policy',
  async t => {
    const manifest = { dependencies: { [NAME]: '1.1.0' } };
    const warned = await setting(t);
    warned.write(manifest);
    await installIfNeeded(warned.context, { model: 'echo/echo' });
    t.deepEqual(warned.talk, [`${NAME}@1.1.0:other passes only some of its tests with echo/echo.`]);
    // It is looked at also when there is nothing to install.
    await installIfNeeded(warned.context, { model: 'gpt-4o' });
    t.deepEqual(warned.talk.slice(1), [
      `${NAME}@1.1.0:ask is not tested with gpt-4o.`,
      `${NAME}@1.1.0:other is not tested with gpt-4o.`,
    ]);
    const refused = await setting(t, { require: 'refuse' });
    refused.write({});
    const error = await t.throwsAsync(installIfNeeded(refused.context, { specs: [NAME], model: 'echo' }), {
      instanceOf: PrompdError,
      code: 'EINCOMPATIBLE',
    });
    t.like(error?.facts, { model: 'echo', total: 1 });
    await t.throwsAsync(
      installIfNeeded(refused.context, {}).then(({ total }) => {
        if (total === 0) throw new Error('nothing was installed');
      }),
      { message: 'nothing was installed' },
    );
    const silent = await setting(t, { require: 'off' });
    silent.write(manifest);
    await installIfNeeded(silent.context, { model: 'gpt-4o' });
    t.deepEqual(silent.talk, []);
  },
);

test.serial('the registry runs the tests of a version, and the run is followed to its end', async t => {
  const { context } = await setting(t);
  await t.throwsAsync(startRun(context, NAME, { models: ['gpt'], follow: false }), { code: 'EUSAGE' });
  const { run } = await startRun(context, `${NAME}@^1.0.0`, { models: ['echo/echo'], follow: false });
  t.like(run, { version: '1.1.0', requestedBy: 'admin' });
  const ended = await showRun(context, run.id, true);
  t.like(ended.run, { state: 'done', done: 3, total: 3 });
  const text = runText(ended, styleFor(false));
  t.regex(text, /^cr_\w+ @bank\/asks@1\.1\.0 done, 3 of 3 requests\nask +echo\/echo +works +1/);
  const list = runsText(await listRuns(context, `${NAME}@1.1.0`), styleFor(false));
  t.regex(list, new RegExp(`^${run.id} +1\\.1\\.0 +done, 3 of 3 requests +echo/echo +by admin`));
  await t.throwsAsync(showRun(context, 'cr_000000000000000000000000', false), { code: 'ENOTFOUND' });
  const again = await startRun(context, `${NAME}@1.0.0`, { models: [], follow: false });
  await cancelRun(context, again.run.id).catch((error: unknown) => {
    // It may have been quicker.
    t.true(error instanceof PrompdError);
  });
  t.true(['cancelled', 'done'].includes((await showRun(context, again.run.id, true)).run.state));
});

test('packages of a folder are of no registry that would know', async t => {
  const { context, talk, write, cwd } = await setting(t);
  mkdirSync(path.join(cwd, 'own'));
  writeFileSync(
    path.join(cwd, 'own', 'prompd.json'),
    JSON.stringify({ name: '@acme/own', version: '1.0.0' }),
  );
  write({ dependencies: { '@acme/own': 'file:own' } });
  await installIfNeeded(context, { model: 'gpt-4o' });
  t.deepEqual(talk, ['@acme/own@1.0.0: it is of no registry that would know of models.']);
});
