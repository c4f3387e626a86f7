import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import test from 'ava';
import fc from 'fast-check';
import { create, Header, Pax } from 'tar';
import { PrompdError } from '#prompd/core/errors.js';
import { parseIntegrity } from '#prompd/core/integrity.js';
import {
  ARCHIVE_LIMITS,
  memoryTree,
  packTree,
  readArchive,
  readManifest,
  unpack,
} from '#prompd/tarball/index.js';
import { verifyTarball } from '#prompd/verify/index.js';
import { cpuTime } from '../support/cpu-time.js';
import { tempDir } from '../support/temp.js';

const tree = memoryTree([
  ['prompd.json', '{"name":"@acme/review","version":"1.0.0"}'],
  ['prompts/review.prompd', '---\nname: review\n---\nReview {code}.\n'],
  [`docs/${'long-name-'.repeat(18)}.md`, 'long'],
  ['docs/日本語.md', 'unicode'],
  ['empty.md', ''],
]);
const packed = await packTree(tree, await readManifest(tree));

test('what was packed reads back byte for byte', async t => {
  const contents = await readArchive(packed.bytes);
  t.deepEqual(
    contents.paths,
    packed.files.map(file => file.path),
  );
  for (const path of tree.paths) {
    t.deepEqual(
      Buffer.from((await contents.read(path)) ?? []),
      Buffer.from((await tree.read(path)) ?? []),
      path,
    );
  }
  t.is(await contents.read('docs/nothing.md'), undefined);
});

test('unpacking keeps the proven integrity', async t => {
  const about = { name: '@acme/review', version: '1.0.0', source: 'https://registry.example.com' };
  const unpacked = await unpack(verifyTarball(packed.bytes, packed.integrity, about));
  t.is(unpacked.integrity, parseIntegrity(packed.integrity));
  t.deepEqual(
    [...unpacked.files.keys()],
    packed.files.map(file => file.path),
  );
});

test('an archive with folder entries, another top folder and other times is read like any', async t => {
  const folder = tempDir(t);
  await mkdir(join(folder, 'acme-review-1/docs'), { recursive: true });
  await writeFile(join(folder, 'acme-review-1/docs/a.md'), 'text');
  await writeFile(join(folder, 'acme-review-1/prompd.json'), '{}');
  const archive = await collect(create({ cwd: folder, gzip: true }, ['acme-review-1']));
  t.deepEqual((await readArchive(archive)).paths, ['docs/a.md', 'prompd.json']);
});

test('a global header that only comments, as git archive writes it, changes nothing', async t => {
  const comment = new Pax({ comment: '0'.repeat(40) }, true).encode();
  const archive = gzipSync(Buffer.concat([comment, file('package/a.md', 'text'), Buffer.alloc(1024)]));
  t.deepEqual((await readArchive(archive)).paths, ['a.md']);
});

test('executable bits, owners and times of entries are not kept anywhere', async t => {
  const archive = gzipSync(Buffer.concat([file('package/run.sh', '#!/bin/sh', 0o4777), Buffer.alloc(1024)]));
  const contents = await readArchive(archive);
  t.deepEqual([...contents.files], [['run.sh', Buffer.from('#!/bin/sh')]]);
});

for (const [limit, value, code] of [
  ['compressedBytes', packed.bytes.length - 1, 'EARCHIVELIMIT'],
  ['totalBytes', 4096, 'EARCHIVELIMIT'],
  ['entries', packed.files.length - 1, 'EARCHIVELIMIT'],
  ['fileBytes', 30, 'EARCHIVELIMIT'],
  ['pathBytes', 100, 'EARCHIVEENTRY'],
  ['depth', 1, 'EARCHIVEENTRY'],
] as const) {
  test(`an archive is refused beyond the limit for ${limit}`, async t => {
    await t.throwsAsync(readArchive(packed.bytes, { ...ARCHIVE_LIMITS, [limit]: value }), { code });
  });
}

test('an archive exactly at every limit is read', async t => {
  const longest = Math.max(...packed.files.map(({ path }) => Buffer.byteLength(path)));
  const largest = Math.max(...packed.files.map(({ size }) => size));
  const limits = {
    ...ARCHIVE_LIMITS,
    compressedBytes: packed.bytes.length,
    entries: packed.files.length,
    fileBytes: largest,
    pathBytes: longest,
    depth: 2,
  };
  t.is((await readArchive(packed.bytes, limits)).files.size, packed.files.length);
});

test('a bomb is given up after its limit, not after it has gone off', async t => {
  const bomb = gzipSync(Buffer.alloc(300 * 1024 * 1024));
  const before = process.memoryUsage().arrayBuffers;
  const spent = cpuTime();
  await t.throwsAsync(readArchive(bomb), { code: 'EARCHIVELIMIT' });
  t.true(spent() < 5000);
  t.true(process.memoryUsage().arrayBuffers - before < 150 * 1024 * 1024);
});

test('any change to the bytes of an archive gives the same files or an error of prompd', async t => {
  const same = JSON.stringify([...(await readArchive(packed.bytes)).files]);
  const mutations = fc.array(fc.record({ at: fc.nat(packed.bytes.length - 1), byte: fc.nat(255) }), {
    minLength: 1,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(mutations, async changes => {
      const bytes = Uint8Array.from(packed.bytes);
      for (const { at, byte } of changes) bytes[at] = byte;
      const outcome = await readOrError(bytes);
      t.true(outcome === same || outcome instanceof PrompdError);
    }),
    { numRuns: 2000 },
  );
});

test('any change to the tar inside never ends in anything but files or an error of prompd', async t => {
  const tar = gunzipSync(packed.bytes);
  const mutations = fc.array(
    fc.record({ at: fc.nat(tar.length - 1), byte: fc.nat(255), fixChecksum: fc.boolean() }),
    { minLength: 1, maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(mutations, async changes => {
      const bytes = Buffer.from(tar);
      for (const { at, byte, fixChecksum } of changes) {
        bytes[at] = byte;
        if (fixChecksum) rewriteChecksum(bytes, at - (at % 512));
      }
      const outcome = await readOrError(gzipSync(bytes, { level: 1 }));
      t.true(typeof outcome === 'string' || outcome instanceof PrompdError);
    }),
    { numRuns: 2000 },
  );
});

test('an archive cut off anywhere is refused', async t => {
  for (let length = 0; length < packed.bytes.length; length++) {
    await t.throwsAsync(readArchive(packed.bytes.subarray(0, length)), { code: 'EARCHIVE' });
  }
});

async function readOrError(bytes: Uint8Array): Promise<unknown> {
  try {
    return JSON.stringify([...(await readArchive(bytes)).files]);
  } catch (error) {
    return error;
  }
}

function rewriteChecksum(tar: Buffer, at: number): void {
  tar.write('        ', at + 148, 'latin1');
  let sum = 0;
  for (const byte of tar.subarray(at, at + 512)) sum += byte;
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148, 'latin1');
}

function file(path: string, content: string, mode = 0o644): Buffer {
  const block = Buffer.alloc(1024);
  new Header({
    path,
    mode,
    uid: 501,
    gid: 20,
    size: content.length,
    mtime: new Date(0),
    type: 'File',
  }).encode(block);
  block.write(content, 512);
  return block;
}

async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
