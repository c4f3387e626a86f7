import { readFileSync } from 'node:fs';
import test from 'ava';
import type { Page } from 'playwright-core';
import { accessibilityFaults, closeBrowser, enterPage, openPage } from '../support/browser.js';
import { OPEN_POLICY } from '../support/policy.js';
import { jsonBody, startTestRegistry, type TestRegistry } from '../support/registry.js';

const PASSWORD = 'correct horse battery';
const KYC = '/projects/@bank/modules/kyc';
/** What browsers say of themselves, and how that is shown. */
const AGENTS = [
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/141.0.0.0',
    'Browser: Edge 141 on Windows',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
    'Browser: Safari 18 on macOS',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    'Browser: Safari 18 on iPhone',
  ],
  ['Mozilla/5.0 (Android 15; Mobile; rv:141.0) Gecko/141.0 Firefox/141.0', 'Browser: Firefox 141 on Android'],
  ['curl/8.5.0 <b>', 'Browser: curl/8.5.0 <b>'],
] as const;
const undo: Array<() => void | Promise<void>> = [];
const registry: TestRegistry = await startTestRegistry({ teardown: step => undo.unshift(step) });
for (const [name, admin] of [
  ['ada', false],
  ['grace', false],
  ['olga', true],
] as const) {
  await registry.request('/users', jsonBody('POST', { name, password: PASSWORD, admin }));
}
const ada = await registry.tokenOf('ada', 'publish');
const grace = await registry.tokenOf('grace', 'publish');
await send('/projects', jsonBody('POST', { project: '@bank', description: 'Prompts of a bank' }));
for (const grant of [
  { user: 'ada', role: 'editor' },
  { user: 'grace', role: 'approver', functions: ['risk'] },
]) {
  await send('/projects/@bank/grants', jsonBody('POST', grant));
}
const policy = { ...OPEN_POLICY, channels: { production: { protected: true } } };
await send('/projects/@bank/policy', jsonBody('PUT', { policy }));
const PROMPT = '---\nname: summary\nversion: 1.0.0\nparameters: []\n---\n\n# User\n\nHello.\n';
const reviewBy = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
for (const version of ['1.0.0', '1.1.0']) {
  const manifest = { name: '@bank/kyc', version, license: 'MIT', prompts: { summary: 'summary.prompd' } };
  const feat = { schemaVersion: '1', reviewBy };
  await registry.publish({ ...manifest, feat }, { 'summary.prompd': PROMPT }, '', ada);
}
await registry.publish(
  { name: '@bank/uses', version: '1.0.0', dependencies: { '@bank/kyc': '^1.0.0' } },
  {},
  '',
  ada,
);
await send(
  '/packages/@bank%2fkyc/promotions',
  jsonBody('POST', { version: '1.0.0', tag: 'production' }),
  grace,
);
await send(
  '/packages/@bank%2fkyc/dist-tags/production/split',
  jsonBody('PUT', { version: '1.1.0', weight: 20 }),
  grace,
);
for (const [version, outcome, score] of [
  ['1.0.0', 'accepted', 1],
  ['1.1.0', 'rejected', 0.25],
] as const) {
  await send(`/delivery/@bank%2fkyc/summary?version=${version}`, {});
  const report = { package: '@bank/kyc', prompt: 'summary', version, outcome, score };
  await send('/delivery/feedback', jsonBody('POST', report));
}
test.after.always('browser and registry stop', async () => {
  await closeBrowser();
  for (const step of undo) await step();
});

async function send(path: string, init: RequestInit, token = ada): Promise<void> {
  const answer = await registry.request(path, { ...init, token });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

async function enter(page: Page, name: string, path: string): Promise<void> {
  await enterPage(page, registry.url, { name, password: PASSWORD, path });
}

for (const [who, pages] of [
  [
    'olga',
    [
      ['/admin', 'How far the audit is signed'],
      ['/admin/users', 'signs in with a password'],
      ['/admin/tokens', 'anywhere'],
      ['/admin/sign-in', 'administrators make them'],
      ['/admin/audit', 'verified'],
    ],
  ],
  [
    'ada',
    [
      ['/dashboard', 'Reviews that are due'],
      ['/projects/@bank/usage', '@bank/uses'],
      ['/projects/@bank/ci', 'No workflow is trusted.'],
      ['/projects/@bank/delegations', 'Nobody has delegated anything.'],
      ['/projects/@bank/audit', 'verified'],
      [`${KYC}/versions`, 'Archive the module'],
      [`${KYC}/usage`, 'rejected'],
      ['/admin', 'This is for administrators of the registry.'],
    ],
  ],
] as const) {
  test.serial(`${who} reads what is theirs`, async t => {
    const { page, faults } = await openPage(t, { dark: true, width: 360, height: 740 });
    await enter(page, who, pages[0][0]);
    for (const [path, text] of pages) {
      if (page.url() !== `${registry.url}/web${path}`) await page.goto(`${registry.url}/web${path}`);
      await page.locator('main').getByText(text).first().waitFor({ timeout: 15_000 });
      t.is(await page.getByRole('alert').count(), 0, path);
    }
    t.deepEqual(faults, []);
  });
}

test.serial('the audit is filtered, exported as it is filtered, verified and signed', async t => {
  const { page, faults } = await openPage(t);
  await enter(page, 'ada', '/projects/@bank/audit');
  await page.getByLabel('What was done').fill('tag.split*');
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.waitForURL(url => url.searchParams.get('action') === 'tag.split*');
  await page.getByText('1 row', { exact: true }).waitFor();
  await page.getByText('All of row').click();
  await page.getByText('Hash before').waitFor();
  t.deepEqual(await accessibilityFaults(page), []);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export as CSV' }).click(),
  ]);
  const file = readFileSync(await download.path(), 'utf8')
    .trim()
    .split('\n');
  t.is(file.length, 2, 'a head and the row');
  const [lines] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export as JSON lines' }).click(),
  ]);
  t.regex(readFileSync(await lines.path(), 'utf8'), /^\{.*"action":"tag\.split"/m);
  await page.getByRole('button', { name: 'Sign it as it is now' }).click();
  await page.getByText('It is signed.').waitFor();
  await page.getByText(/^The registry signed \d+ rows/).waitFor();
  t.deepEqual(faults, []);
});

test.serial('an administrator finds a user, ends their sessions, disables and enables them', async t => {
  const { page: other } = await openPage(t);
  await enter(other, 'grace', '/dashboard');
  for (const [userAgent] of AGENTS) {
    const { headers, ...signIn } = jsonBody('POST', { name: 'grace', password: PASSWORD });
    await fetch(`${registry.url}/auth/sign-in`, {
      ...signIn,
      headers: { ...headers, 'user-agent': userAgent },
    });
  }
  const { page, faults } = await openPage(t);
  await enter(page, 'olga', '/admin/users');
  await page.getByLabel('Part of a name or address').fill('GRA');
  await page.getByRole('button', { name: 'Find' }).click();
  await page.waitForURL(url => url.searchParams.get('q') === 'GRA');
  await page.getByText('Sessions and password').click();
  for (const [userAgent, shown] of AGENTS)
    t.is(await page.getByText(shown, { exact: true }).getAttribute('title'), userAgent);
  await page.getByText(/^Browser: Chrome \d+ on Linux$/).waitFor();
  await page.getByRole('button', { name: 'End all sessions of grace' }).click();
  await page.getByText('grace is signed in nowhere').waitFor();
  t.deepEqual(await accessibilityFaults(page), []);
  await other.reload();
  await other.getByText('You have to be signed in to see this.').waitFor();
  await page.getByLabel('Why, for the audit, of grace').fill('Left the bank');
  await page.getByRole('button', { name: 'Disable grace' }).click();
  await page.getByText('disabled', { exact: true }).waitFor();
  const audit = await registry.request('/audit?action=user.change&subject=user%20grace');
  t.regex(await audit.text(), /"reason":"Left the bank"/);
  t.is((await registry.request('/whoami', { token: grace })).status, 401);
  await page.getByRole('button', { name: 'Enable grace' }).click();
  await page.getByRole('button', { name: 'Disable grace' }).waitFor();
  t.is((await registry.request('/whoami', { token: grace })).status, 200);
  t.deepEqual(faults, []);
});

test.serial('an administrator revokes a token that somebody else has', async t => {
  const token = await registry.tokenOf('ada', 'read');
  const { page } = await openPage(t);
  await enter(page, 'olga', '/admin/tokens');
  await page.getByLabel('User, name or package').fill("ada's read");
  await page.getByText('1 tokens').waitFor();
  await page.getByRole('button', { name: "Revoke ada's read of ada" }).click();
  await page.getByText('The token is revoked.').waitFor();
  t.is((await registry.request('/whoami', { token })).status, 401);
});

test.serial('an admin of a project trusts a workflow, and then no longer', async t => {
  const { page, faults } = await openPage(t);
  await enter(page, 'ada', '/projects/@bank/ci');
  await page.getByLabel('Repository').fill('acme/prompts');
  await page.getByLabel('Workflow').fill('release.yml');
  await page.getByRole('button', { name: 'Trust it' }).click();
  await page.getByRole('heading', { name: 'acme/prompts, release.yml' }).waitFor();
  t.deepEqual(await accessibilityFaults(page), []);
  await page.getByRole('button', { name: 'Trust no longer' }).click();
  await page.getByText('No workflow is trusted.').waitFor();
  t.deepEqual(faults, []);
});

test.serial('an approver delegates, and ends it', async t => {
  const { page, faults } = await openPage(t);
  await enter(page, 'grace', '/projects/@bank/delegations');
  await page.getByLabel('Member').fill('ada');
  await page.getByLabel(/^Until/).fill(new Date(Date.now() + 86_400_000).toISOString().slice(0, 10));
  await page.getByLabel('Reason').fill('leave');
  await page.getByRole('button', { name: 'Delegate' }).click();
  await page.getByText('in force').waitFor();
  t.deepEqual(await accessibilityFaults(page), []);
  await page.getByRole('button', { name: 'End it' }).click();
  await page.getByText('ended early').waitFor();
  t.deepEqual(faults, []);
});

test.serial('what a split channel was told is compared, and what a version is taken by is named', async t => {
  const { page, faults } = await openPage(t);
  await enter(page, 'ada', `${KYC}/usage`);
  const split = page.getByRole('region', { name: 'production is split: 80% get 1.0.0, 20% get 1.1.0' });
  await split.getByText('0.25 of 1 reports').waitFor();
  await page.getByText('@bank/uses').waitFor();
  await page.getByLabel('Grouped by').selectOption('channel');
  await page.getByText('asked for by version: 2', { exact: true }).waitFor();
  await page.getByRole('img', { name: /^Delivered a day: 2 in 30 days/ }).waitFor();
  t.true(((await page.locator('.chart svg rect').first().boundingBox())?.height ?? 0) > 50);
  t.deepEqual(await accessibilityFaults(page), []);
  t.deepEqual(faults, []);
});

test.serial(
  'the health of a server is looked at again: what it depends on, what waits, what it delivered',
  async t => {
    const { page, faults } = await openPage(t);
    await enter(page, 'olga', '/admin');
    await page.getByText('All that is in use works.').waitFor();
    const row = (name: string) => page.getByRole('row', { name });
    await row('webhook').first().waitFor();
    await page.getByText('Where deliveries came from').waitFor();
    t.is(await page.getByText('This server has delivered nothing yet.').count(), 0);
    const looked = page.waitForResponse(answer => answer.url().endsWith('/-/health'));
    await page.getByRole('button', { name: 'Look again' }).click();
    t.is((await looked).status(), 200);
    t.deepEqual(await accessibilityFaults(page), []);
    t.deepEqual(faults, []);
  },
);

test.serial(
  'from the dashboard the modules of a project and their prompts unfold, down to the editor',
  async t => {
    const { page, faults } = await openPage(t);
    await enter(page, 'ada', '/dashboard');
    await page.getByText('Modules of @bank').click();
    await page.getByText('Prompts of kyc').click();
    t.deepEqual(await accessibilityFaults(page), []);
    await page.getByRole('link', { name: 'summary' }).click();
    await page.getByLabel('Source of summary').waitFor();
    t.deepEqual(faults, []);
  },
);
