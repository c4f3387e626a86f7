import { BlockList, isIP } from 'node:net';
import type { NetworkConfig } from '../config/config.js';
import { proxyAddress } from '../config/network.js';

/** Who says which proxy requests go through. */
export interface ProxySettings {
  readonly network: Pick<NetworkConfig, 'proxy' | 'noProxy'>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A proxy, and the setting or variable that names it. */
export interface ProxyRoute {
  /** May hold credentials. */
  readonly proxy: URL;
  readonly source: string;
}

/**
 * The proxy that a request goes through: that of the configuration, else of `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY`,
 * lower case first, unless the host is one of `NO_PROXY`.
 * @returns undefined for none
 * @throws PrompdError ECONFIG for an address that is none
 * @see https://about.gitlab.com/blog/we-need-to-talk-no-proxy/ for how programs read the variables
 */
export function proxyRoute(url: URL, settings: ProxySettings): ProxyRoute | undefined {
  const named = namedProxy(url.protocol, settings);
  if (named === undefined || isExempt(url, settings)) return undefined;
  return { proxy: new URL(named.address), source: named.source };
}

function namedProxy(
  protocol: string,
  { network, env }: ProxySettings,
): { address: string; source: string } | undefined {
  if (network.proxy !== undefined) return { address: network.proxy, source: 'network.proxy' };
  const names = protocol === 'https:' ? ['HTTPS_PROXY'] : protocol === 'http:' ? ['HTTP_PROXY'] : [];
  if (names.length === 0) return undefined;
  for (const name of [...names, 'ALL_PROXY']) {
    // A web server hands the header "Proxy" of a request to programs that it starts as HTTP_PROXY.
    const upper = name === 'HTTP_PROXY' && env['REQUEST_METHOD'] ? undefined : env[name];
    const lower = env[name.toLowerCase()];
    const [source, raw] = lower ? [name.toLowerCase(), lower] : [name, upper];
    if (!raw) continue;
    return { address: proxyAddress(raw.includes('://') ? raw : `http://${raw}`, source, true), source };
  }
  return undefined;
}

/** `*`, hosts with all below them, `*.host` and `.host`, addresses and networks (`10.0.0.0/8`), each with `:port`. */
function isExempt({ hostname, port, protocol }: URL, { network, env }: ProxySettings): boolean {
  const list = network.noProxy ?? (env['no_proxy'] || env['NO_PROXY'] || '');
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const actualPort = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some(entry => entry !== '' && fits(entry, host, actualPort));
}

function fits(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const [, bracketed, plain = '', wanted] = /^(?:\[([^\]]*)\]|(.*?))(?::(\d+))?$/.exec(entry) ?? [];
  const isAddress = isIP(entry) !== 0;
  const name = isAddress ? entry : (bracketed ?? plain);
  if (!isAddress && wanted !== undefined && wanted !== port) return false;
  if (isIP(host) !== 0) return holds(name, host);
  const domain = name.replace(/^\*?\./, '');
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`));
}

function holds(entry: string, address: string): boolean {
  const [network = '', bits] = entry.split('/');
  const family = isIP(network);
  if (family === 0 || family !== isIP(address)) return false;
  const longest = family === 4 ? 32 : 128;
  const prefix = bits === undefined ? longest : Number(bits);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > longest) return false;
  const list = new BlockList();
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(network, prefix, kind);
  return list.check(address, kind);
}
