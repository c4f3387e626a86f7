import { LRUCache } from 'lru-cache';
import type { CachePlace, DeliveryCache } from '../ports/delivery-cache.js';

const MAX_BYTES = 16 * 1024 * 1024;

/** The cache of a server that shares none. */
export class LocalDeliveryCache implements DeliveryCache {
  readonly source = 'memory';
  readonly #values = new LRUCache<string, string>({
    maxSize: MAX_BYTES,
    sizeCalculation: (value, key) => 2 * (value.length + key.length) + 1,
  });
  readonly #epochs = new Map<string, number>();

  async get(place: CachePlace): Promise<string | undefined> {
    return this.#values.get(keyOf(place));
  }

  async set(place: CachePlace, value: string, lifetime: number): Promise<void> {
    this.#values.set(keyOf(place), value, { ttl: lifetime });
  }

  async epoch(scope: string): Promise<number | undefined> {
    return this.#epochs.get(scope);
  }

  async raise(scope: string, epoch: number): Promise<void> {
    this.#epochs.set(scope, Math.max(epoch, this.#epochs.get(scope) ?? 0));
  }
}

function keyOf({ scope, epoch, key }: CachePlace): string {
  return `${scope} ${epoch} ${key}`;
}
