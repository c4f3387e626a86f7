import { randomBytes } from 'node:crypto';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { decompressed } from '#prompd/registry/decompress.js';

const text = Buffer.from('{"name":"@acme/tone"}');
/** Stays large when it is compressed. */
const large = Buffer.from(randomBytes(200_000).toString('hex'));
const limit = { maxBytes: 1_000_000, tooLarge: () => new PrompdError('EBADRESPONSE', 'It is too large.') };

for (const [title, encoding, compress] of [
  ['gzip', 'gzip', gzipSync],
  ['GZIP', 'GZIP', gzipSync],
  ['x-gzip', 'x-gzip', gzipSync],
  ['deflate', 'deflate', deflateSync],
  ['deflate without its header', 'deflate', deflateRawSync],
  ['br', 'br', brotliCompressSync],
] as const) {
  test(`what came as ${title} is what was sent`, async t => {
    t.true(text.equals(await decompressed(compress(text), encoding, limit)));
    t.true(large.equals(await decompressed(compress(large), encoding, limit)));
  });

  test(`a body of ${title} that is too large only when it is unpacked is refused`, async t => {
    for (const body of [compress(Buffer.alloc(1_000_001)), compress(Buffer.concat([large, large, large]))])
      await t.throwsAsync(decompressed(body, encoding, limit), { message: 'It is too large.' });
  });
}

test('a body that is cut off, or not what it says, is an error of the format', async t => {
  const cut = gzipSync(text).subarray(0, 20);
  await t.throwsAsync(decompressed(cut, 'gzip', limit), { code: 'Z_BUF_ERROR' });
  await t.throwsAsync(decompressed(text, 'gzip', limit), { code: 'Z_DATA_ERROR' });
});

test('what is not compressed, and what nobody asked for, stays as it is', async t => {
  for (const encoding of [undefined, 'identity', 'sdch'])
    t.is(await decompressed(text, encoding, limit), text);
  const empty = Buffer.alloc(0);
  t.is(await decompressed(empty, 'gzip', limit), empty);
});
