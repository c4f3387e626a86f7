import { PrompdError } from '../../core/errors.js';
import type { HttpClient } from '../http.js';

export interface BatchOptions {
  /** Sent as JSON. */
  readonly body: unknown;
  /** Largest answer that is accepted, in bytes after decompression. */
  readonly maxBytes: number;
  readonly accept: string;
  readonly decompress: boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * Sends a request whose answer is read while it comes.
 * @throws PrompdError EUNSUPPORTED for any answer but 200: single requests then do, and say what is the matter
 */
export async function openBatch(
  http: HttpClient,
  url: URL,
  { body, maxBytes, accept, decompress, signal }: BatchOptions,
): Promise<AsyncIterable<Buffer>> {
  const answer = await http.stream({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', accept },
    body: Buffer.from(JSON.stringify(body)),
    maxBytes,
    tooLarge: () => batchFault(url, `it has more than ${maxBytes} bytes`),
    decompress,
    signal,
  });
  const contentType = answer.headers['content-type'] ?? '';
  if (answer.status === 200 && contentType.startsWith(accept)) return answer.body;
  answer.close();
  throw new PrompdError('EUNSUPPORTED', `${url.href} does not answer batches.`, {
    facts: { url: url.href, status: answer.status },
  });
}

/** The error for a batch that is not what the protocol says. @param how a clause, as in "it ends before its end" */
export function batchFault(url: URL, how: string, cause?: unknown): PrompdError {
  return new PrompdError('EBADRESPONSE', `The batch that ${url.host} answered cannot be used: ${how}.`, {
    facts: { url: url.href },
    hint: 'Nothing was installed from it. Tell the people who run the registry.',
    cause,
  });
}
