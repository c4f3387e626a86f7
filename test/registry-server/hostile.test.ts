import { Agent, request as send } from 'node:http';
import test from 'ava';
import * as answers from '#server/routes/answers.js';
import { archiveBody, jsonBody, packTest, startTestRegistry } from '../support/registry.js';
import { testRegistries } from './databases.js';
import { archiveOf } from './raw-archive.js';

const manifestOf = (name: string, version = '1.0.0') => ({ name, version, description: 'A test.' });

for (const { name: database, registry } of await testRegistries(test)) {
  const on = `(${database})`;
  const problemOf = async (answer: Response) => answers.problem.parse(await answer.json());
  const upload = (entries: Readonly<Record<string, string>>) =>
    registry.request('/packages', archiveBody(archiveOf(entries)));

  for (const [index, version] of ['1.0.0+b', '1.0.0'].entries()) {
    test(`build metadata does not make ${version} another version than 1.0.0+a ${on}`, async t => {
      const name = `@bank/metadata-${index}`;
      const first = await registry.publish({ ...manifestOf(name), version: '1.0.0+a' });
      const { bytes } = await packTest({ ...manifestOf(name), version });
      const taken = await registry.request('/packages', archiveBody(bytes));
      t.is(taken.status, 409);
      t.like(await problemOf(taken), { code: 'ECONFLICT', identical: false });
      t.like(await (await registry.request(`/packages/${name}/1.0.0+a`)).json(), {
        dist: { integrity: first.integrity },
      });
      await registry.request(`/packages/${name}/1.0.0+a`, { method: 'DELETE' });
      t.is((await registry.request('/packages', archiveBody(bytes))).status, 409);
    });
  }

  test(`a tag named as a member of every object is a tag like any other ${on}`, async t => {
    await registry.publish(manifestOf('@bank/members'));
    for (const tag of ['constructor', 'toString', 'valueOf', 'hasOwnProperty']) {
      const path = `/packages/@bank/members/dist-tags/${tag}`;
      t.is((await registry.request(`/packages/@bank/members/${tag}`)).status, 404, tag);
      t.is((await registry.request(path, { method: 'DELETE' })).status, 404, tag);
      t.is((await registry.request(path, jsonBody('PUT', { version: '1.0.0' }))).status, 200, tag);
      t.is((await registry.request(`/packages/@bank/members/${tag}`)).status, 200, tag);
      t.is((await registry.request(path, { method: 'DELETE' })).status, 204, tag);
    }
  });

  test(`a tag named __proto__ is refused wherever it stands ${on}`, async t => {
    const name = '@bank/prototype';
    await registry.publish(manifestOf(name));
    const path = `/packages/${name}`;
    const body = (text: string) => ({ ...jsonBody('PUT', null), body: text });
    const { bytes } = await packTest(manifestOf(name, '1.1.0'));
    for (const [address, init] of [
      [path, body('{"distTags": {"__proto__": "1.0.0"}}')],
      [path, body('{"yanked": {"1.0.0": true}, "__proto__": {"access": "private"}}')],
      [`${path}/dist-tags/__proto__`, jsonBody('PUT', { version: '1.0.0' })],
      [`${path}/__proto__`, {}],
      ['/packages?tag=__proto__', archiveBody(bytes)],
    ] as const) {
      t.is((await registry.request(address, init)).status, 400, address);
    }
    t.deepEqual(await (await registry.request(`${path}/dist-tags`)).json(), { latest: '1.0.0' });
  });

  for (const value of ['file:../style', 'file:style.tgz', 'https://example.com/style.tgz']) {
    test(`a package that depends on ${value} is refused ${on}`, async t => {
      const manifest = { ...manifestOf('@bank/local'), dependencies: { '@bank/style': value } };
      const answer = await upload({ 'package/prompd.json': JSON.stringify(manifest, null, 2) });
      t.is(answer.status, 422);
      const { code, problems } = await problemOf(answer);
      t.is(code, 'EMANIFEST');
      t.like(problems?.[0], { code: 'EPUBLISHDEP', file: 'prompd.json', line: 6 });
      t.regex(problems?.[0]?.hint ?? '', /@bank\/style/);
    });
  }

  for (const expiresAt of [
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+23:59',
    '2001-01-01T00:00:00Z',
    '9999-12-31T23:59:59-14:00',
  ]) {
    test(`a token that ends at ${expiresAt} is refused, and breaks nothing ${on}`, async t => {
      const answer = await registry.request(
        '/tokens',
        jsonBody('POST', { name: 'never', scopes: ['read'], expiresAt }),
      );
      t.is(answer.status, 400);
      t.is((await problemOf(answer)).code, 'EUSAGE');
    });
  }

  test(`one request cannot hold a package with thousands of changes ${on}`, async t => {
    await registry.publish(manifestOf('@bank/held'));
    const tags = (count: number) => ({
      distTags: Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, '1.0.0'])),
    });
    t.is((await registry.request('/packages/@bank/held', jsonBody('PUT', tags(5_000)))).status, 400);
    t.is((await registry.request('/packages/@bank/held', jsonBody('PUT', tags(100)))).status, 200);
  });

  test(`a manifest that is not UTF-8 is refused, as no client could read it ${on}`, async t => {
    const manifest = Buffer.concat([
      Buffer.from('{"name": "@bank/latin", "version": "1.0.0", "description": "caf'),
      Buffer.from([0xe9]),
      Buffer.from('"}'),
    ]);
    const answer = await registry.request(
      '/packages',
      archiveBody(archiveOf({ 'package/prompd.json': manifest })),
    );
    t.is(answer.status, 422);
    t.regex((await problemOf(answer)).detail, /not UTF-8/);
  });

  test(`a manifest that is nested too deeply is refused, and the registry lives on ${on}`, async t => {
    const nested = `{"name": "@bank/deep", "version": "1.0.0", "x": ${'['.repeat(2_000)}${']'.repeat(2_000)}}`;
    t.is((await upload({ 'package/prompd.json': nested })).status, 422);
    t.is((await registry.request('/readyz')).status, 200);
  });

  const same = { name: '@bank/npm', version: '1.0.0' };
  const npm = (members: object) => JSON.stringify({ ...same, ...members });
  const lies: readonly [what: string, file: string, content: string, detail: RegExp][] = [
    ['a script at installation', 'package.json', npm({ scripts: { postinstall: 'x' } }), /postinstall/],
    ['dependencies of its own', 'package.json', npm({ dependencies: { evil: '*' } }), /dependencies/],
    ['another name', 'package.json', npm({ name: '@bank/other' }), /another package/],
    ['a list for a package.json', 'package.json', '[]', /npm can read/],
    ['a build', 'binding.gyp', '{}', /npm would build/],
  ];
  for (const [what, file, content, detail] of lies) {
    test(`an archive that shows npm ${what} is refused ${on}`, async t => {
      const answer = await upload({
        'package/prompd.json': JSON.stringify(same),
        [`package/${file}`]: content,
      });
      t.is(answer.status, 422);
      t.regex((await problemOf(answer)).detail, detail);
    });
  }
}

test('an upload that is refused half-way does not hold up the next request on its connection', async t => {
  const registry = await startTestRegistry(t, { limits: { archiveBytes: 1_000 } });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.teardown(() => agent.destroy());
  const ask = (method: string, path: string, body?: Buffer) =>
    new Promise<number | undefined>((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${registry.adminToken}`,
        ...(body ? { 'content-type': 'application/gzip', 'transfer-encoding': 'chunked' } : {}),
      };
      const call = send(`${registry.url}${path}`, { method, agent, headers }, answer => {
        answer.resume().once('end', () => resolve(answer.statusCode));
      });
      call.setTimeout(10_000, () => call.destroy(new Error('no answer')));
      call.once('error', reject).end(body);
    });
  t.is(await ask('POST', '/packages', Buffer.alloc(2_000_000)), 413);
  t.is(await ask('GET', '/healthz'), 200);
});
