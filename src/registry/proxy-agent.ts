import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { proxyRefusal, proxyTimeout, shownProxy } from './proxy-error.js';

export interface TunnelOptions {
  /** May hold credentials. */
  readonly proxy: URL;
  readonly maxSockets: number;
  /** How long the proxy may take to open a tunnel, in milliseconds. */
  readonly timeoutMs: number;
  /** Whom to trust behind the tunnel, and who to be there; undefined for Node's own. */
  readonly target: SecureContext | undefined;
  /** Whom to trust as the proxy. */
  readonly trusted: SecureContext | undefined;
}

type ConnectOptions = Parameters<HttpsProxyAgent<string>['connect']>[1];

/**
 * Tunnels through a proxy with CONNECT. The library hands on what a proxy says that opens no tunnel as if the registry had
 * said it: here it is an error of its own.
 */
export class TunnelAgent extends HttpsProxyAgent<string> {
  readonly #options: TunnelOptions;

  constructor(options: TunnelOptions) {
    const { proxy, maxSockets, trusted } = options;
    super(proxy, { keepAlive: true, maxSockets, ...(trusted ? { secureContext: trusted } : {}) });
    this.#options = options;
  }

  override async connect(request: ClientRequest, options: ConnectOptions): Promise<Socket> {
    const { proxy, timeoutMs, target } = this.#options;
    let status = 0;
    request.once('proxyConnect', (answer: { statusCode: number }) => {
      status = answer.statusCode;
    });
    const waiting = new AbortController();
    const timer = setTimeout(() => waiting.abort(), timeoutMs);
    try {
      // Read at once, before the first pause of the library: each tunnel has a time limit of its own.
      this.connectOpts = { ...this.connectOpts, signal: waiting.signal };
      const socket = await super.connect(
        request,
        target ? Object.assign({}, options, { secureContext: target }) : options,
      );
      if (status === 200) return socket;
      socket.destroy();
    } catch (error) {
      if (waiting.signal.aborted) throw proxyTimeout(shownProxy(proxy), timeoutMs, error);
      throw error;
    } finally {
      clearTimeout(timer);
    }
    throw proxyRefusal(shownProxy(proxy), status);
  }
}
