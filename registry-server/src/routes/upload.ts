import type { Request } from 'express';
import { RequestError } from '../domain/problem-document.js';
import { askForBody } from '../middleware/expect-continue.js';
import type { Call } from './route.js';

const CONTENT_TYPES = ['application/gzip', 'application/x-gzip', 'application/octet-stream'];

/**
 * The body of an upload, piece by piece.
 * @throws RequestError EMEDIATYPE, ETOOLARGE, ESLOW when no piece comes for too long
 */
export function receive({ request, response, limits }: Call): AsyncIterable<Uint8Array> {
  if (!request.is(CONTENT_TYPES)) {
    throw new RequestError('EMEDIATYPE', 'The body must be a package archive.', {
      facts: { accepted: CONTENT_TYPES },
      hint: 'Send the header "content-type: application/gzip".',
    });
  }
  if (request.get('content-encoding') !== undefined) {
    throw new RequestError('EMEDIATYPE', 'An archive is sent as it is, without a content encoding.');
  }
  const { archiveBytes, idleTime } = limits;
  if (Number(request.get('content-length') ?? 0) > archiveBytes) {
    throw new RequestError('ETOOLARGE', `The archive is larger than ${archiveBytes} bytes.`, {
      facts: { limit: archiveBytes },
    });
  }
  askForBody(request, response);
  return paced(request, idleTime);
}

async function* paced(request: Request, idleTime: number): AsyncGenerator<Uint8Array> {
  // The request is not destroyed when reading stops early: its connection still has to carry the answer.
  const source: AsyncIterator<unknown> = request.iterator({ destroyOnReturn: false });
  try {
    while (true) {
      const { value, done } = await within(source.next(), idleTime);
      if (done) return;
      if (!(value instanceof Uint8Array)) throw new TypeError('A request body consists of bytes.');
      yield value;
    }
  } finally {
    // The rest of a refused body is let through, or the next request on this connection would wait behind it. Nobody
    // waits for that here: after a pause of the client's it may never come.
    source.return?.().then(
      () => request.resume(),
      () => undefined,
    );
  }
}

async function within<T>(piece: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const slow = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new RequestError('ESLOW', 'The upload stopped.')), milliseconds);
  });
  try {
    return await Promise.race([piece.catch(endedEarly), slow]);
  } finally {
    clearTimeout(timer);
  }
}

function endedEarly(cause: unknown): never {
  throw new RequestError('EBADREQUEST', 'The upload ended before it was complete.', { cause });
}
