import test from 'ava';
import type { Page } from 'playwright-core';
import { accessibilityFaults, closeBrowser, enterPage, openPage } from '../support/browser.js';
import { jsonBody, startTestRegistry, type TestRegistry } from '../support/registry.js';

const PASSWORD = 'correct horse battery';
const MODULE = '/projects/@bank/modules/kyc';
const SOURCE =
  '---\nname: summary\nversion: 1.0.0\nparameters:\n  - name: who\n    type: string\n---\n\n# User\n\nSum up {{ who }}.\n';
const undo: Array<() => void | Promise<void>> = [];
const registry: TestRegistry = await startTestRegistry({ teardown: step => undo.unshift(step) });
for (const name of ['ada', 'grace']) {
  await registry.request('/users', jsonBody('POST', { name, password: PASSWORD }));
}
const token = await registry.tokenOf('ada', 'read', 'publish');
await send('/projects', jsonBody('POST', { project: '@bank', description: 'Prompts of a bank' }));
for (const grant of [
  { user: 'ada', role: 'editor' },
  { user: 'grace', role: 'approver', functions: ['risk'] },
]) {
  await send('/projects/@bank/grants', jsonBody('POST', grant));
}
const tier = { approvals: 1, functions: ['risk'], reviewDays: 90 };
await send(
  '/projects/@bank/policy',
  jsonBody('PUT', {
    policy: {
      tiers: { 1: tier, 2: tier, 3: tier },
      featFrom: null,
      requestDays: 14,
      breakGlassHours: 72,
      channels: { production: { protected: true } },
    },
  }),
);
await send('/projects/@bank/modules', jsonBody('POST', { module: 'kyc', description: 'Knows customers' }));
const prompt = jsonBody('PUT', { source: SOURCE });
await send(`${MODULE}/prompts/summary`, {
  ...prompt,
  headers: { ...prompt.headers, 'if-none-match': '*' },
});
test.after.always('browser and registry stop', async () => {
  await closeBrowser();
  for (const step of undo) await step();
});

async function send(path: string, init: RequestInit): Promise<void> {
  const answer = await registry.request(path, { ...init, token });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

async function enter(page: Page, name: string, path: string): Promise<void> {
  await enterPage(page, registry.url, { name, password: PASSWORD, path });
}

test.serial('a version is published, approved by somebody else and promoted in the pages', async t => {
  const { page: ada, faults } = await openPage(t);
  await enter(ada, 'ada', `${MODULE}/publish`);
  await ada.getByLabel('Description').fill('Sums up');
  await ada.getByLabel('License').fill('MIT');
  await ada.getByRole('button', { name: 'Save prompd.json' }).click();
  await ada.getByText('It is saved.').waitFor();
  await ada.getByLabel('Or exactly').fill('1.0.0');
  await ada.getByRole('button', { name: 'Publish' }).click();
  await ada.getByText('@bank/kyc@1.0.0 waits for').waitFor();

  const { page: grace } = await openPage(t);
  await enter(grace, 'grace', '/approvals');
  await grace.getByRole('link', { name: '@bank/kyc@1.0.0' }).click();
  await grace.getByRole('heading', { name: 'Decide' }).waitFor();
  t.deepEqual(await accessibilityFaults(grace), []);
  await grace.getByLabel('Reason').fill('Read and tried');
  await grace.getByRole('button', { name: 'Approve' }).click();
  await grace.getByText('Read and tried').first().waitFor();

  await grace.goto(`${registry.url}/web${MODULE}/channels`);
  await grace.getByLabel('Channel').fill('beta');
  await grace.getByRole('button', { name: 'Promote' }).click();
  await grace.getByRole('heading', { name: /^beta/ }).waitFor();
  t.deepEqual(await accessibilityFaults(grace), []);
  t.deepEqual(faults, []);
});

test.serial('every page of a project shows itself on a dark telephone; axe finds nothing', async t => {
  const { page, faults } = await openPage(t, { dark: true, width: 360, height: 740 });
  await enter(page, 'ada', '/projects');
  for (const [path, text] of [
    ['/projects', 'Prompts of a bank'],
    ['/projects/@bank', 'Knows customers'],
    ['/projects/@bank/members', 'Grant a role'],
    ['/projects/@bank/teams', 'A new team'],
    ['/projects/@bank/policy', 'Tier 3'],
    ['/projects/@bank/audit', 'grant.add'],
    ['/projects/@bank/settings', 'What it is for'],
    [MODULE, 'prompts/summary.prompd'],
    [`${MODULE}/publish`, 'Publish'],
    [`${MODULE}/history`, '1.0.0'],
    [`${MODULE}/channels`, 'What moved'],
    ['/approvals?state=approved', '@bank/kyc@1.0.0'],
    ['/webhooks', 'There are no webhooks'],
  ] as const) {
    if (page.url() !== `${registry.url}/web${path}`) await page.goto(`${registry.url}/web${path}`);
    await page.getByText(text).first().waitFor({ timeout: 15_000 });
    t.is(await page.getByRole('alert').count(), 0, path);
    t.deepEqual(await accessibilityFaults(page), [], path);
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    t.true(width <= 360, `${path} is ${width} pixels wide`);
  }
  t.deepEqual(faults, []);
});

test.serial(
  'a prompt is written: checked, completed and rendered as one types, and nobody is overwritten',
  async t => {
    const { page, faults } = await openPage(t);
    await enter(page, 'ada', `${MODULE}/prompts/summary`);
    await page.getByText('Nothing is wrong with it.').waitFor();
    await page.getByLabel('who string').fill('Mary');
    await page.getByText('Sum up Mary.').waitFor();
    const colours = await page.evaluate<string[]>(
      "['.cm-line span', '.cm-template', '.cm-content'].map(part => getComputedStyle(document.querySelector(part)).color)",
    );
    t.is(new Set(colours).size, 3, 'what is no text has a colour of its own');
    t.deepEqual(await accessibilityFaults(page), []);

    await page.getByLabel('Source of summary').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('Greet {{ whom }}.');
    await page.getByText('"whom"').first().waitFor();
    t.deepEqual(await accessibilityFaults(page), []);
    for (let left = 0; left < 'm }}.'.length; left += 1) await page.keyboard.press('Backspace');
    await page.keyboard.press('Control+Space');
    await page.getByRole('option', { name: 'who' }).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' }} kindly.');
    await page.getByText('Greet Mary').waitFor();

    const current = await registry.request(`${MODULE}/prompts/summary`, { token });
    const body = jsonBody('PUT', { source: SOURCE.replace('Sum up', 'Quickly sum up') });
    await send(`${MODULE}/prompts/summary`, {
      ...body,
      headers: { ...body.headers, 'if-match': current.headers.get('etag') ?? '' },
    });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { name: 'ada saved this prompt while you wrote' }).waitFor();
    t.deepEqual(await accessibilityFaults(page), []);
    await page.getByRole('button', { name: 'Save mine in its place' }).click();
    await page.getByText('Saved in the draft').waitFor();
    const saved = await registry.request(`${MODULE}/prompts/summary`, { token });
    t.regex(await saved.text(), /Sum up \{\{ who \}\}[\s\S]*kindly/);

    await page.getByText('Front matter as a form').click();
    await page.getByLabel('Name of a new parameter').fill('tone');
    await page.getByRole('button', { name: 'Add the parameter' }).click();
    await page.getByLabel('tone string').waitFor();
    t.deepEqual(await accessibilityFaults(page), []);
    t.deepEqual(faults, []);
  },
);
