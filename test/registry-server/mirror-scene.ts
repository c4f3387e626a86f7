import { type Logger, pino } from 'pino';
import type { Clock } from '#prompd/core/clock.js';
import type { Uplink } from '#server/domain/uplink.js';
import type { RegistryOptions } from '#server/main.js';
import { startTestRegistry, type TestRegistry } from '../support/registry.js';
import type { Teardown } from '../support/temp.js';

/** An uplink named "common" that mirrors everything, as an operator would configure it. */
export function uplink(url: string, changes: Partial<Uplink> = {}): Uplink {
  return {
    name: 'common',
    url: url.endsWith('/') ? url : `${url}/`,
    protocol: undefined,
    publicKey: undefined,
    packages: ['**'],
    access: 'public',
    ttlMs: 300_000,
    timeoutMs: 5_000,
    archiveHosts: [],
    ...changes,
  };
}

/**
 * A registry that mirrors others.
 * @param token for every uplink; @param local names that no uplink is asked for
 */
export function startMirror(
  t: Teardown,
  uplinks: readonly Uplink[],
  { token, ...options }: Partial<RegistryOptions> & { readonly token?: string } = {},
  local: readonly string[] = [],
): Promise<TestRegistry> {
  const tokens = new Map(token === undefined ? [] : uplinks.map(({ name }) => [name, token]));
  return startTestRegistry(t, { ...options, uplinks: { uplinks, local, tokens } });
}

/** A clock that moves only when it is told to. */
export function clock(): { readonly now: Clock; pass(ms: number): void } {
  let time = Date.now();
  return {
    now: () => new Date(time),
    pass(ms) {
      time += ms;
    },
  };
}

/** The archive of a version; fails unless it is given. */
export async function archiveBytes(
  registry: TestRegistry,
  name: string,
  version: string,
): Promise<Uint8Array> {
  const base = name.slice(name.indexOf('/') + 1);
  const answer = await registry.request(`/packages/${name}/-/${base}-${version}.tgz`);
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** The members of a JSON object. */
export function membersOf(json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null) throw new TypeError(`no object: ${JSON.stringify(json)}`);
  return Object.fromEntries(Object.entries(json));
}

/** A log that is kept in memory. */
export function logOf(): { readonly logger: Logger; readonly lines: unknown[] } {
  const lines: unknown[] = [];
  const logger = pino({ level: 'warn' }, { write: line => lines.push(JSON.parse(line)) });
  return { logger, lines };
}
