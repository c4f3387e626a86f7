import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Teardown } from './temp.js';

/** What a door does instead of passing a request on; false passes it on. */
export type Interference = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface Door {
  /** Without a slash at the end. */
  readonly url: string;
  /** Paths of the requests that came, but for those that ask what is behind it. */
  readonly paths: string[];
  /** Replaces what the door does with requests; undefined passes all on. */
  interfere(by: Interference | undefined): void;
  /** Cuts every connection that comes from now on, until it is opened again. */
  shut(isShut: boolean): void;
}

/** A way to a real server that can be shut, be slow, or lie. Addresses that the server writes lead through it too. */
export async function openDoor(t: Teardown, target: string): Promise<Door> {
  const paths: string[] = [];
  let shut = false;
  let interference: Interference | undefined;
  const server = createServer((incoming, outgoing) => {
    outgoing.on('error', () => {});
    if (shut) {
      incoming.socket.destroy();
      return;
    }
    const path = incoming.url ?? '/';
    if (path !== '/.well-known/registry.json') paths.push(decodeURIComponent(path));
    if (interference?.(incoming, outgoing)) return;
    const { connection: _, ...headers } = incoming.headers;
    const onwards = request(new URL(path, target), { method: incoming.method ?? 'GET', headers }, answer => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    onwards.on('error', () => outgoing.destroy());
    incoming.pipe(onwards);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    paths,
    interfere: by => {
      interference = by;
    },
    shut: isShut => {
      shut = isShut;
      if (shut) server.closeAllConnections();
    },
  };
}
