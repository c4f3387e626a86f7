import test from 'ava';
import { z } from 'zod';
import { parsePackageName } from '#prompd/core/name.js';
import { parsePackument } from '#prompd/core/packument.js';
import { archiveBody, jsonBody, packTest, type TestManifest } from '../support/registry.js';
import { testRegistries } from './databases.js';

for (const { name: database, registry } of await testRegistries(test)) {
  const on = `(${database})`;
  const publish = (name: string, version: string, more: Partial<TestManifest> = {}) =>
    registry.publish({ name, version, ...more });
  const post = (path: string, body: unknown, init: { token?: string | null; encoding?: string } = {}) =>
    registry.request(path, {
      ...jsonBody('POST', body),
      headers: { 'content-type': 'application/json', 'accept-encoding': init.encoding ?? 'gzip' },
      ...(init.token === undefined ? {} : { token: init.token }),
    });
  const resolve = async (body: unknown, init: { token?: string | null; encoding?: string } = {}) => {
    const answer = await post('/-/resolve', body, init);
    const lines = (await answer.text()).trimEnd().split('\n');
    const parsed = lines.map(line => JSON.parse(line));
    return {
      answer,
      lines: parsed,
      names: parsed.flatMap(({ name }) => (name === undefined ? [] : [name])).sort(),
      end: parsed.at(-1).end,
    };
  };
  const tarballs = async (packages: string[], init: { token?: string | null } = {}) =>
    framesOf(Buffer.from(await (await post('/-/tarballs', { packages }, init)).arrayBuffer()));

  test(`one request brings every packument that versions in range lead to, and no other ${on}`, async t => {
    await publish('@one/root', '1.0.0', { dependencies: { '@one/middle': '^1.0.0' } });
    await publish('@one/root', '2.0.0', { dependencies: { '@one/elsewhere': '^1.0.0' } });
    await publish('@one/middle', '1.0.0', { dependencies: { '@one/old': '*' } });
    await publish('@one/middle', '1.1.0', { dependencies: { other: 'prompd:@one/leaf@~1.0.0' } });
    await publish('@one/leaf', '1.0.0', { dependencies: { '@one/root': '^1.0.0' } });
    await publish('@one/old', '1.0.0');
    await publish('@one/elsewhere', '1.0.0');
    const { names, end, answer } = await resolve({ requirements: { '@one/root': ['^1.0.0'] } });
    t.deepEqual(names, ['@one/leaf', '@one/middle', '@one/old', '@one/root']);
    t.deepEqual(end, { packuments: 4, complete: true });
    t.is(answer.headers.get('content-type'), 'application/x-ndjson');
    t.is(answer.headers.get('content-encoding'), 'gzip');
    const both = await resolve({ requirements: { '@one/root': ['^1.0.0', 'latest'] } });
    t.true(both.names.includes('@one/elsewhere'));
  });

  test(`a packument in a batch says of versions what the one by itself says ${on}`, async t => {
    const name = parsePackageName('@one/same');
    await publish(name, '1.0.0', { description: 'Same.', engines: { prompd: '>=0.1.0' } });
    await publish(name, '1.1.0-rc.1', { dependencies: { '@one/none': '^9.0.0' } });
    await registry.request(
      '/packages/@one/same',
      jsonBody('PUT', { yanked: { '1.0.0': true }, deprecated: { '1.1.0-rc.1': 'Old.' } }),
    );
    const alone = await registry.request('/packages/@one/same');
    const plain = await resolve({ requirements: { [name]: ['*'] } }, { encoding: 'identity' });
    const { lines } = await resolve({ requirements: { [name]: ['*'] } });
    t.deepEqual(lines, plain.lines);
    t.is(lines[0].etag, alone.headers.get('etag'));
    const [short, full] = [
      parsePackument(lines[0].packument, name),
      parsePackument(await alone.json(), name),
    ];
    t.deepEqual(short.time, full.time);
    t.deepEqual(short.distTags, full.distTags);
    t.is(short.description, full.description);
    for (const [version, { dist, ...metadata }] of full.versions) {
      const { tarball: _tarball, shasum: _shasum, ...rest } = dist;
      t.deepEqual(short.versions.get(version), { ...metadata, dist: rest });
    }
  });

  test(`what the client has is only named, and what is locked is not followed ${on}`, async t => {
    await publish('@one/a', '1.0.0', { dependencies: { '@one/b': '^1.0.0', '@one/c': '^1.0.0' } });
    await publish('@one/b', '1.0.0');
    await publish('@one/c', '1.0.0');
    const first = await resolve({ requirements: { '@one/a': ['*'] } });
    const etag = first.lines.find(({ name }) => name === '@one/b').etag;
    const second = await resolve({
      requirements: { '@one/a': ['*'] },
      locked: { '@one/c': ['1.0.0'] },
      known: { '@one/b': etag, '@one/a': 'W/"other"' },
    });
    t.deepEqual(second.names, ['@one/a']);
    t.deepEqual(
      second.lines.flatMap(({ unchanged }) => unchanged ?? []),
      ['@one/b'],
    );
    const moved = await resolve({ requirements: { '@one/a': ['*'] }, locked: { '@one/c': ['0.9.0'] } });
    t.true(moved.names.includes('@one/c'));
  });

  test(`a private package is in no batch of those without a token ${on}`, async t => {
    const packed = await packTest({ name: '@one/private', version: '1.0.0' });
    await registry.request('/packages?access=private', archiveBody(packed.bytes));
    await publish('@one/public', '1.0.0', { dependencies: { '@one/private': '*' } });
    const body = { requirements: { '@one/public': ['*'], '@one/none': ['*'], 'no name': ['*'] } };
    t.deepEqual((await resolve(body)).names, ['@one/private', '@one/public']);
    t.deepEqual((await resolve(body, { token: null })).names, ['@one/public']);
    const wanted = ['@one/private@1.0.0'];
    t.deepEqual((await tarballs(wanted))[0]?.bytes, Buffer.from(packed.bytes));
    t.like((await tarballs(wanted, { token: null }))[0], { header: { status: 404 }, bytes: undefined });
  });

  test(`many archives come in the order in which they are asked for, and count as downloads ${on}`, async t => {
    const packed = [await publish('@one/t', '1.0.0'), await publish('@one/t', '1.1.0')];
    const frames = await tarballs([
      '@one/t@1.1.0',
      '@one/t@3.0.0',
      '@one/t@1.0.0',
      'nonsense',
      '@one/t@1.0.0',
    ]);
    t.deepEqual(
      frames.map(({ header }) => header),
      [
        { name: '@one/t', version: '1.1.0', integrity: packed[1]?.integrity, size: packed[1]?.bytes.length },
        { name: '@one/t', version: '3.0.0', status: 404 },
        { name: '@one/t', version: '1.0.0', integrity: packed[0]?.integrity, size: packed[0]?.bytes.length },
        { name: 'nonsense', version: '', status: 404 },
        { end: { entries: 4 } },
      ],
    );
    t.deepEqual(frames[0]?.bytes, packed[1] && Buffer.from(packed[1].bytes));
    t.deepEqual(frames[2]?.bytes, packed[0] && Buffer.from(packed[0].bytes));
  });

  test(`batches are bounded ${on}`, async t => {
    const many = Object.fromEntries(Array.from({ length: 20_001 }, (_, n) => [`p${n}`, ['*']]));
    t.is((await post('/-/resolve', { requirements: many })).status, 400);
    t.is((await post('/-/resolve', { requirements: { a: ['x'.repeat(513)] } })).status, 400);
    t.is((await post('/-/resolve', { requirements: {}, more: 1 })).status, 400);
    t.is((await post('/-/tarballs', { packages: Array(2001).fill('a@1.0.0') })).status, 400);
    t.is((await post('/-/resolve', 'x'.repeat(4 * 1024 * 1024 + 1))).status, 413);
    t.is((await registry.request('/-/tarballs')).status, 405);
  });

  test(`the registry announces its batches ${on}`, async t => {
    const described = z
      .object({ capabilities: z.array(z.string()), endpoints: z.record(z.string(), z.string()) })
      .parse(await (await registry.request('/.well-known/registry.json')).json());
    t.true(described.capabilities.includes('resolve') && described.capabilities.includes('tarballs'));
    t.like(described.endpoints, { resolve: '/-/resolve', tarballs: '/-/tarballs' });
  });
}

interface Frame {
  readonly header: Record<string, unknown>;
  readonly bytes: Buffer | undefined;
}

function framesOf(stream: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at < stream.length; ) {
    const end = stream.indexOf('\n', at);
    const header = JSON.parse(stream.subarray(at, end).toString());
    const size = header.size;
    frames.push({ header, bytes: size === undefined ? undefined : stream.subarray(end + 1, end + 1 + size) });
    at = end + 1 + (size ?? 0);
  }
  return frames;
}
