import { writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { integrityOf } from '#prompd/core/integrity.js';
import { parsePackageName } from '#prompd/core/name.js';
import type { VersionMetadata } from '#prompd/core/packument.js';
import { parseVersion } from '#prompd/core/version.js';
import {
  type ArchiveSource,
  fetchArchiveFile,
  fetchFromRegistry,
  fetchRemoteArchive,
} from '#prompd/fetch/index.js';
import { directConnections } from '#prompd/registry/connections.js';
import { type Teardown, tempDir } from '../support/temp.js';

const bytes = Buffer.from('archive');
const wanted = {
  name: parsePackageName('@acme/a'),
  version: parseVersion('1.0.0'),
  integrity: integrityOf(bytes),
  metadata: undefined,
};
const listed = (tarball: string): VersionMetadata => ({
  ...wanted,
  dist: { tarball, integrity: wanted.integrity },
});
const absent = () => new PrompdError('ENOTFOUND', 'there is none');

/** A registry that has the archive only at one address. */
function source(address: string | undefined, metadata: VersionMetadata | undefined) {
  const asked: (string | undefined)[] = [];
  const registry: ArchiveSource = {
    async archive({ dist }) {
      asked.push(dist.tarball);
      if (dist.tarball !== address) throw absent();
      return bytes;
    },
    metadata: async () => metadata,
  };
  return { asked, registry };
}

test('a locked archive is taken from where its registry keeps archives, without asking for the address', async t => {
  const { asked, registry } = source(undefined, listed('https://cdn.example.com/a.tgz'));
  t.is(await fetchFromRegistry(registry, wanted, 100), bytes);
  t.deepEqual(asked, [undefined]);
});

test('a locked archive that is not there is taken from the address that the registry names', async t => {
  const address = 'https://cdn.example.com/a.tgz';
  const { asked, registry } = source(address, listed(address));
  t.is(await fetchFromRegistry(registry, wanted, 100), bytes);
  t.deepEqual(asked, [undefined, address]);
});

for (const code of ['EBADRESPONSE', 'EFORBIDDEN'] as const) {
  test(`where nothing is kept by convention but ${code}, the registry is asked for the address`, async t => {
    const address = 'https://registry.example.com/-/@acme/a-1.0.0.tgz';
    const { registry } = source(address, listed(address));
    const guarded: ArchiveSource = {
      ...registry,
      archive: async (metadata, maxBytes) => {
        if (metadata.dist.tarball === undefined) throw new PrompdError(code, 'not here');
        return registry.archive(metadata, maxBytes);
      },
    };
    t.is(await fetchFromRegistry(guarded, wanted, 100), bytes);
    const unlisted = { ...guarded, metadata: async () => undefined };
    await t.throwsAsync(fetchFromRegistry(unlisted, wanted, 100), { code });
    const told = { ...wanted, metadata: { ...wanted, dist: {} } };
    await t.throwsAsync(fetchFromRegistry(guarded, told, 100), { code });
  });
}

test('a version that the registry no longer has is ENOVERSION', async t => {
  const { registry } = source('elsewhere', undefined);
  await t.throwsAsync(fetchFromRegistry(registry, wanted, 100), { code: 'ENOVERSION' });
});

test('a registry out of reach is never "not found"', async t => {
  const registry: ArchiveSource = {
    archive: async () => {
      throw new PrompdError('ENETWORK', 'down');
    },
    metadata: async () => undefined,
  };
  await t.throwsAsync(fetchFromRegistry(registry, wanted, 100), { code: 'ENETWORK' });
});

test('an archive is read from its file, up to the limit', async t => {
  const file = path.join(tempDir(t), 'a.tgz');
  writeFileSync(file, bytes);
  t.deepEqual(await fetchArchiveFile(file, bytes.length), bytes);
  await t.throwsAsync(fetchArchiveFile(file, bytes.length - 1), { code: 'EARCHIVELIMIT' });
  await t.throwsAsync(fetchArchiveFile(`${file}.not`, 100), { code: 'ENOFILE' });
  await t.throwsAsync(fetchArchiveFile(path.dirname(file), 100), { code: 'EARCHIVE', message: /no file/ });
});

const answers: readonly [string, RequestListener, string][] = [
  ['404 is ENOFILE', (_request, response) => response.writeHead(404).end(), 'ENOFILE'],
  ['500 is ENETWORK', (_request, response) => response.writeHead(500).end(), 'ENETWORK'],
  [
    'an archive above the limit is EARCHIVELIMIT',
    (_request, response) => response.end(Buffer.alloc(5000)),
    'EARCHIVELIMIT',
  ],
  ['silence is ETIMEOUT', () => {}, 'ETIMEOUT'],
  ['a cut connection is ENETWORK', (_request, response) => response.destroy(), 'ENETWORK'],
  [
    'a redirect to plain http elsewhere is EBADSPEC',
    (_request, response) => response.writeHead(302, { location: 'http://example.com/a.tgz' }).end(),
    'EBADSPEC',
  ],
];
for (const [title, listener, code] of answers) {
  test(`from an address, ${title}`, async t => {
    const address = await serve(t, listener);
    await t.throwsAsync(fetchRemoteArchive(address, options), { code });
  });
}

test('an archive comes from an address byte for byte, also when it is a gzip', async t => {
  const address = await serve(t, (_request, response) =>
    response.writeHead(200, { 'content-type': 'application/gzip' }).end(bytes),
  );
  t.deepEqual(Buffer.from(await fetchRemoteArchive(address, options)), bytes);
});

for (const address of [
  'http://example.com/a.tgz',
  'ftp://example.com/a.tgz',
  'http://127.0.0.1.example.com/a.tgz',
]) {
  test(`${address} is never asked`, async t => {
    await t.throwsAsync(fetchRemoteArchive(address, options), { code: 'EBADSPEC' });
  });
}

const options = {
  maxBytes: 1000,
  timeoutMs: 500,
  retries: 0,
  userAgent: 'prompd/test',
  connections: directConnections(4),
};

async function serve(t: Teardown, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.tgz`;
}
