import { generateKeyPairSync, randomBytes } from 'node:crypto';
import test from 'ava';
import { z } from 'zod';
import type { RegistryOptions } from '#server/main.js';
import { startPostgres } from '../support/postgres.js';
import { startTestRegistry, type TestRegistry } from '../support/registry.js';
import { startS3 } from '../support/s3.js';
import type { Teardown } from '../support/temp.js';

const undo: Array<() => void | Promise<void>> = [];
const shared: Teardown = { teardown: step => undo.unshift(step) };
const postgres = await startPostgres();
if (postgres) shared.teardown(() => postgres.stop());
const s3 = await startS3(shared);
const databaseUrl = await postgres?.freshDatabase();
test.after.always('the servers stop', async () => {
  for (const step of undo) await step();
});

if (databaseUrl !== undefined) {
  const pem = (kind: 'log' | 'versions') =>
    (kind === 'log'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
    ).privateKey
      .export({ format: 'pem', type: 'pkcs8' })
      .toString();
  const options: Partial<RegistryOptions> = {
    databaseUrl,
    adminToken: `prompd_${randomBytes(32).toString('base64url')}`,
    signingKey: pem('versions'),
    logKey: pem('log'),
    secretKey: randomBytes(32).toString('base64'),
    s3,
  };
  // Each has a data folder of its own: nothing of one may be needed by the other.
  const starting = Promise.all([startTestRegistry(shared, options), startTestRegistry(shared, options)]);

  test.serial('two servers that start at once on an empty database both come up', async t => {
    for (const { request } of await starting) t.is((await request('/readyz', { token: null })).status, 200);
  });

  test.serial('what is published at one server is served by the other', async t => {
    const [one, other] = await starting;
    const { bytes } = await one.publish({ name: '@bank/kyc', version: '1.0.0' });
    const answer = await other.request('/packages/@bank/kyc/-/kyc-1.0.0.tgz', { token: null });
    t.is(answer.status, 200);
    t.deepEqual(Buffer.from(await answer.arrayBuffer()), Buffer.from(bytes));
  });

  test.serial('both sign with the keys that they were given', async t => {
    const keys = await Promise.all((await starting).map(registry => logKey(registry)));
    t.is(keys[0], keys[1]);
  });

  test.serial('tries to sign in at one server count at the other', async t => {
    const servers = await starting;
    const signIn = (at: number) =>
      servers[at % 2 === 0 ? 0 : 1].request('/auth/sign-in', {
        method: 'POST',
        token: null,
        headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
        body: JSON.stringify({ name: 'nobody', password: 'guess after guess' }),
      });
    const answers: number[] = [];
    for (let at = 0; at < 6; at++) answers.push((await signIn(at)).status);
    t.deepEqual(answers, [401, 401, 401, 401, 401, 429]);
    t.is((await signIn(0)).status, 429);
  });

  test.serial('a secret that one server keeps is read by the other', async t => {
    const [one, other] = await starting;
    const made = await one.request('/webhooks', {
      method: 'POST',
      body: JSON.stringify({ url: 'https://hooks.example.com/', packages: ['@bank'] }),
      headers: { 'content-type': 'application/json' },
    });
    const { id } = z.object({ id: z.string() }).parse(await made.json());
    const ping = await other.request(`/webhooks/${id}/test`, { method: 'POST' });
    t.true(ping.ok, String(ping.status));
  });

  test.serial('what is unpublished at one server is gone at the other, its bytes too', async t => {
    const [one, other] = await starting;
    await one.publish({ name: '@bank/gone', version: '1.0.0' });
    t.is((await other.request('/packages/@bank/gone/1.0.0', { method: 'DELETE' })).status, 204);
    t.is((await one.request('/packages/@bank/gone/-/gone-1.0.0.tgz')).status, 404);
  });
}

async function logKey({ request }: TestRegistry): Promise<string> {
  const answer = await request('/log', { token: null });
  return z.object({ publicKey: z.string() }).parse(await answer.json()).publicKey;
}
