import { BlockList, isIP } from 'node:net';

/** Most networks that one token may name. */
export const MAX_NETWORKS = 50;

/** Whether a text is an address or a network in CIDR notation (RFC 4632), as `10.0.0.0/8` or `2001:db8::/32`. */
export function isNetwork(raw: string): boolean {
  const [address = '', bits, ...rest] = raw.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0 || address.includes('%')) return false;
  if (bits === undefined) return true;
  return /^(?:0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
}

/**
 * Whether an address lies in one of the networks. An IPv4 address is the same in IPv6's form, `::ffff:10.0.0.1`.
 * @param networks none is all
 */
export function isInside(networks: readonly string[], address: string | undefined): boolean {
  if (networks.length === 0) return true;
  const plain = plainAddress(address ?? '');
  const family = isIP(plain);
  if (family === 0) return false;
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', bits] = network.split('/');
    const type = isIP(base) === 4 ? 'ipv4' : 'ipv6';
    list.addSubnet(base, bits === undefined ? (type === 'ipv4' ? 32 : 128) : Number(bits), type);
  }
  return list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
}

function plainAddress(address: string): string {
  const bare = withoutPort(address).replace(/%.*$/, '');
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1] ?? bare;
}

/** Some proxies tell the port as well, `192.0.2.1:4711` or `[2001:db8::1]:4711`. */
export function withoutPort(address: string): string {
  return /^\[([^\]]*)\](?::\d+)?$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? address;
}
