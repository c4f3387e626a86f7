import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Teardown } from './temp.js';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver {
  readonly port: number;
  /** `http://127.0.0.1:port/hook` */
  readonly url: string;
  readonly received: readonly Received[];
  /** Connections, whether or not anything came over them. */
  readonly connections: () => number;
  stop(): Promise<void>;
}

/**
 * Starts a server that takes webhooks; it is stopped when the test ends.
 * @param answer how it answers; 204 by default. @param port 0 takes a free one
 */
export async function startReceiver(
  t: Teardown,
  answer: (response: ServerResponse, index: number) => void = response => void response.writeHead(204).end(),
  port = 0,
): Promise<Receiver> {
  const received: Received[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      answer(response, received.length - 1);
    });
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
  const taken = (server.address() as AddressInfo).port;
  const stop = () =>
    new Promise<void>(resolve => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  t.teardown(stop);
  return {
    port: taken,
    url: `http://127.0.0.1:${taken}/hook`,
    received,
    connections: () => connections,
    stop,
  };
}

/** What a receiver computes of a message with its secret. @see docs/webhooks.md */
export function expectedSignature({ headers, body }: Received, secret: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}
