import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** The id that the caller sent, when it is a plain word, else a new one; it is answered and logged. */
export function requestId(request: IncomingMessage, response: ServerResponse): string {
  const present = response.getHeader('x-request-id');
  if (typeof present === 'string') return present;
  const id = newRequestId(request);
  response.setHeader('x-request-id', id);
  return id;
}

/** As {@link requestId}, for an answer whose headers are all written at once. */
export function newRequestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const sent = headers['x-request-id'];
  return typeof sent === 'string' && /^[\w.:-]{1,100}$/.test(sent) ? sent : randomUUID();
}
