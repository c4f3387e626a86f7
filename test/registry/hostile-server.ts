import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Protocol } from '#prompd/config/config.js';
import type { Teardown } from '../support/temp.js';

export type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;

export interface HostileServer {
  /** Ends in `/`. */
  readonly url: string;
  /** Every request that came, in order, but for those that ask what it is. */
  readonly requests: IncomingMessage[];
}

/** A server on loopback that answers as the test says; `count` is 1 for the first request. */
export async function hostileServer(
  t: Teardown,
  answer: Answer,
  kind: Protocol = 'prompd',
): Promise<HostileServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    request.resume();
    response.on('error', () => {});
    // What it speaks is all that it says of itself; what clients ask then is up to the test.
    if (request.url === '/.well-known/registry.json') {
      json(response, { kind });
      return;
    }
    requests.push(request);
    answer(request, response, requests.length);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, requests };
}

/** Answers with a JSON body. */
export function json(response: ServerResponse, value: unknown, status = 200, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
}
