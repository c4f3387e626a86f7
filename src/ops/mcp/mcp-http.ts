import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';

const MAX_SESSIONS = 100;
/** Sessions that nobody used for so long are forgotten. */
const IDLE_MS = 30 * 60_000;

interface Session {
  readonly server: Server;
  readonly transport: StreamableHTTPServerTransport;
  usedAt: number;
}

/** Sessions over streamable HTTP, at `/mcp`. */
export class McpSessions {
  readonly #sessions = new Map<string, Session>();

  constructor(private readonly open: () => Server) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (new URL(request.url ?? '/', 'http://localhost').pathname !== '/mcp') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('MCP is at /mcp.\n');
      return;
    }
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? this.#sessions.get(id) : undefined;
    if (typeof id === 'string' && !known) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('There is no such session.\n');
      return;
    }
    if (known) {
      known.usedAt = performance.now();
      return known.transport.handleRequest(request, response);
    }
    await this.#forgetIdle();
    if (this.#sessions.size >= MAX_SESSIONS) {
      response.writeHead(503, { 'content-type': 'text/plain' }).end('There are too many sessions.\n');
      return;
    }
    const transport = await this.#begin();
    await transport.handleRequest(request, response);
    // What was no proper beginning leaves nothing behind.
    if (transport.sessionId === undefined) await transport.close();
  }

  /** Tells every session that the list of prompts changed. */
  async listChanged(): Promise<void> {
    await Promise.allSettled(
      [...this.#sessions.values()].map(({ server }) => server.sendPromptListChanged()),
    );
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#sessions.values()].map(({ transport }) => transport.close()));
  }

  async #begin(): Promise<StreamableHTTPServerTransport> {
    const server = this.open();
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: id =>
        void this.#sessions.set(id, { server, transport, usedAt: performance.now() }),
    });
    transport.onclose = () => void (transport.sessionId && this.#sessions.delete(transport.sessionId));
    await server.connect(transport);
    return transport;
  }

  async #forgetIdle(): Promise<void> {
    const before = performance.now() - IDLE_MS;
    for (const { transport, usedAt } of this.#sessions.values()) if (usedAt < before) await transport.close();
  }
}
