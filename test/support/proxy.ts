import { createServer, request as forward, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Teardown } from './temp.js';

export interface ProxyOptions {
  /** `user:password` that it asks for. */
  readonly credentials?: string;
  /** Names that only the proxy can find, to ports of this machine. */
  readonly hosts?: Readonly<Record<string, number>>;
  /** Answers with this in place of a tunnel; `never` does not answer. */
  readonly connectStatus?: number | 'never';
}

export interface TestProxy {
  /** Without credentials. */
  readonly url: string;
  /** `CONNECT host:port` or `GET http://…`, in order. */
  readonly lines: string[];
  /** Headers that came with each of the lines. */
  readonly headers: IncomingMessage['headers'][];
}

/** A real forward proxy on loopback: tunnels by CONNECT, and requests for http addresses. */
export async function startProxy(t: Teardown, options: ProxyOptions = {}): Promise<TestProxy> {
  const { credentials, hosts = {}, connectStatus } = options;
  const lines: string[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const sockets = new Set<Socket>();
  const isKnown = ({ headers: { 'proxy-authorization': given } }: IncomingMessage) =>
    credentials === undefined || given === `Basic ${Buffer.from(credentials).toString('base64')}`;
  const note = (request: IncomingMessage) => {
    lines.push(`${request.method} ${request.url}`);
    headers.push(request.headers);
  };

  const server = createServer((request, response) => {
    note(request);
    if (!isKnown(request)) return void response.writeHead(407).end('Who are you?');
    const url = new URL(request.url ?? '');
    const port = hosts[url.hostname] ?? url.port;
    const { 'proxy-authorization': _, ...kept } = request.headers;
    const onward = forward({
      host: '127.0.0.1',
      port,
      method: request.method,
      path: `${url.pathname}${url.search}`,
      headers: kept,
    });
    onward.on('response', answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.writeHead(502).end());
    request.pipe(onward);
  });
  server.on('connect', (request, socket: Socket) => {
    note(request);
    sockets.add(socket);
    socket.on('error', () => {});
    if (connectStatus === 'never') return;
    if (!isKnown(request)) return void socket.end('HTTP/1.1 407 Who\r\ncontent-length: 0\r\n\r\n');
    if (connectStatus !== undefined) {
      const body = '{"error":"not found"}';
      return void socket.end(
        `HTTP/1.1 ${connectStatus} No\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
    }
    const [host = '', port] = (request.url ?? '').split(':');
    const target = connect(Number(hosts[host] ?? port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    sockets.add(target);
    target.on('error', () => socket.destroy());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, lines, headers };
}
