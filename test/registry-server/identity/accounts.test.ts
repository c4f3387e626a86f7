import test from 'ava';
import { z } from 'zod';
import { jsonBody } from '../../support/registry.js';
import { testRegistries } from '../databases.js';
import { codeOf, makeUser, openBrowser, PASSWORD, signedIn, textIn } from './browser.js';

for (const { name: database, registry } of await testRegistries(test)) {
  const on = `(${database})`;
  const whoami = async (answer: Promise<Response>) =>
    z.looseObject({ user: z.string() }).parse(await (await answer).json());

  test(`a user signs in with a password, and out again ${on}`, async t => {
    await makeUser(registry, 'jane');
    const browser = openBrowser(registry);
    const answer = await browser.post('/auth/sign-in', { name: 'jane', password: PASSWORD });
    t.is(answer.status, 200);
    t.deepEqual(await answer.json(), { user: 'jane', scopes: ['publish'] });
    const [cookie = ''] = answer.headers.getSetCookie();
    t.regex(cookie, /^prompd_session=[\w-]{40,}; .*HttpOnly; SameSite=Lax/);
    t.regex(cookie, /Path=\//);
    t.like(await whoami(browser.request('/whoami')), { user: 'jane', scopes: ['read', 'publish'] });
    const session = async () =>
      z.looseObject({}).parse(await (await browser.request('/auth/session')).json());
    t.like(await session(), { user: { name: 'jane', hasPassword: true } });
    const kept = browser.cookies.get('prompd_session') ?? '';
    t.is((await browser.request('/auth/sign-out', { method: 'POST' })).status, 204);
    t.is(browser.cookies.size, 0);
    browser.cookies.set('prompd_session', kept);
    t.is((await browser.request('/whoami')).status, 401);
    t.deepEqual(await session(), { user: null });
  });

  test(`signing in takes no session that the browser brings, and ends it ${on}`, async t => {
    await makeUser(registry, 'fixed');
    const browser = await signedIn(registry, 'fixed');
    const before = browser.cookies.get('prompd_session') ?? '';
    const planted = openBrowser(registry);
    planted.cookies.set('prompd_session', 'prompds_planted-by-somebody-else-0000000000000');
    await planted.post('/auth/sign-in', { name: 'fixed', password: PASSWORD });
    t.notRegex(planted.cookies.get('prompd_session') ?? '', /planted/);
    await browser.post('/auth/sign-in', { name: 'fixed', password: PASSWORD });
    t.not(browser.cookies.get('prompd_session'), before);
    browser.cookies.set('prompd_session', before);
    t.is((await browser.request('/whoami')).status, 401);
  });

  test(`a cookie changes nothing for a page of another site, nor for one that does not say whose it is ${on}`, async t => {
    await makeUser(registry, 'csrf');
    const { cookies } = await signedIn(registry, 'csrf');
    for (const [origin, site] of [
      ['https://evil.example.com', undefined],
      [undefined, undefined],
      [undefined, 'cross-site'],
      [undefined, 'same-site'],
      ['null', undefined],
    ]) {
      const browser = openBrowser(registry, 'nowhere');
      const headers = {
        ...(origin && { origin }),
        ...(site && { 'sec-fetch-site': site }),
        'content-type': 'application/json',
      };
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(`${registry.url}/me`, {
        method: 'PUT',
        body: '{"displayName":"Mallory"}',
        headers: { ...headers, cookie },
      });
      t.is(answer.status, 403, `${origin} ${site}`);
      t.is(browser.cookies.size, 0);
    }
    const own = openBrowser(registry);
    for (const [name, value] of cookies) own.cookies.set(name, value);
    t.is((await own.post('/me', { displayName: 'Jane' }, 'PUT')).status, 200);
  });

  test.serial(
    `unknown users, wrong passwords and disabled accounts get the same answer, in like time ${on}`,
    async t => {
      await makeUser(registry, 'known');
      await makeUser(registry, 'gone');
      await registry.request('/users/gone', jsonBody('PUT', { disabled: true }));
      const told: string[] = [];
      const times: number[] = [];
      for (const [name, password] of [
        ['known', 'not the password of known'],
        ['nobody at all', 'not the password of known'],
        ['gone', PASSWORD],
      ]) {
        // The fastest of three: what else the machine does must not tell.
        let fastest = Number.POSITIVE_INFINITY;
        let problem: { instance: string } = { instance: '' };
        for (let run = 0; run < 3; run += 1) {
          const began = performance.now();
          const answer = await fetch(`${registry.url}/auth/sign-in`, jsonBody('POST', { name, password }));
          fastest = Math.min(fastest, performance.now() - began);
          t.is(answer.status, 401);
          problem = z.looseObject({ instance: z.string() }).parse(await answer.json());
        }
        times.push(fastest);
        told.push(JSON.stringify({ ...problem, instance: '' }));
      }
      t.is(new Set(told).size, 1);
      // A hash is computed in each case: without one, an answer takes a hundredth of that.
      t.true(Math.min(...times) * 10 > Math.max(...times), times.join(' '));
    },
  );

  test(`after five wrong passwords from one address the right one waits, with a time to come back ${on}`, async t => {
    await makeUser(registry, 'guessed');
    const attempt = (password: string) =>
      fetch(`${registry.url}/auth/sign-in`, jsonBody('POST', { name: 'guessed', password }));
    const all = await Promise.all(Array.from({ length: 8 }, (_, index) => attempt(`wrong number ${index}`)));
    t.is(all.filter(({ status }) => status === 401).length, 5);
    const last = await attempt(PASSWORD);
    t.is(last.status, 429);
    t.true(Number(last.headers.get('retry-after')) > 60);
    t.is(await codeOf(last), 'ETOOMANY');
  });

  test(`nobody makes an account by themselves unless the operator allows it ${on}`, async t => {
    const body = { name: 'newcomer', password: PASSWORD };
    t.is((await openBrowser(registry).post('/auth/sign-up', body)).status, 403);
  });

  test(`a disabled user is out at once: session, token and ownership of new things ${on}`, async t => {
    await makeUser(registry, 'leaver');
    const browser = await signedIn(registry, 'leaver');
    const made = await browser.post('/me/tokens', { name: 'laptop', scopes: ['publish'] });
    const { token } = z.looseObject({ token: z.string() }).parse(await made.json());
    t.is((await registry.request('/whoami', { token })).status, 200);
    t.is((await registry.request('/users/leaver', jsonBody('PUT', { disabled: true }))).status, 200);
    t.is((await browser.request('/whoami')).status, 401);
    t.is((await registry.request('/whoami', { token })).status, 401);
    await registry.request('/users/leaver', jsonBody('PUT', { disabled: false }));
    t.is((await browser.request('/whoami')).status, 401, 'the session is over for good');
    t.is((await registry.request('/whoami', { token })).status, 200);
  });

  test(`a new password needs the old one and ends the other sessions ${on}`, async t => {
    await makeUser(registry, 'changer');
    const [here, elsewhere] = [await signedIn(registry, 'changer'), await signedIn(registry, 'changer')];
    const next = 'a different phrase altogether';
    t.is((await here.post('/me/password', { current: 'wrong password', next }, 'PUT')).status, 401);
    t.is((await here.post('/me/password', { current: PASSWORD, next: 'short' }, 'PUT')).status, 400);
    t.is((await here.post('/me/password', { current: PASSWORD, next }, 'PUT')).status, 204);
    t.is((await here.request('/whoami')).status, 200);
    t.is((await elsewhere.request('/whoami')).status, 401);
    await t.notThrowsAsync(signedIn(registry, 'changer', next));
  });

  test(`what is another user's cannot be reached by its id ${on}`, async t => {
    await makeUser(registry, 'alice');
    await makeUser(registry, 'bob');
    const [alice, bob] = [await signedIn(registry, 'alice'), await signedIn(registry, 'bob')];
    const made = await alice.post('/me/tokens', { name: 'x', scopes: ['read'] });
    const { id } = z.looseObject({ id: z.number() }).parse(await made.json());
    const list = z.object({ sessions: z.array(z.looseObject({ id: z.string(), current: z.boolean() })) });
    const [session] = list.parse(await (await alice.request('/me/sessions')).json()).sessions;
    t.true(session?.current);
    t.is((await bob.request(`/me/tokens/${id}`, { method: 'DELETE' })).status, 404);
    t.is((await bob.request(`/me/sessions/${session?.id}`, { method: 'DELETE' })).status, 404);
    t.is((await bob.request('/users/alice')).status, 403);
    t.deepEqual(list.parse(await (await bob.request('/me/sessions')).json()).sessions.length, 1);
    t.is((await alice.request(`/me/sessions/${session?.id}`, { method: 'DELETE' })).status, 204);
    t.is((await alice.request('/whoami')).status, 401);
  });

  test(`a user's own token has no more than the user, and a token makes none without the password ${on}`, async t => {
    await makeUser(registry, 'maker');
    const browser = await signedIn(registry, 'maker');
    t.is((await browser.post('/me/tokens', { name: 'x', scopes: ['admin'] })).status, 403);
    t.is((await browser.post('/me/tokens', { name: 'x', scopes: ['read'], user: 'jane' })).status, 400);
    const made = await browser.post('/me/tokens', { name: 'x', scopes: ['publish'] });
    const { token } = z.looseObject({ token: z.string() }).parse(await made.json());
    const again = (more: object) =>
      registry.request('/me/tokens', {
        ...jsonBody('POST', { name: 'y', scopes: ['publish'], ...more }),
        token,
      });
    t.is((await again({})).status, 401);
    t.is((await again({ password: 'not the password' })).status, 401);
    t.is((await again({ password: PASSWORD })).status, 201);
  });

  test(`an admin who is a user administers, and cannot shut themselves out ${on}`, async t => {
    await makeUser(registry, 'chief', { admin: true });
    const browser = await signedIn(registry, 'chief');
    t.is((await browser.request('/users?limit=3')).status, 200);
    t.is((await browser.post('/users/chief', { disabled: true }, 'PUT')).status, 400);
    await registry.request('/users/chief', jsonBody('PUT', { admin: false }));
    t.is((await browser.request('/users')).status, 401, 'their sessions are over');
  });

  test(`who administers no more does so by no token either, and by no device that was let in before ${on}`, async t => {
    await makeUser(registry, 'former', { admin: true });
    const browser = await signedIn(registry, 'former');
    const tokenOf = async (scope: string) =>
      textIn(await browser.post('/me/tokens', { name: scope, scopes: [scope] }), 'token');
    const [admin, publish] = [await tokenOf('admin'), await tokenOf('publish')];
    t.is((await registry.request('/users?limit=1', { token: admin })).status, 200);
    const devices = await Promise.all(
      ['prompd-cli', 'editor'].map(async client_id => {
        const body = new URLSearchParams({ client_id, scope: 'publish admin' });
        const begun = await registry.request('/device/authorize', { method: 'POST', body, token: null });
        const codes = z.object({ device_code: z.string(), user_code: z.string() });
        const { device_code, user_code } = codes.parse(await begun.json());
        await browser.post('/device/approve', { userCode: user_code, approve: true });
        return device_code;
      }),
    );
    await registry.request('/users/former', jsonBody('PUT', { admin: false }));
    t.is((await registry.request('/users?limit=1', { token: admin })).status, 401);
    t.is((await registry.request('/whoami', { token: publish })).status, 200);
    for (const device_code of devices) {
      const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
      const body = new URLSearchParams({ grant_type, device_code });
      const answer = await registry.request('/auth/token', { method: 'POST', body, token: null });
      t.deepEqual(await answer.json(), { error: 'expired_token' });
    }
    const audit = await (await registry.request('/audit?action=token.revoke&limit=250')).text();
    t.regex(audit, /"former"/);
  });
}
