import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** The id that the caller sent, when it is a plain word, else a new one; it is answered and logged. */
export function requestId(request: IncomingMessage, response: ServerResponse): string {
  const present = response.getHeader('x-request-id');
  if (typeof present === 'string') return present;
  const sent = request.headers['x-request-id'];
  const id = typeof sent === 'string' && /^[\w.:-]{1,100}$/.test(sent) ? sent : randomUUID();
  response.setHeader('x-request-id', id);
  return id;
}
