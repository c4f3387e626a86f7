import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';
import { PrompdError } from '../../core/errors.js';
import { systemCode } from '../../core/system-code.js';

/** How long requests that are under way may take to end when the server stops. */
const STOP_MS = 5_000;
const MAX_BODY = 4 * 1024 * 1024;

export interface LocalServerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  /** Names by which the server may be asked for besides those of this machine, without ports. */
  readonly allowedHosts?: readonly string[];
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Called when it begins to stop: answers that do not end by themselves must. */
  readonly stopping?: () => void;
}

export interface LocalServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts a server for programs on this machine. A request that names another host is refused: a web page whose name was
 * made to lead here (DNS rebinding) would else read what the server says.
 * @throws PrompdError EIO where it cannot listen
 */
export async function startLocalServer(options: LocalServerOptions): Promise<LocalServer> {
  const { port, host, handle } = options;
  const allowed = new Set([
    'localhost',
    '127.0.0.1',
    '[::1]',
    bracketed(host),
    ...(options.allowedHosts ?? []),
  ]);
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, (request, response) => {
    if (!allowed.has(hostOf(request))) {
      response.writeHead(421, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify({ type: 'about:blank', title: 'Not a name of this server', status: 421 }));
      return;
    }
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', cause => {
      const reason = systemCode(cause) ?? 'unknown';
      const message = `The server cannot listen at ${bracketed(host)}:${port}.`;
      reject(new PrompdError('EIO', message, { facts: { reason, host, port }, cause }));
    });
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${bracketed(host)}:${bound}`,
    async close() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()));
      options.stopping?.();
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), STOP_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}

/**
 * Reads a JSON body. Its type must say so: a web page can send other types to any address without asking.
 * @throws PrompdError EUSAGE
 */
export async function readJsonRequest(request: IncomingMessage): Promise<unknown> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
    throw new PrompdError('EUSAGE', 'The request must have the content type "application/json".');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BODY) throw new PrompdError('EUSAGE', `The request is larger than ${MAX_BODY} bytes.`);
    chunks.push(bytes);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'), (key, value) =>
      key === '__proto__' ? undefined : value,
    );
  } catch (cause) {
    throw new PrompdError('EUSAGE', 'The request is not JSON.', { cause });
  }
}

/** The name that a request is meant for, without its port. */
function hostOf({ headers: { host = '' } }: IncomingMessage): string {
  return host.toLowerCase().replace(/:\d{1,5}$/, '');
}

function bracketed(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}
