import test from 'ava';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import type { SignInProvider } from '#server/domain/identity-settings.js';
import { accessibilityFaults, closeBrowser, openPage } from '../support/browser.js';
import { startIdentityProvider } from '../support/identity-provider.js';
import { jsonBody, startTestRegistry, type TestRegistry } from '../support/registry.js';
import type { Teardown } from '../support/temp.js';

const codes = z.object({ user_code: z.string(), device_code: z.string() });
const PASSWORD = 'correct horse battery';
const undo: Array<() => void | Promise<void>> = [];
const scope: Teardown = { teardown: step => undo.unshift(step) };
const corp = await startIdentityProvider(scope);
const provider: SignInProvider = {
  kind: 'oidc',
  name: 'corp',
  title: 'Corp',
  clientId: 'prompd',
  clientSecret: 'oidc secret',
  issuer: corp.issuer,
  newUsers: true,
  domains: [],
};
const registry: TestRegistry = await startTestRegistry(scope, {
  identity: { providers: [provider, { ...provider, name: 'closed', title: 'Closed', newUsers: false }] },
});
await corp.serve({
  id: 'prompd',
  secret: 'oidc secret',
  redirectUris: ['corp', 'closed'].map(name => `${registry.url}/auth/${name}/callback`),
});
await registry.request('/users', jsonBody('POST', { name: 'ada', password: PASSWORD }));
test.after.always('browser and registry stop', async () => {
  await closeBrowser();
  for (const step of undo) await step();
});

const NAMES_OF_TOKENS =
  "fetch('/me/tokens').then(answer => answer.json()).then(({ tokens }) => tokens.map(({ name }) => name))";

const PRESS_TWICE = `{
  const button = [...document.querySelectorAll('button')].find(one => one.textContent === 'Make the token');
  button.click();
  button.click();
}`;

async function signIn(page: Page, path: string): Promise<void> {
  await page.goto(`${registry.url}/web${path}`);
  await page.getByRole('link', { name: 'Sign in to go on' }).click();
  await page.getByLabel('Name').fill('ada');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

test.serial('who has to sign in comes back to where they were, and makes a token there', async t => {
  const { page, faults } = await openPage(t, { width: 360, height: 740 });
  await signIn(page, '/account');
  await page.getByRole('heading', { name: 'Where you are signed in' }).waitFor();
  t.is(new URL(page.url()).pathname, '/web/account');
  await page.getByLabel('Name of the token').fill('laptop');
  await page.getByLabel('Expires').fill('2090-01-31');
  await page.getByRole('button', { name: 'Make the token' }).dblclick();
  const token = await page.getByText(/^prompd_/).textContent();
  const answer = await registry.request('/whoami', { token });
  t.like(await answer.json(), { user: 'ada' });
  t.deepEqual(await accessibilityFaults(page), []);
  // As in a page that did not come over TLS.
  await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
  await page.getByRole('button', { name: 'Copy the token' }).click();
  await page.getByRole('button', { name: 'Copied the token' }).waitFor();
  t.is(await page.evaluate('String(getSelection())'), token);
  // Pressed twice, by the mouse or while the registry is still at it, it is done once.
  const named = async () => z.array(z.string()).parse(await page.evaluate(NAMES_OF_TOKENS));
  t.deepEqual(await named(), ['laptop']);
  await page.getByLabel('Name of the token').fill('desk');
  await page.evaluate(PRESS_TWICE);
  await page.getByRole('button', { name: 'Revoke desk' }).waitFor();
  await page.waitForLoadState('networkidle');
  t.deepEqual((await named()).sort(), ['desk', 'laptop']);
  await page.getByRole('button', { name: 'Revoke laptop' }).click();
  await page.getByText('The token is revoked.').waitFor();
  t.is((await registry.request('/whoami', { token })).status, 401);
  t.deepEqual(faults, []);
});

test.serial('a way back that leads elsewhere is not taken', async t => {
  const { page } = await openPage(t);
  for (const elsewhere of ['//example.com/', 'https://example.com/', '/%5Cexample.com', '/\\example.com']) {
    await page.goto(`${registry.url}/web/sign-in?return=${encodeURIComponent(elsewhere)}`);
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('link', { name: 'ada' }).waitFor();
    await page.waitForURL(url => !url.pathname.endsWith('/sign-in'));
    t.is(new URL(page.url()).origin, registry.url);
  }
});

test.serial('who signs in while the page still asks who they are is known afterwards', async t => {
  const { page } = await openPage(t);
  let answer = () => {};
  const answered = new Promise<void>(resolve => {
    answer = resolve;
  });
  let asked = 0;
  await page.route('**/auth/session', async route => {
    asked += 1;
    const response = await route.fetch().catch(() => undefined);
    if (asked === 1) await answered;
    // One that was given up takes no answer.
    await (response ? route.fulfill({ response }) : route.abort()).catch(() => undefined);
  });
  await page.goto(`${registry.url}/web/sign-in`);
  await page.getByLabel('Name').fill('ada');
  await page.getByLabel('Password').fill(PASSWORD);
  const signedIn = page.waitForResponse(response => response.request().method() === 'POST');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  t.true((await signedIn).ok());
  setTimeout(answer, 500);
  await page.getByRole('link', { name: 'ada' }).waitFor();
  t.true(asked > 1);
});

test.serial('a device is let in by its code', async t => {
  const begun = await registry.request('/device/authorize', {
    method: 'POST',
    token: null,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ client_id: 'prompd-cli', device: 'a laptop', scope: 'read' }),
  });
  const { user_code: code, device_code: secret } = codes.parse(await begun.json());
  const { page, faults } = await openPage(t);
  await signIn(page, `/device?code=${code}`);
  await page.getByLabel('Code').waitFor();
  t.deepEqual(await accessibilityFaults(page), []);
  await page.getByRole('button', { name: 'Let it sign in' }).click();
  await page.getByText('is signed in as ada').waitFor();
  const granted = await registry.request('/auth/token', {
    method: 'POST',
    token: null,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: secret,
      client_id: 'prompd-cli',
    }),
  });
  t.is(granted.status, 200);
  t.deepEqual(faults, []);
});

test.serial(
  'a wrong password and a code that nothing waits behind are told, and a token lets a device in',
  async t => {
    const { page, faults } = await openPage(t, { dark: true, width: 360, height: 740 });
    await page.goto(`${registry.url}/web/sign-in`);
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('alert').getByText('The name or the password is wrong.').waitFor();
    t.deepEqual(await accessibilityFaults(page), []);

    // The short address that a terminal shows.
    await page.goto(`${registry.url}/device?code=BCDF-GHJK`);
    await page.getByText('Or use a token, without signing in').click();
    await page.getByLabel('Token of yours').fill(await registry.tokenOf('ada', 'read'));
    await page.getByRole('button', { name: 'Let it sign in' }).click();
    await page.getByRole('alert').getByText('Nothing waits behind this code').waitFor();
    t.deepEqual(await accessibilityFaults(page), []);
    const begun = await registry.request('/device/authorize', {
      method: 'POST',
      token: null,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ client_id: 'prompd-cli', scope: 'read' }),
    });
    await page.getByLabel('Code').fill(codes.parse(await begun.json()).user_code);
    await page.getByRole('button', { name: 'Let it sign in' }).click();
    await page.getByText('prompd-cli is signed in, and may read.').waitFor();
    t.deepEqual(faults, []);
  },
);

test.serial(
  'who signs in elsewhere comes back to where they were, and is told when that does not let them in',
  async t => {
    const { page, faults } = await openPage(t);
    corp.person = { sub: 'mary-1', preferred_username: 'mary', name: 'Mary Grey' };
    await page.goto(`${registry.url}/web/sign-in?return=${encodeURIComponent('/web/account')}`);
    await page.getByRole('link', { name: 'Sign in with Corp' }).click();
    await page.getByRole('heading', { name: 'Mary Grey' }).waitFor();
    t.is(new URL(page.url()).pathname, '/web/account');
    await page.getByRole('heading', { name: 'Linked sign-ins' }).waitFor();
    t.deepEqual(await accessibilityFaults(page), []);
    const { page: other } = await openPage(t);
    corp.person = { sub: 'eve-1', preferred_username: 'eve' };
    await other.goto(`${registry.url}/web/sign-in`);
    await other.getByRole('link', { name: 'Sign in with Closed' }).click();
    await other.getByRole('link', { name: 'Back to the registry' }).waitFor();
    t.is((await other.request.get(`${registry.url}/me`)).status(), 401);
    t.deepEqual(faults, []);
  },
);

test.serial('who tried too often is told to wait, with the right password, too', async t => {
  await registry.request('/users', jsonBody('POST', { name: 'zoe', password: PASSWORD }));
  for (let tries = 0; tries < 5; tries += 1) {
    await registry.request('/auth/sign-in', jsonBody('POST', { name: 'zoe', password: `wrong ${tries}` }));
  }
  const { page } = await openPage(t);
  await page.goto(`${registry.url}/web/sign-in`);
  await page.getByLabel('Name').fill('zoe');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('alert').getByText('There were too many attempts.').waitFor();
  t.is(await page.getByText('Wait a while before you try again.').count(), 1);
});
