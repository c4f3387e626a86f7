import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import { withoutPort } from '../domain/network.js';

/** Hexadecimal groups of an IPv6 address that name the network of one customer. */
const NETWORK_GROUPS = 4;

/**
 * Who a request comes from, as far as limits go: an IPv4 address, or the network of an IPv6 address, of which everybody
 * has as many as they like.
 * @param proxies how many proxies of the operator stand before the server. Each adds whom it heard from to
 *   `x-forwarded-for`, so so many entries from the right are true, and what stands before them anybody may have written.
 */
export function clientAddress({ headers, socket }: IncomingMessage, proxies: number): string {
  const forwarded = proxies === 0 ? [] : [headers['x-forwarded-for'] ?? ''].flat().join(',').split(',');
  const told = forwarded.map(entry => entry.trim()).filter(entry => entry !== '');
  const address = told.at(-Math.min(proxies, told.length)) ?? socket.remoteAddress ?? 'unknown';
  return networkOf(address);
}

/** An IPv4 address, or the network of an IPv6 address. */
export function networkOf(address: string): string {
  const plain = withoutPort(address).replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return plain.slice(0, 64);
  return `${expanded(plain).slice(0, NETWORK_GROUPS).join(':')}::/64`;
}

/** The groups of an IPv6 address, those that `::` stands for among them. */
function expanded(address: string): string[] {
  const [head = '', tail] = address.replace(/%.*$/, '').toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = Math.max(0, 8 - left.length - right.length);
  const groups = tail === undefined ? left : [...left, ...Array<string>(missing).fill('0'), ...right];
  return groups.map(group => group.replace(/^0+(?=.)/, ''));
}
