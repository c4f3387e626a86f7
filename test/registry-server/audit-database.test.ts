import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import pg from 'pg';
import { parseAuditLine } from '#prompd/verify/audit-line.js';
import { AuditVerifier } from '#prompd/verify/audit-verifier.js';
import { archiveAudit, createToken, migrateRegistry } from '#server/main.js';
import { OPEN_POLICY } from '../support/policy.js';
import { startPostgres } from '../support/postgres.js';
import { jsonBody, startTestRegistry } from '../support/registry.js';
import { type Teardown, tempDir } from '../support/temp.js';

const postgres = await startPostgres();
test.after.always('the database stops', () => postgres?.stop());

/** A database with a user who owns its tables and one for the server. */
async function twoUsers(t: Teardown) {
  if (!postgres) throw new Error('this test needs PostgreSQL');
  const url = await postgres.freshDatabase();
  const database = /\/(test_[0-9a-f]+)\?/.exec(url)?.[1] ?? '';
  const as = (user: string) => url.replace('//prompd@', `//${user}@`);
  const [owner, server] = [`${database}_owner`, `${database}_server`];
  const superuser = await connect(t, url);
  await superuser.query(`create role ${owner} login; create role ${server} login;
    grant all on schema public to ${owner}; grant create on database ${database} to ${owner}`);
  return { superuser, migrationUrl: as(owner), databaseUrl: as(server), superuserUrl: url, server };
}

async function connect(t: Teardown, url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  t.teardown(() => client.end());
  return client;
}

function verify(text: string, known: ConstructorParameters<typeof AuditVerifier>[0]['known'] = []) {
  const verifier = new AuditVerifier({ known, publicKey: undefined });
  for (const line of text.trimEnd().split('\n')) verifier.push(parseAuditLine(line));
  return verifier.end();
}

test('the user of the server works with all tables, and cannot rewrite the audit in any way', async t => {
  const { databaseUrl, migrationUrl, server } = await twoUsers(t);
  await t.throwsAsync(
    startTestRegistry(t, { databaseUrl }),
    { code: 'ECONFIG' },
    'before the owner migrated',
  );
  const migrated = await migrateRegistry({ dataDir: tempDir(t), databaseUrl, migrationUrl });
  t.is(migrated.user, server);
  const registry = await startTestRegistry(t, { databaseUrl });
  await registry.publish({ name: '@bank/kyc', version: '1.0.0' });
  t.is((await registry.request('/projects', jsonBody('POST', { project: 'bank' }))).status, 201);
  await registry.request('/projects/bank/policy', jsonBody('PUT', { policy: OPEN_POLICY }));
  await registry.publish({ name: '@bank/kyc', version: '1.1.0' });
  t.is((await registry.request('/packages/@bank%2Fkyc/1.1.0', { method: 'DELETE' })).status, 204);
  const exported = await (await registry.request('/projects/bank/audit/export')).text();
  t.deepEqual(verify(exported).problems, []);

  const client = await connect(t, databaseUrl);
  for (const statement of [
    `update audit_events set actor = 'eve'`,
    'delete from audit_events',
    'truncate audit_events',
    'truncate audit_events cascade',
    'alter table audit_events disable trigger all',
    'drop trigger audit_events_leave on audit_events',
    'drop table audit_events cascade',
    `create or replace function refuse_audit_change() returns trigger language plpgsql as 'begin return new; end'`,
    `set session_replication_role = 'replica'`,
    `update audit_checkpoints set hash = 'x'`,
    'delete from audit_checkpoints',
    `insert into audit_archives select chain, seq, hash, at, 'x', 'x', 'x' from audit_events limit 1`,
    'create table audit_events_copy (x int)',
    `grant delete on audit_events to ${server}`,
    `delete from kysely_migration`,
  ]) {
    const outcome = await client.query(statement).then(
      () => 'done',
      (error: pg.DatabaseError) => error.code,
    );
    // A grant of what one may not give only warns.
    if (statement.startsWith('grant')) continue;
    t.is(outcome, '42501', statement);
  }
  await t.throwsAsync(client.query('delete from audit_events'), { code: '42501' });
  t.is(
    await (await registry.request('/projects/bank/audit/export?after=0'))
      .text()
      .then(text => verify(text).faults),
    0,
  );
});

test('the owner of the tables is refused by their triggers too, and a superuser is no user for a server', async t => {
  const { databaseUrl, migrationUrl, superuserUrl } = await twoUsers(t);
  await migrateRegistry({ dataDir: tempDir(t), databaseUrl, migrationUrl });
  const owner = await connect(t, migrationUrl);
  await owner.query(`insert into audit_events values
    ('@x', 1, now(), 'a', 't', 'x', 's', null, null, null, '', '{}', 'p', 'h1'),
    ('@x', 2, now(), 'a', 't', 'x', 's', null, null, null, '', '{}', 'h1', 'h2')`);
  for (const statement of [
    `update audit_events set actor = 'eve'`,
    'delete from audit_events',
    'truncate audit_events',
    `insert into audit_archives values ('@x', 2, 'h2', now(), 'f', 'k', 's')`,
    `insert into audit_archives values ('@x', 1, 'other', now(), 'f', 'k', 's')`,
  ])
    await t.throwsAsync(owner.query(statement), { code: '42501' }, statement);
  const place = { dataDir: tempDir(t), migrationUrl };
  await t.throwsAsync(migrateRegistry({ ...place, databaseUrl: superuserUrl }), { code: 'ECONFIG' });
  await t.throwsAsync(migrateRegistry({ ...place, databaseUrl: migrationUrl }), { code: 'ECONFIG' });
});

test('old rows move to a file that verifies, and the chain goes on from there', async t => {
  const { databaseUrl, migrationUrl } = await twoUsers(t);
  const dataDir = tempDir(t);
  const now = { at: new Date('2026-01-01T00:00:00Z') };
  const registry = await startTestRegistry(t, { databaseUrl, migrationUrl, dataDir, now: () => now.at });
  await registry.request('/projects', jsonBody('POST', { project: 'bank' }));
  const before = verify(await (await registry.request('/projects/bank/audit/export')).text());
  now.at = new Date('2026-03-01T00:00:00Z');
  for (const name of ['risk', 'desk'])
    await registry.request('/projects/bank/teams', jsonBody('POST', { name }));
  const place = { dataDir, databaseUrl, migrationUrl, chain: '@bank', now: () => now.at };
  const file = join(dataDir, 'old.jsonl');
  const february = new Date('2026-02-01T00:00:00Z');
  const report = await archiveAudit({ ...place, before: february, file });
  t.deepEqual([report.rows, report.seq], [3, 3]);
  const archived = verify(readFileSync(file, 'utf8'), before.checkpoints);
  t.deepEqual([archived.problems, archived.first, archived.last], [[], 1, 3]);
  const left = verify(
    await (await registry.request('/projects/bank/audit/export')).text(),
    before.checkpoints,
  );
  t.deepEqual([left.problems, left.first, left.last], [[], 4, 6]);
  const again = join(dataDir, 'again.jsonl');
  await t.throwsAsync(archiveAudit({ ...place, before: february, file: again }), { code: 'ENOTFOUND' });
  now.at = new Date('2027-01-01T00:00:00Z');
  await t.throwsAsync(archiveAudit({ ...place, before: now.at, file }), { code: 'EEXISTS' });
  t.is((await archiveAudit({ ...place, before: now.at, file: again })).rows, 2, 'the newest row stays');
  await registry.request('/projects/bank/teams', jsonBody('POST', { name: 'late' }));
  const rest = verify(await (await registry.request('/projects/bank/audit/export')).text());
  t.deepEqual([rest.problems, rest.first, rest.last], [[], 6, 8]);
  const owner = await connect(t, migrationUrl);
  await t.throwsAsync(owner.query('delete from audit_events'), { code: '42501' });
});

test('whoever rewrites the database as a superuser is found by the export, or by a checkpoint that was kept', async t => {
  const { databaseUrl, migrationUrl, superuser } = await twoUsers(t);
  const dataDir = tempDir(t);
  const registry = await startTestRegistry(t, { databaseUrl, migrationUrl, dataDir });
  await registry.request('/projects', jsonBody('POST', { project: 'bank' }));
  await registry.request('/projects/bank/teams', jsonBody('POST', { name: 'risk' }));
  const exported = async () => (await registry.request('/projects/bank/audit/export')).text();
  const kept = verify(await exported()).checkpoints;
  await superuser.query('alter table audit_events disable trigger user');
  await superuser.query('alter table audit_checkpoints disable trigger user');
  const faultsAfter = async (...statements: string[]) => {
    await superuser.query('create table saved as select * from audit_events');
    for (const statement of statements) await superuser.query(statement);
    const { problems } = verify(await exported(), kept);
    await superuser.query('delete from audit_checkpoints; delete from audit_events');
    await superuser.query('insert into audit_events select * from saved; drop table saved');
    return [...new Set(problems.map(({ fault }) => fault))].sort();
  };
  const only = `chain = '@bank'`;
  t.deepEqual(await faultsAfter(`update audit_events set actor = 'eve' where ${only} and seq = 2`), [
    'changed',
  ]);
  t.deepEqual(await faultsAfter(`delete from audit_events where ${only} and seq = 2`), ['gap']);
  t.deepEqual(
    await faultsAfter(`delete from audit_events where ${only} and seq = 4`, 'delete from audit_checkpoints'),
    ['cut'],
  );
  t.deepEqual(
    await faultsAfter(
      `update audit_events set seq = -1 where ${only} and seq = 2`,
      `update audit_events set seq = 2 where ${only} and seq = 3`,
      `update audit_events set seq = 3 where ${only} and seq = -1`,
    ),
    ['changed', 'unlinked'],
  );
  const place = { dataDir, databaseUrl, migrationUrl, chain: '@bank', file: join(dataDir, 'broken.jsonl') };
  await superuser.query(`update audit_events set actor = 'eve' where ${only} and seq = 2`);
  await t.throwsAsync(archiveAudit({ ...place, before: new Date(Date.now() + 1000) }), {
    code: 'EINTEGRITY',
  });
});

test('the embedded database archives as well, and its triggers hold', async t => {
  const dataDir = tempDir(t);
  const { token } = await createToken({ dataDir, name: 'jane', scopes: ['publish'] });
  const registry = await startTestRegistry(t, { dataDir });
  const ask = (path: string, init: RequestInit = {}) => registry.request(path, { ...init, token });
  await ask('/projects', jsonBody('POST', { project: 'bank' }));
  const place = { dataDir, chain: '@bank', before: new Date(Date.now() + 1000) };
  const file = join(dataDir, 'old.jsonl');
  await t.throwsAsync(archiveAudit({ ...place, file }), { code: 'ELOCKED' });
  await registry.close();
  t.is((await archiveAudit({ ...place, file })).rows, 2);
  t.deepEqual(verify(readFileSync(file, 'utf8')).problems, []);
});
