import test from 'ava';
import { jsonBody, startTestRegistry } from '../../support/registry.js';
import { makeUser, openBrowser, PASSWORD, signedIn } from './browser.js';

test('over TLS the cookie is bound to the host and never sent in the clear', async t => {
  const secure = await startTestRegistry(t, { publicUrl: 'https://prompts.example.com' });
  await makeUser(secure, 'jane');
  const answer = await fetch(
    `${secure.url}/auth/sign-in`,
    jsonBody('POST', { name: 'jane', password: PASSWORD }),
  );
  t.regex(
    answer.headers.getSetCookie()[0] ?? '',
    /^__Host-prompd_session=\S+; .*HttpOnly; Secure; SameSite=Lax/,
  );
});

test('nobody makes an account unless the operator allows it, and nobody makes themselves admin', async t => {
  const body = { name: 'newcomer', password: PASSWORD };
  const open = await startTestRegistry(t, { identity: { signUp: true } });
  const browser = openBrowser(open);
  for (const more of [{ admin: true }, { scopes: ['admin'] }, { emailVerified: true }, { createdBy: 'x' }]) {
    t.is((await browser.post('/auth/sign-up', { ...body, ...more })).status, 400);
  }
  t.is((await browser.post('/auth/sign-up', body)).status, 201);
  t.like(await (await browser.request('/me')).json(), {
    name: 'newcomer',
    admin: false,
    emailVerified: false,
  });
  t.is((await browser.request('/users')).status, 403);
  t.is((await browser.post('/users/newcomer', { admin: true }, 'PUT')).status, 403);
  t.is((await browser.post('/me', { admin: true }, 'PUT')).status, 400);
  // Names that somebody has, in any case of their letters, and those of the registry itself.
  await open.request('/tokens', jsonBody('POST', { name: 'Build', scopes: ['publish'] }));
  for (const name of ['build', 'NEWCOMER', 'admin', 'Registry', 'me', ' x', 'ci:github:repo']) {
    const answer = await openBrowser(open).post('/auth/sign-up', { name, password: PASSWORD });
    t.true([400, 409].includes(answer.status), `${name} ${answer.status}`);
  }
  for (const password of ['short', 'newcomer2 pass'.slice(0, 11), 'x'.repeat(257)]) {
    const answer = await openBrowser(open).post('/auth/sign-up', { name: 'other', password });
    t.is(answer.status, 400, password.slice(0, 12));
  }
});

test('a session ends by itself, however often it is used', async t => {
  let now = new Date('2026-05-01T08:00:00Z');
  const clocked = await startTestRegistry(t, { now: () => now });
  await makeUser(clocked, 'jane');
  const browser = await signedIn(clocked, 'jane');
  now = new Date('2026-05-01T19:59:00Z');
  t.is((await browser.request('/whoami')).status, 200);
  now = new Date('2026-05-01T20:00:01Z');
  t.is((await browser.request('/whoami')).status, 401);
});
