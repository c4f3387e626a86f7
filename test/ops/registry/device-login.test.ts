import test from 'ava';
import { z } from 'zod';
import { SILENT } from '#prompd/core/progress.js';
import { login, whoami } from '#prompd/ops/registry/account.js';
import { createToken, listTokens, revokeToken } from '#prompd/ops/registry/token.js';
import { makeUser, openBrowser, PASSWORD, signedIn } from '../../registry-server/identity/browser.js';
import { testContext } from '../../support/context.js';
import { jsonBody } from '../../support/registry.js';
import { tempDir } from '../../support/temp.js';
import { sharedRegistry } from '../scene.js';

const registry = sharedRegistry(test, async running => {
  for (const name of ['jane', 'refuser', 'maker']) await makeUser(running, name);
});

/** A terminal in which a login waits, and what becomes of it once somebody has seen the code. */
async function terminal(dir: string, onCode: (code: string, url: string) => Promise<unknown>) {
  return testContext({
    cwd: dir,
    env: { PROMPD_REGISTRY: registry().url },
    ask: async () => 'nobody is asked',
    askSecret: async () => PASSWORD,
    progress: {
      ...SILENT,
      say(message) {
        const [, url = '', code = ''] = /Open (\S+) and enter the code (\S+)/.exec(message) ?? [];
        if (code !== '') void onCode(code, url);
      },
    },
  });
}

test('a login shows a code, and who enters it in a browser is signed in at the terminal', async t => {
  const browser = await signedIn(registry(), 'jane');
  const context = await terminal(tempDir(t), async (code, url) => {
    t.is(url, `${registry().url}/device`);
    const answer = await browser.post('/device/approve', { userCode: code.toLowerCase(), approve: true });
    t.like(await answer.json(), { client: 'prompd-cli', scopes: ['read', 'publish'] });
  });
  t.deepEqual(await login(context, undefined), {
    name: 'jane',
    scopes: ['read', 'publish'],
    registry: `${registry().url}/`,
  });
  t.is((await whoami(context)).name, 'jane');
  const { tokens } = z
    .object({ tokens: z.array(z.looseObject({ name: z.string(), expiresAt: z.string().nullable() })) })
    .parse(await (await browser.request('/me/tokens')).json());
  t.true(tokens.some(({ name, expiresAt }) => name.startsWith('prompd login') && expiresAt !== null));
});

test('a login that is refused in the browser ends at the terminal', async t => {
  const browser = await signedIn(registry(), 'refuser');
  const context = await terminal(tempDir(t), code =>
    browser.post('/device/approve', { userCode: code, approve: false }),
  );
  await t.throwsAsync(login(context, undefined), { code: 'EAUTH', message: /refused/ });
});

test('the address that is shown leads to the page of the web interface, whatever the code', async t => {
  const answer = await fetch(`${registry().url}/device?code=%22%3E%3Cscript%3E`, { redirect: 'manual' });
  t.is(answer.status, 302);
  t.is(answer.headers.get('location'), `${registry().url}/web/device?code=%22%3E%3Cscript%3E`);
});

test('a device that a token lets in may do no more than the token, and a code holds once', async t => {
  const token = await registry().token('read');
  const context = await terminal(tempDir(t), async code => {
    const approve = async (userCode: string) =>
      (
        await registry().request('/device/approve', {
          ...jsonBody('POST', { userCode, approve: true }),
          token,
        })
      ).status;
    t.is(await approve('BCDF-GHJK'), 404);
    t.is(await approve(code), 200);
    t.is(await approve(code), 404);
  });
  t.deepEqual((await login(context, undefined)).scopes, ['read']);
});

test('a token that is limited or was made by somebody else lets no device in, nor does one that ends soon let it stay for long', async t => {
  const make = async (more: object, maker?: string) => {
    const body = { name: 'x', user: 'jane', scopes: ['publish'], ...more };
    const answer = await registry().request('/tokens', {
      ...jsonBody('POST', body),
      ...(maker !== undefined && { token: maker }),
    });
    return z.looseObject({ token: z.string() }).parse(await answer.json()).token;
  };
  const begin = async () => {
    const body = new URLSearchParams({ client_id: 'prompd-cli' });
    const answer = await registry().request('/device/authorize', { method: 'POST', body, token: null });
    return z.object({ device_code: z.string(), user_code: z.string() }).parse(await answer.json());
  };
  const approve = async (token: string, userCode: string) =>
    (await registry().request('/device/approve', { ...jsonBody('POST', { userCode, approve: true }), token }))
      .status;
  const { device_code, user_code } = await begin();
  t.is(await approve(await make({ cidrs: ['127.0.0.0/8'] }), user_code), 403);
  t.is(await approve(await make({ packages: ['@bank'] }), user_code), 403);
  const maker = await make({ user: 'john', scopes: ['admin'] });
  t.is(await approve(await make({}, maker), user_code), 403, 'what it got would be of nobody but jane');
  t.is(await approve(await make({ expiresAt: new Date(Date.now() + 60_000).toISOString() }), user_code), 200);
  const body = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code,
  });
  const granted = await registry().request('/auth/token', { method: 'POST', body, token: null });
  t.true(z.looseObject({ expires_in: z.number() }).parse(await granted.json()).expires_in <= 60);
});

test('somebody who is no administrator makes, lists and revokes their own tokens, with the password', async t => {
  const browser = await signedIn(registry(), 'maker');
  const context = await terminal(tempDir(t), code =>
    browser.post('/device/approve', { userCode: code, approve: true }),
  );
  await login(context, undefined);
  const made = await createToken(context, {
    name: 'ci',
    scopes: 'publish',
    cidr: ['127.0.0.1', '::1'],
    packages: '@bank, @acme/kyc',
  });
  t.like(made, { name: 'ci', user: 'maker', cidr: ['127.0.0.1', '::1'], packages: ['@bank', '@acme/kyc'] });
  await t.throwsAsync(createToken(context, { user: 'jane', scopes: 'read' }), { code: 'EFORBIDDEN' });
  t.deepEqual(
    (await listTokens(context)).tokens.map(({ user }) => user),
    ['maker', 'maker'],
  );
  await revokeToken(context, made.id);
  t.is((await registry().request('/whoami', { token: made.token })).status, 401);
  t.is(openBrowser(registry()).cookies.size, 0);
});
