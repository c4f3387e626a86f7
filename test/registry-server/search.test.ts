import test from 'ava';
import * as answers from '#server/routes/answers.js';
import { startTestRegistry } from '../support/registry.js';
import { startSearchEngine } from '../support/search-engine.js';
import type { Teardown } from '../support/temp.js';
import { testRegistries } from './databases.js';

const PACKAGES = [
  { name: '@rank/mortgage', description: 'One.', category: 'finance', author: 'Jane Doe <jane@example.com>' },
  { name: '@rank/by-keyword', description: 'Two.', keywords: ['mortgage', 'Lending'], category: 'finance' },
  {
    name: '@rank/by-description',
    description: 'Explains a mortgage to a customer.',
    author: { name: 'jane doe' },
  },
  { name: '@rank/by-readme', description: 'Four.', category: 'finance' },
  { name: '@review/code-review', description: 'Reviews a change.', category: 'development' },
  { name: '@review/kyc-summary', description: 'Summarises a file.', category: 'compliance' },
  { name: 'snake_case.name', description: 'Has other separators.' },
];
const README = { '@rank/by-readme': `# Home loans\n\n${'A mortgage is a mortgage. '.repeat(40)}` };

const undo: Array<() => void | Promise<void>> = [];
const shared: Teardown = { teardown: step => undo.unshift(step) };
const engine = await startSearchEngine(shared);
const searchUrl = process.env['PROMPD_TEST_SEARCH'] || engine.url;
const indexed = await startTestRegistry(shared, { searchUrl });
const registries = [...(await testRegistries(test)), { name: 'search engine', registry: indexed }];
test.after.always('the engine stops', async () => {
  for (const step of undo) await step();
});

for (const { name: database, registry } of registries) {
  const on = `(${database})`;
  test.before(`packages to search ${on}`, async () => {
    for (const manifest of PACKAGES) {
      const readme = manifest.name in README ? { 'README.md': README['@rank/by-readme'] } : {};
      await registry.publish({ version: '1.0.0', ...manifest }, readme);
    }
    if (registry === indexed && searchUrl === engine.url)
      await until(() => engine.names().length === PACKAGES.length);
  });
  const search = async (query: string) =>
    answers.searchPage.parse(await (await registry.request(`/packages?${query}`, { token: null })).json());
  const names = async (query: string) => (await search(query)).packages.map(({ name }) => name);

  test(`a word in the name outranks keywords, those descriptions, those READMEs ${on}`, async t => {
    t.deepEqual(await names('q=mortgage'), [
      '@rank/mortgage',
      '@rank/by-keyword',
      '@rank/by-description',
      '@rank/by-readme',
    ]);
  });

  for (const [query, expected] of [
    ['kyc', '@review/kyc-summary'],
    ['summ', '@review/kyc-summary'],
    ['kyc-summary', '@review/kyc-summary'],
    ['@review/kyc-summary', '@review/kyc-summary'],
    ['KYC Summary', '@review/kyc-summary'],
    ['kyc/summary', '@review/kyc-summary'],
    ['code review', '@review/code-review'],
    ['"code review"', '@review/code-review'],
    ['reviewing', '@review/code-review'],
    ['review -kyc', '@review/code-review'],
    ['snake_case', 'snake_case.name'],
    ['case name', 'snake_case.name'],
    ['lending', '@rank/by-keyword'],
    ['home loan', '@rank/by-readme'],
  ]) {
    test(`"${query}" finds ${expected} first ${on}`, async t => {
      t.is((await names(`q=${encodeURIComponent(query ?? '')}`))[0], expected);
    });
  }

  for (const query of [
    "'",
    '"',
    '\\',
    'a & | !',
    ':*',
    '()',
    '<->',
    "x'); drop table packages; --",
    '\u{1F600}',
    '-',
    'or',
  ]) {
    test(`odd text ${JSON.stringify(query)} is searched for, not obeyed ${on}`, async t => {
      const answer = await registry.request(`/packages?q=${encodeURIComponent(query)}`);
      t.is(answer.status, 200);
    });
  }

  test(`NUL in a query is refused ${on}`, async t => {
    t.is((await registry.request('/packages?q=%00')).status, 400);
  });

  for (const [query, expected] of [
    ['category=finance', ['@rank/mortgage', '@rank/by-keyword', '@rank/by-readme']],
    ['author=Jane%20Doe', ['@rank/mortgage', '@rank/by-description']],
    ['keyword=lending', ['@rank/by-keyword']],
    ['keyword=LENDING&category=finance', ['@rank/by-keyword']],
    ['keyword=lending&category=other', []],
    ['category=finance&q=mortgage&limit=2', ['@rank/mortgage', '@rank/by-keyword']],
    ['category=finance&q=mortgage&limit=2&offset=2', ['@rank/by-readme']],
  ] as const) {
    test(`?${query} finds ${expected.length} ${on}`, async t => {
      t.deepEqual(await names(query), [...expected]);
    });
  }

  test(`the total counts all pages, also beyond the last ${on}`, async t => {
    t.like(await search('q=mortgage&limit=1&offset=1'), { total: 4, limit: 1, offset: 1 });
    t.like(await search('q=mortgage&offset=100'), { total: 4, packages: [] });
  });

  test(`packages are sorted by recency, newest first ${on}`, async t => {
    t.deepEqual(await names('sort=recency'), PACKAGES.map(({ name }) => name).reverse());
  });

  test.serial(`packages are sorted by downloads, which are counted off the request's path ${on}`, async t => {
    const archive = '/packages/@review/code-review/-/code-review-1.0.0.tgz';
    for (let count = 0; count < 3; count++) await (await registry.request(archive)).arrayBuffer();
    await (await registry.request('/packages/@rank/mortgage/-/mortgage-1.0.0.tgz')).arrayBuffer();
    const counted = async () =>
      (await search('sort=downloads&limit=2')).packages.map(hit => [hit.name, hit.downloads]);
    const end = Date.now() + 15_000;
    while ((await counted())[1]?.[1] !== 1 && Date.now() < end)
      await new Promise(resolve => setTimeout(resolve, 200));
    t.deepEqual(await counted(), [
      ['@review/code-review', 3],
      ['@rank/mortgage', 1],
    ]);
  });

  for (const query of [
    'limit=0x10',
    'limit=-1',
    'limit=1000',
    'offset=a',
    'sort=stars',
    'q=a&q=b',
    'categroy=x',
  ]) {
    test(`?${query} is refused ${on}`, async t => {
      const answer = await registry.request(`/packages?${query}`);
      t.is(answer.status, 400);
      t.like(await answer.json(), { code: 'EBADREQUEST' });
    });
  }
}

test('the engine finds private packages for those alone who may see them', async t => {
  const own = await startSearchEngine(t);
  const registry = await startTestRegistry(t, { searchUrl: own.url });
  await registry.publish({ name: '@hidden/ledger', version: '1.0.0' }, {}, '?access=private');
  await registry.publish({ name: '@shown/ledger', version: '1.0.0' });
  await until(() => ['@hidden/ledger', '@shown/ledger'].every(name => own.names().includes(name)));
  const found = async (token?: string | null) => {
    const answer = await registry.request('/packages?q=ledger', token === undefined ? {} : { token });
    const { total, packages } = answers.searchPage.parse(await answer.json());
    return [total, packages.map(({ name }) => name)];
  };
  const before = own.searches();
  t.deepEqual(await found(null), [1, ['@shown/ledger']]);
  t.deepEqual(await found(await registry.token('read')), [1, ['@shown/ledger']]);
  t.deepEqual(await found(), [2, ['@hidden/ledger', '@shown/ledger']]);
  t.true(own.searches() > before);
});

test('an engine that fails costs no search, and is made anew when it is back', async t => {
  const own = await startSearchEngine(t);
  own.broken = true;
  const registry = await startTestRegistry(t, {
    searchUrl: own.url,
    metrics: { port: 0, host: '127.0.0.1' },
  });
  await registry.publish({ name: '@down/teller', version: '1.0.0' });
  const names = async () =>
    answers.searchPage
      .parse(await (await registry.request('/packages?q=teller')).json())
      .packages.map(({ name }) => name);
  t.deepEqual(await names(), ['@down/teller']);
  const metrics = await (await fetch(`${registry.metricsUrl}/metrics`)).text();
  t.regex(metrics, /^prompd_search_fallbacks_total [1-9]/m);
  own.broken = false;
  await until(() => own.names().join() === '@down/teller');
  await registry.request('/packages/@down/teller/1.0.0', { method: 'DELETE' });
  await until(() => own.names().length === 0);
  t.deepEqual(await names(), []);
});

/** Waits for what happens off the path of requests. */
async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('not in time');
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
