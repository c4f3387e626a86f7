import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { integrityOf } from '#prompd/core/integrity.js';
import * as answers from '#server/routes/answers.js';
import { archiveBody, packTest } from '../support/registry.js';
import { testRegistries } from './databases.js';
import { archiveOf } from './raw-archive.js';

const manifestOf = (name: string, version = '1.0.0') => ({
  name,
  version,
  description: 'Summarises a customer file.',
});
const whole = await packTest(manifestOf('@bank/cut'));

for (const { name: database, registry } of await testRegistries(test)) {
  const on = `(${database})`;
  const versionOf = async (path: string) =>
    answers.versionDetails.parse(await (await registry.request(path)).json());
  const tagsOf = async (name: string) => (await registry.request(`/packages/${name}/dist-tags`)).json();

  test(`a published archive is served byte for byte ${on}`, async t => {
    const packed = await packTest(manifestOf('@bank/bytes'), { 'README.md': '# KYC' });
    const receipt = await registry.request(
      '/packages',
      archiveBody(packed.bytes, { integrity: packed.integrity }),
    );
    t.is(receipt.status, 201);
    t.deepEqual(await receipt.json(), {
      name: '@bank/bytes',
      version: '1.0.0',
      integrity: packed.integrity,
      tag: 'latest',
      status: 'published',
    });
    const path = '/packages/@bank/bytes/-/bytes-1.0.0.tgz';
    const archive = await registry.request(path, { token: null });
    t.is(archive.headers.get('content-length'), String(packed.bytes.length));
    t.is(archive.headers.get('etag'), `"${packed.integrity}"`);
    t.is(archive.headers.get('cache-control'), 'public, max-age=31536000, immutable');
    t.is(integrityOf(new Uint8Array(await archive.arrayBuffer())), packed.integrity);
    const known = await registry.request(path, { headers: { 'if-none-match': `"${packed.integrity}"` } });
    t.is(known.status, 304);
    const head = await registry.request(path, { method: 'HEAD' });
    t.is(head.headers.get('content-length'), String(packed.bytes.length));
  });

  test(`of fifty that publish one version at once exactly one wins ${on}`, async t => {
    const archives = await Promise.all(
      Array.from({ length: 50 }, (_, client) =>
        packTest(manifestOf('@bank/raced'), { 'README.md': `Client ${client}` }),
      ),
    );
    const all = await Promise.all(
      archives.map(({ bytes }) => registry.request('/packages', archiveBody(bytes))),
    );
    const winner = all.findIndex(({ status }) => status === 201);
    t.deepEqual(all.map(({ status }) => status).sort(), [201, ...Array.from({ length: 49 }, () => 409)]);
    const { dist } = await versionOf('/packages/@bank/raced/1.0.0');
    t.is(dist.integrity, archives[winner]?.integrity ?? '');
    for (const answer of all.filter(({ status }) => status === 409)) {
      t.like(await answer.json(), { code: 'ECONFLICT', identical: false });
    }
  });

  test(`different versions of a new package published at once all arrive ${on}`, async t => {
    const versions = Array.from({ length: 20 }, (_, minor) => `1.${minor}.0`);
    const archives = await Promise.all(versions.map(version => packTest(manifestOf('@bank/many', version))));
    const all = await Promise.all(
      archives.map(({ bytes }) => registry.request('/packages', archiveBody(bytes))),
    );
    t.true(all.every(({ status }) => status === 201));
    const packument = answers.packument.parse(await (await registry.request('/packages/@bank/many')).json());
    t.deepEqual(Object.keys(packument.versions).sort(), [...versions].sort());
  });

  test(`the same bytes again are a conflict that says so ${on}`, async t => {
    const packed = await registry.publish(manifestOf('@bank/again'));
    const again = await registry.request('/packages', archiveBody(packed.bytes));
    t.is(again.status, 409);
    t.like(await again.json(), { code: 'ECONFLICT', identical: true, facts: { deleted: false } });
  });

  test(`a deleted version is never published again, not even with the same bytes ${on}`, async t => {
    const packed = await registry.publish(manifestOf('@bank/deleted'));
    t.is((await registry.request('/packages/@bank/deleted/1.0.0', { method: 'DELETE' })).status, 204);
    t.is((await registry.request('/packages/@bank/deleted')).status, 404);
    t.is((await registry.request('/packages/@bank/deleted/1.0.0')).status, 404);
    t.is((await registry.request('/packages/@bank/deleted/-/deleted-1.0.0.tgz')).status, 404);
    const again = await registry.request('/packages', archiveBody(packed.bytes));
    t.is(again.status, 409);
    t.like(await again.json(), { code: 'ECONFLICT', identical: false, facts: { deleted: true } });
    await registry.publish(manifestOf('@bank/deleted', '1.0.1'));
    t.deepEqual(await tagsOf('@bank/deleted'), { latest: '1.0.1' });
  });

  test(`a deleted version's content is removed from the folder ${on}`, async t => {
    const { integrity } = await registry.publish(manifestOf('@bank/removed'));
    const hex = Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex');
    const folder = join(registry.dataDir, 'blobs', hex.slice(0, 2));
    t.true(readdirSync(folder).includes(hex.slice(2)));
    await registry.request('/packages/@bank/removed/1.0.0', { method: 'DELETE' });
    t.false(readdirSync(folder).includes(hex.slice(2)));
  });

  test(`a tag other than latest leaves latest where it is, except on a new package ${on}`, async t => {
    await registry.publish(manifestOf('@bank/tagged', '1.0.0-beta.1'), {}, '?tag=beta');
    t.deepEqual(await tagsOf('@bank/tagged'), { beta: '1.0.0-beta.1', latest: '1.0.0-beta.1' });
    await registry.publish(manifestOf('@bank/tagged'));
    await registry.publish(manifestOf('@bank/tagged', '1.1.0-beta.1'), {}, '?tag=beta');
    t.deepEqual(await tagsOf('@bank/tagged'), { beta: '1.1.0-beta.1', latest: '1.0.0' });
  });

  test(`bytes that do not match the integrity of the request are refused ${on}`, async t => {
    const { bytes } = await packTest(manifestOf('@bank/damaged'));
    const other = integrityOf(Buffer.from('other'));
    const answer = await registry.request('/packages', archiveBody(bytes, { integrity: other }));
    t.is(answer.status, 422);
    t.like(await answer.json(), { code: 'EINTEGRITY', facts: { expected: other } });
    t.is((await registry.request('/packages/@bank/damaged')).status, 404);
  });

  for (const [who, scope, status, code] of [
    ['nobody', undefined, 401, 'EAUTH'],
    ['a token that only reads', 'read', 403, 'EFORBIDDEN'],
  ] as const) {
    test(`${who} cannot publish ${on}`, async t => {
      const { bytes } = await packTest(manifestOf('@bank/forbidden'));
      const token = scope ? await registry.token(scope) : null;
      const answer = await registry.request('/packages', { ...archiveBody(bytes), token });
      t.is(answer.status, status);
      t.like(await answer.json(), { code });
    });
  }

  for (const [what, bytes, code] of [
    ['text that is no archive', Buffer.from('hello'), 'EARCHIVE'],
    ['an archive cut short', whole.bytes.slice(0, 60), 'EARCHIVE'],
    ['an archive with a path out of the package', archiveOf({ 'package/../../x': 'x' }), 'EARCHIVEENTRY'],
    ['an archive without prompd.json', archiveOf({ 'package/a.md': 'a' }), 'EMANIFEST'],
    ['a manifest without a version', archiveOf({ 'package/prompd.json': '{"name":"@bank/x"}' }), 'EMANIFEST'],
    [
      'a manifest with a character that no database keeps',
      archiveOf({
        'package/prompd.json': JSON.stringify({ ...manifestOf('@bank/nul'), description: 'a\0b' }),
      }),
      'EMANIFEST',
    ],
    [
      'a package.json that names another package',
      archiveOf({
        'package/prompd.json': JSON.stringify(manifestOf('@bank/two-names')),
        'package/package.json': JSON.stringify(manifestOf('@acme/two-names')),
      }),
      'EMANIFEST',
    ],
    [
      'a prompt that is not in the archive',
      archiveOf({
        'package/prompd.json': JSON.stringify({
          ...manifestOf('@bank/no-file'),
          prompts: { main: 'main.prompd' },
        }),
      }),
      'EMANIFEST',
    ],
    [
      'a prompt that uses an undeclared parameter',
      archiveOf({
        'package/prompd.json': JSON.stringify({
          ...manifestOf('@bank/unset'),
          prompts: { main: 'main.prompd' },
        }),
        'package/main.prompd': '---\nname: main\nversion: 1.0.0\n---\nHello {{ nobody }}.\n',
      }),
      'EMANIFEST',
    ],
    [
      'a record of the evidence that is not what its SHA-256 says',
      archiveOf({
        'package/prompd.json': JSON.stringify({
          ...manifestOf('@bank/record'),
          feat: { schemaVersion: '1', evidence: [{ uri: 'evidence/fair.json', sha256: 'a'.repeat(64) }] },
        }),
        'package/evidence/fair.json': '{}',
      }),
      'EMANIFEST',
    ],
    [
      'a secret in a file',
      archiveOf({
        'package/prompd.json': JSON.stringify(manifestOf('@bank/secret')),
        'package/notes.md': `-----BEGIN RSA PRIVATE KEY-----\n${'QUJD'.repeat(40)}\n-----END RSA PRIVATE KEY-----\n`,
      }),
      'EMANIFEST',
    ],
  ] as const) {
    test(`${what} is not published ${on}`, async t => {
      const answer = await registry.request('/packages', archiveBody(bytes));
      t.is(answer.status, 422);
      const { code: found, problems } = answers.problem.parse(await answer.json());
      t.is(found, code);
      if (what === 'a secret in a file') t.like(problems?.[0], { code: 'ESCAN', file: 'notes.md', line: 1 });
    });
  }

  test(`every problem of a manifest is told at once, with its place ${on}`, async t => {
    const text = '{\n  "name": "Bad Name",\n  "version": "1"\n}\n';
    const answer = await registry.request(
      '/packages',
      archiveBody(archiveOf({ 'package/prompd.json': text })),
    );
    const { problems } = answers.problem.parse(await answer.json());
    t.deepEqual(
      problems?.map(({ code, line }) => `${code} ${line}`),
      ['EBADNAME 2', 'EBADVERSION 3'],
    );
  });

  test.serial(`an archive over the limit is refused, whether its length was told or not ${on}`, async t => {
    const big = Buffer.alloc(25 * 1024 * 1024, 1);
    const told = await registry.request('/packages', archiveBody(big));
    t.is(told.status, 413);
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(big);
        controller.close();
      },
    });
    const untold = await registry.request('/packages', {
      ...archiveBody(new Uint8Array()),
      body,
      ...{ duplex: 'half' },
    });
    t.is(untold.status, 413);
    t.like(await untold.json(), { code: 'ETOOLARGE', facts: { limit: 20 * 1024 * 1024 } });
    t.deepEqual(readdirSync(join(registry.dataDir, 'uploads')), []);
  });

  for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x']) {
    test(`an archive sent as ${type} is refused ${on}`, async t => {
      const { bytes } = await packTest(manifestOf('@bank/typed'));
      const answer = await registry.request('/packages', archiveBody(bytes, { 'content-type': type }));
      t.is(answer.status, 415);
      t.like(await answer.json(), { code: 'EMEDIATYPE' });
    });
  }
}
