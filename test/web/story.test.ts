import test from 'ava';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import type { FeatBlock } from '#prompd/feat/index.js';
import { DEFAULT_IDENTITY } from '#server/domain/identity-settings.js';
import { rated } from '../feat/blocks.js';
import { completeFeat, governedScene } from '../registry-server/governed-scene.js';
import { closeBrowser, enterPage, openPage } from '../support/browser.js';
import { fillFeatForm } from '../support/feat-form.js';
import { type Keyboard, keyboardOf } from '../support/keyboard.js';
import { jsonBody, startTestRegistry, type TestRegistry } from '../support/registry.js';

const PASSWORD = 'correct horse battery';
const delivered = z.object({ version: z.string(), content: z.unknown() });
const undo: Array<() => void | Promise<void>> = [];
const registry: TestRegistry = await startTestRegistry(
  { teardown: step => undo.unshift(step) },
  { identity: { ...DEFAULT_IDENTITY, signUp: true } },
);
test.after.always('browser and registry stop', async () => {
  await closeBrowser();
  for (const step of undo) await step();
});

test.serial(
  'a prompt is created, written, approved by somebody else, promoted, delivered and rolled back in the browser, by the keyboard',
  async t => {
    t.timeout(120_000);
    const [grace, ada] = [await openPage(t), await openPage(t)];
    const [approver, author] = [keyboardOf(grace.page), keyboardOf(ada.page)];
    await signUp(grace.page, approver, 'grace');
    await signUp(ada.page, author, 'ada');

    await beginProject(ada.page, author);
    await writePrompt(ada.page, author);
    await publish(ada.page, author, '1.0.0');
    const token = await makeToken(ada.page, author);
    t.is((await ask(token)).status, 404);

    await author.press(ada.page.getByRole('link', { name: 'Approvals' }));
    await author.press(ada.page.getByRole('link', { name: '@bank/kyc@1.0.0' }));
    await author.press(ada.page.getByRole('button', { name: 'Approve' }));
    await ada.page
      .getByRole('alert')
      .getByText('ada is an author of the version, and does not approve it.')
      .waitFor();

    await approve(grace.page, approver, '1.0.0');
    await promote(grace.page, approver, '1.0.0');
    // Neither latest nor production was another version before.
    await grace.page.getByText('There is no other version that it can go back to.').nth(1).waitFor();
    t.is(await grace.page.getByRole('button', { name: 'Roll back' }).count(), 0);
    const first = await ask(token);
    t.is(first.version, '1.0.0');
    t.regex(first.text, /Sum up/);

    await author.press(ada.page.getByRole('link', { name: 'Projects' }));
    await author.press(ada.page.getByRole('link', { name: '@bank' }));
    await author.press(ada.page.getByRole('link', { name: 'kyc' }));
    await author.press(ada.page.getByRole('link', { name: 'summary' }));
    await author.reach(ada.page.getByLabel('Source of summary'));
    await ada.page.keyboard.press('Control+End');
    await ada.page.keyboard.insertText('Be brief.');
    await author.press(ada.page.getByRole('button', { name: 'Save', exact: true }));
    await publish(ada.page, author, '1.0.1');
    await approve(grace.page, approver, '1.0.1');
    await promote(grace.page, approver, '1.0.1');
    t.regex((await ask(token)).text, /Be brief/);

    await approver.write(grace.page.getByLabel('Reason to roll production back'), 'Too brief');
    await grace.page.keyboard.press('Enter');
    await grace.page.getByText('production is 1.0.0 again.').waitFor();
    const last = await ask(token);
    t.is(last.version, '1.0.0');
    t.notRegex(last.text, /Be brief/);

    await author.press(ada.page.getByRole('link', { name: 'ada' }));
    await author.press(ada.page.getByRole('button', { name: 'Revoke the application' }));
    await ada.page.getByText('The token is revoked.').waitFor();
    t.is((await ask(token)).status, 401);
    t.deepEqual([...ada.faults, ...grace.faults], []);
  },
);

test.serial(
  'evidence is written in the form as its tier asks for it: without it nobody approves, with it each function does',
  async t => {
    t.timeout(120_000);
    for (const name of ['ann', 'bob', 'rita'])
      await registry.request('/users', jsonBody('POST', { name, password: PASSWORD }));
    const scene = governedScene(registry);
    await scene.people();
    await scene.project('@acme');
    await scene.pend('ann', '@acme/bare', '1.0.0', rated(['high', 'high', 'high']));
    const { page: ann, faults: hers } = await openPage(t);
    await signIn(ann, 'ann');
    await writeWithEvidence(ann, completeFeat(2));
    const { page: bob, faults } = await openPage(t);
    await signIn(bob, 'bob');
    await bob.getByRole('link', { name: '@acme/bare@1.0.0' }).click();
    await bob.getByText('Say what kinds of data go in.').first().waitFor();
    await bob.getByRole('button', { name: 'Approve', exact: true }).click();
    t.regex(
      (await bob.getByRole('alert').textContent()) ?? '',
      /does not have the evidence that tier 3 asks for/,
    );
    await bob.getByRole('link', { name: 'Approvals' }).first().click();
    await bob.getByRole('link', { name: '@acme/shown@1.0.0' }).click();
    await bob.getByText('Nothing is open.').waitFor();
    await bob.getByLabel('Reason').first().fill('The records are there');
    await bob.getByRole('button', { name: 'Approve', exact: true }).click();
    await bob.getByText('The request is pending.').waitFor();
    const { page: rita } = await openPage(t);
    await signIn(rita, 'rita');
    await rita.getByRole('link', { name: '@acme/shown@1.0.0' }).click();
    await rita.getByText('The records are there').first().waitFor();
    await rita.getByRole('button', { name: 'Approve', exact: true }).click();
    await rita.getByText('The request is approved.').waitFor();
    t.deepEqual([...faults, ...hers], []);
  },
);

async function signIn(page: Page, name: string): Promise<void> {
  await enterPage(page, registry.url, { name, password: PASSWORD, path: '/approvals' });
  await page.getByRole('heading', { name: 'Approvals' }).waitFor();
}

/** Writes a prompt and what supports evidence for it, and publishes both. */
async function writeWithEvidence(page: Page, feat: FeatBlock): Promise<void> {
  await page.goto(`${registry.url}/web/projects/@acme`);
  await page.getByLabel('Name of the module').fill('shown');
  await page.getByRole('button', { name: 'Make the module' }).click();
  await page.getByLabel('Name of the prompt').fill('summary');
  await page.getByRole('button', { name: 'Write the prompt' }).click();
  await page.getByLabel('Source of summary').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText('Sum up.\n');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved in the draft').waitFor();
  await page.getByRole('link', { name: 'Evidence' }).click();
  const standing = page.getByRole('complementary', { name: 'Where it stands' });
  await standing.getByText('Tier 3', { exact: true }).waitFor();
  await fillFeatForm(page, feat);
  await standing.getByText('Tier 2', { exact: true }).waitFor();
  await standing.getByText('Nothing that tier 2 asks for is missing.').waitFor();
  await page.getByRole('button', { name: 'Save the evidence' }).click();
  await page.getByText('The registry has nothing against prompd.json.').waitFor();
  await page.getByRole('link', { name: 'Publish' }).click();
  await page.getByLabel('Description').fill('Sums up');
  await page.getByLabel('License').fill('MIT');
  await page.getByRole('button', { name: 'Save prompd.json' }).click();
  await page.getByText('It is saved.').waitFor();
  await page.getByLabel('Or exactly').fill('1.0.0');
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByText('@acme/shown@1.0.0 waits for 2 approvals').waitFor();
}

async function signUp(page: Page, keyboard: Keyboard, name: string): Promise<void> {
  await page.goto(`${registry.url}/web/`);
  await keyboard.press(page.getByRole('link', { name: 'Sign in' }));
  await keyboard.press(page.getByRole('link', { name: 'Make an account' }));
  await keyboard.write(page.getByLabel('Name'), name);
  await keyboard.write(page.getByLabel('Password'), PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name, exact: true }).waitFor();
}

async function beginProject(page: Page, keyboard: Keyboard): Promise<void> {
  await keyboard.press(page.getByRole('link', { name: 'Projects' }));
  await keyboard.write(page.getByLabel('Scope'), '@bank');
  await keyboard.press(page.getByRole('button', { name: 'Begin the project' }));
  await keyboard.press(page.getByRole('link', { name: 'Members' }));
  for (const name of ['grace', 'ada']) {
    await keyboard.write(page.getByLabel('Name', { exact: true }), name);
    await keyboard.choose(page.getByLabel('Role'), 'approver');
    await keyboard.press(page.getByLabel('risk'));
    await keyboard.press(page.getByRole('button', { name: 'Grant' }));
    await page.getByRole('button', { name: `Take back approver of ${name}` }).waitFor();
  }
  await keyboard.press(page.getByRole('link', { name: 'Policy' }));
  for (const tier of ['2', '3']) {
    const rules = page.getByRole('group', { name: `Tier ${tier}` });
    await keyboard.write(rules.getByLabel('Approvals'), '1');
    for (const name of tier === '3' ? ['business', 'validator'] : []) {
      await keyboard.press(rules.getByLabel(name));
    }
  }
  await keyboard.choose(page.getByLabel('FEAT must be complete from'), 'no tier');
  await keyboard.press(page.getByRole('button', { name: 'Set the policy' }));
  await page.getByText('The policy is set.').waitFor();
}

async function writePrompt(page: Page, keyboard: Keyboard): Promise<void> {
  await keyboard.press(page.getByRole('link', { name: 'Modules' }));
  await keyboard.write(page.getByLabel('Name of the module'), 'kyc');
  await keyboard.write(page.getByLabel('What it does'), 'Knows customers');
  await page.keyboard.press('Enter');
  await keyboard.write(page.getByLabel('Name of the prompt'), 'summary');
  await page.keyboard.press('Enter');
  await keyboard.press(page.getByText('Front matter as a form'));
  await keyboard.write(page.getByLabel('Description').first(), 'Sums up');
  await keyboard.write(page.getByLabel('Name of a new parameter'), 'who');
  await page.keyboard.press('Enter');
  await keyboard.reach(page.getByLabel('Source of summary'));
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText('Sum up {{ who }}.\n');
  await keyboard.write(page.getByRole('textbox', { name: /^who/ }), 'Mary');
  await page.getByText('Sum up Mary.').waitFor();
  await keyboard.press(page.getByRole('button', { name: 'Save', exact: true }));
  await page.getByText('Saved in the draft').waitFor();
}

async function publish(page: Page, keyboard: Keyboard, version: string): Promise<void> {
  await page.getByText('Saved in the draft').waitFor();
  await keyboard.press(page.getByRole('link', { name: 'Publish' }));
  await page.getByRole('heading', { name: 'What publishing says' }).waitFor();
  if (version === '1.0.0') {
    await keyboard.write(page.getByLabel('Description'), 'Knows customers');
    await keyboard.write(page.getByLabel('License'), 'MIT');
    await keyboard.press(page.getByRole('button', { name: 'Save prompd.json' }));
    await page.getByText('It is saved.').waitFor();
    await keyboard.write(page.getByLabel('Or exactly'), version);
  }
  await keyboard.press(page.getByRole('button', { name: 'Publish' }));
  await page.getByText(`@bank/kyc@${version} waits for 1 approval`).waitFor();
}

async function makeToken(page: Page, keyboard: Keyboard): Promise<string> {
  await keyboard.press(page.getByRole('link', { name: 'ada' }));
  await keyboard.write(page.getByLabel('Name of the token'), 'the application');
  await keyboard.press(page.getByRole('button', { name: 'Make the token' }));
  return (await page.getByText(/^prompd_/).textContent()) ?? '';
}

async function approve(page: Page, keyboard: Keyboard, version: string): Promise<void> {
  await keyboard.press(page.getByRole('link', { name: 'Approvals' }));
  await keyboard.press(page.getByRole('link', { name: `@bank/kyc@${version}` }));
  await page.getByText(version === '1.0.1' ? '+Be brief.' : '+Sum up {{ who }}.').waitFor();
  await page.getByText('Approving signs').waitFor();
  await keyboard.write(page.getByLabel('Reason'), `Read ${version} and tried it`);
  await keyboard.choose(page.getByLabel('Speaking for'), 'risk');
  await keyboard.press(page.getByRole('button', { name: 'Approve' }));
  await page.getByText('The request is approved.').waitFor();
  await page.getByText(`Read ${version} and tried it`).first().waitFor();
}

async function promote(page: Page, keyboard: Keyboard, version: string): Promise<void> {
  await keyboard.press(page.getByRole('link', { name: 'Projects' }));
  await keyboard.press(page.getByRole('link', { name: '@bank' }));
  await keyboard.press(page.getByRole('link', { name: 'kyc' }));
  await keyboard.press(page.getByRole('link', { name: 'Channels' }));
  const versions = page.getByRole('combobox', { name: 'Version', exact: true });
  await versions.getByRole('option', { name: version }).waitFor({ state: 'attached' });
  await keyboard.choose(versions, version);
  await keyboard.write(page.getByRole('textbox', { name: 'Channel', exact: true }), 'production');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: `production ${version}` }).waitFor();
}

/** What an application gets of the channel. */
async function ask(token: string): Promise<{ status: number; version?: string; text: string }> {
  const answer = await registry.request('/delivery/@bank/kyc/summary?tag=production', { token });
  if (!answer.ok) return { status: answer.status, text: '' };
  const { version, content } = delivered.parse(await answer.json());
  return { status: answer.status, version, text: JSON.stringify(content) };
}
