import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import type { Connections } from '../core/connections.js';
import { PrompdError } from '../core/errors.js';
import { decompressed } from './decompress.js';
import type { HttpAnswer, HttpRequest } from './http-exchange.js';
import { CREDENTIALS, checkRedirect, MAX_REDIRECT_BODY, MAX_REDIRECTS } from './redirect-rules.js';
import { refuseUpgrade } from './refuse-upgrade.js';
import { backoff, MAX_RETRY_AFTER_MS, RETRIED_CODES, RETRIED_STATUS, retryAfter } from './retry-rules.js';

/** What holds for every request of a client. */
export interface GetOptions {
  readonly connections: Connections;
  /** The longest silence, in milliseconds. */
  readonly timeoutMs: number;
  readonly retries: number;
  readonly backoffLimitMs: number;
  readonly mayRedirect: ((target: URL) => boolean) | undefined;
  /** What is sent with the first request, the token included. */
  readonly headers: Readonly<Record<string, string>>;
  /** Ends the whole of it: the redirects, the pauses and the attempts. */
  readonly end: AbortSignal;
}

/** A failure in the words of the HTTP library, which are those that errors are told by. */
class GetError extends Error {
  readonly code: string;
  /** The address that failed, where redirects led there; without its query, which may hold a signature. */
  at: URL | undefined;

  constructor(name: 'RequestError' | 'ReadError' | 'TimeoutError', code: string, cause?: unknown) {
    super(cause instanceof Error ? cause.message : code, { cause });
    this.name = name;
    this.code = code;
  }
}

/** Where a request failed; undefined for the address that was asked. */
export function failedAt(error: unknown): URL | undefined {
  return error instanceof GetError ? error.at : undefined;
}

const REDIRECTS: readonly number[] = [300, 301, 302, 303, 307, 308];

/**
 * Gets an address. Packuments and archives are nearly all that is asked of a registry, by the hundreds: what they need is
 * written out here, with Node's own requests, at a third of the cost that the HTTP library has for its many features.
 * @throws what `transportError` understands, or a PrompdError
 */
export async function get(request: HttpRequest, options: GetOptions): Promise<HttpAnswer> {
  const { retries, backoffLimitMs, end } = options;
  for (let attempt = 1; ; attempt++) {
    const outcome = await follow(request, options).catch((error: unknown) => ({ error }));
    const isLast = attempt > retries || end.aborted;
    const delay = isLast ? undefined : delayBefore(outcome, attempt, backoffLimitMs);
    if (delay === undefined) {
      if ('error' in outcome) throw outcome.error;
      return { ...outcome, repeated: attempt > 1 };
    }
    await pause(delay, undefined, { signal: end });
  }
}

type Outcome = Omit<HttpAnswer, 'repeated'> | { readonly error: unknown };

/** @returns undefined where the outcome is final */
function delayBefore(outcome: Outcome, attempt: number, backoffLimitMs: number): number | undefined {
  if ('error' in outcome) {
    const { error } = outcome;
    const passes = error instanceof GetError && RETRIED_CODES.includes(error.code);
    return passes ? backoff(attempt, backoffLimitMs) : undefined;
  }
  if (!RETRIED_STATUS.includes(outcome.status)) return undefined;
  const asked = retryAfter(outcome.headers['retry-after'], Date.now());
  if (asked === undefined) return backoff(attempt, backoffLimitMs);
  return asked > MAX_RETRY_AFTER_MS ? undefined : asked;
}

async function follow(request: HttpRequest, options: GetOptions): Promise<Omit<HttpAnswer, 'repeated'>> {
  let { url } = request;
  const headers: Record<string, string> = { ...options.headers };
  for (let redirects = 0; ; redirects++) {
    const place = redirects > 0 ? withoutQuery(url) : undefined;
    const response = await failingAt(place, answerTo({ ...request, url, headers }, options));
    const { statusCode: status = 0, headers: found } = response;
    const { location } = found;
    if (location === undefined || !REDIRECTS.includes(status)) {
      const body = await failingAt(place, bodyOf(response, request, options));
      return { status, headers: found, body, url: url.href, redirected: redirects > 0 };
    }
    await discarded(response);
    if (redirects === MAX_REDIRECTS) throw new GetError('RequestError', 'ERR_TOO_MANY_REDIRECTS');
    const target = targetOf(location, url);
    checkRedirect(url.href, target, options.mayRedirect);
    // They were meant for the address that was asked, and for no other that it names.
    for (const name of CREDENTIALS) delete headers[name];
    url = target;
  }
}

function withoutQuery(url: URL): URL {
  const bare = new URL(url);
  bare.search = '';
  bare.hash = '';
  return bare;
}

function failingAt<T>(place: URL | undefined, pending: Promise<T>): Promise<T> {
  return pending.catch((error: unknown) => {
    if (error instanceof GetError) error.at = place;
    throw error;
  });
}

function targetOf(location: string, from: URL): URL {
  // Node reads headers as Latin-1; addresses in them are UTF-8.
  const text = Buffer.from(location, 'latin1').toString();
  const target = URL.canParse(text, from.href) ? new URL(text, from) : undefined;
  if (!target) throw new GetError('RequestError', 'ERR_INVALID_URL');
  if (target.protocol === 'https:' || target.protocol === 'http:') return target;
  throw new GetError('RequestError', 'ERR_UNSUPPORTED_PROTOCOL');
}

async function answerTo(
  { url, headers, decompress }: HttpRequest,
  { connections, timeoutMs, end }: GetOptions,
): Promise<IncomingMessage> {
  const { agent } = await connections.to(url);
  end.throwIfAborted();
  const isSafe = url.protocol === 'https:';
  const sent = (isSafe ? httpsRequest : httpRequest)(url, {
    agent: isSafe ? agent.https : agent.http,
    headers: decompress ? { ...headers, 'accept-encoding': 'gzip, deflate, br' } : { ...headers },
    // Of silence, while the name is looked up, the connection made and the answer awaited.
    timeout: timeoutMs,
  });
  return new Promise<IncomingMessage>((resolve, reject) => {
    let response: IncomingMessage | undefined;
    const onEnd = () => (response ?? sent).destroy();
    end.addEventListener('abort', onEnd);
    sent.once('close', () => end.removeEventListener('abort', onEnd));
    sent.once('timeout', () => (response ?? sent).destroy(new GetError('TimeoutError', 'ETIMEDOUT')));
    // Stays: a connection may also break when the answer is there.
    sent.on('error', error => reject(failureOf('RequestError', error)));
    refuseUpgrade(sent);
    sent.once('response', found => {
      response = found;
      resolve(found);
    });
    sent.end();
  });
}

function failureOf(name: 'RequestError' | 'ReadError', error: Error): Error {
  if (error instanceof GetError || error instanceof PrompdError) return error;
  return new GetError(
    name,
    'code' in error && typeof error.code === 'string' ? error.code : 'ECONNRESET',
    error,
  );
}

/** Read to its end, as the connection is used again then. */
async function discarded(response: IncomingMessage): Promise<void> {
  const endless = () => new GetError('ReadError', 'ECONNRESET');
  await contentOf(response, { maxBytes: MAX_REDIRECT_BODY, tooLarge: endless });
}

async function bodyOf(
  response: IncomingMessage,
  { maxBytes, tooLarge, decompress }: HttpRequest,
  { end }: GetOptions,
): Promise<Buffer> {
  const read = await contentOf(response, { maxBytes, tooLarge });
  end.throwIfAborted();
  return decompress ? decompressed(read, response.headers['content-encoding'], { maxBytes, tooLarge }) : read;
}

async function contentOf(
  response: IncomingMessage,
  { maxBytes, tooLarge }: { readonly maxBytes: number; readonly tooLarge: () => Error },
): Promise<Buffer> {
  return new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= maxBytes) return;
      reject(tooLarge());
      response.destroy();
    });
    response.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    response.on('error', error => reject(failureOf('ReadError', error)));
    response.once('close', () => reject(new GetError('ReadError', 'ECONNRESET')));
  });
}
