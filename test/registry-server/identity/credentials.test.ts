import test from 'ava';
import { decodeProtectedHeader, generateKeyPair, SignJWT } from 'jose';
import { z } from 'zod';
import { startPostgres } from '../../support/postgres.js';
import {
  archiveBody,
  jsonBody,
  packTest,
  startTestRegistry,
  type TestRegistry,
} from '../../support/registry.js';
import { tempDir } from '../../support/temp.js';
import { testRegistries } from '../databases.js';
import { makeUser, openBrowser, signedIn } from './browser.js';

const grant = z.object({ access_token: z.string(), refresh_token: z.string(), expires_in: z.number() });
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';

/** Signs a client in by the device flow. */
async function client(registry: TestRegistry, user: string): Promise<z.infer<typeof grant>> {
  const browser = await signedIn(registry, user);
  const begun = await registry.request('/device/authorize', {
    method: 'POST',
    body: new URLSearchParams({ client_id: 'editor', device: 'laptop' }),
    token: null,
  });
  const { device_code, user_code } = z
    .object({ device_code: z.string(), user_code: z.string() })
    .parse(await begun.json());
  const poll = () => tokenOf(registry, { grant_type: DEVICE, device_code });
  const began = performance.now();
  const early = await poll();
  if ((await early.text()) !== '{"error":"authorization_pending"}') throw new Error('not pending');
  const again = await (await poll()).text();
  // On a busy machine the second may come in time.
  if (performance.now() - began < 2_000 && again !== '{"error":"slow_down"}') throw new Error('not too soon');
  await browser.post('/device/approve', { userCode: user_code, approve: true });
  const answer = grant.parse(await (await poll()).json());
  if ((await (await poll()).text()) !== '{"error":"expired_token"}') throw new Error('given twice');
  return answer;
}

function tokenOf(registry: TestRegistry, form: Record<string, string>): Promise<Response> {
  return registry.request('/auth/token', { method: 'POST', body: new URLSearchParams(form), token: null });
}

for (const { name: database, registry } of await testRegistries(test)) {
  const on = `(${database})`;
  const status = async (token: string, path = '/whoami') => (await registry.request(path, { token })).status;
  const refresh = (refresh_token: string) =>
    tokenOf(registry, { grant_type: 'refresh_token', refresh_token });

  test(`a refresh token is used once: the second time its session is over, for both who have it ${on}`, async t => {
    await makeUser(registry, 'editor user');
    const first = await client(registry, 'editor user');
    t.is(await status(first.access_token), 200);
    t.true(first.expires_in <= 600);
    const second = grant.parse(await (await refresh(first.refresh_token)).json());
    t.is(await status(second.access_token), 200);
    const stolen = await refresh(first.refresh_token);
    t.is(stolen.status, 400);
    t.deepEqual(await stolen.json(), { error: 'invalid_grant' });
    t.is((await refresh(second.refresh_token)).status, 400);
    t.is(await status(second.access_token), 401);
  });

  test(`of many who bring one refresh token at once, one at most goes on ${on}`, async t => {
    await makeUser(registry, 'racer');
    const { refresh_token } = await client(registry, 'racer');
    const all = await Promise.all(Array.from({ length: 5 }, () => refresh(refresh_token)));
    t.true(all.filter(({ status: code }) => code === 200).length <= 1);
  });

  test(`what a token lets in stays no longer than the token, makes no token of its own, and lets nobody in ${on}`, async t => {
    await makeUser(registry, 'lender');
    const ends = Date.now() + 60_000;
    const lent = await registry.request(
      '/tokens',
      jsonBody('POST', {
        name: 'short',
        user: 'lender',
        scopes: ['publish'],
        expiresAt: new Date(ends).toISOString(),
      }),
    );
    const { token } = z.looseObject({ token: z.string() }).parse(await lent.json());
    const offer = async () => {
      const body = new URLSearchParams({ client_id: 'editor' });
      const begun = await registry.request('/device/authorize', { method: 'POST', body, token: null });
      return z.object({ device_code: z.string(), user_code: z.string() }).parse(await begun.json());
    };
    const approve = async (by: string, userCode: string) =>
      (
        await registry.request('/device/approve', {
          ...jsonBody('POST', { userCode, approve: true }),
          token: by,
        })
      ).status;
    const first = await offer();
    t.is(await approve(token, first.user_code), 200);
    const { device_code } = first;
    const { access_token } = grant.parse(
      await (await tokenOf(registry, { grant_type: DEVICE, device_code })).json(),
    );
    t.is(await status(access_token), 200);
    const { sessions } = z
      .object({ sessions: z.array(z.looseObject({ expiresAt: z.string() })) })
      .parse(await (await registry.request('/me/sessions', { token: access_token })).json());
    t.deepEqual(
      sessions.map(({ expiresAt }) => Date.parse(expiresAt) <= ends),
      [true],
    );
    const wanted = jsonBody('POST', { name: 'for good', scopes: ['publish'] });
    t.is((await registry.request('/me/tokens', { ...wanted, token: access_token })).status, 401);
    t.is(await approve(access_token, (await offer()).user_code), 403);
  });

  test(`a token that only reads changes nothing of its user ${on}`, async t => {
    const token = await registry.tokenOf('reader', 'read');
    const identity = { issuer: 'https://login.example.com', subject: 'x' };
    t.is(
      (await registry.request('/me', { ...jsonBody('PUT', { email: 'x@example.com' }), token })).status,
      403,
    );
    t.is((await registry.request('/me/identities', { ...jsonBody('DELETE', identity), token })).status, 403);
    t.is(await status(token, '/me'), 200);
  });

  test(`an access token of another key, algorithm or kind is none ${on}`, async t => {
    await makeUser(registry, 'jwt user');
    const { access_token } = await client(registry, 'jwt user');
    const { kid } = decodeProtectedHeader(access_token);
    const keys = z
      .object({ keys: z.array(z.looseObject({ kid: z.string(), kty: z.string() })) })
      .parse(await (await registry.request('/.well-known/jwks.json', { token: null })).json()).keys;
    t.true(keys.some(key => key.kid === kid));
    t.false(JSON.stringify(keys).includes('"d"'), 'no private half');
    const [, payload = ''] = access_token.split('.');
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const body = z.record(z.string(), z.unknown()).parse(claims);
    const { privateKey } = await generateKeyPair('ES256');
    const forged = (header: { alg: string; typ?: string }, key: Parameters<SignJWT['sign']>[0]) =>
      new SignJWT(body).setProtectedHeader({ kid: kid ?? '', typ: 'at+jwt', ...header }).sign(key);
    const secret = new TextEncoder().encode(JSON.stringify(keys[0]));
    for (const token of [
      await forged({ alg: 'ES256' }, privateKey),
      await forged({ alg: 'HS256' }, secret),
      `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${payload}.x`,
      access_token.replace(/.$/, letter => (letter === 'A' ? 'Q' : 'A')).replace(/\.[^.]+\./, '.e30.'),
    ]) {
      t.is(await status(token), 401);
    }
    t.is(await status(access_token), 200);
  });

  test(`a token for some packages is for these alone, and one for a network is none elsewhere ${on}`, async t => {
    const make = async (more: object) => {
      const answer = await registry.request(
        '/tokens',
        jsonBody('POST', { name: 'limited', user: 'admin', scopes: ['admin'], ...more }),
      );
      return z.looseObject({ token: z.string() }).parse(await answer.json()).token;
    };
    for (const name of ['@in/a', '@inner/a', '@out/a'])
      await registry.publish({ name, version: '1.0.0' }, {}, '?access=private');
    const token = await make({ packages: ['@in'] });
    t.is(await status(token, '/packages/@in/a'), 200);
    t.is(await status(token, '/packages/@out/a'), 404);
    t.is(await status(token, '/packages/@inner/a'), 404, 'a scope that begins the same');
    const publish = async (name: string) => {
      const { bytes } = await packTest({ name, version: '1.1.0' });
      return (await registry.request('/packages', { ...archiveBody(bytes), token })).status;
    };
    t.is(await publish('@in/a'), 201);
    t.true([403, 404].includes(await publish('@out/a')));
    for (const path of ['/tokens', '/users', '/me/tokens', '/webhooks', '/projects'])
      t.is(await status(token, path), 403, path);
    const search = await (await registry.request('/packages?q=', { token })).text();
    t.notRegex(search, /@out\/a|@inner\/a/);
    t.is(await status(await make({ cidrs: ['10.0.0.0/8'] })), 401);
    t.is(await status(await make({ cidrs: ['10.0.0.0/8', '127.0.0.0/8'] })), 200);
    for (const bad of [{ cidrs: ['10.0.0.0/33'] }, { cidrs: ['host'] }, { packages: ['../x'] }]) {
      const answer = await registry.request(
        '/tokens',
        jsonBody('POST', { name: 'x', scopes: ['read'], ...bad }),
      );
      t.is(answer.status, 400, JSON.stringify(bad));
    }
  });

  test(`who signs in, makes tokens and changes users stands in the audit, and no secret does ${on}`, async t => {
    await makeUser(registry, 'audited');
    const browser = await signedIn(registry, 'audited');
    await browser.post('/me/tokens', { name: 'x', scopes: ['read'] });
    await registry.request(
      '/users/audited',
      jsonBody('PUT', { disabled: true, email: 'private@example.com' }),
    );
    const text = await (await registry.request('/audit?limit=250')).text();
    for (const action of ['user.create', 'session.begin', 'token.create', 'user.change'])
      t.true(text.includes(action), action);
    t.notRegex(text, /argon2|prompds_|prompd_[\w-]{20}|private@example/);
  });
}

test('servers on one database share sessions, access tokens and logins of npm', async t => {
  const postgres = await startPostgres();
  if (!postgres) throw new Error('PostgreSQL is needed');
  t.teardown(() => postgres.stop());
  const options = { databaseUrl: await postgres.freshDatabase(), dataDir: tempDir(t) };
  const adminToken = 'an-admin-token-that-both-servers-have';
  const one = await startTestRegistry(t, { ...options, adminToken });
  const two = await startTestRegistry(t, { ...options, adminToken });
  await makeUser(one, 'jane');
  const here = await signedIn(one, 'jane');
  const there = openBrowser(two);
  for (const [name, value] of here.cookies) there.cookies.set(name, value);
  t.is((await there.request('/whoami')).status, 200);
  const { access_token, refresh_token } = await client(one, 'jane');
  t.is((await two.request('/whoami', { token: access_token })).status, 200);
  t.is((await tokenOf(two, { grant_type: 'refresh_token', refresh_token })).status, 200);
  t.is((await tokenOf(one, { grant_type: 'refresh_token', refresh_token })).status, 400);
  t.is((await two.request('/whoami', { token: access_token })).status, 401, 'the session is over everywhere');

  const offer = await one.request('/npm/-/v1/login', { ...jsonBody('POST', {}), token: null });
  const { loginUrl, doneUrl } = z
    .object({ loginUrl: z.string(), doneUrl: z.string() })
    .parse(await offer.json());
  const at = (url: string) => url.replace(one.url, two.url);
  t.is((await fetch(at(doneUrl))).status, 202);
  t.is(
    (await fetch(at(loginUrl), { method: 'POST', body: new URLSearchParams({ token: adminToken }) })).status,
    200,
  );
  t.deepEqual(await (await fetch(doneUrl)).json(), { token: adminToken });
  t.is((await fetch(at(doneUrl))).status, 404, 'once, wherever');
  t.is((await here.request('/auth/sign-out', { method: 'POST' })).status, 204);
  t.is((await there.request('/whoami')).status, 401);
});
