import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Kysely, sql } from 'kysely';
import { z } from 'zod';
import {
  EMPTY_ROOT,
  isConsistent,
  isIncluded,
  isSignedTreeHead,
  logLeafHash,
  nodeHash,
} from '#prompd/verify/index.js';
import type { DatabaseSchema } from '#server/adapters/database-schema.js';
import { openEmbeddedDatabase } from '#server/adapters/embedded-database.js';
import { LogKeyFile } from '#server/adapters/log-key-file.js';
import { PgliteDialect } from '#server/adapters/pglite-dialect.js';
import { SqlTransparencyLogRepository } from '#server/adapters/transparency-log-repository.js';
import { ANONYMOUS, SEES_ALL, viewerOf } from '#server/domain/actor.js';
import { initial } from '#server/migrations/001-initial.js';
import { transparencyLog } from '#server/migrations/005-transparency-log.js';
import { TransparencyLog } from '#server/services/transparency-log.js';
import {
  archiveBody,
  jsonBody,
  packTest,
  startTestRegistry,
  type TestRegistry,
} from '../support/registry.js';
import { tempDir } from '../support/temp.js';
import { testRegistries } from './databases.js';

const hash = z.base64().transform(text => Buffer.from(text, 'base64'));
const headShape = z.object({
  size: z.number(),
  root: z.string(),
  timestamp: z.number(),
  publicKey: z.string(),
  signature: z.string(),
});
const leafShape = z.object({
  name: z.string(),
  version: z.string(),
  integrity: z.string(),
  publishedAt: z.string(),
  nonce: z.string(),
});
const entriesShape = z.object({
  entries: z.array(z.object({ index: z.number(), hash, leaf: leafShape.nullable() })),
});
const proofsShape = z.object({
  head: headShape,
  consistency: z.array(hash).nullable(),
  inclusions: z.array(leafShape.omit({ integrity: true }).extend({ index: z.number(), path: z.array(hash) })),
});
const consistencyShape = z.object({ first: z.number(), second: z.number(), path: z.array(hash) });
const pathShape = z.object({ index: z.number(), size: z.number(), path: z.array(hash) });

async function read<S extends z.ZodType>(
  { request }: TestRegistry,
  shape: S,
  path: string,
  init?: RequestInit & { token?: string | null },
): Promise<z.output<S>> {
  const answer = await request(path, init);
  const body = await answer.text();
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${body}`);
  return shape.parse(JSON.parse(body));
}

const headOf = (registry: TestRegistry) => read(registry, headShape, '/log', { token: null });
const entriesOf = (registry: TestRegistry, query = '', token?: string | null) =>
  read(registry, entriesShape, `/log/entries${query}`, token === undefined ? {} : { token });
const proofsOf = (registry: TestRegistry, body: unknown, token?: string | null) =>
  read(registry, proofsShape, '/log/proofs', {
    ...jsonBody('POST', body),
    ...(token === undefined ? {} : { token }),
  });

/** Holds that every leaf that the log shows is proved, and every earlier tree is a beginning of the newest. */
async function assertWhole(t: ExecutionContext, registry: TestRegistry): Promise<void> {
  const head = await headOf(registry);
  t.true(isSignedTreeHead(head));
  const root = Buffer.from(head.root, 'base64');
  const { entries } = await entriesOf(registry, '?limit=250');
  t.deepEqual(
    entries.map(({ index }) => index),
    Array.from({ length: head.size }, (_, index) => index),
  );
  for (const { index, hash: leaf, leaf: said } of entries) {
    t.true(said !== null && logLeafHash(said).equals(leaf), `${index}`);
    const { size, path } = await read(registry, pathShape, `/log/leaves/${leaf.toString('hex')}`);
    t.true(isIncluded({ index, leaf, size, root, path }), `${index}`);
  }
  t.deepEqual(treeOf(entries.map(entry => entry.hash)), root);
}

function treeOf(leaves: readonly Buffer[]): Buffer {
  const [first] = leaves;
  if (first === undefined) return EMPTY_ROOT;
  if (leaves.length === 1) return first;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(treeOf(leaves.slice(0, split)), treeOf(leaves.slice(split)));
}

for (const { name: kind, start } of await testRegistries(test)) {
  test(`${kind}: each publication adds a leaf, and each tree is shown to be the beginning of the next`, async t => {
    const registry = await start(t);
    const empty = await headOf(registry);
    t.like(empty, { size: 0, root: EMPTY_ROOT.toString('base64') });
    t.true(isSignedTreeHead(empty));
    let before = empty;
    for (let index = 0; index < 6; index += 1) {
      const version = `1.0.${index}`;
      const { integrity } = await registry.publish({ name: '@acme/tone', version });
      const { head, consistency, inclusions } = await proofsOf(registry, {
        from: before.size,
        packages: [{ name: '@acme/tone', version }],
      });
      t.is(head.size, index + 1);
      t.is(head.publicKey, empty.publicKey);
      const [secondRoot, firstRoot] = [head, before].map(each => Buffer.from(each.root, 'base64'));
      if (!firstRoot || !secondRoot) throw new Error('no root');
      t.true(
        isConsistent({
          first: before.size,
          firstRoot,
          second: head.size,
          secondRoot,
          path: consistency ?? [],
        }),
      );
      const [inclusion] = inclusions;
      t.like(inclusion, { name: '@acme/tone', version, index });
      const leaf = logLeafHash({ ...leafShape.omit({ integrity: true }).parse(inclusion), integrity });
      t.true(isIncluded({ index, leaf, size: head.size, root: secondRoot, path: inclusion?.path ?? [] }));
      before = head;
    }
    await assertWhole(t, registry);
    for (let first = 0; first <= 6; first += 1) {
      const { path, second } = await read(registry, consistencyShape, `/log/consistency?first=${first}`);
      const firstRoot = treeOf(
        (await entriesOf(registry, `?limit=${first}`)).entries.map(entry => entry.hash),
      );
      const secondRoot = Buffer.from(before.root, 'base64');
      t.true(isConsistent({ first, firstRoot, second, secondRoot, path }), `${first}`);
    }
  });

  test(`${kind}: publications at the same time stand in the log one after the other`, async t => {
    const registry = await start(t);
    const names = Array.from({ length: 12 }, (_, at) => `@acme/part-${at}`);
    await Promise.all(names.map(name => registry.publish({ name, version: '1.0.0' })));
    const { entries } = await entriesOf(registry);
    t.deepEqual(entries.map(({ leaf }) => leaf?.name).sort(), [...names].sort());
    await assertWhole(t, registry);
  });

  test(`${kind}: a publication that is refused leaves nothing in the log`, async t => {
    const registry = await start(t);
    const { bytes } = await packTest({ name: '@acme/tone', version: '1.0.0' });
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => registry.request('/packages', archiveBody(bytes))),
    );
    t.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409, 409]);
    t.is((await headOf(registry)).size, 1);
  });

  test(`${kind}: deleted and yanked versions stay in the log`, async t => {
    const registry = await start(t);
    for (const version of ['1.0.0', '1.1.0']) await registry.publish({ name: '@acme/tone', version });
    const before = await entriesOf(registry);
    const yank = jsonBody('PUT', { yanked: { '1.1.0': true } });
    t.is((await registry.request('/packages/@acme/tone', yank)).status, 200);
    t.is((await registry.request('/packages/@acme/tone/1.0.0', { method: 'DELETE' })).status, 204);
    t.deepEqual(await entriesOf(registry), before);
    const packages = ['1.0.0', '1.1.0'].map(version => ({ name: '@acme/tone', version }));
    t.is((await proofsOf(registry, { packages }, null)).inclusions.length, 2);
    await assertWhole(t, registry);
  });

  test(`${kind}: of a private package outsiders see a hash, which has a proof and names nobody`, async t => {
    const registry = await start(t);
    await registry.publish({ name: '@acme/tone', version: '1.0.0' });
    const secret = { name: '@bank/secret', version: '1.0.0' };
    await registry.publish(secret, {}, '?access=private');
    const answer = await registry.request('/log/entries', { token: null });
    const text = await answer.text();
    t.false(text.includes('secret'));
    const { entries } = entriesShape.parse(JSON.parse(text));
    const [open, closed] = entries;
    t.is(open?.leaf?.name, '@acme/tone');
    t.is(closed?.leaf, null);
    t.is((await entriesOf(registry)).entries[1]?.leaf?.name, '@bank/secret');

    t.deepEqual((await proofsOf(registry, { packages: [secret] }, null)).inclusions, []);
    t.is((await proofsOf(registry, { packages: [secret] })).inclusions.length, 1);
    const path = `/log/leaves/${closed?.hash.toString('hex')}`;
    const proof = await registry.request(path, { token: null });
    t.is(proof.status, 200);
    t.false((await proof.text()).includes('secret'));
  });
}

test('the log and its key are the same after the server was started again', async t => {
  const dataDir = tempDir(t);
  const first = await startTestRegistry(t, { dataDir });
  await first.publish({ name: '@acme/tone', version: '1.0.0' });
  const before = await headOf(first);
  await first.close();
  const second = await startTestRegistry(t, { dataDir });
  const after = await headOf(second);
  t.deepEqual([after.size, after.root, after.publicKey], [1, before.root, before.publicKey]);
});

test('a log never signs with another key, and signs again once its own is back', async t => {
  const dataDir = tempDir(t);
  const registry = await startTestRegistry(t, { dataDir });
  await registry.publish({ name: '@acme/tone', version: '1.0.0' });
  const { publicKey } = await headOf(registry);
  const file = join(dataDir, 'signing-keys', 'log.pem');
  t.is(statSync(file).mode & 0o777, 0o600);
  const pem = readFileSync(file);
  await registry.close();
  rmSync(file);
  const without = await startTestRegistry(t, { dataDir });
  t.is((await without.request('/log')).status, 500);
  t.false(existsSync(file));
  await new LogKeyFile(dataDir).create();
  t.is((await without.request('/log')).status, 500);
  writeFileSync(file, pem);
  t.is((await headOf(without)).publicKey, publicKey);
});

test('of servers that make the key of a log at once, all get the same', async t => {
  const dataDir = tempDir(t);
  const keys = await Promise.all(Array.from({ length: 5 }, () => new LogKeyFile(dataDir).create()));
  const [first] = keys;
  if (!first) throw new Error('no key');
  t.true(keys.every(key => key.equals(first)));
});

test('a version that came into the registry without a leaf gets one when it is asked for', async t => {
  const db = new Kysely<DatabaseSchema>({
    dialect: new PgliteDialect(await openEmbeddedDatabase(join(tempDir(t), 'db'), { tables: false })),
  });
  t.teardown(() => db.destroy());
  await initial.up(db);
  await transparencyLog.up(db);
  await sql
    .raw(`insert into packages (name, access, created_at, updated_at)
    values ('@bank/kyc', 'public', now(), now()), ('@bank/secret', 'private', now(), now())`)
    .execute(db);
  const insert = (packageId: number, version: string, status: string, deleted: string) =>
    sql
      .raw(
        `insert into versions (package_id, version, status, manifest, integrity, shasum, size, unpacked_size, file_count,
          published_by, published_at, deleted_at)
          values (${packageId}, '${version}', '${status}', '{}', 'x', 'x', 1, 1, 1, 'jane', now(), ${deleted})`,
      )
      .execute(db);
  await insert(1, '1.0.0', 'published', 'null');
  await insert(1, '2.0.0', 'pending', 'null');
  await insert(1, '3.0.0', 'published', 'now()');
  await insert(2, '1.0.0', 'published', 'null');
  const repository = new SqlTransparencyLogRepository(db);
  const wanted = [
    ...['1.0.0', '2.0.0', '3.0.0', '4.0.0'].map(version => ({ name: '@bank/kyc', version })),
    { name: '@bank/secret', version: '1.0.0' },
  ];
  const [some] = await Promise.all([
    repository.find(wanted, { viewer: viewerOf(ANONYMOUS) }),
    repository.find(wanted, { viewer: viewerOf(ANONYMOUS) }),
  ]);
  t.deepEqual(
    some.map(({ name, version, index }) => [name, version, index]),
    [['@bank/kyc', '1.0.0', 0]],
  );
  t.is(await repository.size(), 1);
  t.is((await repository.find(wanted, { viewer: SEES_ALL })).length, 2);
  t.is(await repository.size(), 2);
});

for (const [what, path, init] of [
  ['a tree that is larger than the log', '/log/consistency?first=0&second=1'],
  ['trees that stand the wrong way around', '/log/consistency?first=2&second=1'],
  ['a leaf in a tree that is not there', `/log/leaves/${'0'.repeat(64)}?size=1`],
  ['a leaf that is no hash', '/log/leaves/xyz'],
  ['more entries than a page has', '/log/entries?limit=251'],
  ['a number that is none', '/log/entries?start=-1'],
  [
    'more packages than a question has',
    '/log/proofs',
    jsonBody('POST', {
      packages: Array.from({ length: 1001 }, () => ({ name: 'a', version: '1.0.0' })),
    }),
  ],
] as const satisfies readonly (readonly [string, string, RequestInit?])[]) {
  test(`a question about ${what} is refused`, async t => {
    const answer = await (await idle()).request(path, init);
    t.is(answer.status, 400);
  });
}

test('a leaf that the log does not have is not found', async t => {
  t.is((await (await idle()).request(`/log/leaves/${'0'.repeat(64)}`)).status, 404);
});

test('a caller who remembers a larger tree than there is gets the head and no proof', async t => {
  const { head, consistency } = await proofsOf(await idle(), { from: 7 });
  t.is(head.size, 0);
  t.is(consistency, null);
});

test('the registry announces its log', async t => {
  const answer = await (await idle()).request('/.well-known/registry.json');
  const { capabilities } = z.object({ capabilities: z.array(z.string()) }).parse(await answer.json());
  t.true(capabilities.includes('transparency-log'));
});

test('a log begins with the versions that were published before there was one, deleted ones among them', async t => {
  const db = new Kysely<DatabaseSchema>({
    dialect: new PgliteDialect(await openEmbeddedDatabase(join(tempDir(t), 'db'), { tables: false })),
  });
  t.teardown(() => db.destroy());
  await initial.up(db);
  await sql
    .raw(`insert into packages (name, created_at, updated_at) values ('@bank/kyc', now(), now())`)
    .execute(db);
  const count = 1203;
  await sql
    .raw(
      `insert into versions (package_id, version, status, manifest, integrity, shasum, size, unpacked_size, file_count,
        published_by, published_at, deleted_at)
        select 1, '1.0.' || n, 'published', '{}', 'sha512-' || n, 'x', 1, 1, 1, 'jane',
          timestamptz '2026-01-01 00:00:00+00' + n * interval '1 minute', case when n % 3 = 0 then now() end
        from generate_series(0, ${count - 1}) as n`,
    )
    .execute(db);
  await transparencyLog.up(db);
  const repository = new SqlTransparencyLogRepository(db);
  t.is(await repository.size(), count);
  const entries = await repository.entries({ start: 0, limit: count, viewer: SEES_ALL });
  t.deepEqual(
    entries.map(({ leaf }) => leaf?.version),
    Array.from({ length: count }, (_, n) => `1.0.${n}`),
  );
  for (const { leaf, leafHash } of entries) t.true(leaf !== undefined && logLeafHash(leaf).equals(leafHash));
  const keys = new LogKeyFile(tempDir(t));
  const log = new TransparencyLog({ log: repository, keys, now: () => new Date(0) });
  t.is((await log.head()).root, treeOf(entries.map(({ leafHash }) => leafHash)).toString('base64'));
});

let quiet: Promise<TestRegistry> | undefined;
const undo: (() => void | Promise<void>)[] = [];
/** A registry in which nothing was published. */
function idle(): Promise<TestRegistry> {
  quiet ??= startTestRegistry({ teardown: step => void undo.unshift(step) });
  return quiet;
}
test.after.always('the quiet registry stops', async () => {
  for (const step of undo) await step();
});
