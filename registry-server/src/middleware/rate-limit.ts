import { createHash } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { isNpmPath, npmProblem } from '../domain/npm-problem.js';
import { problemDocument, RequestError } from '../domain/problem-document.js';
import type { RateCounter } from '../ports/rate-counter.js';
import { clientAddress } from './client-address.js';
import { requestId } from './request-id.js';

export interface RateLimits {
  readonly byAddress?: RateCounter | undefined;
  readonly byToken?: RateCounter | undefined;
  /** Proxies of the operator before the server. */
  readonly proxies: number;
  readonly onError: (error: unknown) => void;
}

/** Whoever watches over the server asks often, and always from the same address. */
const WATCHED = new Set(['/healthz', '/readyz']);

/**
 * Refuses requests of senders that make too many, before anything else is done for them: the token is not looked up, its
 * hash alone is counted.
 * @see RFC 6585, section 4
 */
export function limitRates(next: RequestListener, limits: RateLimits): RequestListener {
  if (!limits.byAddress && !limits.byToken) return next;
  return (request, response) => {
    if (WATCHED.has(request.url?.split('?', 1)[0] ?? '')) {
      next(request, response);
      return;
    }
    waitOf(request, limits).then(
      wait => (wait > 0 ? refuse(request, response, wait) : next(request, response)),
      (error: unknown) => {
        // A counter that fails must not take the registry with it.
        limits.onError(error);
        next(request, response);
      },
    );
  };
}

async function waitOf(
  request: IncomingMessage,
  { byAddress, byToken, proxies }: RateLimits,
): Promise<number> {
  const wait = (await byAddress?.take(clientAddress(request, proxies))) ?? 0;
  const { authorization } = request.headers;
  if (wait > 0 || !byToken || authorization === undefined) return wait;
  return byToken.take(createHash('sha256').update(authorization).digest('base64url').slice(0, 22));
}

/** @param wait in milliseconds */
function refuse(request: IncomingMessage, response: ServerResponse, wait: number): void {
  const seconds = Math.ceil(wait / 1000);
  const error = new RequestError('ETOOMANY', `Too many requests: wait ${seconds} s.`, { facts: { seconds } });
  const document = problemDocument(error, requestId(request, response));
  const isNpm = isNpmPath(request.url ?? '');
  const body = JSON.stringify(isNpm ? npmProblem(document) : document);
  response
    .writeHead(document.status, {
      'content-type': isNpm ? 'application/json' : 'application/problem+json',
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      'retry-after': String(seconds),
      // A body that nobody reads must not keep the connection.
      ...(request.headers['content-length'] || request.headers['transfer-encoding']
        ? { connection: 'close' }
        : {}),
    })
    .end(request.method === 'HEAD' ? undefined : body);
}
