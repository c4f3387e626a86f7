import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';

/** Requests whose client holds the body back until it is asked for it. */
const waiting = new WeakSet<IncomingMessage>();

/**
 * Lets clients that ask first (`Expect: 100-continue`) know what becomes of their request before they send its body: it
 * is asked for by {@link askForBody}, or never.
 * @see RFC 9110, section 10.1.1
 */
export function holdBodies(server: Server, listener: RequestListener): void {
  server.on(
    'checkContinue',
    (request: IncomingMessage, response: ServerResponse & { req: IncomingMessage }) => {
      waiting.add(request);
      // Nobody knows whether a body follows that was not asked for, so the connection has no next request.
      response.setHeader('connection', 'close');
      listener(request, response);
    },
  );
}

/** Called before a body is read, when the request is known to be wanted. */
export function askForBody(request: IncomingMessage, response: ServerResponse): void {
  if (!waiting.delete(request)) return;
  response.removeHeader('connection');
  response.writeContinue();
}
