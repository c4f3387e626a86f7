import type { ErrorRequestHandler, RequestHandler } from 'express';
import { problemDocument, RequestError } from '../domain/problem-document.js';
import { requestId } from './request-id.js';

/** No route answered. */
export const unknownRoute: RequestHandler = (request, _response, next) => {
  next(
    new RequestError(
      'ENOROUTE',
      `The registry has nothing at ${request.method} ${request.path.slice(0, 200)}.`,
    ),
  );
};

/** Answers every error as a problem document. Four parameters, by which Express knows it. */
export const problems: ErrorRequestHandler = (error: unknown, request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  const document = problemDocument(error, requestId(request, response));
  if (document.status >= 500) request.log?.error({ err: error }, 'request failed');
  for (const header of ['etag', 'cache-control', 'content-length', 'content-type'])
    response.removeHeader(header);
  response.status(document.status).set('cache-control', 'no-store');
  if (document.status === 401) response.set('www-authenticate', 'Bearer realm="prompd"');
  // The rest of a body that nobody will read must not keep the connection.
  if (document.code === 'ESLOW') response.set('connection', 'close');
  response.type('application/problem+json').send(JSON.stringify(document));
};
