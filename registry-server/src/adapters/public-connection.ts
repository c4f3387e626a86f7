import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { BlockList, isIPv6 } from 'node:net';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { hostOf } from '../domain/webhook-hosts.js';

/** What a request needs to connect to public addresses alone. */
export interface PublicConnection {
  readonly agent: RequestFilteringHttpAgent | RequestFilteringHttpsAgent;
  readonly lookup: typeof publicLookup;
}

/** IPv4-compatible addresses, which some systems bring to the IPv4 address that they hold. @see RFC 4291, section 2.5.5.1 */
const TUNNELLED = new BlockList();
TUNNELLED.addSubnet('::', 96, 'ipv6');

/**
 * Which address a host has is checked where the connection is made, so that a name cannot stand for one address while it
 * is checked and for another one afterwards.
 * @param allowed addresses that may be connected to though they are not public
 * @throws Error as the agent does, for an address that is written in the URL
 */
export function publicConnection(url: URL, allowed: readonly string[]): PublicConnection {
  const host = hostOf(url);
  if (isTunnelled(host) && !allowed.includes(host)) throw notAllowed(host);
  const options = { allowIPAddressList: [...allowed] };
  const agent =
    url.protocol === 'https:'
      ? new RequestFilteringHttpsAgent(options)
      : new RequestFilteringHttpAgent(options);
  return { agent, lookup: publicLookup };
}

type Found = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

function publicLookup(host: string, options: LookupOptions, done: Found): void {
  lookup(host, options, (error, address, family) => {
    const found = typeof address === 'string' ? [address] : (address ?? []).map(one => one.address);
    const tunnelled = found.find(isTunnelled);
    done(error ?? (tunnelled === undefined ? null : notAllowed(tunnelled)), address, family);
  });
}

function isTunnelled(address: string): boolean {
  return isIPv6(address) && TUNNELLED.check(address, 'ipv6');
}

/** In the words of the agent. */
function notAllowed(address: string): Error {
  return new Error(`DNS lookup ${address} is not allowed. Because, It holds an IPv4 address.`);
}
