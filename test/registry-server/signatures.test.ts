import { createPublicKey, createVerify, generateKeyPairSync, sign } from 'node:crypto';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { sql } from 'kysely';
import { z } from 'zod';
import { authorPayload, authorSignatureHeader } from '#prompd/core/author-signature.js';
import { type Integrity, integrityOf } from '#prompd/core/integrity.js';
import { keyIdOf } from '#prompd/core/registry-signature.js';
import { openDatabase } from '#server/adapters/database.js';
import { expireSigningKey, listSigningKeys, rotateSigningKey } from '#server/main.js';
import { archiveBody, packTest, startTestRegistry, type TestRegistry } from '../support/registry.js';
import { tempDir } from '../support/temp.js';

const NAME = '@bank/kyc';
const entrySchema = z.object({
  dist: z.object({
    integrity: z.string(),
    signatures: z.array(z.object({ keyid: z.string(), sig: z.string() })),
    authorSignatures: z.array(z.object({ keyid: z.string(), key: z.string(), sig: z.string() })).optional(),
  }),
});
const packumentSchema = z.object({
  versions: z.record(z.string(), entrySchema),
  time: z.record(z.string(), z.string()),
});
const keysSchema = z.object({
  keys: z.array(
    z.object({
      expires: z.string().nullable(),
      keyid: z.string(),
      keytype: z.literal('ecdsa-sha2-nistp256'),
      scheme: z.literal('ecdsa-sha2-nistp256'),
      key: z.string(),
    }),
  ),
});

const keysOf = async (registry: TestRegistry) =>
  keysSchema.parse(await (await registry.request('/-/npm/v1/keys', { token: null })).json()).keys;
const packumentOf = async (registry: TestRegistry) =>
  packumentSchema.parse(await (await registry.request(`/packages/${NAME}`)).json());

/** As npm's own client verifies: every signature, with the key of its id, judged by the time of publication. */
async function assertVerifies(t: ExecutionContext, registry: TestRegistry): Promise<string[][]> {
  const keys = await keysOf(registry);
  const { versions, time } = await packumentOf(registry);
  return Object.entries(versions).map(([version, { dist }]) => {
    t.true(dist.signatures.length > 0, `${version} is signed`);
    return dist.signatures.map(({ keyid, sig }) => {
      const key = keys.find(known => known.keyid === keyid);
      t.truthy(key);
      if (key?.expires) t.true(Date.parse(time[version] ?? '') < Date.parse(key.expires));
      const pem = `-----BEGIN PUBLIC KEY-----\n${key?.key}\n-----END PUBLIC KEY-----`;
      const verifier = createVerify('SHA256').update(`${NAME}@${version}:${dist.integrity}`);
      t.true(verifier.verify(pem, sig, 'base64'), version);
      return keyid;
    });
  });
}

test('a version is signed when it is published, in the way that npm verifies', async t => {
  const registry = await startTestRegistry(t);
  await registry.publish({ name: NAME, version: '1.0.0' });
  const [[keyid = ''] = []] = await assertVerifies(t, registry);
  const [key] = await keysOf(registry);
  t.is(keyIdOf(Buffer.from(key?.key ?? '', 'base64')), keyid);
  const one = entrySchema.parse(await (await registry.request(`/packages/${NAME}/1.0.0`)).json());
  t.is(one.dist.signatures[0]?.keyid, keyid);
});

test('the private key is a file that only the user of the registry may read', async t => {
  const { dataDir } = await startTestRegistry(t);
  const folder = join(dataDir, 'signing-keys');
  const files = readdirSync(folder);
  t.is(files.length, 1);
  t.is(statSync(folder).mode & 0o777, 0o700);
  t.is(statSync(join(folder, files[0] ?? '')).mode & 0o777, 0o600);
});

test('after a rotation new versions have a new key, and old ones still verify by the time they were published at', async t => {
  const first = await startTestRegistry(t, { dataDir: tempDir(t) });
  const { dataDir } = first;
  await first.publish({ name: NAME, version: '1.0.0' });
  await first.close();
  const added = await rotateSigningKey({ dataDir });
  const second = await startTestRegistry(t, { dataDir });
  await second.publish({ name: NAME, version: '1.1.0' });
  const [[old] = [], [current] = []] = await assertVerifies(t, second);
  t.not(old, current);
  t.is(current, added.keyid);
  t.deepEqual(
    (await keysOf(second)).map(({ keyid, expires }) => [keyid, expires === null]),
    [
      [old, false],
      [current, true],
    ],
  );
});

test('what was published before there were signatures is signed at the next start, under a new ETag', async t => {
  const first = await startTestRegistry(t, { dataDir: tempDir(t) });
  const { dataDir } = first;
  await first.publish({ name: NAME, version: '1.0.0' });
  await first.publish({ name: NAME, version: '1.1.0' });
  const etag = (await first.request(`/packages/${NAME}`)).headers.get('etag') ?? '';
  await first.close();
  const { database } = await openDatabase({ dataDir, onError: () => undefined });
  await sql`delete from version_signatures`.execute(database);
  await database.destroy();
  const second = await startTestRegistry(t, { dataDir });
  t.is((await assertVerifies(t, second)).length, 2);
  const again = await second.request(`/packages/${NAME}`, { headers: { 'if-none-match': etag } });
  t.is(again.status, 200);
});

test('what is signed late has the oldest key that covers it, as clients doubt one that is younger', async t => {
  const first = await startTestRegistry(t, { dataDir: tempDir(t) });
  const { dataDir } = first;
  await first.publish({ name: NAME, version: '1.0.0' });
  await first.close();
  const [old] = await listSigningKeys({ dataDir });
  await rotateSigningKey({ dataDir });
  const { database } = await openDatabase({ dataDir, onError: () => undefined });
  await sql`delete from version_signatures`.execute(database);
  await database.destroy();
  const second = await startTestRegistry(t, { dataDir });
  t.deepEqual(await assertVerifies(t, second), [[old?.keyid ?? '']]);
});

test('a key that was stolen covers nothing from that day on: what it signed since is signed anew', async t => {
  let now = new Date('2026-01-01T00:00:00Z');
  const first = await startTestRegistry(t, { dataDir: tempDir(t), now: () => now });
  const { dataDir } = first;
  await first.publish({ name: NAME, version: '1.0.0' });
  now = new Date('2026-03-01T00:00:00Z');
  await first.publish({ name: NAME, version: '1.1.0' });
  await first.close();
  const [stolen] = await listSigningKeys({ dataDir });
  const at = new Date('2026-02-01T00:00:00Z');
  const expired = await expireSigningKey({ dataDir, keyid: stolen?.keyid ?? '', at });
  t.deepEqual(expired.expiresAt, at);
  const second = await startTestRegistry(t, { dataDir });
  const [[old] = [], [renewed] = []] = await assertVerifies(t, second);
  t.is(old, stolen?.keyid);
  t.not(renewed, old);
});

test('a key that expired never lasts longer again', async t => {
  const { dataDir, close } = await startTestRegistry(t, { dataDir: tempDir(t) });
  await close();
  const [key] = await listSigningKeys({ dataDir });
  const at = new Date('2026-02-01T00:00:00Z');
  await expireSigningKey({ dataDir, keyid: key?.keyid ?? '', at });
  for (const later of [undefined, new Date('2099-01-01T00:00:00Z')]) {
    const again = await expireSigningKey({ dataDir, keyid: key?.keyid ?? '', at: later });
    t.deepEqual(again.expiresAt, at);
  }
});

test('a key that the registry does not have cannot expire', async t => {
  const { dataDir, close } = await startTestRegistry(t, { dataDir: tempDir(t) });
  await close();
  await t.throwsAsync(expireSigningKey({ dataDir, keyid: 'SHA256:x' }), { code: 'ENOKEY' });
});

const pem = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ format: 'pem', type: 'pkcs8' })
    .toString();

test('an operator may hand in the key, which then is on no disk and signs until it is let expire', async t => {
  const signingKey = pem();
  const first = await startTestRegistry(t, { dataDir: tempDir(t), signingKey });
  const { dataDir } = first;
  await first.publish({ name: NAME, version: '1.0.0' });
  const [[keyid = ''] = []] = await assertVerifies(t, first);
  const spki = createPublicKey(signingKey).export({ format: 'der', type: 'spki' });
  t.is(keyid, keyIdOf(spki));
  t.false(readdirSync(dataDir).includes('signing-keys'));
  await first.close();
  await t.throwsAsync(rotateSigningKey({ dataDir, signingKey }), { code: 'ECONFIG' });
  const oneLine = Buffer.from(pem().replace(/-----.*-----|\n/g, ''), 'base64').toString('base64');
  await expireSigningKey({ dataDir, signingKey: oneLine, keyid });
  await t.throwsAsync(startTestRegistry(t, { dataDir, signingKey }), { code: 'ECONFIG', message: /expired/ });
  const second = await startTestRegistry(t, { dataDir, signingKey: oneLine });
  await second.publish({ name: NAME, version: '1.1.0' });
  t.is(new Set((await assertVerifies(t, second)).flat()).size, 2);
});

for (const [what, signingKey] of [
  ['words', 'a secret of another kind that was put there by mistake, which is long'],
  [
    'a key of another curve',
    generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  ],
] as const) {
  test(`${what} handed in as the signing key are refused, and not repeated`, async t => {
    const error = await t.throwsAsync(startTestRegistry(t, { signingKey }), { code: 'ECONFIG' });
    t.false(JSON.stringify([error.message, error]).includes(signingKey.slice(30, 60)));
  });
}

test('a registry whose key file holds another key does not start', async t => {
  const { dataDir, close } = await startTestRegistry(t, { dataDir: tempDir(t) });
  await close();
  const [file = ''] = readdirSync(join(dataDir, 'signing-keys'));
  writeFileSync(join(dataDir, 'signing-keys', file), pem());
  await t.throwsAsync(startTestRegistry(t, { dataDir }), { code: 'ECONFIG', message: /signing-keys/ });
});

const author = generateKeyPairSync('ed25519');
const authorKey = author.publicKey.export({ format: 'der', type: 'spki' });

function signedBy(name: string, version: string, integrity: Integrity): string {
  const keyid = keyIdOf(authorKey);
  const payload = authorPayload({ name, version, integrity }, keyid);
  const sig = sign(null, Buffer.from(payload), author.privateKey).toString('base64');
  return authorSignatureHeader({ keyid, key: authorKey.toString('base64'), sig });
}

test('an author’s signature is kept and shown when it is of exactly what is published, else nothing is', async t => {
  const registry = await startTestRegistry(t);
  const { bytes, integrity } = await packTest({ name: NAME, version: '1.0.0' });
  const publish = (header: string) =>
    registry.request('/packages', archiveBody(bytes, { 'prompd-author-signature': header }));
  const code = async (answer: Response) => z.object({ code: z.string() }).parse(await answer.json()).code;
  for (const wrong of [
    signedBy(NAME, '1.0.1', integrity),
    signedBy('@bank/other', '1.0.0', integrity),
    signedBy(NAME, '1.0.0', integrityOf(Buffer.from('other bytes'))),
  ]) {
    const answer = await publish(wrong);
    t.is(answer.status, 422);
    t.is(await code(answer), 'ESIGNATURE');
  }
  for (const malformed of [
    'x',
    'ed25519 AAAA AAAA',
    signedBy(NAME, '1.0.0', integrity).replace('ed25519', 'rsa'),
  ]) {
    t.is((await publish(malformed)).status, 400);
  }
  t.is((await registry.request(`/packages/${NAME}`)).status, 404);
  t.is((await publish(signedBy(NAME, '1.0.0', integrity))).status, 201);
  const { versions } = await packumentOf(registry);
  t.is(versions['1.0.0']?.dist.authorSignatures?.[0]?.keyid, keyIdOf(authorKey));
});
