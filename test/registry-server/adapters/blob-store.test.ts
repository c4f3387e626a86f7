import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import test from 'ava';
import fc from 'fast-check';
import { parseIntegrity } from '#prompd/core/integrity.js';
import { FolderBlobStore } from '#server/adapters/folder-blob-store.js';
import { S3BlobStore } from '#server/adapters/s3-blob-store.js';
import type { BlobStore } from '#server/ports/blob-store.js';
import { startS3 } from '../../support/s3.js';
import { type Teardown, tempDir } from '../../support/temp.js';

const undo: Array<() => void | Promise<void>> = [];
const shared: Teardown = { teardown: step => undo.unshift(step) };
const s3 = await startS3(shared);
const client = new S3Client({
  region: s3.region,
  endpoint: s3.endpoint ?? '',
  forcePathStyle: true,
  ...(s3.credentials && { credentials: s3.credentials }),
  requestChecksumCalculation: 'WHEN_REQUIRED',
});
test.after.always('the bucket ends', async () => {
  client.destroy();
  for (const step of undo) await step();
});

interface Kind {
  readonly name: string;
  /** An empty store, and how to list the names of all that lies in it. */
  readonly empty: (t: Teardown) => Promise<{ store: BlobStore; names: () => Promise<string[]> }>;
}

const KINDS: readonly Kind[] = [
  {
    name: 'folder',
    async empty(t) {
      const dir = tempDir(t);
      const names = async () =>
        readdirSync(dir, { recursive: true, withFileTypes: true })
          .filter(entry => entry.isFile())
          .map(({ parentPath, name }) => path.relative(dir, path.join(parentPath, name)));
      return { store: await FolderBlobStore.open(dir), names };
    },
  },
  {
    name: 's3',
    async empty(t) {
      const prefix = `${s3.prefix}${randomBytes(6).toString('hex')}/`;
      const store = await S3BlobStore.open({ ...s3, prefix });
      t.teardown(() => store.close());
      const list = new ListObjectsV2Command({ Bucket: s3.bucket, Prefix: prefix });
      const names = async () =>
        ((await client.send(list)).Contents ?? []).map(({ Key: key = '' }) => key.slice(prefix.length));
      return { store, names };
    },
  },
];

const LIMIT = 20 * 1024 * 1024;
const LATER = () => new Date(Date.now() + 60_000);

for (const { name, empty } of KINDS) {
  test(`${name}: what is placed reads back as it came, under its hash, and not before it is placed`, async t => {
    const { store } = await empty(t);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 4000 }), { maxLength: 4 }), async chunks => {
        const bytes = Buffer.concat(chunks);
        const staged = await store.stage(from(chunks), LIMIT);
        const fresh = !(await store.has(staged.integrity));
        if (fresh) t.is(await store.open(staged.integrity), undefined);
        t.is(staged.integrity, integrityOf(bytes));
        t.is(staged.shasum, createHash('sha1').update(bytes).digest('hex'));
        t.is(staged.size, bytes.length);
        t.deepEqual(Buffer.from(await staged.bytes()), bytes);
        await staged.place();
        await staged.keep();
        await staged.discard();
        t.true(await store.has(staged.integrity));
        t.deepEqual(await store.read(staged.integrity), bytes);
        const opened = await store.open(staged.integrity);
        t.is(opened?.size, bytes.length);
        t.deepEqual(Buffer.concat((await opened?.stream.toArray()) ?? []), bytes);
      }),
      { numRuns: 12 },
    );
    t.deepEqual(await store.leftovers(LATER()), []);
  });

  test(`${name}: content that takes several parts reads back as it came`, async t => {
    const { store } = await empty(t);
    const bytes = randomBytes(11 * 1024 * 1024 + 17);
    const staged = await store.stage(from(pieces(bytes, 700_001)), LIMIT);
    await staged.place();
    t.is(staged.integrity, integrityOf(bytes));
    t.true((await store.read(staged.integrity))?.equals(bytes));
  });

  test(`${name}: too many bytes are refused, and nothing of them is left`, async t => {
    const { store, names } = await empty(t);
    const tooMany = store.stage(from([Buffer.alloc(900), Buffer.alloc(101)]), 1000);
    await t.throwsAsync(tooMany, { message: /larger than 1000 bytes/ });
    t.deepEqual(await names(), []);
    t.is((await store.stage(from([Buffer.alloc(1000)]), 1000)).size, 1000);
  });

  test(`${name}: an upload that breaks off leaves nothing`, async t => {
    const { store, names } = await empty(t);
    async function* broken() {
      yield Buffer.alloc(6 * 1024 * 1024);
      throw new Error('the client went away');
    }
    await t.throwsAsync(store.stage(broken(), LIMIT), { message: 'the client went away' });
    t.deepEqual(await names(), []);
  });

  test(`${name}: what is discarded is gone, and what was placed before stays`, async t => {
    const { store, names } = await empty(t);
    const staged = await store.stage(from([Buffer.from('refused')]), LIMIT);
    await staged.discard();
    t.deepEqual(await names(), []);
    const placed = await store.stage(from([Buffer.from('published')]), LIMIT);
    await placed.place();
    await placed.discard();
    t.true(await store.has(placed.integrity));
  });

  test(`${name}: several uploads of one content at once make one`, async t => {
    const { store, names } = await empty(t);
    const all = await Promise.all(
      Array.from({ length: 4 }, () => store.stage(from([Buffer.from('same')]), LIMIT)),
    );
    await Promise.all(all.map(staged => staged.place()));
    await Promise.all(all.flatMap(staged => [staged.keep(), staged.discard()]));
    t.is((await names()).length, 1);
    t.deepEqual(await store.read(integrityOf(Buffer.from('same'))), Buffer.from('same'));
  });

  test(`${name}: a crash leaves what the next start finds, and only what is old enough`, async t => {
    const { store, names } = await empty(t);
    const unfinished = await store.stage(from([Buffer.from('never placed')]), LIMIT);
    const unused = await store.stage(from([Buffer.from('placed, and its version never written')]), LIMIT);
    await unused.place();
    t.deepEqual(await store.leftovers(new Date(Date.now() - 60_000)), []);
    const left = await store.leftovers(LATER());
    const contents = left.flatMap(({ content }) => (content === undefined ? [] : [content]));
    t.deepEqual(contents, [unused.integrity]);
    for (const leftover of left) await leftover.remove();
    t.deepEqual(await store.leftovers(LATER()), []);
    t.true(await store.has(unused.integrity), 'whether content is used is not for the store to say');
    t.false(await store.has(unfinished.integrity));
    await store.remove(unused.integrity);
    t.deepEqual(await names(), []);
  });

  test(`${name}: content that is not there is nothing, and can be removed all the same`, async t => {
    const { store } = await empty(t);
    const none = integrityOf(Buffer.from('none'));
    t.is(await store.open(none), undefined);
    t.is(await store.read(none), undefined);
    t.false(await store.has(none));
    await t.notThrowsAsync(store.remove(none));
    await t.notThrowsAsync(store.check());
  });
}

test('s3: an upload that the store has altered is never placed', async t => {
  const prefix = `${s3.prefix}altered/`;
  const store = await S3BlobStore.open({ ...s3, prefix });
  t.teardown(() => store.close());
  const staged = await store.stage(from([Buffer.from('good')]), LIMIT);
  const listed = await client.send(new ListObjectsV2Command({ Bucket: s3.bucket, Prefix: prefix }));
  const at = { Bucket: s3.bucket, Key: listed.Contents?.[0]?.Key ?? '' };
  await client.send(new PutObjectCommand({ ...at, Body: 'evil' }));
  await t.throwsAsync(staged.place(), { code: 'EINTEGRITY' });
  t.false(await store.has(staged.integrity));
});

test('s3: a bucket that is not there is refused at the start', async t => {
  const error = await t.throwsAsync(S3BlobStore.open({ ...s3, bucket: 'no-such-bucket-anywhere' }), {
    code: 'ECONFIG',
  });
  t.like(error, { facts: { bucket: 'no-such-bucket-anywhere' } });
});

async function* from(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

function* pieces(bytes: Buffer, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function integrityOf(bytes: Buffer) {
  return parseIntegrity(`sha512-${createHash('sha512').update(bytes).digest('base64')}`);
}
