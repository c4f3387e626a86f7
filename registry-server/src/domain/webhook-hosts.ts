import { BlockList, isIP } from 'node:net';
import { PrompdError } from 'prompd/core';

/** Most entries of an operator's list. */
const MAX_ENTRIES = 1000;

/** Hosts of the operator's own network that the registry may send to, also without TLS. */
export class WebhookHosts {
  readonly #names = new Set<string>();
  readonly #addresses = new BlockList();
  readonly isEmpty: boolean;

  /**
   * @param list names of hosts, addresses, and networks as "10.1.0.0/16", separated by commas or spaces
   * @param setting where the list stands: a variable, or a place in a file
   * @throws PrompdError ECONFIG that names the entry
   */
  constructor(
    list = '',
    private readonly setting = 'The variable PROMPD_WEBHOOK_HOSTS',
  ) {
    const entries = list.split(/[\s,]+/).filter(entry => entry !== '');
    if (entries.length > MAX_ENTRIES) throw unusable(this.setting, `more than ${MAX_ENTRIES} entries`);
    for (const entry of entries) this.#add(entry);
    this.isEmpty = entries.length === 0;
  }

  /** Whether a host is listed by its name, or an address by itself or its network. @param host without brackets */
  has(host: string): boolean {
    const family = isIP(host);
    if (family === 0) return this.#names.has(host.toLowerCase());
    return this.#addresses.check(host, family === 4 ? 'ipv4' : 'ipv6');
  }

  #add(entry: string): void {
    const [address = '', length, ...rest] = entry.split('/');
    const family = isIP(address);
    if (family === 0) {
      if (length !== undefined || !/^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/i.test(entry))
        throw unusable(this.setting, entry);
      this.#names.add(entry.toLowerCase());
      return;
    }
    const bits = family === 4 ? 32 : 128;
    const prefix = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : bits + 1;
    if (rest.length > 0 || prefix > bits) throw unusable(this.setting, entry);
    this.#addresses.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
  }
}

/** The host of an address, without the brackets of IPv6. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

/** What a webhook may be sent to. */
export const MAX_URL = 2048;

/**
 * Checks where a webhook is to be sent.
 * @throws PrompdError EUSAGE unless it is an address with https, or one of a host that the operator lists
 */
export function parseWebhookUrl(raw: string, hosts: WebhookHosts): URL {
  const url = URL.canParse(raw) && raw.length <= MAX_URL ? new URL(raw) : undefined;
  if (url === undefined || !['https:', 'http:'].includes(url.protocol)) {
    throw refused('A webhook takes an address that begins with https://.');
  }
  if (url.username !== '' || url.password !== '') {
    throw refused('The address of a webhook holds no password: its messages are signed instead.');
  }
  if (url.protocol === 'https:' || hosts.has(hostOf(url))) return url;
  throw refused(
    `Webhooks to ${url.host} take https.`,
    'Plain http is for hosts that the operator lists in PROMPD_WEBHOOK_HOSTS.',
  );
}

function refused(message: string, hint?: string): PrompdError {
  return new PrompdError('EUSAGE', message, hint === undefined ? {} : { hint });
}

function unusable(setting: string, entry: string): PrompdError {
  return new PrompdError('ECONFIG', `${setting} cannot be used: ${entry.slice(0, 100)}.`, {
    facts: { setting, entry: entry.slice(0, 100) },
    hint: 'It lists names of hosts, addresses, and networks such as "10.1.0.0/16", separated by commas.',
  });
}
