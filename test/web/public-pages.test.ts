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

test.serial('the home page shows categories, what is new and what is used most, and searches', async t => {
  await registry.publish({ name: '@acme/older', version: '1.0.0', category: 'finance' });
  await registry.publish({ name: '@acme/newer', version: '1.0.0' });
  for (const name of ['older', 'older', 'tone'])
    await (await registry.request(`/packages/@acme%2f${name}/-/${name}-1.0.0.tgz`)).arrayBuffer();
  const { page, faults } = await openPage(t);
  await page.goto(`${registry.url}/web/`);
  const names = (title: string) =>
    page.getByRole('region', { name: title }).getByRole('heading', { level: 3 }).getByRole('link');
  await names('Most used').first().waitFor();
  t.deepEqual((await names('Recently published').allTextContents()).slice(0, 2), [
    '@acme/newer',
    '@acme/older',
  ]);
  // Downloads are counted in memory, and written now and then.
  const until = Date.now() + 20_000;
  while ((await names('Most used').first().textContent()) !== '@acme/older' && Date.now() < until) {
    await page.reload();
    await names('Most used').first().waitFor();
  }
  t.deepEqual((await names('Most used').allTextContents()).slice(0, 2), ['@acme/older', '@acme/tone']);
  await page.getByRole('region', { name: 'Categories' }).getByRole('link', { name: 'finance' }).click();
  await page.getByText('1 package', { exact: true }).waitFor();
  await page.goBack();
  await page.getByLabel('Search packages').fill('tone');
  await page.keyboard.press('Enter');
  await page.locator('main').getByRole('link', { name: '@acme/tone' }).first().waitFor();
  t.is(await page.locator('main').getByRole('link', { name: '@acme/newer' }).count(), 0);
  t.is(new URL(page.url()).searchParams.get('q'), 'tone');
  t.deepEqual(faults, []);
});

test.serial(
  'the first load takes less than 200 kB on the wire: all that comes, with its headers',
  async t => {
    const { page, context } = await openPage(t);
    const wire = await context.newCDPSession(page);
    await wire.send('Network.enable');
    const kinds = new Set<string>();
    const plain: string[] = [];
    const refused: string[] = [];
    let bytes = 0;
    wire.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    wire.on('Network.responseReceived', ({ type, response: { url, status, headers } }) => {
      kinds.add(type);
      if (status >= 400) refused.push(`${status} ${url}`);
      if (url.includes('/assets/') && headers['content-encoding'] !== 'br') plain.push(url);
    });
    await page.goto(`${registry.url}/web/`);
    await page.getByText('Recently published').waitFor();
    await page.waitForLoadState('networkidle');
    for (const kind of ['Document', 'Script', 'Stylesheet', 'Fetch'])
      t.true(kinds.has(kind), [...kinds].join());
    t.deepEqual(plain, []);
    t.true(bytes > 50_000 && bytes < 200_000, `${bytes} bytes`);
    await page.goto(`${registry.url}/web/org/@acme`);
    await page.getByText('4 packages').waitFor();
    await page.waitForLoadState('networkidle');
    // Nobody is signed in, and that is no error.
    t.deepEqual(refused, []);
  },
);

test.serial('results are paged, and another order or filter begins at the first page', async t => {
  for (let count = 0; count < 21; count += 1)
    await registry.publish({ name: `@many/p${count}`, version: '1.0.0', author: 'Many', keywords: ['bulk'] });
  const { page, faults } = await openPage(t);
  await page.goto(`${registry.url}/web/search?author=Many`);
  await page.getByText('21 packages', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Next' }).click();
  await page.waitForURL(url => url.searchParams.get('offset') === '20');
  await page.getByRole('link', { name: 'Previous' }).waitFor();
  await page.getByRole('link', { name: 'downloads', exact: true }).click();
  await page.waitForURL(url => url.searchParams.get('sort') === 'downloads');
  t.false(new URL(page.url()).searchParams.has('offset'));
  await page.getByRole('link', { name: 'Next' }).click();
  await page.waitForURL(url => url.searchParams.get('offset') === '20');
  await page.locator('.facets').getByRole('link', { name: 'bulk' }).click();
  await page.waitForURL(url => url.searchParams.get('keyword') === 'bulk');
  t.false(new URL(page.url()).searchParams.has('offset'));
  await page.getByRole('link', { name: 'author Many ✕' }).click();
  await page.waitForURL(url => !url.searchParams.has('author'));
  t.deepEqual(await accessibilityFaults(page), []);
  t.deepEqual(faults, []);
});

test.serial('an address that says what no page knows is read as if it did not', async t => {
  const { page, faults } = await openPage(t);
  for (const [address, heading] of [
    ['/package/@acme/tone?tab=nothing&version=99', '@acme/tone'],
    ['/package/@acme/tone?tab=["readme"]&version={"a":1}', '@acme/tone'],
    ['/search?q={"a":1}&sort=x&offset=-5', 'Packages'],
    ['/api?q=[1]', 'API'],
    ['/device?code={"a":1}', 'Let a device sign in'],
  ] as const) {
    await page.goto(`${registry.url}/web${address}`);
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
    await page.waitForLoadState('networkidle');
    t.is(await page.getByRole('alert').count(), 0, address);
  }
  t.deepEqual(faults, []);
});
