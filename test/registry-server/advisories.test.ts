import test, { type ExecutionContext } from 'ava';
import { advisoryNumber, makeAdvisoryId } from '#server/domain/advisory.js';
import { sharedRegistry } from '../ops/scene.js';
import { archiveBody, jsonBody, packTest, type TestRegistry } from '../support/registry.js';

const registry = sharedRegistry(test, async running => {
  for (const version of ['1.0.0', '1.0.3', '2.0.0']) await running.publish({ name: '@acme/tone', version });
  for (const name of ['@acme/style', '@acme/voice']) await running.publish({ name, version: '1.0.0' });
  await running.publish({ name: '@bank/secret', version: '1.0.0' }, {}, '?access=private');
});

const TONE = {
  package: '@acme/tone',
  vulnerable: '<1.0.3',
  severity: 'high',
  title: 'Obeys the text that it summarises',
  text: 'Update.',
  patched: '>=1.0.3',
  url: 'https://example.com/advisories/1',
};

type Json = Record<string, unknown>;

async function json(t: ExecutionContext, answer: Promise<Response>, status: number): Promise<Json> {
  const found = await answer;
  const body = await found.text();
  t.is(found.status, status, body);
  return JSON.parse(body);
}

async function publish(t: ExecutionContext, advisory: Json): Promise<Json> {
  return json(t, registry().request('/advisories', jsonBody('POST', advisory)), 201);
}

function bulk({ request }: TestRegistry, installed: unknown, token?: string | null): Promise<Response> {
  return request('/-/npm/v1/security/advisories/bulk', {
    ...jsonBody('POST', installed),
    ...(token === undefined ? {} : { token }),
  });
}

test('an advisory that is published is found by id, by package, in the packument and by who has the version', async t => {
  const published = await publish(t, TONE);
  t.like(published, { ...TONE, withdrawn: null, publishedBy: 'admin' });
  const id = String(published['id']);
  t.regex(id, /^PSA(-[2-9a-z]{4}){3}$/);

  t.deepEqual(await json(t, registry().request(`/advisories/${id}`, { token: null }), 200), published);
  const listed = await json(t, registry().request('/advisories?package=@acme/tone', { token: null }), 200);
  t.deepEqual(listed, { advisories: [published] });
  t.like(await json(t, registry().request('/packages/@acme/tone', { token: null }), 200), {
    advisories: [{ id, severity: 'high', title: TONE.title, vulnerable: '<1.0.3', patched: '>=1.0.3' }],
  });

  const found = await json(
    t,
    bulk(registry(), { '@acme/tone': ['2.0.0', '1.0.0'], unknown: ['1.0.0'] }, null),
    200,
  );
  t.like(found, {
    '@acme/tone': [
      {
        id,
        url: TONE.url,
        title: TONE.title,
        severity: 'high',
        vulnerable_versions: '<1.0.3',
        patched_versions: '>=1.0.3',
        overview: 'Update.',
        cwe: [],
      },
    ],
  });
  const npms = await json(
    t,
    registry().request(
      '/npm/-/npm/v1/security/advisories/bulk',
      jsonBody('POST', { '@acme/tone': ['1.0.0'] }),
    ),
    200,
  );
  t.like(npms, { '@acme/tone': [{ id: advisoryNumber(id), title: TONE.title }] });
  t.true(Number.isSafeInteger(advisoryNumber('PSA-xxxx-xxxx-xxxx')));
  t.deepEqual(await json(t, bulk(registry(), { '@acme/tone': ['1.0.3', 'nonsense'] }, null), 200), {});
});

test('a client that has the packument learns of a new advisory, and of its withdrawal', async t => {
  const { request } = registry();
  const path = '/packages/@acme/style';
  const etag = (await request(path)).headers.get('etag') ?? '';
  const again = (known: string) => request(path, { headers: { 'if-none-match': known } });
  t.is((await again(etag)).status, 304);
  const { id } = await publish(t, {
    package: '@acme/style',
    vulnerable: '*',
    severity: 'low',
    title: 'Rude',
  });
  const fresh = await again(etag);
  t.is(fresh.status, 200);
  t.is((await again(fresh.headers.get('etag') ?? '')).status, 304);

  await json(t, request(`/advisories/${id}`, jsonBody('PUT', { withdrawn: true })), 200);
  const after = await json(t, again(fresh.headers.get('etag') ?? ''), 200);
  t.false('advisories' in after);
  t.deepEqual(await json(t, bulk(registry(), { '@acme/style': ['1.0.0'] }), 200), {});
  const kept = await json(t, request(`/advisories/${id}`), 200);
  t.truthy(kept['withdrawn']);
  t.is(kept['title'], 'Rude');
});

test('a change keeps what it does not name, and a withdrawal can be taken back', async t => {
  const { request } = registry();
  const { id } = await publish(t, { ...TONE, package: '@acme/voice', vulnerable: '1.x' });
  const changed = await json(
    t,
    request(`/advisories/${id}`, jsonBody('PUT', { severity: 'critical', url: null })),
    200,
  );
  t.like(changed, { severity: 'critical', url: null, title: TONE.title, text: TONE.text, vulnerable: '1.x' });
  await json(t, request(`/advisories/${id}`, jsonBody('PUT', { withdrawn: true })), 200);
  t.is(
    (await json(t, request(`/advisories/${id}`, jsonBody('PUT', { withdrawn: false })), 200))['withdrawn'],
    null,
  );
});

test('advisories about a private package are seen by whoever may see it', async t => {
  const { request, token, tokenOf } = registry();
  const { id } = await publish(t, { ...TONE, package: '@bank/secret', vulnerable: '*' });
  const reader = await tokenOf('admin', 'read');
  t.is((await request(`/advisories/${id}`, { token: await token('read') })).status, 404);
  const installed = { '@bank/secret': ['1.0.0'] };
  t.is((await request(`/advisories/${id}`, { token: null })).status, 404);
  t.deepEqual(await json(t, bulk(registry(), installed, null), 200), {});
  t.deepEqual(await json(t, request('/advisories?package=@bank/secret', { token: null }), 200), {
    advisories: [],
  });
  t.is((await request(`/advisories/${id}`, { token: reader })).status, 200);
  t.deepEqual(Object.keys(await json(t, bulk(registry(), installed, reader), 200)), ['@bank/secret']);
});

test('an owner of a package publishes and changes advisories about it, and about no other', async t => {
  const { request, token } = registry();
  const owner = await token('publish', 'read');
  const { bytes } = await packTest({ name: '@common/words', version: '1.0.0' });
  t.is((await request('/packages', { ...archiveBody(bytes), token: owner })).status, 201);
  const warning = { ...TONE, package: '@common/words' };
  const own = request('/advisories', { ...jsonBody('POST', warning), token: owner });
  const { id } = await json(t, own, 201);
  const withdrawn = { ...jsonBody('PUT', { withdrawn: true }), token: owner };
  t.truthy((await json(t, request(`/advisories/${id}`, withdrawn), 200))['withdrawn']);
  t.is((await request('/advisories', { ...jsonBody('POST', TONE), token: owner })).status, 403);
  const other = await publish(t, { ...TONE, vulnerable: '8.x' });
  t.is((await request(`/advisories/${other['id']}`, withdrawn)).status, 403);
});

test('who owns nothing of a package publishes and changes no advisories about it', async t => {
  const { request, token } = registry();
  const publisher = await token('publish');
  const { id } = await publish(t, { ...TONE, package: '@acme/voice', vulnerable: '9.x' });
  for (const [path, init] of [
    ['/advisories', jsonBody('POST', TONE)],
    [`/advisories/${id}`, jsonBody('PUT', { withdrawn: true })],
  ] as const) {
    t.is((await request(path, { ...init, token: publisher })).status, 403);
    t.is((await request(path, { ...init, token: null })).status, 401);
  }
});

for (const [title, change, status] of [
  ['a range that is none', { vulnerable: 'all of them' }, 400],
  ['an empty range', { vulnerable: '' }, 400],
  ['a severity that is none', { severity: 'terrible' }, 400],
  ['no title', { title: '' }, 400],
  ['an address that runs something', { url: 'javascript:alert(1)' }, 400],
  ['a member that is none', { cvss: 9.8 }, 400],
  ['a name that is none', { package: '../etc' }, 400],
  ['a package that the registry never had', { package: '@acme/never' }, 404],
] as const) {
  test(`an advisory with ${title} is refused with ${status}`, async t => {
    t.is((await registry().request('/advisories', jsonBody('POST', { ...TONE, ...change }))).status, status);
  });
}

test('a bulk question about names that no package can have finds nothing under them', async t => {
  const installed = { 'a\0': ['1.0.0'], 'No Name': ['1.0.0'], '\ud800': ['1.0.0'] };
  t.deepEqual(await json(t, bulk(registry(), installed, null), 200), {});
});

test('a bulk question of another shape is refused', async t => {
  for (const body of [[], { a: '1.0.0' }, { a: [1] }]) t.is((await bulk(registry(), body)).status, 400);
});

test('ids have no characters that look like others', t => {
  let next = 0;
  t.is(
    makeAdvisoryId(below => next++ % below),
    'PSA-2345-6789-cfgh',
  );
});
