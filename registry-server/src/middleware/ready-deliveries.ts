import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { WireAnswer } from '../services/delivery/delivery-answer.js';
import type { ReadyDeliveries, WireRequest } from '../services/delivery/ready-deliveries.js';
import { DELIVERY } from '../settings.js';
import { newRequestId } from './request-id.js';
import { sendTogether } from './send-together.js';

const PREFIX = '/delivery/';
/** Requests with more to say than this (characters) are none that come again. */
const MAX_KEY = 2_000;
/**
 * A parameter whose name is written with escapes, such as `k%65y`: it means what it means without them. Looked for from the
 * last `?` on, so that many of them cost no more than their number.
 */
const ESCAPED_NAME = /[?&][^=&?]*%/;

/** Answers reads of delivery from memory, and lets everything else through. */
export function beforeDeliveries(
  app: RequestListener,
  ready: ReadyDeliveries,
  logger: Logger,
): RequestListener {
  const together = sendTogether();
  return (request, response) => {
    const { method, url = '' } = request;
    const wire = method === 'GET' && url.startsWith(PREFIX) ? wireRequest(request) : undefined;
    if (wire === undefined) {
      app(request, response);
      return;
    }
    const answer = ready.get(wire);
    if (answer) {
      together(() => send(request, response, { answer, logger }));
    } else if (ready.isDecided(wire)) {
      void ready.renewed(wire).then(renewed => {
        if (renewed) send(request, response, { answer: renewed, logger });
        else app(request, response);
      });
    } else app(request, response);
  };
}

/** What tells one request from another; undefined for one that takes more than a look into memory. */
export function wireRequest({
  url = '',
  headers,
  socket,
}: Pick<IncomingMessage, 'url' | 'headers' | 'socket'>): WireRequest | undefined {
  const { authorization } = headers;
  // Of a browser it matters which page it asks for.
  if (headers.cookie !== undefined || headers.origin !== undefined) return undefined;
  // Some credentials hold for some addresses alone.
  const caller =
    authorization === undefined
      ? ''
      : `${authorization}\n${socket.remoteAddress ?? ''}\n${headers['x-forwarded-for'] ?? ''}`;
  const split = splitKey(url);
  if (!split) return undefined;
  const { place, key } = split;
  if (place.length + caller.length > MAX_KEY) return undefined;
  return { decision: `${place}\n${caller}`, key };
}

/** Takes the parameter `key` out of an address; undefined where its name or value takes a closer look. */
function splitKey(url: string): { place: string; key: string | undefined } | undefined {
  if (url.includes('%') && ESCAPED_NAME.test(url)) return undefined;
  const query = url.indexOf('?');
  let at = url.indexOf('key=', query + 1);
  while (at > 0 && at - 1 !== query && url[at - 1] !== '&') at = url.indexOf('key=', at + 1);
  if (query === -1 || at === -1) return { place: url, key: undefined };
  const end = url.indexOf('&', at);
  const raw = end === -1 ? url.slice(at + 4) : url.slice(at + 4, end);
  const key = decoded(raw);
  if (key === undefined || key === '' || key.length > DELIVERY.key || key.includes('\0')) return undefined;
  return { place: url.slice(0, at) + (end === -1 ? '' : url.slice(end + 1)), key };
}

function decoded(raw: string): string | undefined {
  if (!raw.includes('%') && !raw.includes('+')) return raw;
  try {
    return decodeURIComponent(raw.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/**
 * Sends an answer.
 * @param id of the request; undefined where it is among the headers already
 * @returns the status
 */
export function sendDelivery(
  request: Pick<IncomingMessage, 'headers' | 'method'>,
  response: ServerResponse,
  { etag, bytes, provenance }: WireAnswer,
  id?: string,
): number {
  const headers = [
    'etag',
    etag,
    'prompd-delivery',
    provenance,
    'cache-control',
    'private, max-age=0',
    'vary',
    'authorization, cookie',
    'x-content-type-options',
    'nosniff',
  ];
  if (id !== undefined) headers.push('x-request-id', id);
  if (isKnown(request.headers['if-none-match'], etag)) {
    response.writeHead(304, headers).end();
    return 304;
  }
  headers.push('content-type', 'application/json; charset=utf-8', 'content-length', String(bytes.length));
  response.writeHead(200, headers);
  if (request.method === 'HEAD') response.end();
  else response.end(bytes, 'latin1');
  return 200;
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { answer, logger }: { answer: WireAnswer; logger: Logger },
): void {
  const id = newRequestId(request);
  const statusCode = sendDelivery(request, response, answer, id);
  if (logger.isLevelEnabled('info')) {
    const { method, url } = request;
    logger.info({ req: { id, method, url }, res: { statusCode } }, 'request completed from memory');
  }
}

/** @see RFC 9110, section 13.1.2 */
function isKnown(known: string | undefined, etag: string): boolean {
  if (known === undefined) return false;
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
  return known.trim() === '*' || known.split(',').some(tag => opaque(tag) === opaque(etag));
}
