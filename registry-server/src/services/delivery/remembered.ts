import { LRUCache } from 'lru-cache';
import { isUnavailable } from '../../domain/problem-document.js';
import { DELIVERY } from '../../settings.js';
import type { DatabaseGuard } from './database-guard.js';

export interface RememberedOptions {
  readonly guard: DatabaseGuard;
  /** How long something is still believed that the database cannot confirm, in milliseconds. */
  readonly limit: number;
  /** Milliseconds that never go back. */
  readonly time: () => number;
}

const MAX_ENTRIES = 20_000;

/** What was looked up a moment ago, or, while the database cannot be reached, within a limit. */
export class Remembered<T extends object> {
  readonly #entries = new LRUCache<string, { readonly value: T; readonly at: number }>({ max: MAX_ENTRIES });
  readonly #options: RememberedOptions;

  constructor(options: RememberedOptions) {
    this.#options = options;
  }

  /** @throws what `load` throws; RequestError EUNAVAILABLE when the database is away and nothing is remembered */
  async get(key: string, load: () => Promise<T>): Promise<T> {
    const { guard, limit, time } = this.#options;
    const known = this.#entries.get(key);
    if (known && time() - known.at < DELIVERY.decisionAge) return known.value;
    try {
      const value = await guard.attempt(load, known ? DELIVERY.patience : DELIVERY.longPatience);
      this.#entries.set(key, { value, at: time() });
      return value;
    } catch (error) {
      if (!isUnavailable(error)) this.#entries.delete(key);
      else if (known && time() - known.at < limit) return known.value;
      throw error;
    }
  }

  /** Something changed that all of it may depend on. */
  clear(): void {
    this.#entries.clear();
  }
}
