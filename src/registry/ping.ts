import type { NetworkConfig } from '../config/config.js';
import type { Connections } from '../core/connections.js';
import { PrompdError } from '../core/errors.js';
import { httpClient } from './http.js';

/** How a registry answers. */
export interface Pong {
  readonly status: number;
  /** What its clock says; undefined when it does not say. */
  readonly date: Date | undefined;
}

/** Longest wait for somebody who looks whether all is well, in milliseconds. */
const PATIENCE_MS = 5000;
const MAX_BYTES = 1024 * 1024;

export interface PingOptions {
  readonly network: Pick<NetworkConfig, 'timeoutMs'>;
  readonly userAgent: string;
  readonly connections: Connections;
}

/**
 * Asks a registry, once and as nobody, to describe itself.
 * @throws PrompdError ENETWORK, ETIMEOUT, EBADRESPONSE
 */
export async function pingRegistry(
  url: string,
  { network, userAgent, connections }: PingOptions,
): Promise<Pong> {
  const client = httpClient({
    registryUrl: url,
    network: { concurrency: 1, retries: 0, timeoutMs: Math.min(network.timeoutMs, PATIENCE_MS) },
    userAgent,
    connections,
    token: async () => undefined,
  });
  const { status, headers } = await client.send({
    method: 'GET',
    url: new URL('.well-known/registry.json', url),
    maxBytes: MAX_BYTES,
    tooLarge: () => new PrompdError('EBADRESPONSE', `${url} describes itself at too great a length.`),
    decompress: true,
  });
  const date = new Date(headers.date ?? Number.NaN);
  return { status, date: Number.isNaN(date.getTime()) ? undefined : date };
}
