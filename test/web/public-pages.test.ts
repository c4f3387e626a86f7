import test from 'ava';
import { accessibilityFaults, closeBrowser, openPage } from '../support/browser.js';
import { startTestRegistry, type TestRegistry } from '../support/registry.js';

const undo: Array<() => void | Promise<void>> = [];
const registry: TestRegistry = await startTestRegistry({ teardown: step => undo.unshift(step) });
for (const version of ['1.0.0', '1.1.0']) {
  await registry.publish({ name: '@acme/tone', version, description: 'Sets the tone.', keywords: ['style'] });
}
await registry.publish({ name: '@acme/reviews', version: '1.0.0', dependencies: { '@acme/tone': '^1.0.0' } });
test.after.always('browser and registry stop', async () => {
  await closeBrowser();
  for (const step of undo) await step();
});

const PAGES = [
  ['the home page', '/', 'Recently published'],
  ['the search', '/search?q=tone', '@acme/tone'],
  ['a package', '/package/@acme/tone', 'Versions'],
  ['the sign-in page', '/sign-in', 'Password'],
  ['a page that is not there', '/nowhere', 'There is no such page'],
  ['a package that is not there', '/package/@acme/absent', 'There is no package'],
] as const;

for (const [what, path, text] of PAGES) {
  for (const [how, look] of [
    ['in the light', {}],
    ['in the dark, on a telephone', { dark: true, width: 360, height: 740 }],
  ] as const) {
    test.serial(
      `${what} shows itself ${how}: nothing breaks, nothing is blocked, axe finds nothing`,
      async t => {
        const { page, faults } = await openPage(t, look);
        await page.goto(`${registry.url}/web${path}`);
        await page.getByText(text).first().waitFor({ timeout: 20_000 });
        t.deepEqual(await accessibilityFaults(page), []);
        t.deepEqual(faults, []);
        const width = await page.evaluate<number>('document.documentElement.scrollWidth');
        t.true(width <= (page.viewportSize()?.width ?? 0), `${width} pixels wide`);
      },
    );
  }
}

test.serial(
  'who opens the registry in a browser comes to the home page, and programs get a problem',
  async t => {
    const { page } = await openPage(t);
    await page.goto(registry.url);
    await page.getByRole('heading', { name: 'Most used' }).waitFor();
    t.is(page.url(), `${registry.url}/web/`);
    const answer = await fetch(registry.url, { headers: { accept: 'application/json' } });
    t.is(answer.status, 404);
  },
);

test.serial('the first load takes less than 200 kB', async t => {
  const { page } = await openPage(t);
  let bytes = 0;
  page.on('response', async response => {
    bytes += (await response.request().sizes()).responseBodySize;
  });
  await page.goto(`${registry.url}/web/`);
  await page.getByText('Recently published').waitFor();
  await page.waitForLoadState('networkidle');
  t.true(bytes > 10_000 && bytes < 200_000, `${bytes} bytes`);
});
