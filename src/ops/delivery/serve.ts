import { PrompdError } from '../../core/errors.js';
import type { Context } from '../context.js';
import { DeliveryClients, type DeliveryOptions } from './delivery-clients.js';
import { startLocalServer } from './local-server.js';
import { Sidecar } from './sidecar.js';
import { SidecarEvents } from './sidecar-events.js';

/** Beside the port of the registry. */
const SERVE_PORT = 4875;

export interface ServeOptions extends DeliveryOptions {
  /** 0 takes a free one. */
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  /** Further names by which the server may be asked for. */
  readonly allowedHosts?: readonly string[] | undefined;
}

export interface ServedPrompts {
  readonly url: string;
  /** Resolves when it has stopped, which it does when the user interrupts. */
  readonly stopped: Promise<void>;
}

/**
 * Serves prompts to programs on this machine, in whichever language, by the protocol of registries.
 * @throws PrompdError EUSAGE for a port that there is not; EIO where it cannot listen
 */
export async function servePrompts(
  context: Context,
  { port = SERVE_PORT, host = '127.0.0.1', allowedHosts = [], ...delivery }: ServeOptions,
): Promise<ServedPrompts> {
  checkPort(port);
  const clients = new DeliveryClients(context, delivery);
  const events = new SidecarEvents();
  const sidecar = new Sidecar(clients, events);
  clients.onChange(change => events.tell(change));
  const server = await startLocalServer({
    port,
    host,
    allowedHosts,
    handle: (request, response) => sidecar.handle(request, response),
    stopping: () => events.close(),
  });
  warnOfOthers(context, host);
  const stop = async () => {
    await context.interrupted();
    await server.close();
    await clients.close();
  };
  return { url: server.url, stopped: stop() };
}

/** @throws PrompdError EUSAGE */
export function checkPort(port: number): void {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return;
  throw new PrompdError('EUSAGE', '--port takes a number from 0 to 65535.', {
    facts: { found: String(port) },
  });
}

/** Says what it means to listen where other machines reach it. */
export function warnOfOthers({ progress }: Context, host: string): void {
  if (host === 'localhost' || host === '::1' || /^127\./.test(host)) return;
  progress.warn(
    'Other machines can reach this server, which asks nobody for credentials and gives what your token may read.',
  );
}
