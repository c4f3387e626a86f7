import test from 'ava';
import { z } from 'zod';
import { closeBrowser, openPage } from '../support/browser.js';
import { jsonBody, startTestRegistry } from '../support/registry.js';

const PASSWORD = 'correct horse battery';
const PROMPT = '/projects/@bank/modules/kyc/prompts/long';
/** Characters, nearly as many as a prompt may have. */
const LENGTH = 195_000;
/** Milliseconds of the page's own processor time for a key, its check and its rendering; twice what was measured. */
const LIMIT = 130;
const metrics = z.object({ metrics: z.array(z.object({ name: z.string(), value: z.number() })) });

test.after.always('the browser stops', closeBrowser);

test('typing goes on in a prompt of 200 kB while it is checked and rendered', async t => {
  const registry = await startTestRegistry(t);
  await registry.request('/users', jsonBody('POST', { name: 'ada', password: PASSWORD }));
  const token = await registry.tokenOf('ada', 'read', 'publish');
  const line =
    'Look at {{ who }} and say, in *plain* words, what is known; be kind and brief about it all.\n';
  const source = `---\nname: long\nversion: 1.0.0\nparameters:\n  - name: who\n    type: string\n    default: Mary\n---\n\n# User\n\n${line.repeat(LENGTH / line.length)}`;
  const written = jsonBody('PUT', { source });
  for (const [path, init] of [
    ['/projects', jsonBody('POST', { project: '@bank' })],
    ['/projects/@bank/grants', jsonBody('POST', { user: 'ada', role: 'editor' })],
    ['/projects/@bank/modules', jsonBody('POST', { module: 'kyc' })],
    [PROMPT, { ...written, headers: { ...written.headers, 'if-none-match': '*' } }],
  ] as const) {
    const answer = await registry.request(path, { ...init, token });
    t.true(answer.ok, path);
  }
  const { page, context, faults } = await openPage(t);
  await page.goto(`${registry.url}/web/sign-in?return=${encodeURIComponent(`/web${PROMPT}`)}`);
  await page.getByLabel('Name').fill('ada');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Look at Mary').first().waitFor();
  const session = await context.newCDPSession(page);
  // Processor time, which does not depend on what else the machine does.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const taken = async () => {
    const { metrics: all } = metrics.parse(await session.send('Performance.getMetrics'));
    return 1000 * (all.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
  };
  await page.getByLabel('Source of long').click();
  await page.keyboard.press('Control+End');
  const times: number[] = [];
  for (let key = 0; key < 8; key += 1) {
    const before = await taken();
    await page.keyboard.type('x');
    await page.waitForTimeout(1_500);
    times.push((await taken()) - before);
  }
  // The first ones compile what runs.
  const typical = times.slice(2).sort((a, b) => a - b)[3] ?? Number.NaN;
  t.log(times.map(Math.round).join(' '));
  t.true(typical < LIMIT, `${Math.round(typical)} ms`);
  t.deepEqual(faults, []);
});
