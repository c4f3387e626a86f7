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

const ABSENT = [
  ['a page', '/nowhere', 'There is no such page'],
  ['a package', '/package/@acme/absent', 'There is no package'],
] as const;

for (const [what, path, text] of ABSENT) {
  test.serial(`${what} that is not there is said to be so, on a telephone in the dark`, async t => {
    const { page, faults } = await openPage(t, { dark: true, width: 360, height: 740 });
    await page.goto(`${registry.url}/web${path}`);
    await page.getByText(text).first().waitFor();
    t.deepEqual(await accessibilityFaults(page), []);
    t.deepEqual(faults, []);
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    t.true(width <= 360, `${width} pixels wide`);
  });
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

test.serial(
  'the first load takes less than 200 kB on the wire: all that comes, with its headers',
  async t => {
    const { page, context } = await openPage(t);
    const wire = await context.newCDPSession(page);
    await wire.send('Network.enable');
    const kinds = new Set<string>();
    const plain: string[] = [];
    let bytes = 0;
    wire.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    wire.on('Network.responseReceived', ({ type, response: { url, headers } }) => {
      kinds.add(type);
      if (url.includes('/assets/') && headers['content-encoding'] !== 'br') plain.push(url);
    });
    await page.goto(`${registry.url}/web/`);
    await page.getByText('Recently published').waitFor();
    await page.waitForLoadState('networkidle');
    for (const kind of ['Document', 'Script', 'Stylesheet', 'Fetch'])
      t.true(kinds.has(kind), [...kinds].join());
    t.deepEqual(plain, []);
    t.true(bytes > 50_000 && bytes < 200_000, `${bytes} bytes`);
  },
);
