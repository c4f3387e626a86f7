import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import type { Version } from '../../core/version.js';
import type { PackumentAnswer, Registry } from '../../registry/index.js';
import type { PackumentWish } from '../../resolve/index.js';

export interface PackumentBatchesOptions {
  /** The ETag of a packument that is at hand. */
  readonly knownTag: (registry: Registry, name: PackageName) => string | undefined;
  /** Whether a package comes from a registry: no other is told of it. */
  readonly isFrom: (registry: Registry, name: PackageName) => boolean;
}

/** Answers that came, and those that may still come, of one batch. */
interface Flight {
  readonly arrived: Map<PackageName, PackumentAnswer>;
  readonly waiting: Map<PackageName, (answer: PackumentAnswer | undefined) => void>;
  isOver: boolean;
  failure: { readonly error: unknown } | undefined;
}

/** One name asked for by itself costs the same without a batch. */
const WORTH_A_BATCH = 2;

/**
 * Packuments that come many at a time, where the registry answers so. What a batch does not bring, and all of it where
 * the connection breaks, is asked for one by one: this class then says undefined.
 */
export class PackumentBatches {
  readonly #options: PackumentBatchesOptions;
  readonly #flights = new Map<Registry, Flight>();
  readonly #abort = new AbortController();
  #locked: ReadonlyMap<PackageName, readonly Version[]> = new Map();

  constructor(options: PackumentBatchesOptions) {
    this.#options = options;
  }

  /** Tells which versions stay: batches leave out what only they lead to. */
  keepTo(locked: ReadonlyMap<PackageName, readonly Version[]>): void {
    this.#locked = locked;
  }

  /** Begins a batch for what will be asked for next, unless one is under way, which may well bring it. */
  expect(registry: Registry, wishes: readonly PackumentWish[]): void {
    const last = this.#flights.get(registry);
    const open = wishes.filter(({ name }) => !last?.arrived.has(name));
    if (!registry.batch || open.length < WORTH_A_BATCH || (last && !last.isOver)) return;
    this.#flights.set(registry, this.#begin(registry, open, last?.arrived));
  }

  /**
   * What a batch brought, or brings.
   * @returns undefined when none does
   * @throws what the batch failed with, where that is more than a broken connection
   */
  async take(registry: Registry, name: PackageName): Promise<PackumentAnswer | undefined> {
    const flight = this.#flights.get(registry);
    if (!flight) return undefined;
    const answer =
      flight.arrived.get(name) ??
      (flight.isOver
        ? undefined
        : await new Promise<PackumentAnswer | undefined>(resolve => flight.waiting.set(name, resolve)));
    if (answer === undefined && flight.failure) throw flight.failure.error;
    return answer;
  }

  /** Gives up what is still under way. */
  close(): void {
    this.#abort.abort();
  }

  #begin(
    registry: Registry,
    wishes: readonly PackumentWish[],
    before: ReadonlyMap<PackageName, PackumentAnswer> = new Map(),
  ): Flight {
    const flight: Flight = {
      arrived: new Map(before),
      waiting: new Map(),
      isOver: false,
      failure: undefined,
    };
    const read = async () => {
      const batch = await registry.batch?.();
      if (!batch) return;
      const request = this.#request(registry, wishes);
      for await (const { name, answer } of batch.packuments(request)) {
        flight.arrived.set(name, answer);
        flight.waiting.get(name)?.(answer);
        flight.waiting.delete(name);
      }
    };
    void read()
      .catch((error: unknown) => {
        if (!isPassing(error)) flight.failure = { error };
      })
      .finally(() => {
        flight.isOver = true;
        for (const resolve of flight.waiting.values()) resolve(undefined);
      });
    return flight;
  }

  #request(registry: Registry, wishes: readonly PackumentWish[]) {
    const requirements = new Map<PackageName, string[]>();
    for (const { name, selector } of wishes) {
      const before = requirements.get(name);
      if (before) before.push(selector.raw);
      else requirements.set(name, [selector.raw]);
    }
    const { isFrom } = this.#options;
    const locked = new Map(
      [...this.#locked].filter(([name]) => !requirements.has(name) && isFrom(registry, name)),
    );
    const known = new Map<PackageName, string>();
    for (const name of new Set([...requirements.keys(), ...locked.keys()])) {
      const tag = this.#options.knownTag(registry, name);
      if (tag !== undefined) known.set(name, tag);
    }
    return { requirements, locked, known, signal: this.#abort.signal };
  }
}

/** Failures after which single requests, which are repeated, may do; they also say best what is the matter. */
export function isPassing(error: unknown): boolean {
  return error instanceof PrompdError && ['EUNSUPPORTED', 'ENETWORK'].includes(error.code);
}
