import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Teardown } from '../temp.js';

/** What the server was sent. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** Answers one request. */
export type Reply = (response: ServerResponse, request: Received) => void | Promise<void>;

export interface ModelServer {
  /** With `/v1` at the end, as users configure it. */
  readonly url: string;
  readonly received: readonly Received[];
}

/**
 * A server on loopback that answers with one reply after the other; the last one is repeated.
 */
export async function startModelServer(t: Teardown, ...replies: readonly Reply[]): Promise<ModelServer> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const text = Buffer.concat(chunks).toString('utf8');
    const { method = '', url = '', headers } = request;
    const call = { method, path: url, headers, body: text === '' ? undefined : JSON.parse(text) };
    received.push(call);
    const reply = replies[Math.min(received.length, replies.length) - 1];
    await reply?.(response, call);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, received };
}

/** A JSON body. */
export function json(
  value: unknown,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): Reply {
  return response => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
  };
}

/** A web page, as a proxy or a wrong address answers. */
export function html(status = 200): Reply {
  return response => {
    response
      .writeHead(status, { 'content-type': 'text/html; charset=utf-8' })
      .end('<!doctype html><title>Sign in</title>');
  };
}

export interface EventsOptions {
  /** `end` closes the answer as HTTP asks for, `cut` drops the connection, `hang` leaves it open. */
  readonly finish?: 'end' | 'cut' | 'hang';
  /** Milliseconds between two events. */
  readonly every?: number;
}

/** Server-sent events, each a whole block without its blank line. */
export function events(blocks: readonly string[], { finish = 'end', every = 0 }: EventsOptions = {}): Reply {
  return async response => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const block of blocks) {
      response.write(`${block}\n\n`);
      await pause(every);
    }
    if (finish === 'end') response.end();
    if (finish === 'cut') {
      await pause(20);
      response.destroy();
    }
  };
}

/** Accepts the request and never answers. */
export const silence: Reply = () => {};

/** Drops the connection without an answer. */
export const hangUp: Reply = response => {
  response.destroy();
};
