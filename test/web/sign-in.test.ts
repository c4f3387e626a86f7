import test from 'ava';
import { SILENT } from '#prompd/core/progress.js';
import { login, whoami } from '#prompd/ops/registry/account.js';
import { DEFAULT_IDENTITY, type SignInProvider } from '#server/domain/identity-settings.js';
import { accessibilityFaults, closeBrowser, openPage } from '../support/browser.js';
import { testContext } from '../support/context.js';
import { startIdentityProvider } from '../support/identity-provider.js';
import { jsonBody, startTestRegistry, type TestRegistry } from '../support/registry.js';
import { type Teardown, tempDir } from '../support/temp.js';

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
  identity: {
    ...DEFAULT_IDENTITY,
    signUp: true,
    providers: [provider, { ...provider, name: 'staff', title: 'Staff', newUsers: false }],
  },
});
await corp.serve({
  id: 'prompd',
  secret: 'oidc secret',
  redirectUris: ['corp', 'staff'].map(name => `${registry.url}/auth/${name}/callback`),
});
await registry.request('/users', jsonBody('POST', { name: 'ada', password: PASSWORD }));
test.after.always('browser, registry and provider stop', async () => {
  await closeBrowser();
  for (const step of undo) await step();
});

test.serial(
  'who is refused is told why and keeps what they typed; who is let in comes to where they were going',
  async t => {
    const { page, faults } = await openPage(t);
    await page.goto(`${registry.url}/web/search?q=kyc&sort=recency`);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password').fill('a wrong password');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('alert').waitFor();
    t.is(await page.getByLabel('Name').inputValue(), 'ada');
    t.deepEqual(await accessibilityFaults(page), []);
    await page.getByRole('link', { name: 'Make an account' }).click();
    await page.getByRole('heading', { name: 'Make an account' }).waitFor();
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password').fill('too short');
    await page.getByRole('button', { name: 'Make the account' }).click();
    t.is(await page.locator('input:invalid').count(), 1);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByRole('alert').getByText('ada').waitFor();
    t.deepEqual(await accessibilityFaults(page), []);
    await page.getByLabel('Name').fill('newcomer');
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByRole('link', { name: 'newcomer', exact: true }).waitFor();
    t.is(page.url(), `${registry.url}/web/search?q=kyc&sort=recency`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    t.is(page.url(), `${registry.url}/web/`);
    t.deepEqual(faults, []);
  },
);

test.serial('somebody signs in at another server, and comes back to the page that they wanted', async t => {
  corp.person = {
    sub: 'ann-1',
    preferred_username: 'ann',
    name: 'Ann',
    email: 'ann@example.com',
    email_verified: true,
  };
  const { page, faults } = await openPage(t);
  await page.goto(`${registry.url}/web/account`);
  await page.getByRole('link', { name: 'Sign in to go on' }).click();
  await page.getByRole('link', { name: 'Sign in with Staff' }).click();
  await page.getByRole('link', { name: 'Back to the registry' }).click();
  await page.goto(`${registry.url}/web/account`);
  await page.getByRole('link', { name: 'Sign in to go on' }).click();
  await page.getByRole('link', { name: 'Sign in with Corp' }).click();
  await page.getByText('Signed in as ann').waitFor();
  await page.getByRole('heading', { name: 'Linked sign-ins' }).waitFor();
  t.is(page.url(), `${registry.url}/web/account`);
  t.is(await page.getByRole('heading', { name: 'Password' }).count(), 0);
  t.deepEqual(faults, []);
});

test.serial('a terminal that signs in is let in, or refused, by its code in the browser', async t => {
  const { page, faults } = await openPage(t);
  for (const answer of ['Refuse', 'Let it sign in']) {
    const dir = tempDir(t);
    let show: (shown: { url: string; code: string }) => void = () => {};
    const shown = new Promise<{ url: string; code: string }>(resolve => {
      show = resolve;
    });
    const context = await testContext({
      cwd: dir,
      env: { PROMPD_REGISTRY: registry.url },
      ask: async () => '',
      askSecret: async () => '',
      progress: {
        ...SILENT,
        say(message) {
          const [, url = '', code = ''] = /Open (\S+) and enter the code (\S+)/.exec(message) ?? [];
          if (code !== '') show({ url, code });
        },
      },
    });
    const entered = login(context, undefined).then(
      ({ name }) => String(name),
      (error: unknown) => String(error),
    );
    const { url, code } = await shown;
    await page.goto(url);
    if (answer === 'Refuse') {
      await page.getByRole('link', { name: 'Sign in to go on' }).click();
      await page.getByLabel('Name').fill('ada');
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByLabel('Code').fill('BCDF-GHJK');
      await page.getByRole('button', { name: 'Let it sign in' }).click();
      await page.getByRole('alert').waitFor();
    }
    await page.getByLabel('Code').fill(code.toLowerCase());
    await page.getByRole('button', { name: answer }).click();
    await page.getByText(answer === 'Refuse' ? 'The device was refused.' : 'is signed in as ada').waitFor();
    if (answer === 'Refuse') t.regex(await entered, /refused/);
    else {
      t.is(await entered, 'ada');
      t.is((await whoami(context)).name, 'ada');
    }
  }
  t.deepEqual(faults, []);
});
