import type { DeliverySource } from '../domain/delivery.js';

/**
 * What several servers have read for each other. Everything is kept under the epoch of its scope, which is the number of
 * the scope's newest event: raising it is the one write that makes all that was kept before unfindable.
 */
export interface DeliveryCache {
  /** What answers from it say of where they come from. */
  readonly source: DeliverySource;
  /** @throws when it cannot be reached */
  get(place: CachePlace): Promise<string | undefined>;
  /** @param lifetime milliseconds; @throws when it cannot be reached */
  set(place: CachePlace, value: string, lifetime: number): Promise<void>;
  /** The highest epoch that anybody raised the scope to. @throws when it cannot be reached */
  epoch(scope: string): Promise<number | undefined>;
  /** Never lowers it. @throws when it cannot be reached */
  raise(scope: string, epoch: number): Promise<void>;
}

export interface CachePlace {
  /** `@bank`, or '' */
  readonly scope: string;
  readonly epoch: number;
  readonly key: string;
}
