import type { IncomingMessage, OutgoingHttpHeader, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { labelRoute } from '../observe/route-label.js';
import type { ReadyAnswer, ReadyAnswers } from '../services/ready-answers.js';
import { requestId } from './request-id.js';
import { sendTogether } from './send-together.js';
import { hasSessionCookie } from './session-cookie.js';

/** What of a request an answer may depend on, apart from who asks. */
const VARY = ['host', 'accept', 'accept-encoding', 'origin'] as const;
/** Requests with more to say than this (characters) are none that come again. */
const MAX_KEY = 2_000;
/** Headers of one answer alone. */
const OWN_HEADERS = new Set(['x-request-id', 'connection', 'keep-alive', 'date']);

/**
 * Gives what is ready without a way through the application, and lets everything else through. Only those who show no
 * token get ready answers.
 */
export function beforeApp(app: RequestListener, ready: ReadyAnswers, logger: Logger): RequestListener {
  const together = sendTogether();
  return (request, response) => {
    const key = readyKey(request);
    const answer = key === undefined ? undefined : ready.get(key);
    if (answer === undefined) app(request, response);
    else together(() => send(request, response, { answer, logger }));
  };
}

/** What tells one ready answer from another; undefined for a request that takes more than a look into memory. */
export function readyKey({
  method,
  url = '',
  headers,
}: Pick<IncomingMessage, 'method' | 'url' | 'headers'>): string | undefined {
  const isSomebody = headers.authorization !== undefined || hasSessionCookie(headers.cookie);
  if (method !== 'GET' || isSomebody || headers.range !== undefined) return undefined;
  let key = url;
  for (const name of VARY) key += `\n${headers[name] ?? ''}`;
  return key.length > MAX_KEY ? undefined : key;
}

/** Headers of an answer that can be sent again, in the order in which they were set. */
export function keptHeaders(response: ServerResponse): string[] {
  return Object.entries(response.getHeaders()).flatMap(([name, value]) =>
    value === undefined || OWN_HEADERS.has(name) ? [] : [name, textOf(value)],
  );
}

function textOf(value: OutgoingHttpHeader): string {
  return Array.isArray(value) ? value.join(', ') : String(value);
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { answer, logger }: { answer: ReadyAnswer; logger: Logger },
): void {
  labelRoute(request, 'memory');
  const id = requestId(request, response);
  response.removeHeader('x-request-id');
  const unchanged = isKnown(request.headers['if-none-match'], answer.etag);
  const headers = unchanged ? withoutBody(answer.headers) : answer.headers;
  const status = unchanged ? 304 : 200;
  response.writeHead(status, [...headers, 'x-request-id', id]);
  response.end(unchanged ? undefined : answer.body);
  if (!unchanged) answer.served(request.headers['user-agent']);
  if (logger.isLevelEnabled('info')) {
    logger.info(
      { req: { id, method: request.method, url: request.url }, res: { statusCode: status } },
      'request completed from memory',
    );
  }
}

/** @see RFC 9110, section 13.1.2 */
function isKnown(known: string | undefined, etag: string | undefined): boolean {
  if (known === undefined || etag === undefined) return false;
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
  return known.trim() === '*' || known.split(',').some(tag => opaque(tag) === opaque(etag));
}

function withoutBody(headers: readonly string[]): string[] {
  const left: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    const [name = '', value = ''] = headers.slice(at, at + 2);
    if (!name.startsWith('content-') || name === 'content-security-policy') left.push(name, value);
  }
  return left;
}
