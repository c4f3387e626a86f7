import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { integrityOf } from '#prompd/core/integrity.js';
import type { PackedPackage } from '#prompd/tarball/pack-tree.js';
import { hostileServer, json } from '../registry/hostile-server.js';
import { packTest } from '../support/registry.js';
import type { Teardown } from '../support/temp.js';
import { clock, logOf, membersOf, startMirror, uplink } from './mirror-scene.js';

const MINUTE = 60_000;
const undo: Array<() => void | Promise<void>> = [];
const scope: Teardown = { teardown: step => undo.unshift(step) };
/** What the uplink has, by path: a document, or the bytes of an archive. */
const served = new Map<string, object | Uint8Array>();
const liar = await hostileServer(scope, (request, response) => {
  const found = served.get(decodeURIComponent(request.url ?? ''));
  if (found === undefined) json(response, { code: 'ENOTFOUND', detail: 'There is none.' }, 404);
  else if (found instanceof Uint8Array) response.end(found);
  else json(response, found);
});
const time = clock();
const log = logOf();
const mirror = await startMirror(scope, [uplink(liar.url, { packages: ['@liar'], ttlMs: MINUTE })], {
  now: time.now,
  logger: log.logger,
});
test.after.always('the servers stop', async () => {
  for (const step of undo) await step();
});

interface Entry {
  readonly packed: PackedPackage;
  readonly integrity?: string;
  readonly dependencies?: Record<string, string>;
  readonly tarball?: string;
}

/** Has the uplink list versions of a package; the archives are there when they are not taken away. */
function list(name: string, entries: Record<string, Entry>, latest: string): void {
  const base = name.slice(name.indexOf('/') + 1);
  const versions = Object.entries(entries).map(([version, { packed, integrity, dependencies, tarball }]) => {
    served.set(`/packages/${name}/-/${base}-${version}.tgz`, packed.bytes);
    const dist = { integrity: integrity ?? packed.integrity, ...(tarball === undefined ? {} : { tarball }) };
    return [version, { name, version, ...(dependencies ? { dependencies } : {}), dist }];
  });
  served.set(`/packages/${name}`, {
    name,
    'dist-tags': { latest },
    versions: Object.fromEntries(versions),
  });
}

const files = () =>
  ['blobs', 'uploads'].flatMap(folder =>
    readdirSync(join(mirror.dataDir, folder), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(({ name }) => name),
  );

const status = async (path: string) => (await mirror.request(`/packages/${path}`)).status;

test.serial('an archive with another hash than named is not stored, and is an incident', async t => {
  const packed = await packTest({ name: '@liar/hash', version: '1.0.0' });
  const other = await packTest({ name: '@liar/hash', version: '1.0.0' }, { 'README.md': 'other' });
  list('@liar/hash', { '1.0.0': { packed: other, integrity: packed.integrity } }, '1.0.0');
  const before = files();
  const answer = await mirror.request('/packages/@liar/hash');
  t.is(answer.status, 502);
  t.like(await answer.json(), { facts: { uplink: 'common', reason: 'EINTEGRITY' } });
  t.deepEqual(files(), before);
  t.true(log.lines.some(line => membersOf(line)['incident'] === 'wrong-integrity'));
});

test.serial('an archive of another name, version or dependencies than listed is not mirrored', async t => {
  const cases: [string, PackedPackage, Record<string, string>?][] = [
    ['@liar/name', await packTest({ name: '@liar/another', version: '1.0.0' })],
    ['@liar/version', await packTest({ name: '@liar/version', version: '6.6.6' })],
    [
      '@liar/needs',
      await packTest({ name: '@liar/needs', version: '1.0.0', dependencies: { '@liar/x': '1' } }),
      {},
    ],
  ];
  const before = files();
  for (const [name, packed, dependencies] of cases) {
    list(name, { '1.0.0': { packed, ...(dependencies ? { dependencies } : {}) } }, '1.0.0');
    t.is(await status(name), 404, name);
  }
  t.deepEqual(files(), before);
});

test.serial('a document about another package is refused', async t => {
  const packed = await packTest({ name: '@liar/truth', version: '1.0.0' });
  list('@liar/truth', { '1.0.0': { packed } }, '1.0.0');
  served.set('/packages/@liar/other', served.get('/packages/@liar/truth') ?? {});
  t.is(await status('@liar/other'), 502);
});

test.serial('a version never changes: another hash for it is refused, logged, and ours stays', async t => {
  const first = await packTest({ name: '@liar/changing', version: '1.0.0' });
  const second = await packTest({ name: '@liar/changing', version: '1.0.0' }, { 'README.md': 'changed' });
  const next = await packTest({ name: '@liar/changing', version: '1.1.0' });
  list('@liar/changing', { '1.0.0': { packed: first } }, '1.0.0');
  t.is(await status('@liar/changing'), 200);
  list('@liar/changing', { '1.0.0': { packed: second }, '1.1.0': { packed: next } }, '1.1.0');
  time.pass(2 * MINUTE);
  const document = membersOf(await (await mirror.request('/packages/@liar/changing')).json());
  t.like(document['versions'], {
    '1.0.0': { dist: { integrity: first.integrity } },
    '1.1.0': { version: '1.1.0' },
  });
  const archive = await mirror.request('/packages/@liar/changing/-/changing-1.0.0.tgz');
  t.is(integrityOf(new Uint8Array(await archive.arrayBuffer())), first.integrity);
  t.true(
    log.lines.some(line => {
      const { incident, version, known, found } = membersOf(line);
      return (
        incident === 'changed-version' &&
        version === '1.0.0' &&
        known === first.integrity &&
        found === second.integrity
      );
    }),
  );
});

test.serial('naming the hash of a private archive does not give it away', async t => {
  const secret = await mirror.publish({ name: '@bank/secret', version: '1.0.0' }, {}, '?access=private');
  const packed = await packTest({ name: '@liar/thief', version: '1.0.0' });
  const bait = await packTest({ name: '@liar/thief', version: '0.9.0' });
  list(
    '@liar/thief',
    { '0.9.0': { packed: bait, integrity: secret.integrity }, '1.0.0': { packed } },
    '1.0.0',
  );
  t.is(await status('@liar/thief'), 200);
  const stolen = await mirror.request('/packages/@liar/thief/-/thief-0.9.0.tgz', { token: null });
  t.is(stolen.status, 502);
  const batch = await mirror.request('/-/tarballs', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ packages: ['@liar/thief@0.9.0'] }),
    token: null,
  });
  t.false(Buffer.from(await batch.arrayBuffer()).includes(Buffer.from(secret.bytes.subarray(0, 64))));
  // Even the bytes themselves, given by the uplink, are of another package.
  served.set('/packages/@liar/thief/-/thief-0.9.0.tgz', secret.bytes);
  time.pass(MINUTE);
  t.is((await mirror.request('/packages/@liar/thief/-/thief-0.9.0.tgz', { token: null })).status, 502);
});

test.serial('what an uplink says of what it has not, and where it is, is told to nobody', async t => {
  const packed = await packTest({ name: '@liar/gone', version: '1.0.0' });
  const old = await packTest({ name: '@liar/gone', version: '0.9.0' });
  list('@liar/gone', { '1.0.0': { packed }, '0.9.0': { packed: old } }, '1.0.0');
  served.delete('/packages/@liar/gone/-/gone-0.9.0.tgz');
  t.is(await status('@liar/gone'), 200);
  const answer = await mirror.request('/packages/@liar/gone/-/gone-0.9.0.tgz', { token: null });
  const told = await answer.text();
  t.is(answer.status, 404);
  t.false(told.includes(new URL(liar.url).host) || told.includes('There is none'), told);
  t.regex(told, /common/);
});

test.serial('what the database cannot keep of a version is left out, and stops nothing', async t => {
  const packed = await packTest({ name: '@liar/odd', version: '1.0.0' });
  list('@liar/odd', { '1.0.0': { packed, tarball: 'http://x/\u0000.tgz' } }, '1.0.0');
  const document = served.get('/packages/@liar/odd');
  const { versions } = document as { versions: Record<string, { dist: object }> };
  Object.assign(versions['1.0.0']?.dist ?? {}, { signatures: [{ keyid: 'a\u0000', sig: 'b' }] });
  served.set('/packages/@liar/odd', { ...document, time: { '1.0.0': '-200000-01-01T00:00:00.000Z' } });
  t.is(await status('@liar/odd'), 200);
});

test.serial('archives are not fetched from hosts that the operator did not name', async t => {
  const elsewhere = await hostileServer(t, (_request, response) => response.end('x'));
  const packed = await packTest({ name: '@liar/elsewhere', version: '1.0.0' });
  list('@liar/elsewhere', { '1.0.0': { packed, tarball: `${elsewhere.url}internal` } }, '1.0.0');
  t.is(await status('@liar/elsewhere'), 502);
  t.is(elsewhere.requests.length, 0);
});

test.serial(
  'a redirect to another host is followed for archives and documents only where the operator named it',
  async t => {
    const packed = await packTest({ name: '@far/archive', version: '1.0.0' });
    const elsewhere = await hostileServer(t, (_request, response) => response.end(packed.bytes));
    const far = new URL(elsewhere.url).host;
    const uplinked = await hostileServer(t, (request, response) => {
      if (decodeURIComponent(request.url ?? '') === '/packages/@far/archive') {
        const dist = { integrity: packed.integrity };
        const version = { name: '@far/archive', version: '1.0.0', dist };
        json(response, {
          name: '@far/archive',
          'dist-tags': { latest: '1.0.0' },
          versions: { '1.0.0': version },
        });
      } else response.writeHead(302, { location: `${elsewhere.url}${request.url}` }).end();
    });
    const asked = async (archiveHosts: string[]) => {
      const server = await startMirror(t, [uplink(uplinked.url, { archiveHosts })], { logger: log.logger });
      return (name: string) => server.request(`/packages/@far/${name}`).then(answer => answer.status);
    };
    const strict = await asked([]);
    t.deepEqual([await strict('archive'), await strict('document')], [502, 502]);
    t.is(elsewhere.requests.length, 0);
    t.is(await (await asked([far]))('archive'), 200);
  },
);

test.serial('what is no package of prompts is not mirrored', async t => {
  served.set('/packages/@liar/plain/-/plain-1.0.0.tgz', Buffer.from('not an archive'));
  const integrity = integrityOf(Buffer.from('not an archive'));
  served.set('/packages/@liar/plain', {
    name: '@liar/plain',
    'dist-tags': { latest: '1.0.0' },
    versions: { '1.0.0': { name: '@liar/plain', version: '1.0.0', dist: { integrity } } },
  });
  const answer = await mirror.request('/packages/@liar/plain');
  t.is(answer.status, 404);
  t.regex(String(membersOf(await answer.json())['detail']), /no package of prompts/);
  // The name is not taken by that.
  await t.notThrowsAsync(mirror.publish({ name: '@liar/plain', version: '0.1.0' }));
});

test.serial(
  'a version whose archive turns out to be no package of prompts is hidden from then on',
  async t => {
    const packed = await packTest({ name: '@liar/mixed', version: '1.0.0' });
    const plain = {
      ...packed,
      bytes: Buffer.from('no archive'),
      integrity: integrityOf(Buffer.from('no archive')),
    };
    list('@liar/mixed', { '0.9.0': { packed: plain }, '1.0.0': { packed } }, '1.0.0');
    const versions = async () => {
      const answer = await mirror.request('/packages/@liar/mixed');
      return Object.keys(Object(membersOf(await answer.json())['versions']));
    };
    t.deepEqual(await versions(), ['0.9.0', '1.0.0']);
    t.is(await status('@liar/mixed/-/mixed-0.9.0.tgz'), 502);
    t.deepEqual(await versions(), ['1.0.0']);
    time.pass(2 * MINUTE);
    t.deepEqual(await versions(), ['1.0.0']);
  },
);
