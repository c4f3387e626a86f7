import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { featCheck } from '#prompd/ops/feat/feat-check.js';
import { featInit } from '#prompd/ops/feat/feat-init.js';
import { makeFeatReport } from '#prompd/ops/feat/feat-report.js';
import { KYC, kycFeat } from '../../feat/blocks.js';
import { runCli } from '../../support/cli.js';
import { testContext } from '../../support/context.js';
import { startTestRegistry } from '../../support/registry.js';
import { tempDir } from '../../support/temp.js';

const BARE = { name: '@bank/kyc', version: '1.0.0', models: [{ provider: 'openai', model: 'gpt-5' }] };

async function folder(t: ExecutionContext, manifest: object, answers?: readonly string[]) {
  const cwd = tempDir(t);
  const file = path.join(cwd, 'prompd.json');
  writeFileSync(file, `${JSON.stringify(manifest, null, 4)}\n`);
  const left = [...(answers ?? [])];
  const asked: string[] = [];
  const ask = async (question: string) => {
    asked.push(question);
    return left.shift() ?? '';
  };
  const context = await testContext({ cwd, home: tempDir(t), ...(answers && { ask }) });
  return { cwd, context, asked, text: () => readFileSync(file, 'utf8') };
}

test('feat init --yes claims nothing, keeps the rest of the manifest, and leaves the tier at 3', async t => {
  const { context, text } = await folder(t, BARE);
  const { feat, tiering, open } = await featInit(context, { target: '.', yes: true });
  t.is(tiering.tier, 3);
  t.true(open.length > 10);
  t.deepEqual(feat.models, [{ provider: 'openai', model: 'gpt-5' }]);
  for (const field of ['purpose', 'impact', 'groupsAtRisk', 'personalAttributes', 'validation'])
    t.false(field in feat, field);
  t.deepEqual(JSON.parse(text()), { ...BARE, feat });
  t.regex(text(), /^ {4}"feat"/m);
});

test('feat init asks, asks again for an answer that cannot be, and writes what was said', async t => {
  const answers = [
    'too short',
    'Summarises a customer file for an officer who decides on it.',
    'internal',
    'assistive',
    'low: a wrong summary is seen at once',
    'low one call',
    'medium the officer reads the file too',
    'team:kyc',
    'jane',
  ];
  const { context, asked, text } = await folder(t, BARE, answers);
  const { feat, tiering } = await featInit(context, { target: '.', yes: false });
  t.is(asked.filter(question => question.startsWith('purpose')).length, 2);
  t.like(feat, {
    audience: 'internal',
    impact: { level: 'low', rationale: 'a wrong summary is seen at once' },
    owners: { business: 'team:kyc', technical: 'jane' },
  });
  t.is(tiering.tier, 2, 'the model was not tested');
  t.deepEqual(JSON.parse(text()).feat, feat);
});

test('feat init leaves a block that is there alone', async t => {
  const { context, text } = await folder(t, KYC);
  const before = text();
  const error = await t.throwsAsync(featInit(context, { target: '.', yes: true }));
  t.is(error instanceof Error && 'code' in error ? error.code : undefined, 'EEXISTS');
  t.is(text(), before);
});

test('feat check names what is missing by path and principle, and ends with 1', async t => {
  const { cwd } = await folder(t, { ...KYC, feat: kycFeat({ owners: {}, reviewBy: '2199-01-01' }) });
  const { code, stdout } = await runCli(['feat', 'check'], { cwd });
  t.is(code, 1);
  t.regex(stdout, /^feat\.owners\.risk \(principle 7, 9\) Name who answers for its risk\.$/m);
  t.regex(stdout, /^feat\.reviewBy \(principle 3, 4\)/m);
});

test('feat check of a complete package says so, for its tier and for a higher one if asked', async t => {
  const made = await folder(t, KYC);
  const context = { ...made.context, now: () => new Date('2026-11-20T12:00:00Z') };
  t.like(await featCheck(context, { target: '.' }), { complete: true, tier: 2, open: [] });
  const [{ uri = '' } = {}] = KYC.feat?.evidence ?? [];
  mkdirSync(path.join(made.cwd, path.dirname(uri)), { recursive: true });
  writeFileSync(path.join(made.cwd, uri), 'another record');
  t.like((await featCheck(context, { target: '.' })).open, { 0: { path: 'feat.evidence' } });
  rmSync(path.join(made.cwd, uri));
  const higher = await featCheck(context, { target: '.', tier: 3 });
  t.false(higher.complete);
  await t.throwsAsync(featCheck(context, { target: '.', tier: 1 }), {
    message: /can be raised here, not lowered/,
  });
});

test('feat report writes a folder and a version of a registry', async t => {
  const { cwd, context } = await folder(t, KYC);
  const local = await makeFeatReport(context, { target: '.', format: 'html', output: 'report.html' });
  t.is(readFileSync(path.join(cwd, 'report.html'), 'utf8'), local.text);
  t.is(local.report.integrity, undefined);

  const registry = await startTestRegistry(t);
  const { integrity } = await registry.publish({ ...BARE, name: '@acme/kyc', feat: kycFeat() });
  const online = await testContext({ cwd, home: tempDir(t), env: { PROMPD_REGISTRY: registry.url } });
  const { report, text } = await makeFeatReport(online, { target: '@acme/kyc@1.0.0', format: 'markdown' });
  t.is(report.integrity, integrity);
  t.regex(text, /^# FEAT evidence: .*kyc 1\.0\.0$/m);
});
