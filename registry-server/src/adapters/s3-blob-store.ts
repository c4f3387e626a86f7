import { createHash, type Hash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { hexOf, type Integrity, PrompdError, parseIntegrity } from 'prompd/core';
import type { S3Settings } from '../domain/s3-settings.js';
import type { BlobStore, Leftover, StagedBlob } from '../ports/blob-store.js';
import { archiveTooLarge } from './archive-too-large.js';

/** The note beside an upload that its content was placed: `<upload>.<sha512 in hex>`. */
const NOTE = /\.([0-9a-f]{128})$/;
/** Bytes in memory of one upload at a time; S3 takes no smaller parts than 5 MiB. */
const PART = 5 * 1024 * 1024;
/** Milliseconds. */
const CONNECT_TIME = 5_000;
const ANSWER_TIME = 30_000;
const ATTEMPTS = 3;

/**
 * Archives as objects, each named by its sha512: `blobs/ab/cd…`. Uploads lie below `uploads/` until then.
 *
 * 1. An upload goes to an object of its own while it is hashed.
 * 2. Before it is used it is read back and hashed again: what counts is what the store has, not what was sent to it.
 * 3. A note is written, then the store itself copies the object to its place. S3 shows a copy whole or not at all, and a
 *    second copy of the same content changes nothing, as the name is the content's hash.
 */
export class S3BlobStore implements BlobStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;

  private constructor(client: S3Client, { bucket, prefix }: S3Settings) {
    this.#client = client;
    this.#bucket = bucket;
    this.#prefix = prefix;
  }

  /** @throws PrompdError ECONFIG when the bucket cannot be written to */
  static async open(settings: S3Settings): Promise<S3BlobStore> {
    const { endpoint, region, credentials, pathStyle, bucket } = settings;
    const client = new S3Client({
      region,
      forcePathStyle: pathStyle,
      maxAttempts: ATTEMPTS,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(credentials && { credentials }),
      // Others than Amazon's know the newer checksums in part only, and content is checked by its hash anyway.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: { connectionTimeout: CONNECT_TIME, requestTimeout: ANSWER_TIME },
    });
    const store = new S3BlobStore(client, settings);
    try {
      await store.#probe();
    } catch (cause) {
      client.destroy();
      throw unusable(bucket, cause);
    }
    return store;
  }

  async stage(source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StagedBlob> {
    const key = `${this.#prefix}uploads/${randomUUID()}`;
    const hashes: Hashes = { sha512: createHash('sha512'), sha1: createHash('sha1'), size: 0 };
    const upload = new Upload({
      client: this.#client,
      params: {
        ...this.#at(key),
        Body: Readable.from(hashing(source, maxBytes, hashes), { objectMode: false }),
      },
      queueSize: 1,
      partSize: PART,
    });
    try {
      await upload.done();
    } catch (error) {
      await this.#delete(key).catch(() => undefined);
      // Ending an upload in parts may fail in turn, which is not what the client has to hear.
      throw hashes.failure ?? error;
    }
    const integrity = parseIntegrity(`sha512-${hashes.sha512.digest('base64')}`);
    const note = `${key}.${hexOf(integrity)}`;
    let read: Promise<Buffer> | undefined;
    const bytes = () => (read ??= this.#verified(key, integrity));
    return {
      integrity,
      shasum: hashes.sha1.digest('hex'),
      size: hashes.size,
      bytes,
      place: async () => {
        await bytes();
        await this.#place(key, { note, integrity });
      },
      keep: () => this.#delete(note),
      discard: () => this.#delete(key),
    };
  }

  async open(integrity: Integrity): Promise<{ size: number; stream: Readable } | undefined> {
    return this.#get(this.#keyOf(integrity));
  }

  async read(integrity: Integrity): Promise<Buffer | undefined> {
    const found = await this.open(integrity);
    return found && Buffer.concat(await found.stream.toArray());
  }

  async has(integrity: Integrity): Promise<boolean> {
    const head = new HeadObjectCommand(this.#at(this.#keyOf(integrity)));
    return (await this.#client.send(head).catch(ignoreMissing)) !== undefined;
  }

  async remove(integrity: Integrity): Promise<void> {
    await this.#delete(this.#keyOf(integrity));
  }

  async leftovers(before: Date): Promise<readonly Leftover[]> {
    const found: Leftover[] = [];
    let after: string | undefined;
    do {
      const page = await this.#client.send(
        new ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix: `${this.#prefix}uploads/`,
          ContinuationToken: after,
        }),
      );
      for (const { Key: key, LastModified: modified } of page.Contents ?? []) {
        if (key === undefined || (modified !== undefined && modified > before)) continue;
        found.push({ content: contentOf(key), remove: () => this.#delete(key) });
      }
      after = page.NextContinuationToken;
    } while (after !== undefined);
    return [...found, ...(await this.#unfinished(before))];
  }

  async check(): Promise<void> {
    await this.#client.send(new HeadBucketCommand({ Bucket: this.#bucket }));
  }

  /** Lets its connections go. */
  close(): void {
    this.#client.destroy();
  }

  /** Uploads in parts of which not even the last part came: they cost, and no listing of objects shows them. */
  async #unfinished(before: Date): Promise<Leftover[]> {
    const list = new ListMultipartUploadsCommand({ Bucket: this.#bucket, Prefix: `${this.#prefix}uploads/` });
    const { Uploads: uploads = [] } = (await this.#client.send(list).catch(ignoreUnknown)) ?? {};
    return uploads.flatMap(({ Key: key, UploadId: id, Initiated: begun }) =>
      key === undefined || id === undefined || (begun !== undefined && begun > before)
        ? []
        : [
            {
              content: undefined,
              remove: async () => {
                await this.#client.send(new AbortMultipartUploadCommand({ ...this.#at(key), UploadId: id }));
              },
            },
          ],
    );
  }

  async #place(
    staged: string,
    { note, integrity }: { readonly note: string; readonly integrity: Integrity },
  ): Promise<void> {
    if (await this.has(integrity)) return;
    await this.#client.send(new PutObjectCommand({ ...this.#at(note), Body: '', ContentLength: 0 }));
    await this.#client.send(
      new CopyObjectCommand({
        ...this.#at(this.#keyOf(integrity)),
        CopySource: encodeURI(`${this.#bucket}/${staged}`),
      }),
    );
  }

  /** @throws PrompdError EINTEGRITY when the store has other bytes than were sent to it */
  async #verified(key: string, integrity: Integrity): Promise<Buffer> {
    const found = await this.#get(key);
    const bytes = found === undefined ? undefined : Buffer.concat(await found.stream.toArray());
    const sha512 = bytes && createHash('sha512').update(bytes).digest('base64');
    if (bytes !== undefined && `sha512-${sha512}` === integrity) return bytes;
    throw new PrompdError('EINTEGRITY', 'The store has other bytes than were sent to it.', {
      facts: { expected: integrity, found: sha512 === undefined ? 'nothing' : `sha512-${sha512}` },
    });
  }

  async #get(key: string): Promise<{ size: number; stream: Readable } | undefined> {
    const answer = await this.#client.send(new GetObjectCommand(this.#at(key))).catch(ignoreMissing);
    if (answer === undefined) return undefined;
    const { Body: stream, ContentLength: size } = answer;
    if (!(stream instanceof Readable) || size === undefined) {
      throw new TypeError('an object came without its bytes or their number');
    }
    return { size, stream };
  }

  async #delete(key: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand(this.#at(key)));
  }

  /** A key that may read and not write is found out at the start, not with the first publication. */
  async #probe(): Promise<void> {
    const key = `${this.#prefix}uploads/${randomUUID()}`;
    await this.#client.send(new PutObjectCommand({ ...this.#at(key), Body: '', ContentLength: 0 }));
    await this.#delete(key);
  }

  #keyOf(integrity: Integrity): string {
    const hex = hexOf(integrity);
    return `${this.#prefix}blobs/${hex.slice(0, 2)}/${hex.slice(2)}`;
  }

  #at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: key };
  }
}

interface Hashes {
  readonly sha512: Hash;
  readonly sha1: Hash;
  size: number;
  /** Why the source ended too early. */
  failure?: unknown;
}

async function* hashing(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
  into: Hashes,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of source) {
      into.size += chunk.length;
      if (into.size > maxBytes) throw archiveTooLarge(maxBytes);
      into.sha512.update(chunk);
      into.sha1.update(chunk);
      yield chunk;
    }
  } catch (error) {
    into.failure = error;
    throw error;
  }
}

function contentOf(key: string): Integrity | undefined {
  const hex = NOTE.exec(key)?.[1];
  return hex === undefined
    ? undefined
    : parseIntegrity(`sha512-${Buffer.from(hex, 'hex').toString('base64')}`);
}

function unusable(bucket: string, cause: unknown): PrompdError {
  const reason = cause instanceof Error ? cause.name : 'unknown';
  const message = cause instanceof Error ? cause.message : String(cause);
  return new PrompdError('ECONFIG', `The bucket ${bucket} cannot be written to: ${reason}: ${message}`, {
    facts: { bucket, reason },
    hint: 'Check S3_BUCKET, S3_ENDPOINT, S3_REGION and the keys; they must allow to get, put, delete and list.',
    cause,
  });
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
function ignoreMissing(error: unknown): undefined {
  if (error instanceof S3ServiceException && ['NoSuchKey', 'NotFound'].includes(error.name)) return undefined;
  throw error;
}

/** Some stores know no listing of unfinished uploads: a rule of the bucket must end them there. */
function ignoreUnknown(error: unknown): undefined {
  if (error instanceof S3ServiceException && [405, 501].includes(error.$metadata.httpStatusCode ?? 0)) {
    return undefined;
  }
  throw error;
}
