import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { digestOf } from '#prompd/core/digest.js';
import type { Teardown } from './temp.js';

/** How the server answers questions for prompts. */
export type Behaviour =
  | 'good'
  | 'silent'
  | 'drips'
  | 'lies'
  | 'refuses'
  | 'slow'
  | 'redirects'
  | 'hides'
  | 'fails'
  /** Refuses a model of which nothing is known, and answers whoever names none. */
  | 'strict'
  | 'nests';

/** A small server of the delivery protocol that does as it is told. */
export interface DeliveryServer {
  readonly url: string;
  /** Addresses asked for, in order, but for events. */
  readonly asked: string[];
  /** Values of `Authorization` that came. */
  readonly tokens: Set<string>;
  behaviour: Behaviour;
  /** Whether it has events. */
  events: boolean;
  /** Connections for events that are open now. */
  readonly listeners: number;
  /** Values of `Last-Event-ID` that came, in order. */
  readonly resumed: string[];
  /** Where `redirects` leads. */
  elsewhere: string;
  /** Puts a version into a channel, and tells those who listen. */
  move(tag: string, version: string | undefined, options?: { silently?: boolean }): void;
  revoke(version: string, options?: { silently?: boolean }): void;
  send(event: string, data: unknown): void;
  /** Breaks the connections for events. */
  cut(): void;
  close(): Promise<void>;
  /** Listens again where it did before. */
  reopen(): Promise<void>;
}

/** The prompt `@bank/kyc:summary`; its text is that of its version. */
export const contentOf = (version: string) => ({
  messages: [
    { role: 'system', text: `You are version ${version}.` },
    { role: 'user', text: 'Summarise {{ name }}.' },
  ],
  contexts: [],
  parameters: [{ name: 'name', type: 'string', required: true }],
  borrowed: [],
  inputs: {},
  execution: {},
});

/** Starts one with `@bank/kyc@1.0.0` in `production`; it stops when the test ends. */
export async function startDeliveryServer(t: Teardown): Promise<DeliveryServer> {
  const channels = new Map([['production', '1.0.0']]);
  const revoked = new Set<string>();
  const streams = new Set<ServerResponse>();
  let eventId = 0;
  const answerPrompt = async (request: IncomingMessage, response: ServerResponse, url: URL) => {
    const tag = url.searchParams.get('tag') ?? undefined;
    const version = url.searchParams.get('version') ?? channels.get(tag ?? '');
    if (server.behaviour === 'fails') return problem(response, 500, 'EBUG');
    if (server.behaviour === 'strict' && request.url?.includes('model='))
      return problem(response, 409, 'EINCOMPATIBLE');
    if (server.behaviour === 'hides' || !url.pathname.includes('kyc'))
      return problem(response, 404, 'ENOTFOUND');
    if (version === undefined) return problem(response, 404, 'ENOVERSION');
    if (revoked.has(version))
      return problem(response, 410, 'EREVOKED', { name: '@bank/kyc', version, reason: 'wrong' });
    if (server.behaviour === 'nests') {
      response.writeHead(200, { 'content-type': 'application/json' });
      return void response.end(`{"content":${'['.repeat(500_000)}${']'.repeat(500_000)}}`);
    }
    const content = contentOf(version);
    const digest = digestOf(server.behaviour === 'lies' ? contentOf('9.9.9') : content);
    const etag = `"${digest}-${version}-${tag ?? ''}"`;
    const shared = { package: '@bank/kyc', prompt: 'summary', version, tag: tag ?? null, digest, content };
    const body = {
      ...shared,
      contract: { parameters: [], sections: [] },
      stale: false,
      source: 'memory',
      age: 0,
    };
    if (server.behaviour === 'slow') await new Promise(resolve => setTimeout(resolve, 400));
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end();
    response.writeHead(200, { 'content-type': 'application/json', etag });
    if (server.behaviour !== 'drips') return void response.end(JSON.stringify(body));
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  };
  const http = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    server.tokens.add(request.headers.authorization ?? '');
    if (url.pathname === '/delivery/events') {
      if (!server.events || server.behaviour === 'refuses') return void response.writeHead(404).end();
      const last = request.headers['last-event-id'];
      if (typeof last === 'string') server.resumed.push(last);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': hello\n\n');
      streams.add(response);
      response.on('close', () => streams.delete(response));
      return;
    }
    server.asked.push(request.url ?? '');
    if (server.behaviour === 'silent') return;
    if (server.behaviour === 'refuses') return void request.socket.destroy();
    if (server.behaviour === 'redirects')
      return void response.writeHead(302, { location: server.elsewhere }).end();
    void answerPrompt(request, response, url);
  });
  const listen = (port: number) =>
    new Promise<void>(resolve => http.listen(port, '127.0.0.1', () => resolve()));
  const close = () =>
    new Promise<void>(resolve => {
      http.close(() => resolve());
      http.closeAllConnections();
    });
  await listen(0);
  const { port } = http.address() as AddressInfo;
  const server: DeliveryServer = {
    url: `http://127.0.0.1:${port}`,
    asked: [],
    tokens: new Set(),
    resumed: [],
    behaviour: 'good',
    events: true,
    elsewhere: '',
    get listeners() {
      return streams.size;
    },
    move(tag, version, { silently = false } = {}) {
      const previous = channels.get(tag) ?? null;
      if (version === undefined) channels.delete(tag);
      else channels.set(tag, version);
      if (!silently) server.send('move', { package: '@bank/kyc', tag, version: version ?? null, previous });
    },
    revoke(version, { silently = false } = {}) {
      revoked.add(version);
      if (!silently) server.send('revoke', { package: '@bank/kyc', version, reason: 'wrong' });
    },
    send(event, data) {
      eventId += 1;
      for (const stream of streams)
        stream.write(`id: ${eventId}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    cut() {
      for (const stream of streams) stream.destroy();
    },
    close,
    reopen: () => listen(port),
  };
  t.teardown(close);
  return server;
}

function problem(response: ServerResponse, status: number, code: string, facts: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(
    JSON.stringify({ type: 'about:blank', title: code, status, code, detail: `It is ${code}.`, facts }),
  );
}
