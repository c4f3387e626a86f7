import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { hostOf, type WebhookHosts } from '../domain/webhook-hosts.js';
import { listedAddresses } from './listed-addresses.js';
import { type PublicConnection, publicConnection } from './public-connection.js';

/**
 * `fetch` to public addresses, and to those of the operator's own that are listed. Which address a host has is checked
 * where the connection is made, so that a name cannot stand for one address while it is checked and for another one
 * afterwards. Redirects are not followed, and plain http is for listed hosts alone.
 * @returns a fetch that takes texts as bodies; it throws as `fetch` does
 */
export function guardedFetch(hosts: WebhookHosts): typeof fetch {
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const signal = init.signal ?? undefined;
    signal?.throwIfAborted();
    const listed = await listedAddresses(url, hosts);
    const isSecure = url.protocol === 'https:';
    if (!isSecure && listed.length === 0 && !hosts.has(hostOf(url))) {
      throw new TypeError(`plain http to ${url.host} is not allowed`);
    }
    const body = init.body ?? undefined;
    if (body !== undefined && typeof body !== 'string') throw new TypeError('the body is no text');
    const { agent, lookup } = connectionTo(url, listed);
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = (isSecure ? httpsRequest : httpRequest)(url, {
        method: init.method ?? 'GET',
        headers: Object.fromEntries(new Headers(init.headers)),
        agent,
        lookup,
        ...(signal ? { signal } : {}),
      });
      sent.on('error', reject).on('response', resolve).end(body);
    }).catch((cause: unknown) => {
      agent.destroy();
      signal?.throwIfAborted();
      throw failed(cause);
    });
    answer.once('close', () => agent.destroy());
    return responseOf(answer);
  };
}

function connectionTo(url: URL, allowed: readonly string[]): PublicConnection {
  try {
    return publicConnection(url, allowed);
  } catch (cause) {
    throw failed(cause);
  }
}

/** As Node's own fetch tells of it, so that what reads its errors reads these. */
function failed(cause: unknown): TypeError {
  return new TypeError('fetch failed', { cause });
}

function responseOf(answer: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, values] of Object.entries(answer.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  const status = answer.statusCode ?? 500;
  const bodiless = status === 204 || status === 205 || status === 304;
  if (bodiless) answer.resume();
  return new Response(bodiless ? null : bytesOf(answer), { status, headers });
}

/** As a web stream; its type in Node is another one than that of `Response`. */
function bytesOf(answer: IncomingMessage): ReadableStream<Uint8Array> {
  const reader = Readable.toWeb(answer).getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(new Uint8Array(value));
    },
    cancel: reason => reader.cancel(reason),
  });
}
