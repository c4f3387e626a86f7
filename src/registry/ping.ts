import { z } from 'zod';
import type { NetworkConfig } from '../config/config.js';
import type { Connections } from '../core/connections.js';
import { PrompdError } from '../core/errors.js';
import { type HttpAnswer, type HttpClient, httpClient } from './http.js';
import { jsonOf } from './json-answer.js';

/** How a registry answers. */
export interface Pong {
  readonly status: number;
  /** What its clock says; undefined when it does not say. */
  readonly date: Date | undefined;
  /** Whether it says that it is a registry of files, which nobody can log in to. */
  readonly isStatic: boolean;
  /** Other registries that it mirrors, each with how it stands; none where it does not say. */
  readonly uplinks: ReadonlyMap<string, UplinkState>;
}

export type UplinkState = z.infer<typeof uplinkState>;

/** Longest wait for somebody who looks whether all is well, in milliseconds. */
const PATIENCE_MS = 5000;
const MAX_BYTES = 1024 * 1024;

const descriptionSchema = z.object({
  kind: z.string().max(100).optional(),
  capabilities: z.array(z.string().max(100)).max(1000).default([]),
});
const uplinkState = z.enum(['ok', 'down', 'unknown']);
const readinessSchema = z.object({ uplinks: z.record(z.string().max(100), uplinkState) });

export interface PingOptions {
  readonly network: Pick<NetworkConfig, 'timeoutMs'>;
  readonly userAgent: string;
  readonly connections: Connections;
}

/**
 * Asks a registry, once and as nobody, to describe itself, and how the registries that it mirrors stand.
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
  const described = await ask(client, new URL('.well-known/registry.json', url));
  const date = new Date(described.headers.date ?? Number.NaN);
  const description = read(described, descriptionSchema);
  const mirrors = description?.capabilities.includes('uplinks') === true;
  // It answered already: what it does not say of its uplinks is no fault of it.
  const ready = mirrors ? await ask(client, new URL('readyz', url)).catch(() => undefined) : undefined;
  return {
    status: described.status,
    isStatic: description?.kind === 'static',
    date: Number.isNaN(date.getTime()) ? undefined : date,
    uplinks: new Map(Object.entries((ready && read(ready, readinessSchema)?.uplinks) ?? {})),
  };
}

async function ask(client: HttpClient, url: URL): Promise<HttpAnswer> {
  return client.send({
    method: 'GET',
    url,
    maxBytes: MAX_BYTES,
    tooLarge: () => new PrompdError('EANSWERLIMIT', `${url.href} answers at too great a length.`),
    decompress: true,
  });
}

function read<Shape extends z.ZodType>(answer: HttpAnswer, shape: Shape): z.output<Shape> | undefined {
  try {
    return answer.status === 200 ? shape.safeParse(jsonOf(answer)).data : undefined;
  } catch (error) {
    if (error instanceof PrompdError) return undefined;
    throw error;
  }
}
