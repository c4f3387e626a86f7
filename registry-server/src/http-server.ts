import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { PrompdError } from 'prompd/core';
import { problemDocument, RequestError } from './domain/problem-document.js';

/** Milliseconds between two looks for idle connections of a server that goes. */
const IDLE_LOOK = 50;

/**
 * Listens.
 * @returns the address, `http://host:port`
 * @throws PrompdError EIO when the address cannot be used
 */
export async function listen(server: Server, port: number, host: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', cause =>
      reject(
        new PrompdError('EIO', `The registry cannot listen on ${host}:${port}: ${cause.message}`, {
          facts: { host, port },
          hint: 'Choose another port with --port, or 0 for any that is free.',
          cause,
        }),
      ),
    );
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const actual = address !== null && typeof address === 'object' ? address.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${actual}`;
}

/** Lets open requests end for a while (milliseconds), then cuts them off. */
export async function closeServer(server: Server, drainTime: number): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()));
  server.closeIdleConnections();
  // Connections whose last request ends from now on would stay open for the next one.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_LOOK);
  const cut = setTimeout(() => server.closeAllConnections(), drainTime);
  await closed;
  clearInterval(idle);
  clearTimeout(cut);
}

/**
 * Keeps connections from being closed as idle while an answer is on its way. Node counts a connection as idle once its
 * answer was ended, although bytes of it, or of those that queue behind it, may wait for a slow reader yet.
 */
export function keepAnswers(server: Server): void {
  const open = new Map<Socket, Set<ServerResponse>>();
  server.on('connection', socket => {
    open.set(socket, new Set());
    socket.once('close', () => open.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    const answers = open.get(socket);
    answers?.add(response);
    response.once('close', () => answers?.delete(response));
  });
  const closeIdle = server.closeIdleConnections.bind(server);
  // Node's own close() calls this, too. Only all are closed or none: which have begun to send a request, Node alone knows.
  server.closeIdleConnections = () => {
    const answers = [...open.values()].flatMap(some => [...some]);
    if (!answers.some(({ writableEnded, writableFinished }) => writableEnded && !writableFinished))
      closeIdle();
  };
}

/** What is not even HTTP, or does not arrive in time, never reaches the app: it is answered here. */
export function answerBrokenRequests(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const document = problemDocument(requestErrorOf(error), 'none');
    const body = JSON.stringify(document);
    const reason = STATUS_TEXT[document.status] ?? 'Bad Request';
    socket.end(
      [
        `HTTP/1.1 ${document.status} ${reason}`,
        'content-type: application/problem+json',
        `content-length: ${Buffer.byteLength(body)}`,
        'cache-control: no-store',
        'connection: close',
        '',
        body,
      ].join('\r\n'),
    );
  });
}

const STATUS_TEXT: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  413: 'Content Too Large',
};

function requestErrorOf({ code }: NodeJS.ErrnoException): RequestError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new RequestError('ESLOW', 'The request did not arrive in time.');
  }
  if (code === 'HPE_HEADER_OVERFLOW') return new RequestError('ETOOLARGE', 'The headers are too large.');
  return new RequestError('EBADREQUEST', 'The request is not HTTP.');
}
