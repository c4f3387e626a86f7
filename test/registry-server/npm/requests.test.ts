import { gunzipSync } from 'node:zlib';
import test from 'ava';
import { z } from 'zod';
import type { PackedPackage } from '#prompd/tarball/pack-tree.js';
import { jsonBody, packTest, startTestRegistry, type TestRegistry } from '../../support/registry.js';

const SHORT = 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*';
const undo: Array<() => void | Promise<void>> = [];
const registry: TestRegistry = await startTestRegistry(
  { teardown: step => undo.unshift(step) },
  { limits: { archiveBytes: 64 * 1024 } },
);
test.after.always('the registry stops', async () => {
  for (const step of undo) await step();
});

const errorSchema = z.object({ error: z.string(), reason: z.string(), code: z.string() });
async function refusal(answer: Promise<Response>): Promise<{ status: number; error: string }> {
  const { status, headers } = await answer.then(response => response);
  const { error } = errorSchema.parse(await (await answer).json());
  if (!headers.get('content-type')?.startsWith('application/json')) throw new Error('not JSON');
  return { status, error };
}

test('a package has a full and a short document, each with a validator of its own, compressed and without a body for HEAD', async t => {
  const long = 'A long description of a package. '.repeat(28);
  await registry.publish({ name: '@acme/forms', version: '1.0.0', description: long, keywords: ['kyc'] });
  const full = await registry.request('/npm/@acme%2fforms', { token: null });
  const short = await registry.request('/npm/@acme/forms', { token: null, headers: { accept: SHORT } });
  t.is(full.headers.get('content-type'), 'application/json; charset=utf-8');
  t.is(short.headers.get('content-type'), 'application/vnd.npm.install-v1+json; charset=utf-8');
  t.is(full.headers.get('content-encoding'), 'gzip');
  t.regex(full.headers.get('vary') ?? '', /authorization.*accept.*accept-encoding/i);
  const document = documentSchema.parse(await full.json());
  t.deepEqual(Object.keys(document.time ?? {}), ['created', 'modified', '1.0.0']);
  t.regex(document._rev, /^\d+-\d+$/);
  t.is(document['description'], long);
  t.deepEqual(Object.keys(z.looseObject({}).parse(await short.json())), [
    'name',
    'modified',
    'dist-tags',
    'versions',
  ]);

  const [fullTag, shortTag] = [full, short].map(({ headers }) => headers.get('etag') ?? '');
  t.not(fullTag, shortTag);
  const again = (tag: string, accept: string) =>
    registry.request('/npm/@acme%2Fforms', { token: null, headers: { 'if-none-match': tag, accept } });
  t.is((await again(fullTag ?? '', 'application/json')).status, 304);
  t.is((await again(shortTag ?? '', SHORT)).status, 304);
  t.is((await again(shortTag ?? '', 'application/json')).status, 200);
  const head = await registry.request('/npm/@acme%2fforms', { method: 'HEAD' });
  t.is(head.status, 200);
  t.is(await head.text(), '');
  await registry.request('/npm/-/package/@acme%2fforms/dist-tags/stable', jsonBody('PUT', '1.0.0'));
  t.is((await again(fullTag ?? '', 'application/json')).status, 200, 'a change is seen');

  const one = versionSchema.parse(await (await registry.request('/npm/@acme/forms/stable')).json());
  t.like(one, { name: '@acme/forms', version: '1.0.0', keywords: ['kyc'], _npmUser: { name: 'admin' } });
  const archive = await registry.request(new URL(one.dist.tarball).pathname, { token: null });
  t.is(archive.headers.get('content-type'), 'application/gzip');
  t.true(gunzipSync(await archive.arrayBuffer()).length > 0);
});

test('what cannot be a publication is refused with a reason, and publishes nothing', async t => {
  const packed = await packTest({ name: '@acme/odd', version: '1.0.0' });
  const publish = (document: object) =>
    refusal(registry.request('/npm/@acme%2fodd', jsonBody('PUT', document)));
  const good = publication(packed);
  const { data } = Object.values(good._attachments)[0] ?? { data: '' };
  const attached = (attachment: object) => ({ ...good, _attachments: { 'odd-1.0.0.tgz': attachment } });
  const cases: readonly [what: string, document: object, status: number, error: RegExp][] = [
    ['another package', { ...good, name: '@acme/other' }, 400, /document is of @acme\/other/],
    ['no version', { ...good, versions: {} }, 400, /exactly one version; this one has 0/],
    ['two versions', { ...good, versions: { ...good.versions, '2.0.0': {} } }, 400, /exactly one version/],
    ['no such version', { ...good, versions: { one: {} } }, 400, /Invalid key/],
    ['a tag of another version', { ...good, 'dist-tags': { latest: '2.0.0' } }, 400, /must name the version/],
    ['a tag like a range', { ...good, 'dist-tags': { '^1': '1.0.0' } }, 400, /Invalid key/],
    ['two archives', { ...good, _attachments: { ...good._attachments, b: { data } } }, 400, /one attachment/],
    ['no base64', attached({ data: '?' }), 400, /not the base64/],
    [
      'less than it says',
      attached({ data: data.slice(8), length: packed.bytes.length }),
      400,
      /not the base64/,
    ],
    ['other bytes', attached({ data: Buffer.from('x').toString('base64') }), 422, /integrity/],
    ['a weak hash', { ...good, versions: { '1.0.0': { dist: { integrity: 'sha1-AAAA' } } } }, 400, /sha512/],
    [
      'another version in the archive',
      { ...good, 'dist-tags': { latest: '2.0.0' }, versions: { '2.0.0': {} } },
      422,
      /archive is of @acme\/odd@1\.0\.0, and the request names @acme\/odd@2\.0\.0/,
    ],
    ['too much', attached({ data: 'A'.repeat(9 * 1024 * 1024) }), 413, /larger than/],
    ['an archive that is too large', attached({ data: 'A'.repeat(100_000) }), 413, /larger than/],
  ];
  for (const [what, document, status, error] of cases) {
    const found = await publish(document);
    t.is(found.status, status, `${what}: ${found.error}`);
    t.regex(found.error, error, what);
  }
  const broken = { method: 'PUT', body: '{"name":', headers: { 'content-type': 'application/json' } };
  t.is((await refusal(registry.request('/npm/@acme%2fodd', broken))).status, 400);
  const proto = { ...broken, body: '{"__proto__":{}}' };
  t.is((await refusal(registry.request('/npm/@acme%2fodd', proto))).status, 400);
  const nobody = registry.request('/npm/@acme%2fodd', { ...jsonBody('PUT', good), token: null });
  t.is((await refusal(nobody)).status, 401);
  t.is((await refusal(registry.request('/npm/@acme%2fodd'))).status, 404);
  t.is((await refusal(registry.request('/npm/..%2f..%2fetc'))).status, 404);
  t.is((await registry.request('/npm/@acme%2fodd', jsonBody('PUT', good))).status, 201);
});

test('who has not seen the last change of a package changes nothing', async t => {
  for (const version of ['1.0.0', '1.1.0', '1.2.0']) await registry.publish({ name: '@acme/race', version });
  const read = async () => documentSchema.parse(await (await registry.request('/npm/@acme%2frace')).json());
  const seen = await read();
  const put = (path: string, document: object) => registry.request(path, jsonBody('PUT', document));
  const deprecated = { ...seen, versions: { ...seen.versions, '1.0.0': { deprecated: 'Use 1.1.' } } };
  t.is((await put('/npm/@acme%2frace', deprecated)).status, 201);
  t.is((await put('/npm/@acme%2frace', deprecated)).status, 409);
  t.is((await put(`/npm/@acme%2frace/-rev/${seen._rev}`, { ...seen, _rev: undefined })).status, 409);
  t.is((await registry.request(`/npm/@acme%2frace/-rev/${seen._rev}`, { method: 'DELETE' })).status, 409);

  const now = await read();
  t.is(now.versions['1.0.0']?.deprecated, 'Use 1.1.');
  const rev = `/npm/@acme%2frace/-rev/${now._rev}`;
  const tooMuch = await put(rev, { ...now, versions: { '1.0.0': {} } });
  t.is(tooMuch.status, 400, 'one version at a time');
  const partial = { ...now, _rev: undefined, versions: { '1.0.0': { deprecated: '' } } };
  t.is((await put('/npm/@acme%2frace', partial)).status, 201, 'without a revision nothing is unpublished');
  const after = await read();
  t.deepEqual(Object.keys(after.versions), ['1.0.0', '1.1.0', '1.2.0']);
  t.is(after.versions['1.0.0']?.deprecated, undefined);
  const invented = { ...now, _rev: undefined, versions: { '3.0.0': {} } };
  const refused = await refusal(put('/npm/@acme%2frace', invented));
  t.is(refused.status, 400);
  t.regex(refused.error, /has no version 3\.0\.0, and no archive came with it/);
  const archive = '/npm/@acme/race/-/race-1.0.0.tgz';
  t.is((await registry.request(`${archive}/-rev/${after._rev}`, { method: 'DELETE' })).status, 409);
  t.is((await registry.request(archive)).status, 200);
});

test('a version that comes while its package is unpublished is not unpublished unseen', async t => {
  for (const round of [1, 2, 3]) {
    const name = `@acme/gone-${round}`;
    await registry.publish({ name, version: '1.0.0' });
    const address = `/npm/${encodeURIComponent(name)}`;
    const { _rev } = documentSchema.parse(await (await registry.request(address)).json());
    const later = await packTest({ name, version: '1.1.0' });
    const [removed, published] = await Promise.all([
      registry.request(`${address}/-rev/${_rev}`, { method: 'DELETE' }),
      registry.request(address, jsonBody('PUT', publication(later))),
    ]);
    t.is(published.status, 201);
    const { versions } = documentSchema.parse(await (await registry.request(address)).json());
    t.deepEqual(Object.keys(versions), removed.status === 409 ? ['1.0.0', '1.1.0'] : ['1.1.0']);
  }
});

test('a document that wants another access is refused, as nothing would come of it', async t => {
  await registry.publish({ name: '@acme/access', version: '1.0.0' });
  const put = (document: object) => registry.request('/npm/@acme%2faccess', jsonBody('PUT', document));
  t.regex(
    (await refusal(put({ access: 'restricted' }))).error,
    /npm access set status=private @acme\/access/,
  );
  t.is((await put({ access: 'public' })).status, 201, 'it is so already');
});

test('a yanked version is one to avoid, and stays yanked when a client writes the document back', async t => {
  for (const version of ['1.0.0', '1.1.0']) await registry.publish({ name: '@acme/yanked', version });
  await registry.request('/packages/@acme/yanked', jsonBody('PUT', { yanked: { '1.0.0': true } }));
  const read = async () => documentSchema.parse(await (await registry.request('/npm/@acme%2fyanked')).json());
  const document = await read();
  t.regex(document.versions['1.0.0']?.deprecated ?? '', /yanked/);
  const changed = { ...document, versions: { ...document.versions, '1.1.0': { deprecated: 'Old.' } } };
  t.is((await registry.request('/npm/@acme%2fyanked', jsonBody('PUT', changed))).status, 201);
  const own = await registry.request('/packages/@acme/yanked');
  const { '1.0.0': yanked, '1.1.0': old } = documentSchema.parse(await own.json()).versions;
  t.deepEqual([yanked?.['yanked'], yanked?.deprecated], [true, undefined]);
  t.is(old?.deprecated, 'Old.');
});

test('a token is listed, made and revoked by its user, and never one that may do more', async t => {
  const [admin, reading] = [registry.adminToken, await registry.token('read')];
  const create = (body: object, token = admin) =>
    registry.request('/npm/-/npm/v1/tokens', { ...jsonBody('POST', body), token });
  t.is((await create({ password: reading })).status, 401, "another user's token is no password");
  t.is((await create({ password: reading }, reading)).status, 403);
  t.is((await create({ password: admin, orgs: ['bank'] })).status, 400);
  t.is((await create({ password: admin, cidr_whitelist: ['10.0.0.0/99'] })).status, 400);
  const made = z
    .object({ token: z.string(), key: z.string() })
    .parse(await (await create({ password: admin, name: 'ci', readonly: true, expires: 30 })).json());
  t.is((await registry.request('/npm/-/whoami', { token: made.token })).status, 200);
  const list = await registry.request('/npm/-/npm/v1/tokens', { token: made.token });
  const { objects } = z
    .object({ objects: z.array(z.looseObject({ key: z.string() })) })
    .parse(await list.json());
  t.is(objects.length, 2, 'only those of the same user');
  t.false(JSON.stringify(objects).includes(made.token));
  const revoke = (key: string, token: string) =>
    registry.request(`/npm/-/npm/v1/tokens/token/${key}`, { method: 'DELETE', token });
  const own = objects.find(({ key }) => key !== made.key)?.key ?? '';
  t.is((await revoke(own, made.token)).status, 403);
  t.is((await revoke(made.key, reading)).status, 404);
  t.is((await revoke(made.key, admin)).status, 200);
  t.is((await registry.request('/npm/-/whoami', { token: made.token })).status, 401);
});

test('search takes what npm writes into it', async t => {
  await registry.publish({ name: '@acme/lute', version: '1.0.0', keywords: ['strings'], author: 'Jo' });
  await registry.publish({ name: '@acme/viol', version: '1.0.0', keywords: ['bow'], author: 'Jo' });
  const names = async (text: string, more = '') => {
    const answer = await registry.request(`/npm/-/v1/search?text=${encodeURIComponent(text)}${more}`);
    const { objects } = z
      .object({ objects: z.array(z.object({ package: z.object({ name: z.string() }) })) })
      .parse(await answer.json());
    return objects.map(hit => hit.package.name);
  };
  t.deepEqual(await names('keywords:strings'), ['@acme/lute']);
  t.deepEqual((await names('author:Jo')).sort(), ['@acme/lute', '@acme/viol']);
  t.deepEqual(await names('lute author:Jo', '&quality=1&popularity=0'), ['@acme/lute']);
  t.is((await names('author:Jo', '&size=100000&from=1')).length, 1);
  for (const from of ['-1', '100001', '99999999999']) {
    const refused = await registry.request(`/npm/-/v1/search?text=x&from=${from}`);
    t.is(refused.status, 400);
    t.regex(await refused.text(), /from: must be a whole number from 0 to 100000/);
  }
});

const versionSchema = z.looseObject({ dist: z.looseObject({ tarball: z.string() }) });
const documentSchema = z.looseObject({
  _rev: z.string().default(''),
  time: z.record(z.string(), z.string()).optional(),
  versions: z.record(z.string(), z.looseObject({ deprecated: z.string().optional() })),
});

function publication({ manifest: { name, version }, bytes, integrity }: PackedPackage) {
  return {
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { name, version, dist: { integrity } } },
    _attachments: {
      [`${name}-${version}.tgz`]: { data: Buffer.from(bytes).toString('base64'), length: bytes.length },
    },
  };
}
