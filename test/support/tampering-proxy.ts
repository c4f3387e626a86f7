import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Teardown } from './temp.js';

/** A JSON document as it is on the way: any of its members may be changed. */
export type Document = Record<string, unknown>;

export interface TamperingProxy {
  readonly url: string;
  /** Paths that were asked for since the start. */
  readonly asked: string[];
  /** Changes documents on their way; null answers 404 in their place. */
  edit: (path: string, document: Document) => Document | null;
}

/** Stands before a registry and changes what it answers. Stopped when the test ends. */
export async function startTamperingProxy(t: Teardown, target: string): Promise<TamperingProxy> {
  const asked: string[] = [];
  const proxy = { asked, edit: (_path: string, document: Document): Document | null => document };
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(request.url ?? '/');
    asked.push(path);
    const answer = await fetch(`${target}${request.url}`, { method: request.method ?? 'GET' });
    const body = Buffer.from(await answer.arrayBuffer());
    const type = answer.headers.get('content-type') ?? 'application/octet-stream';
    response.setHeader('content-type', type);
    if (!type.includes('json') || answer.status !== 200) {
      response.writeHead(answer.status).end(body);
      return;
    }
    // What names the registry's own address would lead around the proxy.
    const text = body.toString('utf8').replaceAll(target, url);
    const document = JSON.parse(text);
    // One document an address is simpler to change than many in a stream.
    if (path === '/.well-known/registry.json') delete document.capabilities;
    const edited = proxy.edit(path, document);
    response.writeHead(edited === null ? 404 : 200).end(JSON.stringify(edited ?? {}));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(
    () =>
      new Promise<void>(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return Object.assign(proxy, { url });
}
