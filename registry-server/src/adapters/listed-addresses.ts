import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { hostOf, type WebhookHosts } from '../domain/webhook-hosts.js';

/** The addresses of a host that are the operator's own, and may be connected to all the same. */
export async function listedAddresses(url: URL, hosts: WebhookHosts): Promise<string[]> {
  const host = hostOf(url);
  if (hosts.isEmpty) return [];
  if (isIP(host) !== 0) return hosts.has(host) ? [host] : [];
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => address).filter(address => hosts.has(host) || hosts.has(address));
}
