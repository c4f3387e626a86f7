import type { Clock } from '../../core/clock.js';
import { PrompdError } from '../../core/errors.js';

/** While a registry cannot be reached, it is tried again no more often, in milliseconds. */
const PATIENCE_MS = 5_000;

/** Codes of failures after which what is cached does. */
const UNREACHABLE: readonly string[] = ['ENETWORK', 'ETIMEOUT'];

export interface ReachOptions {
  readonly now: Clock;
  /** Whether registries may not be asked at all. */
  readonly offline: boolean;
}

/** Whether the registry can be reached, and the cache in its place when it cannot. */
export class Reach {
  readonly #listeners = new Set<(offline: boolean) => void>();
  readonly #options: ReachOptions;
  #offline: boolean;
  #failure: { readonly at: number; readonly error: PrompdError } | undefined;

  constructor(options: ReachOptions) {
    this.#options = options;
    this.#offline = options.offline;
  }

  listen(listener: (offline: boolean) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#offline);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Asks the registry, else the cache.
   * @throws what `ask` throws, also that the registry cannot be reached where the cache does not have it; what `cached`
   *   throws
   */
  async run<T>(ask: () => Promise<T>, cached: () => Promise<T>): Promise<T> {
    const { now, offline } = this.#options;
    if (offline) return cached();
    const failed = this.#offline ? this.#failure : undefined;
    if (failed && now().getTime() - failed.at < PATIENCE_MS) return insteadOf(failed.error, cached);
    try {
      const answer = await ask();
      this.#tell(false);
      return answer;
    } catch (error) {
      if (!(error instanceof PrompdError) || !UNREACHABLE.includes(error.code)) throw error;
      this.#failure = { at: now().getTime(), error };
      this.#tell(true);
      return insteadOf(error, cached);
    }
  }

  #tell(offline: boolean): void {
    if (offline === this.#offline) return;
    this.#offline = offline;
    for (const listener of this.#listeners) listener(offline);
  }
}

/** Where the cache does not have it, that the registry could not be asked is what the user can do something about. */
async function insteadOf<T>(failure: PrompdError, cached: () => Promise<T>): Promise<T> {
  try {
    return await cached();
  } catch (error) {
    throw error instanceof PrompdError && error.code === 'EOFFLINE' ? failure : error;
  }
}
