import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import test from 'ava';
import { backupRegistry, type RegistryOptions, restoreRegistry } from '#server/main.js';
import { startPostgres } from '../../support/postgres.js';
import { jsonBody, startTestRegistry, type TestRegistry } from '../../support/registry.js';
import { startS3 } from '../../support/s3.js';
import { type Teardown, tempDir } from '../../support/temp.js';

const undo: Array<() => void | Promise<void>> = [];
const shared: Teardown = { teardown: step => undo.unshift(step) };
const postgres = await startPostgres();
if (postgres) shared.teardown(() => postgres.stop());
const s3 = await startS3(shared);
/** A registry with something of every kind, and what it answers. */
const original = await startTestRegistry(shared, { dataDir: tempDir(shared) });
await fill(original);
const answers = await ask(original);
await original.close();
const backups = tempDir(shared);
const backup = path.join(backups, 'registry.backup');
const report = await backupRegistry({ dataDir: original.dataDir, file: backup });
test.after.always('the servers stop', async () => {
  for (const step of undo) await step();
});

type Place = Pick<RegistryOptions, 'databaseUrl' | 's3'>;
const PLACES: ReadonlyArray<readonly [name: string, place: () => Promise<Place>]> = [
  ['the embedded database and a folder', async () => ({})],
  ...(postgres
    ? ([
        [
          'PostgreSQL and a bucket',
          async () => ({
            databaseUrl: await postgres.freshDatabase(),
            s3: { ...s3, prefix: `${s3.prefix}a/` },
          }),
        ],
      ] as const)
    : []),
];

for (const [name, place] of PLACES) {
  test(`what was saved of an embedded registry comes back on ${name}, and is saved there the same`, async t => {
    const target = { ...(await place()), dataDir: path.join(tempDir(t), 'data') };
    t.like(await restoreRegistry({ ...target, file: backup }), {
      rows: report.rows,
      archives: 3,
      keys: report.keys,
    });
    const registry = await startTestRegistry(t, { ...target, adminToken: original.adminToken });
    t.deepEqual(await ask(registry), answers);
    // New ids follow those that were given out before.
    await registry.publish({ name: '@bank/next', version: '1.0.0' });
    await registry.close();
    const again = await backupRegistry({ ...target, file: path.join(tempDir(t), 'again') });
    t.is(again.archives, 4);
    t.is(again.keys, report.keys);
  });
}

test('a backup is readable by its owner alone, and overwrites nothing', async t => {
  t.is(statSync(backup).mode & 0o777, 0o600);
  t.true(report.bytes === statSync(backup).size && report.keys > 0);
  await t.throwsAsync(backupRegistry({ dataDir: original.dataDir, file: backup }), { code: 'EEXISTS' });
  t.deepEqual(readdirSync(backups), ['registry.backup']);
});

test('a registry that has anything is never restored over', async t => {
  const dataDir = tempDir(t);
  const registry = await startTestRegistry(t, { dataDir });
  await registry.close();
  const error = await t.throwsAsync(restoreRegistry({ dataDir, file: backup }), { code: 'EEXISTS' });
  t.regex(JSON.stringify(error), /tokens/);
});

test('a damaged or shortened backup restores nothing', async t => {
  const whole = gunzipSync(readFileSync(backup));
  const changed = Buffer.from(whole);
  const at = changed.indexOf('@bank/kyc');
  changed.write('@tank', at);
  const blob = Buffer.from(whole);
  blob.write('!', blob.indexOf('"blob"') + 400);
  const cases: Record<string, Buffer> = {
    changed: gzipSync(changed),
    'with a damaged archive': gzipSync(blob),
    'without its end': gzipSync(whole.subarray(0, whole.length - 30)),
    'with something behind its end': gzipSync(Buffer.concat([whole, Buffer.from('{}\n')])),
    'cut off': readFileSync(backup).subarray(0, 5000),
    'of something else': gzipSync('{"name":"package"}\n'),
    'not compressed': Buffer.from('hello'),
    empty: Buffer.alloc(0),
  };
  for (const [name, bytes] of Object.entries(cases)) {
    const dir = tempDir(t);
    const file = path.join(dir, 'backup');
    writeFileSync(file, bytes);
    await t.throwsAsync(
      restoreRegistry({ dataDir: path.join(dir, 'data'), file }),
      { code: 'EBACKUP' },
      name,
    );
    t.false(existsSync(path.join(dir, 'data')), name);
  }
});

test('a backup of a newer server is refused before anything is made', async t => {
  const dir = tempDir(t);
  const file = path.join(dir, 'backup');
  const [, rest = ''] = /^[^\n]*\n([\s\S]*)$/.exec(gunzipSync(readFileSync(backup)).toString('latin1')) ?? [];
  const header = {
    prompdBackup: 1,
    createdAt: '2026-01-31T09:00:00.000Z',
    migrations: ['999-later'],
    sequences: {},
  };
  const { createHash } = await import('node:crypto');
  const body = Buffer.from(
    `${JSON.stringify(header)}\n${rest.slice(0, rest.lastIndexOf('{"end"'))}`,
    'latin1',
  );
  const end = { end: { sha256: createHash('sha256').update(body).digest('hex') } };
  writeFileSync(file, gzipSync(Buffer.concat([body, Buffer.from(`${JSON.stringify(end)}\n`)])));
  const dataDir = path.join(dir, 'data');
  await t.throwsAsync(restoreRegistry({ dataDir, file }), {
    code: 'ECONFIG',
    message: /newer registry server/,
  });
  t.false(existsSync(dataDir));
});

test('an archive that is damaged or lost fails the backup, and leaves no file', async t => {
  const dataDir = path.join(tempDir(t), 'data');
  await restoreRegistry({ dataDir, file: backup });
  const blobs = path.join(dataDir, 'blobs');
  const [first = ''] = readdirSync(blobs, { recursive: true, encoding: 'utf8' }).filter(name =>
    /\/.{60}/.test(name),
  );
  const out = tempDir(t);
  const file = path.join(out, 'backup');
  writeFileSync(path.join(blobs, first), 'damaged');
  await t.throwsAsync(backupRegistry({ dataDir, file }), { code: 'EINTEGRITY', message: /damaged/ });
  rmSync(path.join(blobs, first));
  await t.throwsAsync(backupRegistry({ dataDir, file }), { code: 'EINTEGRITY', message: /missing/ });
  t.deepEqual(readdirSync(out), []);
});

test('a data folder with other keys is not restored into', async t => {
  const dataDir = tempDir(t);
  const [key = ''] = readdirSync(path.join(original.dataDir, 'signing-keys')).filter(name =>
    name.endsWith('.pem'),
  );
  mkdirSync(path.join(dataDir, 'signing-keys'));
  writeFileSync(path.join(dataDir, 'signing-keys', key), 'another');
  const error = await t.throwsAsync(restoreRegistry({ dataDir, file: backup }), { code: 'EEXISTS' });
  t.like(error, { facts: { key } });
});

async function fill(registry: TestRegistry): Promise<void> {
  const readme = { 'README.md': '# Know your customer: "quotes", \\ and ü, 日本\n' };
  await registry.publish({ name: '@bank/kyc', version: '1.0.0', keywords: ['kyc'] }, readme);
  await registry.publish({ name: '@bank/kyc', version: '1.1.0', dependencies: { '@common/base': '^1.0.0' } });
  await registry.publish({ name: '@common/base', version: '1.0.0' }, {}, '?access=private');
  await registry.publish({ name: '@common/gone', version: '1.0.0' });
  await registry.request('/packages/@common/gone/1.0.0', { method: 'DELETE' });
  await registry.request('/packages/@bank/kyc', jsonBody('PUT', { deprecated: { '1.0.0': 'Use 1.1.0.' } }));
  await registry.request('/packages/@bank/kyc/dist-tags/stable', jsonBody('PUT', { version: '1.0.0' }));
  const hook = { url: 'https://hooks.example.com/', packages: ['@bank'] };
  await registry.request('/webhooks', jsonBody('POST', hook));
}

/** What depends on every table that matters, without what depends on the address or the time. */
async function ask({ request, url }: TestRegistry): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {};
  for (const address of [
    '/packages?q=customer',
    '/packages/@bank/kyc',
    '/packages/@common/base',
    '/packages/@common/gone',
    '/packages/@bank/kyc/dist-tag-moves',
    '/packages/@bank/kyc/owners',
    '/packages/@bank/kyc/-/kyc-1.1.0.tgz',
    '/log/entries',
    '/webhooks',
    '/-/npm/v1/keys',
  ]) {
    const answer = await request(address);
    const text = Buffer.from(await answer.arrayBuffer()).toString('latin1');
    const plain = text.replaceAll(url, '').replace(/"downloads":\d+|"instance":"[^"]*"/g, '');
    answers[address] = [answer.status, plain];
  }
  return answers;
}
