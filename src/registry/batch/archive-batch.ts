import { z } from 'zod';
import { PrompdError } from '../../core/errors.js';
import type { HttpClient } from '../http.js';
import type { ArchiveBatchRequest, BatchedArchive } from '../registry.js';
import { batchFault, openBatch } from './batch-answer.js';
import { ByteReader } from './byte-reader.js';

/** The line before an archive, in bytes. */
const MAX_HEADER = 4096;

const headerSchema = z.union([
  z.object({ name: z.string(), version: z.string(), size: z.int().nonnegative() }),
  z.object({ name: z.string(), version: z.string(), status: z.int() }),
  z.object({ end: z.object({ entries: z.int().nonnegative() }) }),
]);

/**
 * Asks for many archives in one answer and gives each as it comes, in the order of the request: docs/registry-api.md,
 * "Batches". The bytes are not verified.
 * @throws PrompdError EUNSUPPORTED when the registry does not answer so; EBADRESPONSE when it brings what was not asked
 *   for, something twice, or half of it; EARCHIVELIMIT; whatever the connection throws
 */
export async function* askArchives(
  http: HttpClient,
  registryUrl: string,
  { wanted, maxBytes, signal }: ArchiveBatchRequest,
): AsyncGenerator<BatchedArchive, void> {
  const url = new URL('-/tarballs', registryUrl);
  const body = { packages: wanted.map(({ name, version }) => `${name}@${version}`) };
  const reader = new ByteReader(
    await openBatch(http, url, {
      body,
      maxBytes: wanted.length * (maxBytes + MAX_HEADER) + MAX_HEADER,
      accept: 'application/vnd.prompd.tarballs',
      decompress: false,
      signal,
    }),
  );
  try {
    for (const { name, version } of wanted) {
      const header = await readHeader(url, reader);
      if ('end' in header) return;
      const subject = `${name}@${version}`;
      if (header.name !== name || header.version !== version) {
        const found = `${header.name}@${header.version}`.slice(0, 300);
        throw batchFault(url, `it brings ${found} in the place of ${subject}`);
      }
      if ('status' in header) continue;
      if (header.size > maxBytes) throw tooLarge(subject, maxBytes);
      const bytes = await reader.bytes(header.size);
      if (bytes === undefined) throw batchFault(url, `it ends inside of ${subject}`);
      yield { name, version, bytes };
    }
    if (!('end' in (await readHeader(url, reader))))
      throw batchFault(url, 'it brings more than was asked for');
  } finally {
    await reader.close();
  }
}

async function readHeader(url: URL, reader: ByteReader): Promise<z.infer<typeof headerSchema>> {
  const line = await reader.line(MAX_HEADER);
  if (line === 'tooLong') throw batchFault(url, `a line is longer than ${MAX_HEADER} bytes`);
  if (line === 'cut' || line === undefined) throw batchFault(url, 'it ends before its end');
  let raw: unknown;
  try {
    raw = JSON.parse(line.toString('utf8'));
  } catch (cause) {
    throw batchFault(url, 'a line is not JSON', cause);
  }
  const parsed = headerSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw batchFault(url, 'a line is of another protocol');
}

function tooLarge(subject: string, limit: number): PrompdError {
  return new PrompdError('EARCHIVELIMIT', `The archive of ${subject} is larger than the limit.`, {
    facts: { archive: subject, limit },
    hint: 'Raise "network.maxArchiveBytes" in config.json in your prompd folder if you trust the package.',
  });
}
