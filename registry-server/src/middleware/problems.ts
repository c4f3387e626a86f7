import type { ErrorRequestHandler, RequestHandler } from 'express';
import { isNpmPath, npmProblem } from '../domain/npm-problem.js';
import { problemDocument, RequestError } from '../domain/problem-document.js';
import { requestId } from './request-id.js';

/** No route answered: there is no such address, or it does not take the method. */
export function unknownRoute(routes: readonly { method: string; path: string }[]): RequestHandler {
  const addresses = [...new Set(routes.map(({ path }) => path))].map(path => ({
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}/?$`),
    methods: routes
      .filter(route => route.path === path)
      .flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])),
  }));
  return (request, response, next) => {
    const { method, path } = request;
    const address = addresses.find(({ pattern }) => pattern.test(path));
    const where = path.slice(0, 200);
    if (!address) {
      next(new RequestError('ENOROUTE', `The registry has nothing at ${method} ${where}.`));
      return;
    }
    response.set('allow', address.methods.join(', '));
    next(
      new RequestError('EMETHOD', `${where} does not take ${method}.`, {
        facts: { allowed: address.methods },
      }),
    );
  };
}

/** Answers every error as a problem document, or in npm's form where npm's clients ask. Four parameters, by which Express knows it. */
export const problems: ErrorRequestHandler = (error: unknown, request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  const document = problemDocument(error, requestId(request, response));
  if (document.status >= 500) request.log?.error({ err: error }, 'request failed');
  for (const header of ['etag', 'cache-control', 'content-encoding', 'content-length', 'content-type'])
    response.removeHeader(header);
  response.status(document.status).set('cache-control', 'no-store');
  if (document.status === 401) response.set('www-authenticate', 'Bearer realm="prompd"');
  const { seconds } = document.facts;
  if (document.status === 429 && typeof seconds === 'number') response.set('retry-after', String(seconds));
  // The rest of a body that nobody will read must not keep the connection.
  if (document.code === 'ESLOW') response.set('connection', 'close');
  if (isNpmPath(request.path)) {
    response.type('json').send(JSON.stringify(npmProblem(document)));
    return;
  }
  response.type('application/problem+json').send(JSON.stringify(document));
};
