import { setMaxListeners } from 'node:events';
import { PrompdError } from '../../core/errors.js';
import type { VersionMetadata } from '../../core/packument.js';
import type { Registry } from '../../registry/index.js';

export interface EarlyArchivesOptions {
  readonly registryOf: (name: VersionMetadata['name']) => Registry;
  /** Whether an archive, or its package, is at hand. */
  readonly isHere: (version: VersionMetadata) => Promise<boolean>;
  /** Largest archive that is accepted, in bytes. */
  readonly maxBytes: number;
}

/** Archives that came and nobody took yet; more are not asked for. */
const MAX_WAITING = 2_000;
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
/** What is larger is left until it was chosen: as many are under way at once as there are connections. */
const MAX_EARLY_BYTES = 4 * 1024 * 1024;

/**
 * Archives that are asked for while versions are still being chosen, one request each: those of versions that hardly will
 * not be chosen. Registries that answer for many archives at once are asked when all is known.
 */
export class EarlyArchives {
  readonly #options: EarlyArchivesOptions;
  readonly #flights = new Map<string, Promise<Uint8Array | undefined>>();
  readonly #abort = new AbortController();
  #bytes = 0;

  constructor(options: EarlyArchivesOptions) {
    this.#options = options;
    // Each request listens, and Node would warn of more than ten.
    setMaxListeners(0, this.#abort.signal);
  }

  /** Begins to fetch an archive, unless enough wait already. */
  expect(version: VersionMetadata): void {
    const id = idOf(version);
    if (this.#abort.signal.aborted || this.#flights.has(id) || this.#flights.size >= MAX_WAITING) return;
    const flight = this.#fetch(version).catch(afresh);
    // It may never be taken.
    flight.catch(() => undefined);
    this.#flights.set(id, flight);
  }

  /**
   * The bytes as they came, not verified; each can be taken once.
   * @returns undefined when nothing was begun, or it failed: then the archive is to be asked for
   * @throws PrompdError ETIMEOUT
   */
  async take(version: VersionMetadata): Promise<Uint8Array | undefined> {
    const id = idOf(version);
    const flight = this.#flights.get(id);
    this.#flights.delete(id);
    const bytes = await flight;
    this.#bytes -= bytes?.byteLength ?? 0;
    return bytes;
  }

  /** Gives up what was not taken. */
  close(): void {
    this.#abort.abort();
    this.#flights.clear();
  }

  async #fetch(version: VersionMetadata): Promise<Uint8Array | undefined> {
    const { registryOf, isHere, maxBytes } = this.#options;
    const registry = registryOf(version.name);
    if ((await registry.batch?.()) !== undefined || (await isHere(version))) return undefined;
    const { signal } = this.#abort;
    if (signal.aborted) return undefined;
    const bytes = await registry.archive(version, Math.min(maxBytes, MAX_EARLY_BYTES), signal);
    if (this.#bytes + bytes.byteLength > MAX_WAITING_BYTES) {
      // Those under way would come on top: nobody takes them while versions are still being chosen.
      this.#abort.abort();
      return undefined;
    }
    this.#bytes += bytes.byteLength;
    return bytes;
  }
}

/** Whoever needs the archive asks again and hears what is the matter, but does not wait twice for what never ends. */
function afresh(error: unknown): undefined {
  if (error instanceof PrompdError && error.code === 'ETIMEOUT') throw error;
}

/** What a version was said to be may change between two answers: then it is another archive. */
function idOf({ name, version, dist }: VersionMetadata): string {
  return `${name}@${version} ${dist.integrity ?? ''}`;
}
