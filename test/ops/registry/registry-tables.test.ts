import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { verifyAudit } from '#prompd/ops/registry/registry-audit-file.js';
import { archiveAudit, migrateRegistry } from '#prompd/ops/registry/registry-tables.js';
import { archivedAuditText, migratedText } from '#prompd/output/registry-server.js';
import { styleFor } from '#prompd/output/style.js';
import { testContext } from '../../support/context.js';
import { jsonBody, startTestRegistry } from '../../support/registry.js';
import { tempDir } from '../../support/temp.js';

const PLAIN = styleFor(false);

test('the operator brings tables up to date, and moves old rows of an audit to a file that verifies', async t => {
  const cwd = tempDir(t);
  const operator = await testContext({ cwd, env: {} });
  const migrated = await migrateRegistry(operator, { data: 'data' });
  t.is(migrated.user, null);
  t.regex(migratedText(migrated, PLAIN), /^The tables are up to date: \d{3}-/);

  const registry = await startTestRegistry(t, { dataDir: join(cwd, 'data') });
  const made = await registry.request('/projects', jsonBody('POST', { project: 'bank' }));
  t.is(made.status, 201);
  const options = { project: 'bank', before: '2999-01-01', file: 'old.jsonl', data: 'data' };
  await t.throwsAsync(archiveAudit(operator, options), { code: 'ELOCKED' });
  await registry.close();
  await t.throwsAsync(archiveAudit(operator, { ...options, before: 'once' }), { code: 'EUSAGE' });
  await t.throwsAsync(archiveAudit(operator, { ...options, project: 'nowhere' }), { code: 'ENOTFOUND' });
  const archived = await archiveAudit(operator, options);
  t.like(archived, { chain: '@bank', rows: 2, seq: 2, file: join(cwd, 'old.jsonl') });
  t.true(archivedAuditText(archived, PLAIN).startsWith('Moved 2 rows, up to 2, to '));
  const check = await verifyAudit(operator, { file: 'old.jsonl', checkpoints: [], key: undefined });
  t.like(check, { verified: true, events: 2, first: 1, last: 2 });
  await t.throwsAsync(archiveAudit(operator, options), { code: 'EEXISTS' }, 'no file is replaced');
  // As in a container: the folder of the server is named by the environment.
  const inside = await testContext({ cwd, env: { PROMPD_DATA: join(cwd, 'data') } });
  const again = { ...options, file: 'again.jsonl', data: undefined };
  t.like(await archiveAudit(inside, again), { chain: '@bank', rows: 1, seq: 3 });
  t.false(existsSync(join(inside.config.home, 'registry')));
});
