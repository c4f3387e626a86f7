import test from 'ava';
import { generateKeyPair, UnsecuredJWT } from 'jose';
import { z } from 'zod';
import { startCiIssuer } from '../../support/ci-issuer.js';
import { archiveBody, jsonBody, packTest, startTestRegistry } from '../../support/registry.js';
import type { Teardown } from '../../support/temp.js';
import { codeOf } from './browser.js';

const undo: Array<() => void | Promise<void>> = [];
const scope: Teardown = { teardown: step => undo.unshift(step) };
const issuer = await startCiIssuer(scope);
const stranger = await startCiIssuer(scope);
const registry = await startTestRegistry(scope, { identity: { ciIssuers: [issuer.url] } });

const AUDIENCE = `prompd:${new URL(registry.url).host}`;
const RULE = { issuer: issuer.url, repository: 'acme/prompts', workflow: 'release.yml' };
const exchange = (token: string, name: string) =>
  registry.request('/-/oidc/exchange', { ...jsonBody('POST', { token, package: name }), token: null });
const addRule = (name: string, rule: object = {}) =>
  registry.request(`/packages/${name}/trust`, jsonBody('POST', { ...RULE, ...rule }));
const exchanged = z.object({ token: z.string(), expiresAt: z.string(), user: z.string() });
await registry.publish({ name: '@acme/strict', version: '1.0.0' });
await addRule('@acme/strict', { environment: 'release', ref: 'refs/heads/main' });
const notPublic = new TextEncoder().encode(JSON.stringify(issuer.publicJwk));
const other = await generateKeyPair('RS256');
test.after.always('all stop', async () => {
  for (const step of undo) await step();
});

test('a trusted workflow publishes the package by a token for it alone, and only that', async t => {
  await registry.publish({ name: '@acme/kyc', version: '1.0.0' });
  await registry.publish({ name: '@acme/other', version: '1.0.0' });
  t.is((await addRule('@acme/kyc')).status, 201);
  const answer = await exchange(await issuer.token(AUDIENCE), '@acme/kyc');
  t.is(answer.status, 201);
  t.is(answer.headers.get('cache-control'), 'no-store');
  const { token, expiresAt, user } = exchanged.parse(await answer.json());
  t.is(user, `ci:${new URL(issuer.url).host}:repo:acme/prompts:environment:release`);
  t.true(new Date(expiresAt).getTime() - Date.now() <= 15 * 60_000);
  const publish = async (name: string) =>
    registry.request('/packages', {
      ...archiveBody((await packTest({ name, version: '2.0.0' })).bytes),
      token,
    });
  t.is((await publish('@acme/kyc')).status, 201);
  t.is((await publish('@acme/other')).status, 403);
  t.is((await publish('@acme/brand-new')).status, 403);
  const version = await registry.request('/packages/@acme/kyc/2.0.0');
  t.is(z.looseObject({ publishedBy: z.string() }).parse(await version.json()).publishedBy, user);
  for (const [method, path, body] of [
    ['DELETE', '/packages/@acme/kyc/1.0.0', undefined],
    ['PUT', '/packages/@acme/kyc/dist-tags/stable', { version: '1.0.0' }],
    ['PUT', '/packages/@acme/kyc/owners/admin', undefined],
    ['PUT', '/packages/@acme/kyc', { access: 'private' }],
    ['POST', '/packages/@acme/kyc/trust', RULE],
    ['POST', '/me/tokens', { name: 'x', scopes: ['publish'] }],
    ['GET', '/me/tokens', undefined],
    ['POST', '/webhooks', { url: 'https://example.com/', packages: ['@acme'] }],
    ['POST', '/projects', { project: '@acme' }],
  ] as const) {
    const init = body === undefined ? { method } : jsonBody(method, body);
    t.is((await registry.request(path, { ...init, token })).status, 403, `${method} ${path}`);
  }
});

test('a private package is published to, and read by, a trusted workflow', async t => {
  await registry.publish({ name: '@acme/secret', version: '1.0.0' }, {}, '?access=private');
  await addRule('@acme/secret');
  const { token } = exchanged.parse(
    await (await exchange(await issuer.token(AUDIENCE), '@acme/secret')).json(),
  );
  t.is((await registry.request('/packages/@acme/secret', { token })).status, 200);
});

test('a token of continuous integration is exchanged once', async t => {
  await registry.publish({ name: '@acme/once', version: '1.0.0' });
  await addRule('@acme/once');
  const token = await issuer.token(AUDIENCE);
  const all = await Promise.all(Array.from({ length: 4 }, () => exchange(token, '@acme/once')));
  t.deepEqual(all.map(({ status }) => status).sort(), [201, 401, 401, 401]);
  // Base64 that ends in spare bits, or in what decoders leave out, can be written in several ways.
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const spare = letters[letters.indexOf(token.slice(-1)) + 1];
  for (const again of [`${token.slice(0, -1)}${spare}`, `${token}=`, `${token}==`]) {
    t.is((await exchange(again, '@acme/once')).status, 401, again.slice(-4));
  }
});

test('a rule that is taken away takes its tokens with it', async t => {
  await registry.publish({ name: '@acme/taken', version: '1.0.0' });
  const { id } = z.looseObject({ id: z.number() }).parse(await (await addRule('@acme/taken')).json());
  const { token } = exchanged.parse(
    await (await exchange(await issuer.token(AUDIENCE), '@acme/taken')).json(),
  );
  t.is((await registry.request('/whoami', { token })).status, 200);
  t.is((await registry.request(`/packages/@acme/once/trust/${id}`, { method: 'DELETE' })).status, 404);
  t.is((await registry.request(`/packages/@acme/taken/trust/${id}`, { method: 'DELETE' })).status, 204);
  t.is((await registry.request('/whoami', { token })).status, 401);
  t.is((await exchange(await issuer.token(AUDIENCE), '@acme/taken')).status, 403);
});

test("a repository's name that somebody else got is not trusted", async t => {
  await registry.publish({ name: '@acme/resurrected', version: '1.0.0' });
  await addRule('@acme/resurrected');
  t.is((await exchange(await issuer.token(AUDIENCE), '@acme/resurrected')).status, 201);
  for (const owner of ['6666', undefined]) {
    const token = await issuer.token(AUDIENCE, { repository_owner_id: owner });
    t.is((await exchange(token, '@acme/resurrected')).status, 403);
  }
});

for (const [what, claims] of [
  [
    'another repository',
    {
      repository: 'mallory/prompts',
      workflow_ref: 'mallory/prompts/.github/workflows/release.yml@refs/heads/main',
    },
  ],
  ['a repository whose name goes on', { repository: 'acme/prompts-2' }],
  ['another workflow', { workflow_ref: 'acme/prompts/.github/workflows/test.yml@refs/heads/main' }],
  [
    'a workflow of another repository',
    { workflow_ref: 'mallory/x/.github/workflows/release.yml@refs/heads/main' },
  ],
  [
    'a workflow whose path hides in its ref',
    { workflow_ref: 'acme/prompts/.github/workflows/x.yml@acme/prompts/.github/workflows/release.yml@r' },
  ],
  ['another environment', { environment: 'staging' }],
  ['no environment', { environment: undefined }],
  ['another ref', { ref: 'refs/heads/feature' }],
  ['a ref that begins the same', { ref: 'refs/heads/main2' }],
  ["an outsider's pull request", { event_name: 'pull_request_target' }],
  ['claims of other types', { repository: ['acme/prompts'], workflow_ref: { a: 1 } }],
  ['no repository', { repository: undefined }],
] as const) {
  test(`a token of ${what} publishes nothing`, async t => {
    const answer = await exchange(await issuer.token(AUDIENCE, claims), '@acme/strict');
    t.is(answer.status, 403);
    t.is(await codeOf(answer), 'EFORBIDDEN');
  });
}

for (const [what, make] of [
  ['for another registry', () => issuer.token('prompd:prompts.example.com')],
  ['for npm', () => issuer.token('npm:registry.npmjs.org')],
  ['that has expired', () => issuer.token(AUDIENCE, {}, { lasts: -60 })],
  ['of an issuer that is not trusted', () => stranger.token(AUDIENCE)],
  [
    'that says it is of the issuer, signed by another key',
    () => issuer.token(AUDIENCE, {}, { key: other.privateKey }),
  ],
  [
    'signed with the public key as a shared secret',
    () => issuer.token(AUDIENCE, {}, { key: notPublic, alg: 'HS256' }),
  ],
  ['of a key that nobody has', () => issuer.token(AUDIENCE, {}, { key: other.privateKey, kid: 'ci-2' })],
  [
    'that nobody signed',
    async () =>
      new UnsecuredJWT({ repository: 'acme/prompts' })
        .setIssuer(issuer.url)
        .setAudience(AUDIENCE)
        .setSubject('x')
        .setIssuedAt()
        .setExpirationTime('5m')
        .encode(),
  ],
  ['that is no token', async () => 'a.b.c'],
  ['that was changed', async () => (await issuer.token(AUDIENCE)).replace(/\.[^.]*$/, '.AAAA')],
  [
    'with the signature of another',
    async () => {
      const [a, b] = [await issuer.token(AUDIENCE), await issuer.token(AUDIENCE)];
      return `${a.slice(0, a.lastIndexOf('.'))}${b.slice(b.lastIndexOf('.'))}`;
    },
  ],
] as const) {
  test(`a token ${what} is no token`, async t => {
    const answer = await exchange(await make(), '@acme/strict');
    t.is(answer.status, 401);
    t.is(await codeOf(answer), 'EAUTH');
  });
}

test('a header that says another host changes nothing about whom a token must be for', async t => {
  const token = await issuer.token('prompd:evil.example.com');
  const answer = await fetch(`${registry.url}/-/oidc/exchange`, {
    ...jsonBody('POST', { token, package: '@acme/strict' }),
    headers: { 'content-type': 'application/json', 'x-forwarded-host': 'evil.example.com' },
  });
  t.is(answer.status, 401);
});

test('packages that nobody may see and packages that are not there get the same answer', async t => {
  await registry.publish({ name: '@acme/hidden', version: '1.0.0' }, {}, '?access=private');
  const told = async (name: string) => {
    const answer = await exchange(await issuer.token(AUDIENCE), name);
    const text = await answer.text();
    return `${answer.status} ${text.replaceAll(name, 'NAME').replace(/"instance":"[^"]*"/, '')}`;
  };
  t.is(await told('@acme/hidden'), await told('@acme/nowhere'));
});

test('only owners make and see rules, and only for issuers that the operator named', async t => {
  await registry.publish({ name: '@acme/owned', version: '1.0.0' });
  const token = await registry.token('publish');
  const rule = { ...jsonBody('POST', RULE), token };
  t.is((await registry.request('/packages/@acme/owned/trust', rule)).status, 403);
  t.is((await registry.request('/packages/@acme/owned/trust', { token })).status, 403);
  t.is((await registry.request('/packages/@acme/nothing-here/trust', rule)).status, 404);
  const list = await registry.request('/packages/@acme/strict/trust');
  t.like(await list.json(), { rules: [{ ...RULE, environment: 'release', createdBy: 'admin' }] });
  for (const bad of [
    { issuer: 'http://169.254.169.254/' },
    { issuer: stranger.url },
    { repository: 'acme' },
    { workflow: '../release.yml' },
    { workflow: 'release.yml@main' },
    { ref: 'main' },
    { ownerId: '1' },
    { createdBy: 'jane' },
  ]) {
    t.is((await addRule('@acme/owned', bad)).status, 400, JSON.stringify(bad));
  }
});

test('a rule of a project is for all of its packages, and stands in its chain', async t => {
  t.is((await registry.request('/projects', jsonBody('POST', { project: '@ruled' }))).status, 201);
  const added = await registry.request('/projects/@ruled/trust', jsonBody('POST', RULE));
  t.is(added.status, 201);
  t.is(
    (await registry.request('/projects/@ruled/trust', { token: await registry.token('publish') })).status,
    404,
  );
  const { token } = exchanged.parse(
    await (await exchange(await issuer.token(AUDIENCE), '@ruled/first')).json(),
  );
  const { bytes } = await packTest({ name: '@ruled/first', version: '1.0.0' });
  t.true([201, 202].includes((await registry.request('/packages', { ...archiveBody(bytes), token })).status));
});
