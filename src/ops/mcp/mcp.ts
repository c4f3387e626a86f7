import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { PrompdError } from '../../core/errors.js';
import type { Context } from '../context.js';
import type { DeliveryOptions } from '../delivery/delivery-clients.js';
import { startLocalServer } from '../delivery/local-server.js';
import { checkPort, warnOfOthers } from '../delivery/serve.js';
import { DeliveredPrompts } from './delivered-prompts.js';
import { InstalledPrompts } from './installed-prompts.js';
import { McpSessions } from './mcp-http.js';
import { mcpServer } from './mcp-server.js';
import type { PromptShelf } from './prompt-shelf.js';

const MCP_PORT = 4876;

export interface McpOptions extends DeliveryOptions {
  /** Prompts and packages of registries; without any, those of the project. */
  readonly references: readonly string[];
  /** The prompts of the project as well. */
  readonly project: boolean;
}

export interface McpHttpOptions extends McpOptions {
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  readonly allowedHosts?: readonly string[] | undefined;
}

/**
 * Speaks MCP over standard input and output, until either ends or the user interrupts.
 * @throws PrompdError EUSAGE where results are to be printed there
 */
export async function serveMcpOnStdio(
  context: Context,
  options: McpOptions,
): Promise<{ stopped: Promise<void> }> {
  const { streams } = context;
  if (!streams)
    throw new PrompdError(
      'EUSAGE',
      'Standard output belongs to the protocol: leave out --json, or add --http.',
    );
  const shelves = await openShelves(context, options);
  const server = mcpServer(shelves, context.version);
  for (const shelf of shelves) shelf.onChange(() => void server.sendPromptListChanged().catch(() => {}));
  const ended = new Promise<void>(resolve => streams.input.once('end', resolve).once('close', resolve));
  await server.connect(new StdioServerTransport(streams.input, streams.output));
  const stop = async () => {
    await Promise.race([ended, context.interrupted()]);
    await server.close();
    await closeAll(shelves);
    streams.input.destroy();
  };
  return { stopped: stop() };
}

/**
 * Speaks MCP over streamable HTTP at `/mcp`, until the user interrupts.
 * @throws PrompdError EUSAGE for a port that there is not; EIO where it cannot listen
 */
export async function serveMcpOnHttp(
  context: Context,
  { port = MCP_PORT, host = '127.0.0.1', allowedHosts = [], ...options }: McpHttpOptions,
): Promise<{ url: string; stopped: Promise<void> }> {
  checkPort(port);
  const shelves = await openShelves(context, options);
  const sessions = new McpSessions((): Server => mcpServer(shelves, context.version));
  for (const shelf of shelves) shelf.onChange(() => void sessions.listChanged());
  const local = await startLocalServer({
    port,
    host,
    allowedHosts,
    handle: (request, response) => sessions.handle(request, response),
    stopping: () => void sessions.close(),
  });
  warnOfOthers(context, host);
  const stop = async () => {
    await context.interrupted();
    await local.close();
    await closeAll(shelves);
  };
  return { url: `${local.url}/mcp`, stopped: stop() };
}

async function openShelves(
  context: Context,
  { references, project, ...delivery }: McpOptions,
): Promise<readonly PromptShelf[]> {
  const shelves: PromptShelf[] = [];
  if (references.length > 0) shelves.push(new DeliveredPrompts(context, references, delivery));
  if (project || references.length === 0) {
    const installed = new InstalledPrompts(context);
    await installed.start();
    shelves.push(installed);
  }
  return shelves;
}

async function closeAll(shelves: readonly PromptShelf[]): Promise<void> {
  await Promise.all(shelves.map(shelf => shelf.close()));
}
