import type { RequestListener } from 'node:http';

/** While the server goes, each answer asks its client to come back on another connection: to another server. */
export function askToReconnect(next: RequestListener, going: AbortSignal): RequestListener {
  return (request, response) => {
    if (going.aborted) response.setHeader('connection', 'close');
    next(request, response);
  };
}
