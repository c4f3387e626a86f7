import test from 'ava';
import type { Page } from 'playwright-core';
import { accessibilityFaults, closeBrowser, enterPage, openPage } from '../support/browser.js';
import { OPEN_POLICY } from '../support/policy.js';
import { jsonBody, startTestRegistry, type TestManifest, type TestRegistry } from '../support/registry.js';

const PASSWORD = 'correct horse battery';
const KYC = '/projects/@bank/modules/kyc';
const PACKAGE = '/packages/@bank%2fkyc';
const undo: Array<() => void | Promise<void>> = [];
const registry: TestRegistry = await startTestRegistry({ teardown: step => undo.unshift(step) });
for (const name of ['ada', 'grace', 'iris'])
  await registry.request('/users', jsonBody('POST', { name, password: PASSWORD }));
const ada = await registry.tokenOf('ada', 'publish');
const grace = await registry.tokenOf('grace', 'publish');
await send('/projects', jsonBody('POST', { project: '@bank' }));
for (const grant of [
  { user: 'ada', role: 'editor' },
  { user: 'grace', role: 'approver', functions: ['risk'] },
  { user: 'iris', role: 'approver', functions: ['risk'] },
]) {
  await send('/projects/@bank/grants', jsonBody('POST', grant));
}
const protectedChannel = { channels: { production: { protected: true } } };
await setPolicy({ ...OPEN_POLICY, ...protectedChannel });
for (const version of ['1.0.0', '1.1.0']) await publish({ name: '@bank/kyc', version });
await publish({ name: '@bank/uses', version: '1.0.0', dependencies: { '@bank/kyc': '1.0.0' } });
await send(`${PACKAGE}/promotions`, jsonBody('POST', { version: '1.1.0', tag: 'production' }), grace);
// From now on one of risk approves.
const tier = { approvals: 1, functions: ['risk' as const], reviewDays: 90 };
await setPolicy({ ...OPEN_POLICY, ...protectedChannel, tiers: { 1: tier, 2: tier, 3: tier } });
test.after.always('browser and registry stop', async () => {
  await closeBrowser();
  for (const step of undo) await step();
});

async function send(path: string, init: RequestInit, token = ada): Promise<Response> {
  const answer = await registry.request(path, { ...init, token });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

async function setPolicy(policy: object): Promise<void> {
  await send('/projects/@bank/policy', jsonBody('PUT', { policy }));
}

async function publish(manifest: TestManifest): Promise<void> {
  await registry.publish({ license: 'MIT', ...manifest }, { 'README.md': '# It' }, '', ada);
}

/** Publishes what waits for approval. */
async function pend(version: string): Promise<void> {
  await publish({ name: '@bank/kyc', version }).catch((error: unknown) => {
    if (!String(error).includes('not published: 202')) throw error;
  });
}

async function enter(page: Page, name: string, path: string): Promise<void> {
  await enterPage(page, registry.url, { name, password: PASSWORD, path });
}

test.serial('an author finds their request on the dashboard and withdraws it', async t => {
  await pend('1.2.0');
  const { page, faults } = await openPage(t);
  await enter(page, 'ada', '/dashboard');
  await page.getByRole('heading', { name: 'Yours, waiting for others' }).waitFor();
  t.deepEqual(await accessibilityFaults(page), []);
  await page.getByRole('link', { name: '@bank/kyc@1.2.0' }).click();
  await page.getByLabel('Why you withdraw it').fill('It says too much');
  t.deepEqual(await accessibilityFaults(page), []);
  await page.getByRole('button', { name: 'Withdraw the request' }).click();
  await page.getByText('The request is withdrawn.').waitFor();
  t.deepEqual(faults, []);
});

test.serial('an approver declines with a reason, and not without one', async t => {
  await pend('1.2.1');
  const { page, faults } = await openPage(t);
  await enter(page, 'grace', '/approvals');
  await page.getByRole('link', { name: '@bank/kyc@1.2.1' }).click();
  await page.getByRole('button', { name: 'Decline', exact: true }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Reason').fill('It says too little');
  await page.getByRole('button', { name: 'Decline', exact: true }).click();
  await page.getByText('The request is declined.').waitFor();
  await page.getByText('It says too little').first().waitFor();
  t.is((await registry.request(`${PACKAGE}/1.2.1`, { token: ada })).status, 404);
  t.deepEqual(await accessibilityFaults(page), []);
  t.deepEqual(faults, []);
});

test.serial('glass is broken with a reason and the password alone, and others review it', async t => {
  await pend('1.3.0');
  const { page, faults } = await openPage(t, { width: 360, height: 740 });
  await enter(page, 'grace', `${KYC}/channels`);
  await page.getByText('Break the glass for @bank/kyc').click();
  await page.getByLabel('What to force').selectOption('1.3.0');
  await page.getByLabel(/^Why it cannot wait/).fill('1.1.0 tells customers lies since noon');
  await page.getByLabel('Your password, once more').fill('not the password');
  const act = page.getByRole('button', { name: 'Break the glass for' });
  t.true(await act.isDisabled(), 'until the name is typed');
  await page.getByLabel(/^Type @bank\/kyc/).fill('@bank/kyc');
  t.deepEqual(await accessibilityFaults(page), []);
  await act.click();
  await page.getByText('The name or the password is wrong.').waitFor();
  await page.getByLabel('Your password, once more').fill(PASSWORD);
  await page.getByLabel(/^Type @bank\/kyc/).fill('@bank/kyc');
  await act.click();
  await page.getByText('production is 1.3.0 now').waitFor();

  const { page: iris } = await openPage(t);
  await enter(iris, 'iris', '/approvals');
  await iris.getByRole('link', { name: 'Only what was let through by force' }).click();
  await iris.getByText('let through by force', { exact: true }).waitFor();
  await iris.getByRole('link', { name: '@bank/kyc@1.3.0' }).click();
  await iris.getByText('grace pointed production at 1.3.0 without approval.').waitFor();
  t.deepEqual(await accessibilityFaults(iris), []);
  await iris.getByRole('button', { name: 'Approve' }).click();
  await iris.getByText('approved', { exact: true }).first().waitFor();
  t.deepEqual(faults, []);
});

test.serial('an editor deprecates and yanks a version, and an approver revokes it by its name', async t => {
  const { page, faults } = await openPage(t);
  await enter(page, 'ada', `${KYC}/versions`);
  await page.getByRole('combobox', { name: /^Version/ }).selectOption('1.0.0');
  await page.getByLabel('What to take instead').fill('Take 1.1.0.');
  await page.getByRole('button', { name: 'Deprecate' }).click();
  await page.getByText('in use; deprecated: Take 1.1.0.').waitFor();
  await page.getByRole('button', { name: 'Yank 1.0.0' }).click();
  await page.getByText('yanked: new installations pass it over').waitFor();
  t.is(await page.getByText('Revoke @bank/kyc@1.0.0').count(), 0, 'editors do not revoke');
  t.deepEqual(await accessibilityFaults(page), []);

  const { page: approver } = await openPage(t, { width: 360, height: 740 });
  await enter(approver, 'grace', `${KYC}/versions`);
  await approver.getByRole('combobox', { name: /^Version/ }).selectOption('1.0.0');
  await approver.getByText('Revoke @bank/kyc@1.0.0').click();
  await approver.getByText('1 could have no other').waitFor();
  await approver.getByLabel(/^Reason; whoever/).fill('It leaks account numbers');
  const act = approver.getByRole('button', { name: 'Revoke', exact: true });
  await approver.getByLabel(/^Type @bank/).fill('@bank/kyc@1.1.0');
  t.true(await act.isDisabled(), 'another name');
  await approver.getByLabel(/^Type @bank/).fill('@bank/kyc@1.0.0');
  t.deepEqual(await accessibilityFaults(approver), []);
  await act.click();
  await approver.getByText('revoked: nobody gets it').waitFor();
  t.is((await registry.request(`${PACKAGE}/-/kyc-1.0.0.tgz`, { token: ada })).status, 410);
  t.deepEqual(faults, []);
});

test.serial('a module is archived by its name, and taken out again', async t => {
  const { page, faults } = await openPage(t);
  await enter(page, 'ada', '/projects/@bank/modules/uses/versions');
  await page.getByText('Archive @bank/uses').click();
  await page.getByLabel(/^Type @bank/).fill('@bank/uses');
  await page.getByRole('button', { name: 'Archive', exact: true }).click();
  await page.getByRole('heading', { name: 'Out of the archive' }).waitFor();
  t.deepEqual(await accessibilityFaults(page), []);
  await page.getByRole('button', { name: 'Take uses out of the archive' }).click();
  await page.getByRole('heading', { name: 'Archive the module' }).waitFor();
  t.deepEqual(faults, []);
});
