import test from 'ava';
import type { Page } from 'playwright-core';
import { eventually } from '../client/support.js';
import { accessibilityFaults, closeBrowser, enterPage, openPage } from '../support/browser.js';
import { OPEN_POLICY } from '../support/policy.js';
import { startReceiver } from '../support/receiver.js';
import { jsonBody, startTestRegistry, type TestRegistry } from '../support/registry.js';

const PASSWORD = 'correct horse battery';
const MODULE = '/projects/@bank/modules/kyc';
const UNSAVED = 'What you wrote here is not saved yet. Leave, and lose it?';
const HOSTILE = '<img src=x onerror="window.taken=1">';
const source = (text: string) =>
  `---\nname: summary\nversion: 1.0.0\nparameters:\n  - name: who\n    type: string\n---\n\n# User\n\n${text} {{ who }}.\n`;
const undo: Array<() => void | Promise<void>> = [];
const registry: TestRegistry = await startTestRegistry(
  { teardown: step => undo.unshift(step) },
  { webhookHosts: '127.0.0.0/8', limits: { webhookInterval: 20, webhookTime: 3_000 } },
);
for (const name of ['ada', 'grace', 'bob'])
  await registry.request('/users', jsonBody('POST', { name, password: PASSWORD }));
const token = await registry.tokenOf('ada', 'read', 'publish');
await send('/projects', jsonBody('POST', { project: '@bank' }));
for (const grant of [
  { user: 'ada', role: 'approver', functions: ['risk'] },
  { user: 'grace', role: 'editor' },
])
  await send('/projects/@bank/grants', jsonBody('POST', grant));
await send('/projects/@bank/policy', jsonBody('PUT', { policy: OPEN_POLICY }));
await send('/projects/@bank/modules', jsonBody('POST', { module: 'kyc', description: 'Knows customers' }));
for (const [version, text] of [
  ['1.0.0', 'Sum up'],
  ['1.1.0', 'Quickly sum up'],
] as const) {
  await write(text);
  const draft = await registry.request(`${MODULE}/draft`, { token });
  const commit = jsonBody('POST', { version, access: 'public' });
  const ifMatch = { ...commit.headers, 'if-match': draft.headers.get('etag') ?? '' };
  await send(`${MODULE}/draft/commit`, { ...commit, headers: ifMatch });
}
test.after.always('browser and registry stop', async () => {
  await closeBrowser();
  for (const step of undo) await step();
});

test.serial('a channel is split, a promotion is planned and called off', async t => {
  const { page, faults } = await openPage(t);
  await enter(page, 'ada', `${MODULE}/channels`);
  for (const written of ['@bank', '%40bank']) {
    await page.goto(`${registry.url}/web/projects/${written}/modules/kyc/channels`);
    await page.locator('.tabs [aria-current=page]', { hasText: 'Channels' }).waitFor();
  }
  const latest = page.locator('.card', { has: page.getByRole('heading', { name: /^latest/ }) });
  await latest.getByLabel('Try in latest').getByRole('option').first().waitFor({ state: 'attached' });
  t.deepEqual(await latest.getByLabel('Try in latest').getByRole('option').allTextContents(), ['1.0.0']);
  await latest.getByLabel('Try in latest').selectOption('1.0.0');
  await latest.getByLabel('Percent of the readers').fill('20');
  await latest.getByRole('button', { name: 'Split', exact: true }).click();
  await latest.getByText('20 percent of the readers get 1.0.0.').waitFor();
  const versions = new Set<string>();
  for (let reader = 0; reader < 40; reader += 1) {
    const answer = await registry.request(`/delivery/@bank/kyc/summary?key=reader-${reader}`);
    versions.add(JSON.stringify((await answer.text()).match(/"version":"[^"]+"/)?.[0]));
  }
  t.is(versions.size, 2);
  await latest.getByRole('button', { name: 'End the split' }).click();
  await latest.getByText('20 percent of the readers').waitFor({ state: 'detached' });

  await page.getByRole('combobox', { name: 'Version', exact: true }).selectOption('1.0.0');
  await page.getByRole('textbox', { name: 'Channel', exact: true }).fill('beta');
  await page.getByLabel('When; now if empty').fill('2090-01-31T09:00');
  await page.getByRole('button', { name: 'Promote' }).click();
  await page.getByRole('button', { name: 'Cancel 1.0.0 to beta' }).click();
  await page.getByText('It will not happen.').waitFor();
  await page.getByRole('button', { name: 'Cancel 1.0.0 to beta' }).waitFor({ state: 'detached' });
  t.deepEqual(await accessibilityFaults(page), []);
  t.deepEqual(faults, []);
});

test.serial(
  'an old version comes back as a draft, and a draft is thrown away only by who says so',
  async t => {
    const { page, faults } = await openPage(t);
    const asked: string[] = [];
    page.on('dialog', dialog => {
      asked.push(dialog.message());
      void (asked.length === 2 ? dialog.dismiss() : dialog.accept());
    });
    await enter(page, 'ada', `${MODULE}/history`);
    await page.getByRole('button', { name: 'Restore 1.0.0' }).click();
    await page.getByText('The draft is now as that version was.').waitFor();
    await page.getByRole('button', { name: 'Compare 1.1.0 with what is now' }).click();
    await page.getByText('-Quickly sum up {{ who }}.').waitFor();
    await page.locator(':focus', { hasText: '1.1.0 and the draft' }).waitFor();
    await page.getByRole('link', { name: 'Prompts' }).click();
    await page.getByRole('button', { name: 'Throw the draft away' }).click();
    await page.getByText('Begun as 1.0.0').waitFor();
    await page.getByRole('button', { name: 'Throw the draft away' }).click();
    await page.getByRole('heading', { name: 'Draft' }).waitFor({ state: 'detached' });
    t.is(asked.length, 3);
    t.deepEqual(faults, []);
  },
);

test.serial(
  'a prompt is compared and brought back in its editor, and nothing unsaved is lost unasked',
  async t => {
    const { page, faults } = await openPage(t);
    const asked: string[] = [];
    page.on('dialog', dialog => {
      asked.push(dialog.message());
      void (asked.length === 2 ? dialog.accept() : dialog.dismiss());
    });
    await enter(page, 'ada', `${MODULE}/prompts/summary`);
    const editor = page.getByLabel('Source of summary');
    await page.getByRole('button', { name: 'Compare with 1.0.0' }).click();
    await page.getByText('-Sum up {{ who }}.').waitFor();
    await editor.click();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText('Mine.');
    await page.getByText('Not saved yet').waitFor();
    await page.getByRole('button', { name: 'Restore 1.0.0' }).click();
    await editor.getByText('Mine.').waitFor();
    await page.getByRole('button', { name: 'Restore 1.0.0' }).click();
    await page.getByText('The prompt is now as it was then.').waitFor();
    await editor.getByText('Sum up {{ who }}.', { exact: true }).waitFor();
    t.is(await editor.getByText('Mine.').count(), 0);
    await page.locator(':focus', { hasText: 'Restore 1.0.0' }).waitFor();
    t.deepEqual(await accessibilityFaults(page), []);

    await page.getByRole('link', { name: 'Publish' }).click();
    await page.getByRole('heading', { name: 'What publishing says' }).waitFor();
    await page.getByLabel('Description').fill('Not saved');
    await page.getByRole('link', { name: 'Dashboard' }).click();
    t.deepEqual(asked, [UNSAVED, UNSAVED, UNSAVED]);
    t.is(await page.getByLabel('Description').inputValue(), 'Not saved');
    await page.getByRole('button', { name: 'Sign out' }).click();
    t.is(asked.length, 4);
    await page.getByRole('button', { name: 'Save prompd.json' }).click();
    await page.getByText('It is saved.').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    t.is(asked.length, 4);
    t.deepEqual(faults, []);
  },
);

test.serial('two who write the same prompt see each other, and what neither wants to lose stays', async t => {
  const [ada, grace] = [await openPage(t), await openPage(t)];
  for (const [name, { page }] of [
    ['ada', ada],
    ['grace', grace],
  ] as const) {
    await enter(page, name, `${MODULE}/prompts/summary`);
    await page.getByLabel('Source of summary').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText(`By ${name}.`);
  }
  await grace.page.getByRole('button', { name: 'Save', exact: true }).click();
  await grace.page.getByText('Saved in the draft').waitFor();
  await ada.page.getByRole('button', { name: 'Save', exact: true }).click();
  await ada.page.getByRole('heading', { name: 'grace saved this prompt while you wrote' }).waitFor();
  await ada.page.locator(':focus', { hasText: 'grace saved this prompt while you wrote' }).waitFor();
  await ada.page.getByRole('button', { name: 'Take what is saved now' }).click();
  await ada.page.getByLabel('Source of summary').getByText('By grace.').waitFor();

  // Without a network, and without a session: what was written stays, and is saved when both are back.
  await ada.page.getByLabel('Source of summary').click();
  await ada.page.keyboard.press('Control+End');
  await ada.page.keyboard.insertText('And ada.');
  await ada.context.setOffline(true);
  await ada.page.getByRole('button', { name: 'Save', exact: true }).click();
  await ada.page.getByRole('alert').getByText('The registry cannot be reached.').waitFor();
  ada.page.once('dialog', dialog => void dialog.accept());
  await ada.page.getByRole('button', { name: 'Sign out' }).click();
  await ada.page.getByRole('alert').getByText('You are still signed in.').waitFor();
  await ada.context.setOffline(false);
  const asked: string[] = [];
  ada.page.on('dialog', dialog => {
    asked.push(dialog.message());
    void dialog.dismiss();
  });
  await ada.page.getByRole('link', { name: 'Channels' }).click();
  await ada.page.evaluate('history.back()');
  await ada.page.waitForFunction("!document.querySelector('.save-bar button').disabled");
  await t.throwsAsync(ada.page.reload({ timeout: 1_000 }));
  t.deepEqual(asked, [UNSAVED, UNSAVED, '']);
  const other = await openPage(t);
  await enter(other.page, 'ada', '/account');
  await other.page.getByText('this one').waitFor();
  const ends = other.page.getByRole('button', { name: /^End/ });
  // Each is waited for: the list is asked for anew when one has ended, and shows the old one until then.
  for (let left = await ends.count(); left > 0; left--) {
    await ends.first().click();
    await ends.nth(left - 1).waitFor({ state: 'detached' });
  }
  await ada.page.getByRole('button', { name: 'Save', exact: true }).click();
  const alert = ada.page.getByRole('alert').filter({ hasText: 'You are no longer signed in' });
  const opened = ada.context.waitForEvent('page');
  await alert.getByRole('link', { name: 'Sign in to go on' }).click();
  const way = await opened;
  await way.getByLabel('Name').fill('ada');
  await way.getByLabel('Password').fill(PASSWORD);
  await way.getByRole('button', { name: 'Sign in' }).click();
  await way.getByRole('heading', { name: 'summary' }).waitFor();
  await way.close();
  await ada.page.getByRole('button', { name: 'Save', exact: true }).click();
  await ada.page.getByText('Saved in the draft').waitFor();
  await ada.page.getByRole('link', { name: 'Channels' }).click();
  await ada.page.getByRole('heading', { name: 'What moved' }).waitFor();
  t.is(asked.length, 3);
  t.regex(await (await registry.request(`${MODULE}/prompts/summary`, { token })).text(), /By grace.And ada/);
  t.deepEqual([...ada.faults, ...grace.faults], []);
});

test.serial('members come and go, by themselves and in teams', async t => {
  const { page, faults } = await openPage(t);
  await enter(page, 'ada', '/projects/@bank/members');
  await page.getByLabel('Name', { exact: true }).fill('nobody-of-that-name');
  await page.getByRole('button', { name: 'Grant' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Name', { exact: true }).fill('bob');
  await page.getByLabel('Role').selectOption('viewer');
  await page.getByLabel('Reason').fill(HOSTILE);
  await page.getByRole('button', { name: 'Grant' }).click();
  await page.getByRole('button', { name: 'Take back viewer of bob' }).click();
  await page.getByText('The role is taken back.').waitFor();
  await page.getByRole('link', { name: 'Teams' }).click();
  await page.getByLabel('Name of the team').fill('risk');
  await page.getByRole('button', { name: 'Make the team' }).click();
  await page.getByLabel('Add to risk').fill('bob');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('button', { name: 'Remove bob from risk' }).click();
  await page.getByRole('button', { name: 'Remove bob from risk' }).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Audit' }).click();
  await page.getByLabel('What was done').fill('grant.remove');
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByText('1 row', { exact: true }).waitFor();
  t.true(page.url().includes('action=grant.remove'));
  await page.goBack();
  await page.getByText(HOSTILE).first().waitFor();
  await page.goForward();
  await page.getByText('1 row', { exact: true }).waitFor();
  await page.reload();
  await page.getByText('1 row', { exact: true }).waitFor();
  t.is(await page.evaluate('window.taken'), undefined);
  t.deepEqual(faults, []);
});

test.serial(
  'a webhook is made, given another secret, tried, turned off and removed, and what its server says is shown as text',
  async t => {
    const receiver = await startReceiver(t, response => response.writeHead(500, HOSTILE).end(HOSTILE));
    const { page, faults } = await openPage(t);
    await enter(page, 'ada', '/webhooks');
    await page.getByLabel('Address').fill('ftp://example.com/hook');
    await page.getByRole('button', { name: 'Make the webhook' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Address').fill(receiver.url);
    await page.getByRole('button', { name: 'Make the webhook' }).click();
    await page.getByText('which is shown only now').waitFor();
    const first = await page.getByText(/^whsec_/).textContent();
    await page.getByText(`Change the secret of ${receiver.url}`).click();
    await page.getByRole('button', { name: `Make a new secret for ${receiver.url}` }).click();
    await page
      .getByText(/^whsec_/)
      .nth(1)
      .waitFor();
    t.notDeepEqual(await page.getByText(/^whsec_/).allTextContents(), [first, first]);
    await page.getByRole('button', { name: `Send a test to ${receiver.url}` }).click();
    await page.getByText('A test is on its way.').waitFor();
    await eventually('the test has come', () => receiver.received.length > 0);
    t.is(receiver.received[0]?.headers['webhook-signature']?.toString().split(' ').length, 2);
    await page.getByRole('button', { name: `Deliveries to ${receiver.url}` }).click();
    await page.getByText(/, 500/).first().waitFor();
    t.deepEqual(await accessibilityFaults(page), []);
    await page.getByRole('button', { name: `Turn off ${receiver.url}` }).click();
    await page.getByRole('button', { name: `Turn on ${receiver.url}` }).waitFor();
    await page.getByText(`Remove ${receiver.url}`).click();
    await page.getByRole('button', { name: /^Remove it/ }).click();
    await page.getByText('There are no webhooks.').waitFor();
    t.is(await page.evaluate('window.taken'), undefined);
    t.deepEqual(faults, []);
  },
);

test.serial('a policy that takes two admins is proposed by one and set by the other', async t => {
  const grant = { user: 'grace', role: 'admin' };
  await send('/projects/@bank/grants', jsonBody('POST', grant));
  const { page: ada, faults } = await openPage(t);
  await enter(ada, 'ada', '/projects/@bank/policy');
  await ada.getByLabel('Admins that it takes to change this').selectOption('two');
  await ada.getByRole('button', { name: 'Set the policy' }).click();
  await ada.getByText('The policy is set.').waitFor();
  await ada.getByLabel('Days until a request expires').fill('7');
  await ada.getByLabel('Reason').fill(HOSTILE);
  await ada.getByRole('button', { name: 'Set the policy' }).click();
  await ada.getByText('It is proposed: another admin sets it.').waitFor();
  await ada.getByRole('heading', { name: 'ada proposes another policy' }).waitFor();
  t.is(await ada.getByRole('button', { name: 'Set what is proposed' }).count(), 0);
  t.deepEqual(await accessibilityFaults(ada), []);

  const { page: grace, faults: hers } = await openPage(t);
  await enter(grace, 'grace', '/projects/@bank/policy');
  await grace.getByRole('row', { name: 'requestDays 14 7' }).waitFor();
  await grace.getByText(HOSTILE).waitFor();
  await grace.getByRole('button', { name: 'Set what is proposed' }).click();
  await grace.getByText('The policy is set.').waitFor();
  await grace.getByRole('heading', { name: /proposes/ }).waitFor({ state: 'detached' });
  const days = grace.getByLabel('Days until a request expires');
  await eventually('the form has what was set', async () => (await days.inputValue()) === '7');
  t.deepEqual([...faults, ...hers], []);
});

test.serial('a project is described and archived; a registry that stops is said to be gone', async t => {
  const { page, faults } = await openPage(t);
  await enter(page, 'ada', '/projects/@bank/settings');
  const purpose = page.getByLabel('What it is for');
  await purpose.fill(HOSTILE);
  const { headers } = await registry.request('/projects/@bank', { token });
  const theirs = jsonBody('PUT', { description: 'By somebody faster' });
  const ifMatch = { ...theirs.headers, 'if-match': headers.get('etag') ?? '' };
  await send('/projects/@bank', { ...theirs, headers: ifMatch });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').waitFor();
  t.is(await purpose.inputValue(), HOSTILE);
  await page.getByRole('button', { name: 'Read what is saved now' }).click();
  await page.getByText('By somebody faster').waitFor();
  await purpose.fill(HOSTILE);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('It is saved.').waitFor();
  await page.getByRole('button', { name: 'Archive the project' }).click();
  await page.getByRole('button', { name: 'Take the project out of the archive' }).waitFor();
  await page.getByRole('link', { name: 'Modules' }).click();
  await page.getByText('archived', { exact: true }).waitFor();
  await page.getByText(HOSTILE).waitFor();
  t.is(await page.getByRole('heading', { name: 'A new module' }).count(), 0);

  await page.getByRole('link', { name: 'Audit' }).click();
  await page.getByText('project.archive').first().waitFor();
  await page.waitForLoadState('networkidle');
  await registry.close();
  await page.getByLabel('Who').fill('grace');
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByRole('alert').getByText('The registry cannot be reached.').first().waitFor();
  await page.getByRole('button', { name: 'Try again' }).first().waitFor();
  t.deepEqual(await accessibilityFaults(page), []);
  t.deepEqual(faults, []);
});

async function send(path: string, init: RequestInit): Promise<void> {
  const answer = await registry.request(path, { ...init, token });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

async function write(text: string): Promise<void> {
  const before = await registry.request(`${MODULE}/prompts/summary`, { token });
  const body = jsonBody('PUT', { source: source(text) });
  const etag = before.headers.get('etag');
  const precondition = before.ok && etag ? { 'if-match': etag } : { 'if-none-match': '*' };
  await send(`${MODULE}/prompts/summary`, { ...body, headers: { ...body.headers, ...precondition } });
  const manifest = jsonBody('PUT', { description: 'Knows customers', license: 'MIT' });
  const draft = await registry.request(`${MODULE}/draft/files/prompd.json`, { token });
  const ifMatch = { ...manifest.headers, 'if-match': draft.headers.get('etag') ?? '' };
  await send(`${MODULE}/draft`, { ...manifest, headers: ifMatch });
}

async function enter(page: Page, name: string, path: string): Promise<void> {
  await enterPage(page, registry.url, { name, password: PASSWORD, path });
}
