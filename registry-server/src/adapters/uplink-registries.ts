import { type Clock, type PackageName, PrompdError, type VersionMetadata } from 'prompd/core';
import { connectionsOf, openRegistry, type Protocol, type Registry, trustStore } from 'prompd/registry';
import { mayFetchFrom, type Uplink } from '../domain/uplink.js';
import type { UpstreamAnswer, Upstreams } from '../ports/upstream.js';

/** Connections to one uplink at once. */
const CONCURRENCY = 16;
/** A registry of files reads its index once when it is opened; no later than this it is opened again (milliseconds). */
const REOPEN = 10_000;

export interface UplinkRegistriesOptions {
  /** Folder that remembers which keys registries of files were signed with. */
  readonly dataDir: string;
  readonly tokens: ReadonlyMap<string, string>;
  /** Names the proxies to other hosts, as for the command line: `HTTPS_PROXY` and its kin. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: Clock;
}

interface Opened {
  readonly registry: Registry;
  readonly since: number;
}

/** Speaks to uplinks through the adapters of the command line. */
export class UplinkRegistries implements Upstreams {
  readonly #options: UplinkRegistriesOptions;
  readonly #opened = new Map<string, Opened>();
  readonly #protocols = new Map<string, Protocol>();
  readonly #connections = new Map<string, ReturnType<typeof connectionsOf>>();

  constructor(options: UplinkRegistriesOptions) {
    this.#options = options;
  }

  packument(uplink: Uplink, name: PackageName, etag: string | undefined): Promise<UpstreamAnswer> {
    return this.#ask(uplink, async registry => {
      try {
        return await registry.packument(name, etag);
      } catch (error) {
        if (error instanceof PrompdError && error.code === 'ENOTFOUND') return { kind: 'missing' as const };
        throw error;
      }
    });
  }

  archive(uplink: Uplink, version: VersionMetadata, maxBytes: number): Promise<Uint8Array> {
    return this.#ask(uplink, registry => registry.archive(version, maxBytes));
  }

  async #ask<T>(uplink: Uplink, run: (registry: Registry) => Promise<T>): Promise<T> {
    const opened = this.#open(uplink);
    try {
      return await run(opened.registry);
    } catch (error) {
      // What could not be opened stays closed until it is opened anew.
      if (this.#opened.get(uplink.name) === opened) this.#opened.delete(uplink.name);
      throw error;
    }
  }

  #open(uplink: Uplink): Opened {
    const { name, url, protocol, publicKey, timeoutMs, ttlMs } = uplink;
    const { dataDir, tokens, now } = this.#options;
    const found = this.#opened.get(name);
    const isStatic = url.startsWith('file:') || (protocol ?? this.#protocols.get(url)) === 'static';
    const age = now().getTime() - (found?.since ?? 0);
    if (found && !(isStatic && age >= Math.min(ttlMs, REOPEN))) return found;
    const registry = openRegistry({
      alias: name,
      registryUrl: url,
      protocol,
      protocols: {
        recall: address => this.#protocols.get(address),
        learn: (address, spoken) =>
          spoken === undefined ? this.#protocols.delete(address) : this.#protocols.set(address, spoken),
      },
      // The client behind this server asks again itself; it must not wait for several attempts.
      network: { concurrency: CONCURRENCY, timeoutMs, retries: 0 },
      connections: this.#connectionsTo(uplink),
      mayRedirect: target => mayFetchFrom(uplink, target),
      userAgent: 'prompd-registry',
      token: async () => tokens.get(name),
      // npm's long form alone has what a package is about, and when versions were published.
      needsTimes: true,
      trust: trustStore(dataDir, {
        publicKey,
        publicKeyOrigin: publicKey === undefined ? undefined : 'user',
      }),
    });
    const opened = { registry, since: now().getTime() };
    this.#opened.set(name, opened);
    return opened;
  }

  #connectionsTo({ name, timeoutMs }: Uplink): ReturnType<typeof connectionsOf> {
    const found = this.#connections.get(name);
    if (found) return found;
    const network = { concurrency: CONCURRENCY, timeoutMs, proxy: undefined, noProxy: undefined };
    const made = connectionsOf({ network: { ...network, caFile: undefined }, env: this.#options.env });
    this.#connections.set(name, made);
    return made;
  }
}
