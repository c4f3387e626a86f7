import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { createProject } from '#prompd/ops/registry/project.js';
import { listAudit, signAudit } from '#prompd/ops/registry/registry-audit.js';
import { exportAudit, verifyAudit } from '#prompd/ops/registry/registry-audit-file.js';
import { createTeam } from '#prompd/ops/registry/team.js';
import { auditCheckText, auditListText, checkpointText } from '#prompd/output/registry-audit.js';
import { styleFor } from '#prompd/output/style.js';
import { testContext } from '../../support/context.js';
import { tempDir } from '../../support/temp.js';
import { sharedRegistry } from '../scene.js';

const PLAIN = styleFor(false);
const registry = sharedRegistry(test, async () => {});

async function context(t: ExecutionContext, user: string) {
  const token = await registry().tokenOf(user, 'publish');
  const env = { PROMPD_REGISTRY: registry().url, PROMPD_TOKEN: token };
  return testContext({ cwd: tempDir(t), env });
}

const whole = { format: 'jsonl', query: {} } as const;
const alone = { checkpoints: [], key: undefined };

test('an export is verified as it comes, verifies again without the registry, and shows what was done to it', async t => {
  const jane = await context(t, 'jane');
  await createProject(jane, { project: '@told' });
  await createTeam(jane, '@told:risk', { description: '' });
  const options = { ...whole, project: 'told', file: 'told.jsonl' };
  const first = await exportAudit(jane, options);
  t.like(first, { chain: '@told', events: 4, verified: true, remembered: null });
  const file = join(jane.cwd, 'told.jsonl');
  const good = readFileSync(file, 'utf8');
  const offline = {
    ...jane,
    config: { ...jane.config, network: { ...jane.config.network, use: 'never' } },
  } as const;
  t.like(await verifyAudit(offline, { ...alone, file: 'told.jsonl' }), { verified: true, remembered: 4 });

  const faultsOf = async (text: string) => {
    writeFileSync(file, text);
    const { verified, problems } = await verifyAudit(jane, { ...alone, file: 'told.jsonl' });
    t.false(verified);
    return problems.map(({ fault }) => fault);
  };
  const lines = good.trimEnd().split('\n');
  t.deepEqual(await faultsOf(good.replace('"actor":"jane"', '"actor":"eve"')), ['changed']);
  t.deepEqual(await faultsOf(lines.filter(line => !line.includes('"seq":2')).join('\n')), ['gap']);
  const cut = lines.filter(line => !line.includes('"seq":4') && !line.startsWith('{"checkpoint"'));
  t.deepEqual(await faultsOf(cut.join('\n')), ['cut'], 'the checkpoint that was seen is remembered');
  t.true((await faultsOf('x\ny\n')).includes('unreadable'));
  t.true((await faultsOf('')).includes('unreadable'));

  await createTeam(jane, '@told:desk', { description: '' });
  const second = await exportAudit(jane, options);
  t.like(second, { events: 5, verified: true, remembered: 4 });
  t.regex(
    auditCheckText(second, PLAIN),
    /^verified {2}@told: 5 rows, 1 to 5\n {2}Held against \d checkpoints?/,
  );
});

test('a checkpoint that was kept elsewhere is held against an export that somebody else sent', async t => {
  const jane = await context(t, 'jane');
  const auditor = await testContext({
    cwd: jane.cwd,
    home: tempDir(t),
    env: { PROMPD_REGISTRY: registry().url },
  });
  await createProject(jane, { project: '@kept' });
  const signed = await signAudit(jane, '@kept');
  t.true(checkpointText(signed, PLAIN).includes(signed.signature));
  writeFileSync(join(jane.cwd, 'kept.json'), JSON.stringify(signed));
  await exportAudit(jane, { ...whole, project: 'kept', file: 'kept.jsonl' });
  const against = { file: 'kept.jsonl', checkpoints: ['kept.json'], key: signed.publicKey };
  t.true((await verifyAudit(auditor, against)).verified);
  const text = readFileSync(join(jane.cwd, 'kept.jsonl'), 'utf8');
  const cut = text.split('\n').filter(line => !line.includes('"seq":3') && !line.startsWith('{"checkpoint"'));
  writeFileSync(join(jane.cwd, 'cut.jsonl'), cut.join('\n'));
  const stranger = { ...auditor, config: { ...auditor.config, home: tempDir(t) } };
  const found = await verifyAudit(stranger, { ...against, file: 'cut.jsonl' });
  t.deepEqual(
    found.problems.map(({ fault }) => fault),
    ['cut'],
  );
  t.regex(auditCheckText(found, PLAIN), /^does not verify {2}@kept: 2 rows/);
  const unsigned = await verifyAudit(stranger, { ...alone, file: 'cut.jsonl' });
  t.true(unsigned.verified);
  t.regex(auditCheckText(unsigned, PLAIN), /Nothing is signed/);
  await t.throwsAsync(verifyAudit(stranger, { ...alone, file: 'none.jsonl' }), { code: 'ENOFILE' });
  writeFileSync(join(jane.cwd, 'bad.json'), '{}');
  await t.throwsAsync(verifyAudit(stranger, { ...against, checkpoints: ['bad.json'] }), { code: 'EBADJSON' });
});

test('rows are listed by what they are about, and exported as CSV', async t => {
  const jane = await context(t, 'jane');
  await createProject(jane, { project: '@rows' });
  await createTeam(jane, '@rows:risk', { description: '' });
  const listed = await listAudit(jane, 'rows', { action: 'grant.*', limit: 1 });
  t.deepEqual(
    listed.events.map(({ seq }) => seq),
    [2],
  );
  t.regex(
    auditListText(listed, PLAIN),
    /^2 +20.* jane +grant\.add +user jane +admin\nThere are more: --after 2$/,
  );
  t.is((await listAudit(jane, 'rows', {})).events.length, 4);
  const csv = await exportAudit(jane, {
    project: 'rows',
    file: 'rows.csv',
    format: 'csv',
    query: { actor: 'jane' },
  });
  t.like(csv, { filtered: true, verified: true, events: 4 });
  t.is(readFileSync(join(jane.cwd, 'rows.csv'), 'utf8').split('\r\n').length, 6);
  await t.throwsAsync(listAudit(jane, undefined, {}), { code: 'EFORBIDDEN' });
  await t.throwsAsync(listAudit(jane, 'nowhere', {}), { code: 'ENOTFOUND' });
});
