import test from 'ava';
import type { SignInProvider } from '#server/domain/identity-settings.js';
import { localPath } from '#server/services/identity/external-sign-in.js';
import { startGitHub, startIdentityProvider } from '../../support/identity-provider.js';
import { jsonBody, startTestRegistry } from '../../support/registry.js';
import type { Teardown } from '../../support/temp.js';
import { type Browser, makeUser, openBrowser, signedIn, textIn } from './browser.js';

const undo: Array<() => void | Promise<void>> = [];
const scope: Teardown = { teardown: step => undo.unshift(step) };
const corp = await startIdentityProvider(scope);
const github = await startGitHub(scope);
const common = { clientSecret: 'oidc secret', newUsers: true, domains: [] };
const corpSettings: SignInProvider = {
  ...common,
  kind: 'oidc',
  name: 'corp',
  title: 'Corp',
  clientId: 'prompd',
  issuer: corp.issuer,
};
const registry = await startTestRegistry(scope, {
  identity: {
    providers: [
      corpSettings,
      { ...corpSettings, name: 'closed', title: 'Closed', newUsers: false },
      { ...corpSettings, name: 'domain', title: 'Domain', domains: ['bank.example.com'] },
      {
        ...common,
        kind: 'github',
        name: 'github',
        title: 'GitHub',
        clientId: 'gh',
        clientSecret: 'github secret',
        url: github.url,
        apiUrl: `${github.url}/api`,
      },
    ],
  },
});
await corp.serve({
  id: 'prompd',
  secret: 'oidc secret',
  redirectUris: ['corp', 'closed', 'domain'].map(name => `${registry.url}/auth/${name}/callback`),
});
test.after.always('all stop', async () => {
  for (const step of undo) await step();
});

/** Goes where it is sent, with the cookies of each place, until it is back at the registry's callback. */
async function walk(browser: Browser, start: string): Promise<string> {
  const cookies = new Map<string, string>();
  let url = new URL(start);
  for (let step = 0; step < 12; step++) {
    if (url.origin === registry.url && url.pathname.endsWith('/callback')) return url.href;
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`${url.href}: ${answer.status} ${await answer.text()}`);
    url = new URL(location, url);
  }
  throw new Error(`sent around in circles, ${browser.cookies.size}`);
}

async function departure(browser: Browser, provider: string, back = '/'): Promise<string> {
  const answer = await browser.request(`/auth/${provider}/start?return=${encodeURIComponent(back)}`);
  if (answer.status !== 302) throw new Error(`${answer.status} ${await answer.text()}`);
  return answer.headers.get('location') ?? '';
}

async function signInAt(provider: string, browser = openBrowser(registry), back = '/'): Promise<Response> {
  return browser.request(await walk(browser, await departure(browser, provider, back)));
}

const me = async (browser: Browser) => (await browser.request('/me')).json();

test.serial('somebody signs in at an OpenID provider, and is the same user the next time', async t => {
  corp.person = {
    sub: 'ann-1',
    preferred_username: 'ann',
    name: 'Ann',
    email: 'ann@example.com',
    email_verified: true,
  };
  const browser = openBrowser(registry);
  const answer = await signInAt('corp', browser, '/packages?q=kyc');
  t.is(answer.status, 302);
  t.is(answer.headers.get('location'), '/packages?q=kyc');
  t.like(await me(browser), {
    name: 'ann',
    displayName: 'Ann',
    email: 'ann@example.com',
    emailVerified: true,
    admin: false,
  });
  corp.person = { ...corp.person, preferred_username: 'ann-renamed' };
  const again = openBrowser(registry);
  await signInAt('corp', again);
  t.like(await me(again), { name: 'ann' });
});

test.serial('after the provider changed its keys, people sign in as before', async t => {
  await corp.rotate();
  corp.person = { sub: 'ann-1', preferred_username: 'ann' };
  const browser = openBrowser(registry);
  // Keys that are not known are asked for anew, though not at every token.
  let answer = await signInAt('corp', browser);
  for (let wait = 0; answer.status !== 302 && wait < 20; wait++) {
    await new Promise(resolve => setTimeout(resolve, 300));
    answer = await signInAt('corp', browser);
  }
  t.is(answer.status, 302);
  t.like(await me(browser), { name: 'ann' });
});

test.serial('a name or an address that is taken here never makes somebody that user', async t => {
  await makeUser(registry, 'Boss', { admin: true, email: 'boss@example.com' });
  for (const person of [
    { sub: 'mallory-1', preferred_username: 'boss', email: 'boss@example.com', email_verified: true },
    { sub: 'mallory-2', preferred_username: 'admin' },
    { sub: 'Boss', preferred_username: 'Boss' },
    { sub: 'mallory-3', preferred_username: '../..', email: '<>@example.com' },
  ]) {
    corp.person = person;
    const browser = openBrowser(registry);
    const answer = await signInAt('corp', browser);
    t.is(answer.status, 400, person.sub);
    t.regex(await answer.text(), /role="alert"/);
    t.is((await browser.request('/me')).status, 401);
  }
});

test.serial(
  'where new users get no account, only who is linked signs in; and of other domains nobody does',
  async t => {
    for (const provider of ['closed', 'domain']) {
      corp.person = {
        sub: `new-${provider}`,
        preferred_username: `new-${provider}`,
        email: 'x@bank.example.com',
        email_verified: false,
      };
      t.is((await signInAt(provider)).status, 403);
    }
    corp.person = { ...corp.person, email_verified: true };
    t.is((await signInAt('domain')).status, 302);
  },
);

test.serial('GitHub: a user is known by number, not by login', async t => {
  github.user = { id: 7, login: 'octo', name: 'Octo' };
  github.emails = [{ email: 'octo@example.com', primary: true, verified: true }];
  const browser = openBrowser(registry);
  t.is((await signInAt('github', browser)).status, 302);
  t.like(await me(browser), { name: 'octo', email: 'octo@example.com', emailVerified: true });
  github.user = { id: 7, login: 'octo-renamed', name: null };
  const renamed = openBrowser(registry);
  await signInAt('github', renamed);
  t.like(await me(renamed), { name: 'octo' });
  github.user = { id: 8, login: 'octo', name: null };
  t.is((await signInAt('github')).status, 400, 'who got the login since is somebody else');
});

test.serial(
  'a signed-in user links an identity, which then signs in as that user and as nobody else',
  async t => {
    await makeUser(registry, 'linker');
    const browser = await signedIn(registry, 'linker');
    github.user = { id: 21, login: 'linker-at-github', name: null };
    const link = async (who: Browser) =>
      textIn(await who.post('/auth/github/link', { return: '/me' }), 'url');
    t.is((await browser.request(await walk(browser, await link(browser)))).status, 302);
    const other = openBrowser(registry);
    await signInAt('github', other);
    t.like(await me(other), { name: 'linker' });
    await makeUser(registry, 'thief');
    const thief = await signedIn(registry, 'thief');
    t.is((await thief.request(await walk(thief, await link(thief)))).status, 400);
    t.like(await me(thief), { name: 'thief' });
    const foreign = openBrowser(registry, 'https://evil.example.com');
    for (const [name, value] of browser.cookies) foreign.cookies.set(name, value);
    t.is((await foreign.post('/auth/github/link', {})).status, 403);
  },
);

test.serial('nothing is linked for who was signed out on the way', async t => {
  await makeUser(registry, 'robbed');
  const thief = await signedIn(registry, 'robbed');
  github.user = { id: 25, login: 'thief-at-github', name: null };
  const back = await walk(thief, await textIn(await thief.post('/auth/github/link', {}), 'url'));
  t.is((await registry.request('/users/robbed/sessions', { method: 'DELETE' })).status, 200);
  t.is((await thief.request(back)).status, 401);
  const found = await (await signedIn(registry, 'robbed')).request('/me/identities');
  t.deepEqual(await found.json(), { identities: [] });
});

test.serial('a way back counts once, in the browser that went, with the state it went with', async t => {
  github.user = { id: 30, login: 'returner', name: null };
  const browser = openBrowser(registry);
  const back = await walk(browser, await departure(browser, 'github'));
  t.is((await openBrowser(registry).request(back)).status, 401, "another browser's");
  const mine = openBrowser(registry);
  const second = await walk(mine, await departure(mine, 'github'));
  const changed = new URL(second);
  changed.searchParams.set('state', 'x'.repeat(43));
  t.is((await openBrowser(registry).request(changed.href)).status, 401);
  const stolen = openBrowser(registry);
  const victim = new URL(await walk(stolen, await departure(stolen, 'github')));
  victim.searchParams.set('code', 'a-code-of-somebody-else');
  t.is((await stolen.request(victim.href)).status, 401, 'a code that PKCE does not fit');
  const fine = openBrowser(registry);
  const good = await walk(fine, await departure(fine, 'github'));
  t.is((await fine.request(good)).status, 302);
  t.is((await fine.request(good)).status, 401, 'a second time');
  const crossed = openBrowser(registry);
  const elsewhere = await walk(crossed, await departure(crossed, 'github'));
  t.is((await crossed.request(elsewhere.replace('/github/', '/corp/'))).status, 401, 'of another provider');
});

test.serial('an ID token of another nonce, and a code of another challenge, sign nobody in', async t => {
  for (const changed of ['nonce', 'code_challenge']) {
    const browser = openBrowser(registry);
    const start = new URL(await departure(browser, 'corp'));
    t.true(start.searchParams.has(changed));
    start.searchParams.set(changed, 'x'.repeat(43));
    const back = await walk(browser, start.href);
    t.true(new URL(back).searchParams.has('code'), changed);
    t.is((await browser.request(back)).status, 401, changed);
    t.is((await browser.request('/me')).status, 401, changed);
  }
});

test.serial('a disabled user does not come in by another server', async t => {
  github.user = { id: 40, login: 'dismissed', name: null };
  t.is((await signInAt('github')).status, 302);
  await registry.request('/users/dismissed', jsonBody('PUT', { disabled: true }));
  const browser = openBrowser(registry);
  t.is((await signInAt('github', browser)).status, 401);
  t.is((await browser.request('/me')).status, 401);
});

for (const wanted of [
  '//evil.example.com',
  '/\\evil.example.com',
  'https://evil.example.com/',
  'javascript:alert(1)',
  '/a\\..\\..//evil.example.com',
  '/.//evil.example.com',
  '/%0d%0aset-cookie:x',
  '/\r\nlocation: x',
  'evil.example.com',
  '',
]) {
  test(`after signing in nobody is sent to ${JSON.stringify(wanted)}`, t => {
    const found = localPath(wanted, 'https://prompts.example.com');
    t.is(new URL(found, 'https://prompts.example.com').origin, 'https://prompts.example.com');
    t.notRegex(found, /^\/[/\\]|[\r\n]/);
  });
}

test('the ways to sign in are told, and no secret of theirs', async t => {
  const answer = await registry.request('/auth/providers', { token: null });
  const text = await answer.text();
  t.regex(text, /"name":"github"/);
  t.notRegex(text, /secret/);
});
