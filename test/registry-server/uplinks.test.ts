import test from 'ava';
import { integrityOf } from '#prompd/core/integrity.js';
import { openDoor } from '../support/door.js';
import {
  archiveBody,
  jsonBody,
  packTest,
  startTestRegistry,
  type TestRegistry,
} from '../support/registry.js';
import { type Teardown, tempDir } from '../support/temp.js';
import { archiveBytes, clock, logOf, membersOf, startMirror, uplink } from './mirror-scene.js';

const MINUTE = 60_000;
const undo: Array<() => void | Promise<void>> = [];
const scope: Teardown = { teardown: step => undo.unshift(step) };
const upstream = await startTestRegistry(scope);
const [door, flaky, liar] = await Promise.all([
  openDoor(scope, upstream.url),
  openDoor(scope, upstream.url),
  openDoor(scope, upstream.url),
]);
const time = clock();
const log = logOf();
const uplinks = [
  uplink(door.url, { packages: ['@common', '@local', '@nothing/*'] }),
  uplink(flaky.url, { name: 'flaky', packages: ['@flaky'], ttlMs: MINUTE }),
  uplink(liar.url, { name: 'liar', packages: ['@liar'], ttlMs: MINUTE }),
  uplink(upstream.url, { name: 'closed', packages: ['@closed'], access: 'private' }),
  uplink(upstream.url, { name: 'all', packages: ['@flaky', '@nothing', '@all'] }),
];
const options = { token: upstream.adminToken, now: time.now, logger: log.logger };
const dataDir = tempDir(scope);
const mirror = await startMirror(scope, uplinks, { ...options, dataDir });
test.after.always('the registries stop', async () => {
  for (const step of undo) await step();
});

const packument = async (name: string) => membersOf(await (await mirror.request(`/packages/${name}`)).json());

test.serial(
  'a package is given with its versions, tags and archive, one request for many clients',
  async t => {
    const old = await upstream.publish({ name: '@common/tone', version: '1.0.0' });
    const { integrity } = await upstream.publish(
      { name: '@common/tone', version: '1.1.0', description: 'Friendly words', keywords: ['tone'] },
      { 'README.md': '# Tone' },
    );
    door.paths.length = 0;
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => mirror.request('/packages/@common/tone', { token: null })),
    );
    for (const answer of answers) {
      t.is(answer.headers.get('prompd-mirror'), 'fresh;uplink="common";age=0');
      t.like(await answer.json(), {
        name: '@common/tone',
        description: 'Friendly words',
        readme: '# Tone',
        'dist-tags': { latest: '1.1.0' },
        versions: {
          '1.0.0': {
            dist: {
              integrity: old.integrity,
              tarball: `${mirror.url}/packages/@common/tone/-/tone-1.0.0.tgz`,
            },
          },
          '1.1.0': { dist: { integrity } },
        },
      });
    }
    const archives = await Promise.all(
      Array.from({ length: 8 }, () => archiveBytes(mirror, '@common/tone', '1.0.0')),
    );
    for (const bytes of archives) t.is(integrityOf(bytes), old.integrity);
    // The archive of the latest version came with the package: it shows that it is one of prompts.
    t.deepEqual(door.paths, [
      '/packages/@common/tone',
      '/packages/@common/tone/-/tone-1.1.0.tgz',
      '/packages/@common/tone/-/tone-1.0.0.tgz',
    ]);
    t.is(integrityOf(await archiveBytes(mirror, '@common/tone', '1.1.0')), integrity);
    t.is(door.paths.length, 3);
  },
);

test.serial('one version is given with its manifest and README', async t => {
  await upstream.publish({ name: '@common/one', version: '1.0.0' }, { 'README.md': '# Old' });
  await upstream.publish({ name: '@common/one', version: '2.0.0' });
  const answer = await mirror.request('/packages/@common/one/1.0.0');
  t.like(await answer.json(), {
    readme: '# Old',
    publishedBy: 'uplink common',
    manifest: { version: '1.0.0' },
  });
});

test.serial('search finds mirrored packages and says so; downloads are counted here', async t => {
  const hits = membersOf(await (await mirror.request('/packages?q=tone')).json());
  t.like(hits, { total: 1, packages: [{ name: '@common/tone', uplink: 'common' }] });
});

test.serial('what is older than the ttl is asked again: versions, tags and deprecations follow', async t => {
  const name = '@common/moving';
  await upstream.publish({ name, version: '1.0.0' });
  t.like(await packument(name), { 'dist-tags': { latest: '1.0.0' } });
  await upstream.publish({ name, version: '2.0.0' });
  const changes = { deprecated: { '1.0.0': 'Use 2.' }, distTags: { next: '2.0.0' } };
  await upstream.request(`/packages/${name}`, jsonBody('PUT', changes));
  t.deepEqual(Object.keys(Object((await packument(name))['versions'])), ['1.0.0']);
  time.pass(6 * MINUTE);
  const after = await packument(name);
  t.like(after, { 'dist-tags': { latest: '2.0.0', next: '2.0.0' } });
  t.like(after['versions'], { '1.0.0': { deprecated: 'Use 2.' } });
});

test.serial('what is gone at the uplink is chosen no more, and stays for those who locked it', async t => {
  const name = '@common/leaving';
  const { integrity } = await upstream.publish({ name, version: '1.0.0' });
  await packument(name);
  await upstream.request(`/packages/${name}`, { method: 'DELETE' });
  time.pass(6 * MINUTE);
  t.like(await packument(name), { versions: { '1.0.0': { yanked: true } } });
  t.is(integrityOf(await archiveBytes(mirror, name, '1.0.0')), integrity);
});

test.serial(
  'while the uplink is down what is known is served, marked stale, and fresh afterwards',
  async t => {
    const name = '@flaky/tone';
    await upstream.publish({ name, version: '1.0.0' });
    await packument(name);
    flaky.shut(true);
    time.pass(5 * MINUTE);
    const stale = await mirror.request(`/packages/${name}`);
    t.is(stale.status, 200);
    t.is(stale.headers.get('prompd-mirror'), 'stale;uplink="flaky";age=300');
    t.is(integrityOf(await archiveBytes(mirror, name, '1.0.0')).slice(0, 7), 'sha512-');
    // Another uplink has the name too, and an error is no reason to ask it.
    const unknown = await mirror.request('/packages/@flaky/unknown');
    t.is(unknown.status, 502);
    t.like(await unknown.json(), { code: 'EUPSTREAM', facts: { uplink: 'flaky', reason: 'ENETWORK' } });
    t.like(await (await mirror.request('/readyz')).json(), { status: 'ok', uplinks: { flaky: 'down' } });
    flaky.shut(false);
    time.pass(MINUTE);
    const again = await mirror.request(`/packages/${name}`);
    t.is(again.headers.get('prompd-mirror'), 'fresh;uplink="flaky";age=0');
  },
);

test.serial('a slow uplink is not waited for by those who can be given what is known', async t => {
  const name = '@flaky/slow';
  await upstream.publish({ name, version: '1.0.0' });
  await packument(name);
  flaky.interfere(() => true);
  time.pass(5 * MINUTE);
  const answer = await mirror.request(`/packages/${name}`);
  t.is(answer.headers.get('prompd-mirror'), 'stale;uplink="flaky";age=300');
  flaky.interfere(undefined);
  time.pass(5 * MINUTE);
});

for (const status of [401, 403, 404, 500, 503]) {
  test.serial(
    `an uplink that answers ${status} without saying that there is no such package is an error`,
    async t => {
      flaky.interfere((_request, response) => {
        response.writeHead(status, { 'content-type': 'text/html' }).end('<p>no</p>');
        return true;
      });
      time.pass(MINUTE);
      const answer = await mirror.request(`/packages/@flaky/refused-${status}`);
      flaky.interfere(undefined);
      t.is(answer.status, 502);
    },
  );
}

test.serial(
  'only the uplink says that there is no such package, and is believed for a short while',
  async t => {
    t.is((await mirror.request('/packages/@common/late')).status, 404);
    await upstream.publish({ name: '@common/late', version: '1.0.0' });
    t.is((await mirror.request('/packages/@common/late')).status, 404);
    time.pass(MINUTE);
    t.is((await mirror.request('/packages/@common/late')).status, 200);
  },
);

test.serial('the first uplink with a pattern owns a name, whatever another one has', async t => {
  await upstream.publish({ name: '@nothing/here', version: '1.0.0' });
  door.interfere((_request, response) => {
    const body = { code: 'ENOTFOUND', detail: 'There is no package.' };
    response.writeHead(404, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body));
    return true;
  });
  t.is((await mirror.request('/packages/@nothing/here')).status, 404);
  door.interfere(undefined);
  t.is((await mirror.request('/packages/@other/name')).status, 404);
});

test.serial('what takes a token at the uplink takes one here, and is not asked for without', async t => {
  const name = '@closed/secret';
  await upstream.publish({ name, version: '1.0.0' }, {}, '?access=private');
  t.is((await mirror.request(`/packages/${name}`, { token: null })).status, 404);
  t.is((await mirror.request(`/packages/${name}`, { token: await mirror.token('read') })).status, 200);
  t.is((await mirror.request(`/packages/${name}`, { token: null })).status, 404);
  t.is((await mirror.request(`/packages/${name}/-/secret-1.0.0.tgz`, { token: null })).status, 404);
  t.like(await (await mirror.request('/packages?q=secret', { token: null })).json(), { total: 0 });
});

test.serial('a name that this registry has, even deleted or private, is never looked up', async t => {
  for (const name of ['@local/mine', '@local/deleted', '@local/secret']) {
    await upstream.publish({ name, version: '9.0.0' });
    await mirror.publish({ name, version: '1.0.0' }, {}, name.endsWith('secret') ? '?access=private' : '');
  }
  await mirror.request('/packages/@local/deleted/1.0.0', { method: 'DELETE' });
  door.paths.length = 0;
  t.like(await packument('@local/mine'), { 'dist-tags': { latest: '1.0.0' } });
  t.is((await mirror.request('/packages/@local/deleted')).status, 404);
  t.is((await mirror.request('/packages/@local/secret', { token: null })).status, 404);
  t.like(await packument('@local/secret'), { 'dist-tags': { latest: '1.0.0' } });
  t.deepEqual(door.paths, []);
});

test.serial(
  'a mirrored name takes no publication, tag, owner or deletion, from an admin neither',
  async t => {
    const attempts: [string, RequestInit][] = [
      ['', jsonBody('PUT', { access: 'private' })],
      ['/dist-tags/next', jsonBody('PUT', { version: '1.0.0' })],
      ['/1.0.0', { method: 'DELETE' }],
      ['', { method: 'DELETE' }],
      ['/owners/test', { method: 'PUT' }],
    ];
    for (const [path, init] of attempts) {
      const answer = await mirror.request(`/packages/@common/tone${path}`, init);
      t.is(answer.status, 403, path);
      t.like(await answer.json(), { code: 'EFORBIDDEN', facts: { uplink: 'common' } });
    }
    const error = await t.throwsAsync(mirror.publish({ name: '@common/tone', version: '3.0.0' }));
    t.regex(error?.message ?? '', /403 .*mirrored from the uplink \\"common\\".*\\"local\\"/);
  },
);

test.serial(
  'names that the operator keeps local leave the mirror, and are claimed by publishing',
  async t => {
    const name = '@common/claimed';
    await upstream.publish({ name, version: '1.0.0' });
    const fetched = await upstream.publish({ name, version: '1.1.0' });
    await packument(name);
    await mirror.close();
    const again = await startMirror(t, uplinks, { ...options, dataDir }, ['@common']);
    t.is((await again.request(`/packages/${name}`)).status, 404);
    t.like(await (await again.request('/packages?q=tone')).json(), {
      total: 1,
      packages: [{ name: '@flaky/tone' }],
    });
    // What is still mirrored keeps the signatures of the registry that it comes from, also over a start of this one.
    const signatures = async (registry: TestRegistry) => {
      const found = membersOf(await (await registry.request('/packages/@flaky/tone')).json());
      return Object(found['versions'])['1.0.0'].dist.signatures;
    };
    t.deepEqual(await signatures(again), await signatures(upstream));
    const publish = async (version: string) => {
      const { bytes } = await packTest({ name, version }, { 'README.md': 'ours' });
      return again.request('/packages', archiveBody(bytes));
    };
    // 1.1.0 was fetched, 1.0.0 was only listed: neither number ever means other bytes.
    for (const version of ['1.0.0', '1.1.0']) t.is((await publish(version)).status, 409, version);
    t.is((await publish('2.0.0')).status, 201);
    const claimed = membersOf(await (await again.request(`/packages/${name}`)).json());
    t.deepEqual(Object.keys(Object(claimed['versions'])), ['1.1.0', '2.0.0']);
    t.is(integrityOf(await archiveBytes(again, name, '1.1.0')), fetched.integrity);
  },
);
