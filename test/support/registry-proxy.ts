import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Teardown } from './temp.js';

/** What a proxy makes of an answer; undefined passes it on as it is. */
export type Rewrite = (
  path: string,
  body: Buffer,
) => { readonly status?: number; readonly body: Buffer | string } | undefined;

/** An address behind which registries can be exchanged, and which may change what they say. */
export interface RegistryProxy {
  readonly url: string;
  /** `METHOD path` of every request. */
  readonly seen: string[];
  /** Address of the registry that answers from now on. */
  target: string;
  rewrite: Rewrite | undefined;
}

/** Starts a proxy on a free port; closed when the test ends. Names that registries make addresses of are kept. */
export async function startProxy(t: Teardown, target: string): Promise<RegistryProxy> {
  const server = createServer((incoming, outgoing) => {
    proxy.seen.push(`${incoming.method} ${incoming.url}`);
    pass(incoming, outgoing, proxy);
  });
  // A machine under load may leave a connection idle for long: none is closed while somebody is about to use it.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const proxy: RegistryProxy = {
    url: `http://127.0.0.1:${address.port}`,
    seen: [],
    target,
    rewrite: undefined,
  };
  t.teardown(async () => {
    const closed = new Promise<void>(resolve => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  });
  return proxy;
}

function pass(incoming: IncomingMessage, outgoing: ServerResponse, { target, rewrite }: RegistryProxy): void {
  const path = incoming.url ?? '/';
  // An answer that is to be changed must not come compressed, nor as "not modified".
  const { 'accept-encoding': _encoding, 'if-none-match': _etag, ...headers } = incoming.headers;
  const forward = request(
    new URL(path, target),
    { method: incoming.method, headers, agent: false },
    answer => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const body = Buffer.concat(chunks);
        const changed = rewrite?.(path, body);
        const { 'content-length': _length, 'transfer-encoding': _transfer, ...rest } = answer.headers;
        outgoing.writeHead(changed?.status ?? answer.statusCode ?? 502, rest).end(changed?.body ?? body);
      });
    },
  );
  forward.on('error', () => outgoing.writeHead(502).end());
  incoming.pipe(forward);
}
