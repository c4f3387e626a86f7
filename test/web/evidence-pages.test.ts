import test from 'ava';
import type { Page } from 'playwright-core';
import { accessibilityFaults, closeBrowser, enterPage, openPage } from '../support/browser.js';
import { chatAnswers } from '../support/model-servers/chat-completions.js';
import { silence, startModelServer } from '../support/model-servers/server.js';
import { jsonBody, startTestRegistry, type TestRegistry } from '../support/registry.js';
import { modelSettings, SUITE_FILES, suiteManifest } from '../support/suite-package.js';
import type { Teardown } from '../support/temp.js';

const PASSWORD = 'correct horse battery';
const MODULE = '/projects/@bank/modules/kyc';
const SOURCE = '---\nname: summary\nversion: 1.0.0\n---\n\n# User\n\nSum up.\n';
const undo: Array<() => void | Promise<void>> = [];
const scope: Teardown = { teardown: step => undo.unshift(step) };
const [llama, silent] = await Promise.all([
  startModelServer(
    scope,
    chatAnswers(() => 'When? Never.', { model: 'llama-3.3-70b-0901' }),
  ),
  startModelServer(scope, silence),
]);
/** How far the clock of the registry is ahead, in milliseconds. */
let ahead = 0;
const registry: TestRegistry = await startTestRegistry(scope, {
  now: () => new Date(Date.now() + ahead),
  models: modelSettings({ llama: llama.url, silent: silent.url }, { concurrency: 1 }),
  limits: { jobInterval: 50, jobPause: 20 },
});
await registry.request('/users', jsonBody('POST', { name: 'ada', password: PASSWORD }));
const token = await registry.tokenOf('ada', 'read', 'publish');
await send('/projects', jsonBody('POST', { project: '@bank' }));
await send('/projects/@bank/grants', jsonBody('POST', { user: 'ada', role: 'editor' }));
await send('/projects/@bank/modules', jsonBody('POST', { module: 'kyc' }));
const prompt = jsonBody('PUT', { source: SOURCE });
await send(`${MODULE}/prompts/summary`, { ...prompt, headers: { ...prompt.headers, 'if-none-match': '*' } });
await registry.publish(
  suiteManifest({ name: '@acme/asks', models: [{ provider: 'llama', model: 'llama-3.3-70b' }] }),
  SUITE_FILES,
  '?access=public',
  token,
);
test.after.always('browser and registry stop', async () => {
  await closeBrowser();
  for (const step of undo) await step();
});

async function send(path: string, init: RequestInit): Promise<Response> {
  const answer = await registry.request(path, { ...init, token });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

async function enter(page: Page, path: string): Promise<void> {
  await enterPage(page, registry.url, { name: 'ada', password: PASSWORD, path });
}

async function isNarrow(page: Page): Promise<boolean> {
  return (await page.evaluate<number>('document.documentElement.scrollWidth')) <= 360;
}

test.serial('evidence is written: the tier rises as one types, and what is missing is named', async t => {
  const { page, faults } = await openPage(t);
  await enter(page, `${MODULE}/evidence`);
  const standing = page.getByRole('complementary', { name: 'Where it stands' });
  await standing.getByText('Tier 3', { exact: true }).waitFor();
  for (const factor of ['Impact', 'Complexity', 'Reliance']) {
    await page.getByLabel(factor, { exact: true }).selectOption('low');
  }
  await standing.getByText('Tier 1', { exact: true }).waitFor();
  await standing.getByText('Tier 1', { exact: true }).waitFor();
  t.is(await standing.getByText('Name who answers for its risk.').count(), 0);
  await page.getByLabel('What the answer does').selectOption('decides');
  await page.getByLabel('Who meets the answer').selectOption('customer-facing');
  await standing.getByText('Tier 3', { exact: true }).waitFor();
  await standing.getByText('What decides and affects customers is tier 3.').waitFor();
  t.true(await standing.getByText('7. An appropriate internal authority approved the use').isVisible());
  await standing.getByRole('button', { name: 'Name who answers for its risk.' }).first().click();
  await page.keyboard.type('team:model-risk');
  await standing.getByText('Name who answers for its risk.').first().waitFor({ state: 'detached' });
  t.is(await page.getByLabel('Risk owner').inputValue(), 'team:model-risk');
  await page.getByLabel('Why impact is rated so').fill('It only drafts.');
  await page.getByRole('button', { name: 'Add a record' }).click();
  await page.getByLabel('SHA-256', { exact: true }).fill('no digest');
  await standing.getByText('"feat.evidence.0.sha256" does not have the form that is asked for.').waitFor();
  t.deepEqual(await accessibilityFaults(page), []);
  await page.getByRole('button', { name: 'Save the evidence' }).click();
  await page.getByText('Saved in the draft').waitFor();
  await page
    .getByText(/"feat.evidence.0.sha256" does not have/)
    .first()
    .waitFor();
  const saved = await (await send(`${MODULE}/draft/files/prompd.json`, {})).text();
  t.regex(saved, /team:model-risk/);
  t.deepEqual(faults, []);
});

test.serial('evidence that somebody else saved meanwhile is shown, not overwritten', async t => {
  const { page, faults } = await openPage(t, { width: 360, height: 740, dark: true });
  await enter(page, `${MODULE}/evidence`);
  await page.getByLabel('Purpose').fill('Sums up what is known of a customer, for those who decide.');
  const current = await send(`${MODULE}/draft/files/prompd.json`, {});
  const body = jsonBody('PUT', { feat: { schemaVersion: '1', tradeoffs: 'Theirs' } });
  await send(`${MODULE}/draft`, {
    ...body,
    headers: { ...body.headers, 'if-match': current.headers.get('etag') ?? '' },
  });
  await page.getByRole('button', { name: 'Save the evidence' }).click();
  await page.getByRole('heading', { name: 'ada saved prompd.json while you wrote' }).waitFor();
  t.deepEqual(await accessibilityFaults(page), []);
  t.true(await isNarrow(page));
  await page.getByRole('button', { name: 'Take what is saved now' }).click();
  await page.waitForFunction("document.getElementById('feat-tradeoffs')?.value === 'Theirs'");
  await page.getByRole('link', { name: 'The report' }).click();
  await page.getByRole('heading', { name: /^FEAT evidence: @bank\/kyc/ }).waitFor();
  await page.getByText('Theirs').waitFor();
  t.deepEqual(await accessibilityFaults(page), []);
  t.true(await isNarrow(page));
  const kept = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Keep it as one HTML file' }).click();
  t.is((await kept).suggestedFilename(), 'bank-kyc-feat.html');
  t.deepEqual(faults, []);
});

test.serial(
  'a run that is started in the page is followed to its evidence; another one is cancelled',
  async t => {
    const { page, faults } = await openPage(t);
    await enter(page, '/package/@acme/asks?tab=compatibility');
    const line = page.getByRole('row', { name: /llama llama-3.3-70b/ });
    await line.getByText('untested').first().waitFor();
    await page.getByRole('button', { name: 'Run the tests' }).click();
    const evidence = page.getByRole('button', { name: 'evidence for other with llama-3.3-70b' });
    await evidence.waitFor();
    t.is(await line.getByText('works', { exact: true }).count(), 1);
    t.is(await line.getByText('needs tuning').count(), 1);
    await evidence.click();
    const shown = page.getByRole('heading', { name: 'Evidence: other with llama-3.3-70b' }).locator('..');
    await shown.getByText('When? Never.').first().waitFor();
    await shown.getByText(/does not have .{0,3}Where/).waitFor();
    await shown.getByText('llama-3.3-70b-0901').first().waitFor();
    t.true((await shown.getByText(/^\d+ tokens$/).count()) > 0);
    t.deepEqual(await accessibilityFaults(page), []);

    await page.getByLabel('Another model').fill('silent/m');
    await page.getByLabel('ask', { exact: true }).check();
    await page.getByRole('button', { name: 'Run the tests' }).click();
    const run = page.getByRole('region', { name: /^Run cr_/ }).first();
    await run.getByText('silent m: ask.').waitFor();
    await run.getByText('0 of 1 requests').waitFor();
    t.deepEqual(await accessibilityFaults(page), []);
    await run.getByRole('button', { name: /^Cancel/ }).click();
    await page.getByText('cancelled').first().waitFor();

    await page.getByLabel('Another model').fill('elsewhere/m');
    await page.getByRole('button', { name: 'Run the tests' }).click();
    await page.getByRole('alert').getByText('does not ask "m" of "elsewhere"').waitFor();
    t.deepEqual(faults, []);
  },
);

test.serial(
  'everybody reads what works with what and what was tested too long ago, on a telephone too, and nobody runs anything',
  async t => {
    const { page, faults } = await openPage(t, { width: 360, height: 740, dark: true });
    await page.goto(`${registry.url}/web/package/@acme/asks?tab=compatibility`);
    await page.getByText('needs tuning').first().waitFor();
    t.is(await page.getByRole('button', { name: 'Run the tests' }).count(), 0);
    t.is(await page.getByText('expired').count(), 0);
    ahead = 91 * 86_400_000;
    await page.reload();
    const line = page.getByRole('row', { name: /llama llama-3.3-70b/ }).first();
    await line.getByText('expired').waitFor();
    ahead = 0;
    t.deepEqual(await accessibilityFaults(page), []);
    t.true(await isNarrow(page));
    t.deepEqual(faults, []);
  },
);

test.serial(
  'a README and the notes are written, and what is shown of it brings no markup of its own',
  async t => {
    const { page, faults } = await openPage(t, { width: 360, height: 740, dark: true });
    await enter(page, `${MODULE}/about`);
    await page.getByLabel('Markdown').fill('# Knows *customers*\n\n<b onclick="x()">bold</b>\n');
    await page.getByRole('heading', { name: 'Knows customers' }).waitFor();
    await page.getByRole('button', { name: 'Save the README' }).click();
    await page.getByText('Saved in the draft').waitFor();
    await page.getByLabel('Compliance notes').fill('Reviewed each quarter.');
    const asked = page.waitForEvent('dialog');
    await Promise.all([
      asked.then(dialog => dialog.dismiss()),
      page.getByRole('link', { name: 'History' }).click(),
    ]);
    t.is(await page.getByLabel('Compliance notes').inputValue(), 'Reviewed each quarter.');
    await page.getByRole('button', { name: 'Save the notes' }).click();
    await page.getByText('The notes are saved.').waitFor();
    t.deepEqual(await accessibilityFaults(page), []);
    t.true(await isNarrow(page));
    t.regex(await (await send(`${MODULE}/draft/files/README.md`, {})).text(), /Knows \*customers\*/);
    t.regex(await (await send(MODULE, {})).text(), /Reviewed each quarter/);

    await page.goto(`${registry.url}/web${MODULE}/prompts/summary`);
    await page.getByText('Notes', { exact: true }).click();
    await page.getByLabel('Intent').fill('To be read before a visit.');
    await page.getByRole('button', { name: 'Save the notes' }).click();
    await page.getByText('The notes are saved.').waitFor();
    t.regex(await (await send(`${MODULE}/prompts/summary`, {})).text(), /To be read before a visit/);
    await page.goBack();
    await page.getByRole('heading', { name: 'Knows customers' }).waitFor();

    const current = await send(`${MODULE}/draft/files/README.md`, {});
    const body = jsonBody('PUT', { content: '# Theirs' });
    await send(`${MODULE}/draft/files/README.md`, {
      ...body,
      headers: { ...body.headers, 'if-match': current.headers.get('etag') ?? '' },
    });
    await page.getByLabel('Markdown').fill('# Mine');
    await page.getByRole('button', { name: 'Save the README' }).click();
    await page.getByRole('heading', { name: 'ada saved the README while you wrote' }).waitFor();
    await page.getByRole('button', { name: 'Save mine in its place' }).click();
    await page.getByText('Saved in the draft').waitFor();
    t.regex(await (await send(`${MODULE}/draft/files/README.md`, {})).text(), /# Mine/);
    t.deepEqual(faults, []);
  },
);

test.serial(
  'a prompt that inherits from another package is shown composed, as far as one may read it',
  async t => {
    const base = (text: string) => ({
      'base.prompd': `---\nname: base\nversion: 1.0.0\n---\n\n# System\n\n${text}\n`,
    });
    const prompts = { base: 'base.prompd' };
    const parent = { name: '@common/tone', prompts };
    await registry.publish({ ...parent, version: '1.0.0' }, base('Be stern.'), '?access=public');
    await registry.publish({ ...parent, version: '1.1.0' }, base('Be kind.'), '?access=public');
    await registry.publish({ ...parent, version: '2.0.0' }, base('Be brief.'), '?access=public');
    await registry.publish(
      { name: '@secret/tone', version: '1.0.0', prompts },
      base('Hush.'),
      '?access=private',
    );
    const source = (from: string) =>
      `---\nname: reply\nversion: 1.0.0\ninherits: "${from}:base"\n---\n\n# User\n\nHello.\n`;
    for (const [name, from] of [
      ['reply', '@common/tone'],
      ['hush', '@secret/tone'],
    ] as const) {
      const body = jsonBody('PUT', { source: source(from).replace('reply', name) });
      await send(`${MODULE}/prompts/${name}`, {
        ...body,
        headers: { ...body.headers, 'if-none-match': '*' },
      });
    }
    const { page, faults } = await openPage(t);
    await enter(page, `${MODULE}/about`);
    for (const name of ['@common/tone', '@secret/tone']) {
      await page.getByLabel('Package', { exact: true }).fill(name);
      await page.getByLabel('Versions').fill('^1.0.0');
      await page.getByRole('button', { name: 'Depend on it' }).click();
      await page.getByText(`${name} ^1.0.0`).waitFor();
    }
    t.deepEqual(await accessibilityFaults(page), []);
    await page.goto(`${registry.url}/web${MODULE}/prompts/reply`);
    const preview = page.getByRole('region', { name: 'What it becomes' });
    await preview.getByText('Be kind.').waitFor();
    await preview.getByText('Hello.').waitFor();
    await page.getByText('Nothing is wrong with it.').waitFor();
    t.deepEqual(await accessibilityFaults(page), []);
    await page.goto(`${registry.url}/web${MODULE}/prompts/hush`);
    await page.getByText('@secret/tone is not installed.').first().waitFor();
    t.is(await page.getByText('Hush.', { exact: true }).count(), 0);
    t.deepEqual(faults, []);
  },
);

test.serial('who approves reads the evidence principle by principle', async t => {
  const module = '/projects/@bank/modules/shown';
  const written = { ...prompt.headers, 'if-none-match': '*' };
  await send('/projects/@bank/modules', jsonBody('POST', { module: 'shown' }));
  await send(`${module}/prompts/summary`, { ...prompt, headers: written });
  const manifest = await send(`${module}/draft/files/prompd.json`, {});
  const feat = { schemaVersion: '1', owners: { business: 'ann' }, groupsAtRisk: [] };
  const body = jsonBody('PUT', { description: 'Sums up', license: 'MIT', feat });
  await send(`${module}/draft`, {
    ...body,
    headers: { ...body.headers, 'if-match': manifest.headers.get('etag') ?? '' },
  });
  const draft = await send(`${module}/draft`, {});
  const commit = jsonBody('POST', { version: '1.0.0' });
  await send(`${module}/draft/commit`, {
    ...commit,
    headers: { ...commit.headers, 'if-match': draft.headers.get('etag') ?? '' },
  });
  const { page, faults } = await openPage(t, { width: 360, height: 740 });
  await enter(page, '/approvals');
  await page.getByRole('link', { name: '@bank/shown@1.0.0' }).click();
  await page.getByText('What supports evidence for FEAT').click();
  await page.getByRole('heading', { name: '7. An appropriate internal authority' }).waitFor();
  await page.getByText('business: ann').first().waitFor();
  t.deepEqual(await accessibilityFaults(page), []);
  t.true(await isNarrow(page));
  t.deepEqual(faults, []);
});
