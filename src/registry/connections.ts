import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { SecureContext } from 'node:tls';
import type { ClientCertificate, NetworkConfig } from '../config/config.js';
import type { Connection, Connections } from '../core/connections.js';
import { shownProxy } from './proxy-error.js';
import { type ProxyRoute, proxyRoute } from './proxy-route.js';
import { secureContext } from './secure-context.js';

export interface ConnectionSettings {
  readonly network: Pick<NetworkConfig, 'concurrency' | 'timeoutMs' | 'proxy' | 'noProxy' | 'caFile'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Shown to the registry's own host and to no other. */
  readonly identity?: { readonly registryUrl: string; readonly certificate: ClientCertificate } | undefined;
}

/** Connections as the user's configuration wants them. They are kept alive and used again. */
export function connectionsOf(settings: ConnectionSettings): Connections {
  const opened = new Map<string, Promise<Connection>>();
  return {
    async to(url) {
      const route = proxyRoute(url, settings);
      const isOwn = settings.identity !== undefined && isOrigin(url, settings.identity.registryUrl);
      const key = `${isOwn ? 'own' : 'any'} ${route?.proxy.href ?? ''}`;
      const connection = opened.get(key) ?? open(settings, route, isOwn);
      opened.set(key, connection);
      return connection;
    },
  };
}

/** Straight to every host, trusting whom Node trusts. */
export function directConnections(maxSockets: number): Connections {
  const connection = direct(maxSockets, undefined);
  return { to: async () => connection };
}

async function open(
  { network, env, identity }: ConnectionSettings,
  route: ProxyRoute | undefined,
  isOwn: boolean,
): Promise<Connection> {
  const { concurrency: maxSockets, timeoutMs, caFile } = network;
  const trusted = await secureContext({ caFile, env });
  const certificate = isOwn ? identity?.certificate : undefined;
  const target = certificate ? await secureContext({ caFile, env, certificate }) : trusted;
  if (route === undefined) return direct(maxSockets, target);
  const { proxy } = route;
  // Most users have no proxy: its parts are loaded by those who have.
  const [{ HttpProxyAgent }, { TunnelAgent }] = await Promise.all([
    import('http-proxy-agent'),
    import('./proxy-agent.js'),
  ]);
  const options = { keepAlive: true, maxSockets, ...(trusted ? { secureContext: trusted } : {}) };
  return {
    agent: {
      http: new HttpProxyAgent(proxy, options),
      https: new TunnelAgent({ proxy, maxSockets, timeoutMs, target, trusted }),
    },
    proxy: shownProxy(proxy),
  };
}

function direct(maxSockets: number, context: SecureContext | undefined): Connection {
  return {
    agent: {
      http: new HttpAgent({ keepAlive: true, maxSockets }),
      https: new HttpsAgent({
        keepAlive: true,
        maxSockets,
        ...(context ? { secureContext: context } : {}),
      }),
    },
    proxy: undefined,
  };
}

function isOrigin(url: URL, registryUrl: string): boolean {
  return url.origin === new URL(registryUrl).origin;
}
