import { z } from 'zod';
import { PrompdError } from '../../core/errors.js';
import { parseJson } from '../../core/json.js';
import { isPackageName, type PackageName } from '../../core/name.js';
import { parsePackument } from '../../core/packument.js';
import type { HttpClient } from '../http.js';
import type { BatchedPackument, PackumentBatchRequest } from '../registry.js';
import { batchFault, openBatch } from './batch-answer.js';
import { ByteReader } from './byte-reader.js';

/** All lines of an answer together, in bytes after decompression. */
const MAX_BYTES = 128 * 1024 * 1024;
/** One packument, in bytes. */
const MAX_LINE = 32 * 1024 * 1024;
const MAX_PACKUMENTS = 50_000;

const name = z.string().refine(isPackageName);
const lineSchema = z.union([
  z.object({ name, etag: z.string().max(512).optional(), packument: z.unknown() }),
  z.object({ unchanged: z.array(name).max(MAX_PACKUMENTS) }),
  z.object({ end: z.object({ complete: z.boolean() }) }),
]);

/**
 * Asks for all packuments that a resolution will need, and gives each as it comes: docs/registry-api.md, "Batches". Each
 * was checked to be about the package that it is said to be about; whether it was needed is not known here.
 * @throws PrompdError EUNSUPPORTED when the registry does not answer so; EBADRESPONSE when it answers wrongly; whatever
 *   the connection throws
 */
export async function* askPackuments(
  http: HttpClient,
  registryUrl: string,
  { requirements, locked, known, signal }: PackumentBatchRequest,
): AsyncGenerator<BatchedPackument, void> {
  const url = new URL('-/resolve', registryUrl);
  const body = {
    requirements: Object.fromEntries(requirements),
    locked: Object.fromEntries(locked),
    known: Object.fromEntries(known),
  };
  const reader = new ByteReader(
    await openBatch(http, url, {
      body,
      maxBytes: MAX_BYTES,
      accept: 'application/x-ndjson',
      decompress: true,
      signal,
    }),
  );
  const seen = new Set<PackageName>();
  const add = (found: PackageName) => {
    if (seen.has(found)) throw batchFault(url, `it brings ${found} twice`);
    seen.add(found);
    if (seen.size > MAX_PACKUMENTS) throw batchFault(url, `it brings more than ${MAX_PACKUMENTS} packages`);
  };
  try {
    for (;;) {
      const line = await reader.line(MAX_LINE);
      if (line === 'tooLong') throw batchFault(url, `a line is longer than ${MAX_LINE} bytes`);
      if (line === 'cut' || line === undefined) throw batchFault(url, 'it ends before its end');
      const entry = parseLine(url, line);
      if ('end' in entry) return;
      if ('unchanged' in entry) {
        for (const unchanged of entry.unchanged) {
          add(unchanged);
          if (!known.has(unchanged))
            throw batchFault(url, `it leaves out ${unchanged}, which is not known here`);
          yield { name: unchanged, answer: { kind: 'unchanged' } };
        }
        continue;
      }
      add(entry.name);
      const packument = parsePackument(entry.packument, entry.name);
      const text = JSON.stringify(entry.packument);
      yield { name: entry.name, answer: { kind: 'fresh', packument, body: text, etag: entry.etag } };
    }
  } finally {
    await reader.close();
  }
}

function parseLine(url: URL, line: Buffer): z.infer<typeof lineSchema> {
  let raw: unknown;
  try {
    raw = parseJson(line.toString('utf8'), 'A line of the answer');
  } catch (error) {
    if (error instanceof PrompdError) throw batchFault(url, 'a line is not JSON', error);
    throw error;
  }
  const parsed = lineSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw batchFault(url, 'a line is of another protocol');
}
