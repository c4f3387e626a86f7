import type { CancelableRequest, Got, OptionsInit, Response } from 'got';
import type { NetworkConfig } from '../config/config.js';
import { isUnder } from '../config/registry-url.js';
import { authorizationOf } from '../config/token.js';
import type { Connections } from '../core/connections.js';
import { PrompdError } from '../core/errors.js';
import { directConnections } from './connections.js';
import { failedAt, get } from './get.js';
import type { HttpAnswer, HttpRequest } from './http-exchange.js';
import { proxyRefusal } from './proxy-error.js';
import { CREDENTIALS, checkRedirect, MAX_REDIRECT_BODY, MAX_REDIRECTS } from './redirect-rules.js';
import { refuseUpgrade } from './refuse-upgrade.js';
import { MAX_RETRY_AFTER_MS, noiseOf, RETRIED_CODES, RETRIED_STATUS, shortened } from './retry-rules.js';
import { type Transport, tooSlow, transportError } from './transport-error.js';

export interface HttpOptions {
  /** The registry's address; credentials go to it and to what lies under it, and nowhere else. */
  readonly registryUrl: string;
  readonly network: Pick<NetworkConfig, 'concurrency' | 'timeoutMs' | 'retries'>;
  readonly userAgent: string;
  /** By default straight to each host. */
  readonly connections?: Connections | undefined;
  /** Called at most once, at the first request that may carry a token. */
  readonly token: () => Promise<string | undefined>;
  /** Whether a redirect may lead to an address; by default to any that is as safe as the one before. */
  readonly mayRedirect?: ((target: URL) => boolean) | undefined;
  /** Longest pause before a request is sent again, in milliseconds. */
  readonly backoffLimitMs?: number;
}

export type { HttpAnswer, HttpRequest };

/** An answer whose body is read while it comes. */
export interface HttpStream {
  readonly status: number;
  readonly headers: Response['headers'];
  /** Throws as `send` does. */
  readonly body: AsyncIterable<Buffer>;
  /** Gives up a body that nobody will read. */
  close(): void;
}

export interface HttpClient {
  /** @throws PrompdError ENETWORK, ETIMEOUT, EBADRESPONSE, or what `tooLarge` makes */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** As `send`, and never sent a second time, to no other address either. */
  stream(request: HttpRequest): Promise<HttpStream>;
}

/** A whole answer, with redirects and repetitions, may take this many times the longest silence. */
const TOTAL_FACTOR = 10;
const BACKOFF_LIMIT_MS = 10_000;
/**
 * HTTP as a registry is spoken to: bounded in time, size, sockets and redirects, repeated after failures that pass,
 * and with the token kept to the registry's own addresses.
 *
 * POST is repeated as well: publishing the same bytes again changes nothing, and the registry says so.
 */
export function httpClient(options: HttpOptions): HttpClient {
  const { connections = directConnections(options.network.concurrency) } = options;
  const { registryUrl, network } = options;
  const { timeoutMs } = network;
  const way = (proxy: string | undefined): Transport => ({
    timeoutMs,
    totalMs: timeoutMs * TOTAL_FACTOR,
    proxy,
  });
  let token: Promise<string | undefined> | undefined;
  const authorization = async (url: URL): Promise<Record<string, string>> => {
    if (!isUnder(url, registryUrl)) return {};
    token ??= options.token();
    const value = await token;
    return value === undefined ? {} : { authorization: authorizationOf(value) };
  };
  const headersOf = async ({ url, headers }: HttpRequest) => ({
    'user-agent': options.userAgent,
    ...(await authorization(url)),
    // What a request itself says to prove who it is, as a login does, counts more than what is kept.
    ...headers,
  });
  // Most of what is asked of the library is the same for each request, and checked by it once.
  const senders = new Map<string, Promise<Got>>();
  const senderOf = (request: HttpRequest): Promise<Got> => {
    const { method, decompress, isRepeatable = true } = request;
    const kind = `${method} ${decompress} ${isRepeatable}`;
    // Loaded at the first request: most commands never make one.
    const sender =
      senders.get(kind) ??
      import('got').then(({ got }) =>
        got.extend({
          ...gotOptions(options, request),
          hooks: { beforeRedirect: [(next, from) => redirect(next, from, { ...options, connections })] },
        }),
      );
    senders.set(kind, sender);
    return sender;
  };
  const getting = async (request: HttpRequest): Promise<HttpAnswer> => {
    const { url, signal, isRepeatable = true } = request;
    const headers = await headersOf(request);
    const { proxy } = await connections.to(url);
    const end = new AbortController();
    const giveUp = () => end.abort(signal?.reason);
    signal?.addEventListener('abort', giveUp);
    let isLate = false;
    const deadline = setTimeout(() => {
      isLate = true;
      end.abort();
    }, way(proxy).totalMs);
    try {
      signal?.throwIfAborted();
      const answer = await get(request, {
        connections,
        timeoutMs,
        retries: isRepeatable ? network.retries : 0,
        backoffLimitMs: options.backoffLimitMs ?? BACKOFF_LIMIT_MS,
        mayRedirect: options.mayRedirect,
        headers,
        end: end.signal,
      });
      if (answer.status === 407 && proxy !== undefined) throw proxyRefusal(proxy, 407);
      return answer;
    } catch (error) {
      if (isLate) throw tooSlow(url, way(proxy), error);
      throw signal?.aborted === true
        ? signal.reason
        : transportError(error, failedAt(error) ?? url, way(proxy));
    } finally {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', giveUp);
    }
  };
  return {
    async stream(request) {
      const { got } = await import('got');
      const { agent, proxy } = await connections.to(request.url);
      const stream = got.stream(request.url, {
        ...gotOptions(options, { ...request, isRepeatable: false }),
        ...(request.body === undefined ? {} : { body: request.body }),
        isStream: true,
        followRedirect: false,
        ...(request.signal && { signal: request.signal }),
        headers: await headersOf(request),
        agent,
      });
      const response = await new Promise<Response>((resolve, reject) => {
        stream.once('request', refuseUpgrade).once('response', resolve).once('error', reject);
      }).catch((error: unknown) => {
        throw transportError(error, request.url, way(proxy));
      });
      const { statusCode: status, headers } = response;
      const close = () => void stream.on('error', () => undefined).destroy();
      if (status === 407 && proxy !== undefined) {
        close();
        throw proxyRefusal(proxy, 407);
      }
      return { status, headers, body: bounded(stream, request, way(proxy)), close };
    },
    async send(request) {
      if (request.method === 'GET' && request.body === undefined) return getting(request);
      const sender = await senderOf(request);
      const headers = await headersOf(request);
      const { agent, proxy } = await connections.to(request.url);
      const pending = sender(request.url, {
        ...(request.body === undefined ? {} : { body: request.body }),
        ...(request.signal && { signal: request.signal }),
        responseType: 'buffer',
        headers,
        agent,
      });
      pending.on('request', refuseUpgrade);
      let isLate = false;
      // The library's own limit begins anew with each redirect and each attempt.
      const deadline = setTimeout(() => {
        isLate = true;
        pending.cancel();
      }, way(proxy).totalMs);
      let oversized = false;
      pending.on('downloadProgress', ({ transferred }) => {
        oversized = transferred > request.maxBytes;
        if (oversized) pending.cancel();
      });
      const response = await settled(pending)
        .catch((error: unknown) => {
          if (isLate) throw tooSlow(request.url, way(proxy), error);
          throw oversized ? request.tooLarge() : transportError(error, request.url, way(proxy));
        })
        .finally(() => clearTimeout(deadline));
      // Nobody but a proxy asks for credentials so; to a plain address it is the proxy that answers.
      if (response.statusCode === 407 && proxy !== undefined) throw proxyRefusal(proxy, 407);
      return {
        status: response.statusCode,
        headers: response.headers,
        body: response.rawBody,
        url: response.url,
        redirected: response.redirectUrls.length > 0,
        repeated: response.retryCount > 0,
      };
    },
  };
}

async function* bounded(
  stream: AsyncIterable<Buffer>,
  { url, maxBytes, tooLarge }: HttpRequest,
  way: Transport,
): AsyncGenerator<Buffer, void> {
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge();
      yield chunk;
    }
  } catch (error) {
    throw transportError(error, url, way);
  }
}

async function settled(pending: CancelableRequest<Response<Buffer>>): Promise<Response<Buffer>> {
  return pending;
}

function gotOptions(
  { network, backoffLimitMs = BACKOFF_LIMIT_MS }: HttpOptions,
  { method, decompress, isRepeatable = true }: Pick<HttpRequest, 'method' | 'decompress' | 'isRepeatable'>,
): OptionsInit & { isStream?: false; responseType: 'buffer' } {
  const { timeoutMs, retries } = network;
  return {
    method,
    responseType: 'buffer',
    throwHttpErrors: false,
    decompress,
    timeout: { lookup: timeoutMs, connect: timeoutMs, socket: timeoutMs, request: timeoutMs * TOTAL_FACTOR },
    followRedirect: ({ statusCode }) => method === 'GET' && statusCode !== 304,
    maxRedirects: MAX_REDIRECTS,
    retry: {
      limit: isRepeatable ? retries : 0,
      methods: ['GET', 'POST', 'PUT', 'DELETE'],
      statusCodes: [...RETRIED_STATUS],
      errorCodes: [...RETRIED_CODES],
      maxRetryAfter: MAX_RETRY_AFTER_MS,
      backoffLimit: backoffLimitMs,
      noise: noiseOf(backoffLimitMs),
      calculateDelay({ computedValue, retryAfter, error }) {
        // An answer that took all of its time would take it again.
        const tooSlow = 'event' in error && error.event === 'request';
        if (tooSlow || error.cause instanceof PrompdError) return 0;
        return retryAfter === undefined ? shortened(computedValue) : computedValue;
      },
    },
  };
}

type RedirectHook = NonNullable<NonNullable<OptionsInit['hooks']>['beforeRedirect']>[number];

/** The token is not meant for another address, and another host has a connection of its own. */
async function redirect(
  next: Parameters<RedirectHook>[0],
  from: Parameters<RedirectHook>[1],
  { connections, mayRedirect }: HttpOptions & { readonly connections: Connections },
): Promise<void> {
  const target = new URL(String(next.url));
  checkRedirect(from.url, target, mayRedirect);
  let bytes = 0;
  from.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_REDIRECT_BODY) from.socket.destroy();
  });
  for (const name of CREDENTIALS) delete next.headers[name];
  next.agent = (await connections.to(target)).agent;
}
