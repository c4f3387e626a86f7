import test from 'ava';
import { parsePackageName } from '#prompd/core/name.js';
import { parsePackument } from '#prompd/core/packument.js';
import { parseVersion } from '#prompd/core/version.js';
import * as answers from '#server/routes/answers.js';
import { jsonBody, type TestManifest } from '../support/registry.js';
import { testRegistries } from './databases.js';

for (const { name: database, registry, start } of await testRegistries(test)) {
  const on = `(${database})`;
  const get = async (path: string) => (await registry.request(path)).json();
  const packumentOf = async (name: string) => answers.packument.parse(await get(`/packages/${name}`));
  const tagsOf = (name: string) => get(`/packages/${name}/dist-tags`);
  const publish = async (name: string, ...versions: string[]) => {
    for (const version of versions) await registry.publish({ name, version });
  };
  const full: TestManifest = {
    name: '@bank/full',
    version: '1.2.0',
    description: 'Everything that a manifest has.',
    author: 'Jane Doe <jane@example.com>',
    license: 'MIT',
    category: 'compliance',
    keywords: ['KYC', 'summary', 'kyc'],
    prompts: { main: 'main.prompd' },
    dependencies: { '@common/base': '^1.0.0' },
    engines: { prompd: '>=0.1.0' },
  };
  const prompt = '---\nname: main\nversion: 1.0.0\n---\nSay hello.\n';

  test(`a packument comes compressed to whoever takes it so, and is the same document ${on}`, async t => {
    await registry.publish(
      { name: '@bank/compressed', version: '1.0.0' },
      { 'README.md': '# Compressed\n\n'.repeat(200) },
    );
    const ask = (encoding: string) =>
      registry.request('/packages/@bank/compressed', { headers: { 'accept-encoding': encoding } });
    const [plain, compressed] = await Promise.all([ask('identity'), ask('gzip')]);
    t.is(plain.headers.get('content-encoding'), null);
    t.is(compressed.headers.get('content-encoding'), 'gzip');
    t.regex(compressed.headers.get('vary') ?? '', /accept-encoding/i);
    t.is(compressed.headers.get('etag'), plain.headers.get('etag'));
    t.true(
      Number(compressed.headers.get('content-length')) < Number(plain.headers.get('content-length')) / 4,
    );
    t.deepEqual(await compressed.json(), await plain.json());
  });

  test(`a packument is what clients accept, with all that a listing shows ${on}`, async t => {
    const packed = await registry.publish(full, { 'main.prompd': prompt, 'README.md': '# Full' });
    const raw = await get('/packages/@bank/full');
    const name = parsePackageName('@bank/full');
    const packument = parsePackument(raw, name);
    const listed = packument.versions.get(parseVersion('1.2.0'));
    t.is(listed?.dist.signatures?.length, 1);
    t.deepEqual(listed, {
      name,
      version: parseVersion('1.2.0'),
      description: 'Everything that a manifest has.',
      dependencies: { '@common/base': '^1.0.0' },
      engines: { prompd: '>=0.1.0' },
      dist: {
        integrity: packed.integrity,
        shasum: answers.packument.parse(raw).versions['1.2.0']?.dist.shasum,
        tarball: `${registry.url}/packages/@bank/full/-/full-1.2.0.tgz`,
        size: packed.bytes.length,
        unpackedSize: packed.unpackedSize,
        fileCount: packed.files.length,
        signatures: listed?.dist.signatures,
      },
    });
    t.deepEqual(packument.distTags, { latest: '1.2.0' });
    t.deepEqual(Object.keys(packument.time), ['created', 'modified', '1.2.0']);
    t.like(raw, {
      access: 'public',
      author: 'Jane Doe',
      category: 'compliance',
      keywords: ['kyc', 'summary'],
      downloads: 0,
      readme: '# Full',
    });
    const version = answers.versionDetails.parse(await get('/packages/@bank/full/latest'));
    t.like(version, {
      version: '1.2.0',
      readme: '# Full',
      publishedBy: 'admin',
      prompts: { main: 'main.prompd' },
    });
    t.deepEqual(version.manifest, full);
  });

  for (const form of ['@bank/forms', '@bank%2fforms', '@bank%2Fforms', '%40bank/forms', '%40bank%2fforms']) {
    test(`a scoped package is found as ${form} ${on}`, async t => {
      await registry.publish({ name: '@bank/forms', version: '1.0.0' }).catch(() => undefined);
      for (const path of ['', '/1.0.0', '/latest', '/dist-tags', '/-/forms-1.0.0.tgz']) {
        t.is((await registry.request(`/packages/${form}${path}`)).status, 200, path);
      }
    });
  }

  test(`a package without a scope has the same addresses ${on}`, async t => {
    await publish('plain-name', '1.0.0');
    for (const path of ['', '/1.0.0', '/latest', '/dist-tags', '/-/plain-name-1.0.0.tgz']) {
      t.is((await registry.request(`/packages/plain-name${path}`)).status, 200, path);
    }
  });

  test(`a version with build metadata can be read and downloaded ${on}`, async t => {
    await publish('@bank/built', '1.0.0+build.5');
    const { versions } = await packumentOf('@bank/built');
    const answer = await fetch(versions['1.0.0+build.5']?.dist.tarball ?? '');
    t.is(answer.status, 200);
    t.is(
      (await registry.request(`/packages/@bank/built/${encodeURIComponent('1.0.0+build.5')}`)).status,
      200,
    );
  });

  for (const [path, status, code] of [
    ['/packages/@bank/nothing', 404, 'ENOTFOUND'],
    ['/packages/@bank/nothing/1.0.0', 404, 'ENOTFOUND'],
    ['/packages/@bank/known/9.9.9', 404, 'ENOVERSION'],
    ['/packages/@bank/known/nightly', 404, 'ENOVERSION'],
    ['/packages/@bank/known/^1.0.0', 400, 'EBADREQUEST'],
    ['/packages/@bank/known/-/known-9.9.9.tgz', 404, 'ENOVERSION'],
    ['/packages/@bank/known/-/other-1.0.0.tgz', 404, 'ENOVERSION'],
    ['/packages/@bank/known/-/..%2f..%2fserver.json', 404, 'ENOVERSION'],
    ['/packages/@bank/known/-/known-1.0.0.tgz%00', 400, 'EBADREQUEST'],
    ['/packages/Bad Name', 400, 'EBADNAME'],
    ['/packages/..%2f..%2fetc', 400, 'EBADNAME'],
    ['/packages/__proto__', 400, 'EBADNAME'],
  ] as const) {
    test(`GET ${path} is ${status} ${code} ${on}`, async t => {
      await registry.publish({ name: '@bank/known', version: '1.0.0' }).catch(() => undefined);
      const answer = await registry.request(path);
      t.is(answer.status, status);
      t.like(await answer.json(), { code, status });
    });
  }

  test(`a packument's ETag answers 304 until the package changes ${on}`, async t => {
    await publish('@bank/etag', '1.0.0');
    const first = await registry.request('/packages/@bank/etag');
    const etag = first.headers.get('etag') ?? '';
    const known = () => registry.request('/packages/@bank/etag', { headers: { 'if-none-match': etag } });
    t.is((await known()).status, 304);
    await publish('@bank/etag', '1.1.0');
    const changed = await known();
    t.is(changed.status, 200);
    t.not(changed.headers.get('etag'), etag);
  });

  test(`settings change together or not at all ${on}`, async t => {
    await publish('@bank/settings', '1.0.0', '1.1.0');
    const put = (value: unknown) => registry.request('/packages/@bank/settings', jsonBody('PUT', value));
    const refused = await put({ deprecated: { '1.0.0': 'Use 1.1.0.' }, yanked: { '7.0.0': true } });
    t.is(refused.status, 404);
    t.like(await refused.json(), { code: 'ENOVERSION' });
    t.is((await packumentOf('@bank/settings')).versions['1.0.0']?.deprecated, undefined);

    const changed = await put({
      deprecated: { '1.0.0': 'Use 1.1.0.' },
      yanked: { '1.1.0': true },
      distTags: { stable: '1.0.0' },
    });
    t.is(changed.status, 200);
    const packument = await packumentOf('@bank/settings');
    t.is(packument.versions['1.0.0']?.deprecated, 'Use 1.1.0.');
    t.true(packument.versions['1.1.0']?.yanked);
    t.deepEqual(packument['dist-tags'], { latest: '1.1.0', stable: '1.0.0' });

    await put({ deprecated: { '1.0.0': null }, yanked: { '1.1.0': false }, distTags: { stable: null } });
    const restored = await packumentOf('@bank/settings');
    t.is(restored.versions['1.0.0']?.deprecated, undefined);
    t.is(restored.versions['1.1.0']?.yanked, undefined);
    t.deepEqual(restored['dist-tags'], { latest: '1.1.0' });
  });

  for (const [what, body] of [
    ['an unknown member', { versions: {} }],
    ['content', { manifest: { description: 'new' } }],
    ['latest removed', { distTags: { latest: null } }],
    ['a tag that is a range', { distTags: { '1.x': '1.0.0' } }],
    ['a tag that is a version', { distTags: { '1.0.0': '1.0.0' } }],
    ['a tag that points at a range', { distTags: { next: '^1.0.0' } }],
    ['an access that there is none of', { access: 'secret' }],
  ] as const) {
    test(`settings with ${what} are refused ${on}`, async t => {
      await registry.publish({ name: '@bank/strict', version: '1.0.0' }).catch(() => undefined);
      const answer = await registry.request('/packages/@bank/strict', jsonBody('PUT', body));
      t.is(answer.status, 400);
      t.deepEqual(await tagsOf('@bank/strict'), { latest: '1.0.0' });
    });
  }

  test(`every move of a tag is kept, with who moved it ${on}`, async t => {
    await publish('@bank/moves', '1.0.0', '1.1.0');
    const tag = '/packages/@bank/moves/dist-tags/stable';
    const token = await registry.token('publish');
    await registry.request('/packages/@bank/moves/owners/test publish', { method: 'PUT' });
    t.is((await registry.request(tag, { ...jsonBody('PUT', { version: '1.1.0' }), token })).status, 200);
    t.is((await registry.request(tag, { ...jsonBody('PUT', { version: '1.0.0' }), token })).status, 200);
    t.is((await registry.request(tag, { ...jsonBody('PUT', { version: '1.0.0' }), token })).status, 200);
    t.is((await registry.request(tag, { method: 'DELETE', token })).status, 204);
    t.is((await registry.request(tag, { method: 'DELETE', token })).status, 404);
    const { moves } = answers.distTagMoves.parse(await get('/packages/@bank/moves/dist-tag-moves'));
    t.deepEqual(
      moves.map(({ tag: name, from, to, actor }) => [name, from, to, actor]),
      [
        ['latest', null, '1.0.0', 'admin'],
        ['latest', '1.0.0', '1.1.0', 'admin'],
        ['stable', null, '1.1.0', 'test publish'],
        ['stable', '1.1.0', '1.0.0', 'test publish'],
        ['stable', '1.0.0', null, 'test publish'],
      ],
    );
  });

  test(`the tag latest cannot be removed ${on}`, async t => {
    await publish('@bank/latest', '1.0.0');
    const answer = await registry.request('/packages/@bank/latest/dist-tags/latest', { method: 'DELETE' });
    t.is(answer.status, 400);
    t.like(await answer.json(), { code: 'EUSAGE', title: 'The request asks for what cannot be done.' });
  });

  test(`after an unpublication latest is the highest release that remains, by number and not by text ${on}`, async t => {
    await publish('@bank/next', '1.9.0', '1.10.0', '2.0.0-rc.1', '1.11.0');
    t.is((await registry.request('/packages/@bank/next/1.11.0', { method: 'DELETE' })).status, 204);
    t.deepEqual(await tagsOf('@bank/next'), { latest: '1.10.0' });
    for (const version of ['1.10.0', '1.9.0']) {
      await registry.request(`/packages/@bank/next/${version}`, { method: 'DELETE' });
    }
    t.deepEqual(await tagsOf('@bank/next'), { latest: '2.0.0-rc.1' });
    t.is((await registry.request('/packages/@bank/next/1.9.0', { method: 'DELETE' })).status, 404);
  });

  test(`a listing shows what the latest version says ${on}`, async t => {
    await registry.publish({ name: '@bank/shown', version: '1.0.0', description: 'Old.' });
    await registry.publish({ name: '@bank/shown', version: '2.0.0', description: 'New.' });
    t.is((await packumentOf('@bank/shown')).description, 'New.');
    await registry.request('/packages/@bank/shown', jsonBody('PUT', { distTags: { latest: '1.0.0' } }));
    t.is((await packumentOf('@bank/shown')).description, 'Old.');
  });

  test(`a private package exists for its owners alone ${on}`, async t => {
    await registry.publish(
      { name: '@bank/private', version: '1.0.0', keywords: ['hidden'] },
      {},
      '?access=private',
    );
    const reader = await registry.tokenOf('admin', 'read');
    const outsider = await registry.token('publish');
    const paths = [
      '/packages/@bank/private',
      '/packages/@bank/private/1.0.0',
      '/packages/@bank/private/dist-tags',
      '/packages/@bank/private/dist-tag-moves',
      '/packages/@bank/private/owners',
      '/packages/@bank/private/dependents',
      '/packages/@bank/private/-/private-1.0.0.tgz',
    ];
    for (const path of paths) {
      const stranger = await registry.request(path, { token: null });
      t.is(stranger.status, 404, path);
      t.is((await registry.request(path, { token: outsider })).status, 404, path);
      const unknown = await registry.request(path.replace('@bank/private', '@bank/absent'), { token: null });
      const strip = async (answer: Response) => ({
        ...answers.problem.parse(await answer.json()),
        instance: '',
      });
      t.deepEqual(
        JSON.stringify(await strip(stranger)),
        JSON.stringify(await strip(unknown)).replaceAll('@bank/absent', '@bank/private'),
      );
      const member = await registry.request(path, { token: reader });
      t.is(member.status, 200, path);
      t.regex(member.headers.get('vary') ?? '', /\bauthorization\b/, path);
      t.notRegex(member.headers.get('cache-control') ?? 'public', /public|s-maxage/, path);
    }
    const archive = await registry.request('/packages/@bank/private/-/private-1.0.0.tgz', { token: reader });
    t.regex(archive.headers.get('cache-control') ?? '', /^private,/);
    const search = '/packages?q=hidden';
    const found = async (token: string | null) =>
      answers.searchPage.parse(await (await registry.request(search, { token })).json());
    t.deepEqual(await found(null), { total: 0, limit: 20, offset: 0, packages: [] });
    t.is((await found(outsider)).total, 0);
    t.is((await found(reader)).total, 1);

    await registry.request('/packages/@bank/private', jsonBody('PUT', { access: 'public' }));
    t.is((await registry.request('/packages/@bank/private', { token: null })).status, 200);
  });

  test(`publishing without an access keeps the package as it is ${on}`, async t => {
    await registry.publish({ name: '@bank/kept', version: '1.0.0' }, {}, '?access=private');
    await registry.publish({ name: '@bank/kept', version: '1.1.0' });
    t.is((await packumentOf('@bank/kept')).access, 'private');
  });

  test(`times are those of the registry's clock ${on}`, async t => {
    let now = new Date('2031-01-31T09:00:00.000Z');
    const other = await start(t, { now: () => now });
    await other.publish({ name: '@bank/timed', version: '1.0.0' });
    now = new Date('2031-02-01T10:30:00.000Z');
    await other.publish({ name: '@bank/timed', version: '1.1.0' });
    t.like(await (await other.request('/packages/@bank/timed')).json(), {
      time: {
        created: '2031-01-31T09:00:00.000Z',
        modified: '2031-02-01T10:30:00.000Z',
        '1.0.0': '2031-01-31T09:00:00.000Z',
        '1.1.0': '2031-02-01T10:30:00.000Z',
      },
    });
  });
}
