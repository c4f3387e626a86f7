import { LRUCache } from 'lru-cache';
import {
  type Delivered,
  type DeliveryRequest,
  type DeliverySource,
  deliveryKey,
} from '../../domain/delivery.js';
import { type DeliveryEvent, scopeOfName } from '../../domain/delivery-event.js';
import { isUnavailable, RequestError } from '../../domain/problem-document.js';
import type { CachePlace, DeliveryCache } from '../../ports/delivery-cache.js';
import type { DeliveryEventLog } from '../../ports/delivery-event-log.js';
import { DELIVERY } from '../../settings.js';
import { DatabaseGuard } from './database-guard.js';
import { deliveredFrom, deliveredText } from './delivered-text.js';
import type { DeliveryFeed } from './delivery-feed.js';
import type { DeliveryReader } from './delivery-reader.js';

export interface DeliveriesPorts {
  readonly reader: DeliveryReader;
  readonly cache: DeliveryCache;
  readonly events: Pick<DeliveryEventLog, 'newest'>;
  readonly feed: DeliveryFeed;
  readonly guard: DatabaseGuard;
  /** How long something is delivered that the database does not confirm, in milliseconds. */
  readonly limit: number;
  /** Milliseconds that never go back: what is measured by them grows old whatever is done to the clock. */
  readonly time: () => number;
  /** Milliseconds since the epoch, as other servers understand them. */
  readonly wallTime: () => number;
}

/** Something to deliver, and how sure it is. */
export interface Found {
  readonly delivered: Delivered;
  readonly source: DeliverySource;
  /** The database could not be asked whether it still holds. */
  readonly stale: boolean;
}

/** Something that is looked up. */
interface Loading {
  /** How many changes were heard of when it began. */
  readonly began: number;
  readonly found: Promise<Found>;
}

interface Kept {
  readonly delivered: Delivered;
  readonly package: string;
  /** How many changes were heard of when it began to be read. */
  readonly began: number;
  /** When it came into this memory, by `time`. */
  readonly keptAt: number;
}

/** Changes that are told apart; after more of them everything is looked up again. */
const MAX_CHANGED = 100_000;

/**
 * Finds what is delivered: in memory while every change is heard of, else in the cache that servers share, else in the
 * database. While the database cannot be reached, what was found before is delivered within a limit, and says so. What was
 * revoked is delivered by none of them.
 */
export class Deliveries {
  readonly #ports: DeliveriesPorts;
  readonly #kept = new LRUCache<string, Kept>({
    maxSize: DELIVERY.memory,
    sizeCalculation: ({ delivered: { a, split } }, key) =>
      2 * (key.length + a.content.length + (split?.b.content.length ?? 0)) + 1024,
  });
  readonly #loading = new Map<string, Loading>();
  /** Package to the number of its last change. */
  #changed = new Map<string, number>();
  /** Package that this server changed itself, to when it has heard what the change was, and whether it could. */
  readonly #unheard = new Map<string, Promise<boolean>>();
  /** `package@version` of what was revoked since this server runs. */
  readonly #revoked = new Set<string>();
  /** Scope to its newest event. */
  readonly #epochs = new Map<string, number>();
  #changes = 0;
  /** What began before this change is out of date, whatever it is about. */
  #floor = 0;
  #onError: (error: unknown) => void = () => {};
  readonly #cacheGuard = new DatabaseGuard();
  readonly #sources: Record<DeliverySource | 'stale', number> = {
    memory: 0,
    redis: 0,
    database: 0,
    stale: 0,
  };

  constructor(ports: DeliveriesPorts) {
    this.#ports = ports;
    ports.feed.listen(event => this.#hear(event));
  }

  /** @param onError told of what fails without harm, such as a cache that cannot be reached */
  reportTo(onError: (error: unknown) => void): void {
    this.#onError = onError;
  }

  /** Where what was delivered was found, since this server runs. */
  get sources(): Readonly<Record<DeliverySource | 'stale', number>> {
    return { ...this.#sources };
  }

  /** What is in memory, if it surely holds. */
  peek(key: string): Delivered | undefined {
    const kept = this.#kept.get(key);
    if (!kept || !this.#isCurrent(kept)) return undefined;
    this.#sources.memory++;
    return kept.delivered;
  }

  /**
   * @throws PrompdError ENOVERSION, ENOPROMPT
   * @throws RequestError EREVOKED, ECOMPOSE; EUNAVAILABLE when the database cannot be reached and nothing is known that
   *   may be delivered
   */
  async get(request: DeliveryRequest): Promise<Found> {
    const found = await this.#find(request);
    this.#sources[found.stale ? 'stale' : found.source]++;
    return found;
  }

  async #find(request: DeliveryRequest): Promise<Found> {
    const { package: name } = request;
    const unheard = this.#unheard.get(name);
    if (unheard) await this.#settle(name, unheard);
    const key = deliveryKey(request);
    const known = this.#kept.get(key);
    if (known && this.#isCurrent(known))
      return { delivered: known.delivered, source: 'memory', stale: false };
    const underWay = this.#loading.get(key);
    const loading = underWay && this.#isLatest(name, underWay.began) ? underWay : this.#begin(key, request);
    try {
      return await loading.found;
    } catch (error) {
      if (!isUnavailable(error)) {
        this.#kept.delete(key);
        throw error;
      }
      const found = await this.#withoutDatabase(key, request);
      if (found) return found;
      throw error;
    }
  }

  #begin(key: string, request: DeliveryRequest): Loading {
    const began = this.#changes;
    const found = this.#load(key, request, began).finally(() => {
      if (this.#loading.get(key) === loading) this.#loading.delete(key);
    });
    const loading = { began, found };
    this.#loading.set(key, loading);
    return loading;
  }

  /**
   * This server may have changed a package; undefined for any package. Whatever changes what is delivered is among the
   * events: reads of the package wait until those were looked for, and nothing is looked up again that stayed.
   */
  changed(name: string | undefined): void {
    const { feed } = this.#ports;
    if (name === undefined) {
      this.#forget();
      feed.wake(true);
      return;
    }
    const heard = feed.look();
    this.#unheard.set(name, heard);
    void heard.then(isHeard => this.#settled(name, heard, isHeard));
  }

  /** Waits until it is heard what this server did to a package; not for long, as something is known without it. */
  async #settle(name: string, heard: Promise<boolean>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>(resolve => {
      timer = setTimeout(() => resolve(false), DELIVERY.cachePatience);
    });
    const isHeard = await Promise.race([heard, late]);
    clearTimeout(timer);
    this.#settled(name, heard, isHeard);
  }

  #settled(name: string, heard: Promise<boolean>, isHeard: boolean): void {
    if (this.#unheard.get(name) !== heard) return;
    this.#unheard.delete(name);
    if (!isHeard) this.#forget(name);
  }

  /** Nothing is known of a package any more, or of any. */
  #forget(name?: string): void {
    this.#changes++;
    if (name === undefined || this.#changed.size >= MAX_CHANGED) {
      this.#floor = this.#changes;
      this.#changed.clear();
      this.#epochs.clear();
    } else {
      this.#changed.set(name, this.#changes);
      this.#epochs.delete(scopeOfName(name));
    }
  }

  #hear({ id, package: name, scope, type, version }: DeliveryEvent): void {
    this.#changes++;
    this.#changed.set(name, this.#changes);
    this.#epochs.set(scope, id);
    if (type === 'revoke' && version !== null) this.#revoked.add(`${name}@${version}`);
    this.#ports.cache.raise(scope, id).catch(this.#onError);
  }

  #isCurrent({ package: name, began, keptAt }: Kept): boolean {
    const { feed, time } = this.#ports;
    return (
      feed.isCurrent &&
      this.#isLatest(name, began) &&
      !this.#unheard.has(name) &&
      time() - keptAt < DELIVERY.maxAge
    );
  }

  /** Whether nothing was heard of a package since then. */
  #isLatest(name: string, began: number): boolean {
    return began >= this.#floor && began >= (this.#changed.get(name) ?? 0);
  }

  async #load(key: string, request: DeliveryRequest, began: number): Promise<Found> {
    const { reader, cache, limit, time, wallTime } = this.#ports;
    const place = {
      scope: scopeOfName(request.package),
      epoch: await this.#epoch(request.package, this.#kept.has(key)),
      key,
    };
    const shared = await this.#shared(place);
    if (shared && time() - shared.readAt < DELIVERY.sharedAge) {
      this.#kept.set(key, { delivered: shared, package: request.package, began, keptAt: time() });
      return { delivered: shared, source: cache.source, stale: false };
    }
    const delivered = await reader.read(request, this.#kept.has(key));
    this.#kept.set(key, { delivered, package: request.package, began, keptAt: time() });
    const readAt = wallTime() - (time() - delivered.readAt);
    cache.set(place, deliveredText({ ...delivered, readAt }), limit).catch(this.#onError);
    return { delivered, source: 'database', stale: false };
  }

  /** Heard of while events are, else asked for. */
  async #epoch(name: string, hasOlder: boolean): Promise<number> {
    const { feed, guard, events } = this.#ports;
    const scope = scopeOfName(name);
    const known = this.#epochs.get(scope);
    if (known !== undefined && feed.isCurrent) return known;
    const changes = this.#changes;
    const epoch = await guard.attempt(
      () => events.newest(scope),
      hasOlder ? DELIVERY.patience : DELIVERY.longPatience,
    );
    if (changes === this.#changes) this.#epochs.set(scope, epoch);
    return epoch;
  }

  async #shared(place: CachePlace): Promise<Delivered | undefined> {
    try {
      const text = await this.#cached(cache => cache.get(place));
      const found = text === undefined ? undefined : deliveredFrom(text);
      return found && !this.#isRevoked(place.key, found) ? this.#dated(found) : undefined;
    } catch (error) {
      this.#onError(error);
      return undefined;
    }
  }

  /** In this server's time; undefined for what another server reads by a clock that cannot be compared with this one. */
  #dated(found: Delivered): Delivered | undefined {
    const { time, wallTime } = this.#ports;
    const age = wallTime() - found.readAt;
    return age < -DELIVERY.clockSkew ? undefined : { ...found, readAt: time() - Math.max(0, age) };
  }

  /** What this server knows, or another one that has read it later. */
  async #withoutDatabase(key: string, { package: name }: DeliveryRequest): Promise<Found | undefined> {
    const { cache, feed, limit, time } = this.#ports;
    const kept = this.#kept.get(key);
    const own = kept && !this.#isRevoked(key, kept.delivered) ? kept : undefined;
    const isLatest = own !== undefined && this.#isLatest(name, own.began);
    // Until it was cut off, this server would have heard of a change.
    const ownAt = own
      ? isLatest
        ? Math.max(own.delivered.readAt, feed.confirmedAt)
        : own.delivered.readAt
      : 0;
    if (own && isLatest && time() - ownAt < limit) return stale(own.delivered, 'memory');
    const shared = await this.#sharedBlindly(key, scopeOfName(name));
    if (shared && time() - shared.readAt < limit) return stale(shared, cache.source);
    return own && time() - ownAt < limit ? stale(own.delivered, 'memory') : undefined;
  }

  async #sharedBlindly(key: string, scope: string): Promise<Delivered | undefined> {
    try {
      const known = await this.#cached(cache => cache.epoch(scope));
      const epoch = Math.max(known ?? 0, this.#epochs.get(scope) ?? 0);
      return await this.#shared({ scope, epoch, key });
    } catch (error) {
      this.#onError(error);
      return undefined;
    }
  }

  /** The cache is there to save time: nobody waits long for it. */
  #cached<T>(ask: (cache: DeliveryCache) => Promise<T>): Promise<T> {
    const { cache } = this.#ports;
    return this.#cacheGuard.attempt(async () => {
      try {
        return await ask(cache);
      } catch (cause) {
        throw new RequestError('EUNAVAILABLE', 'The cache cannot be reached.', { cause });
      }
    }, DELIVERY.cachePatience);
  }

  #isRevoked(key: string, { a, split }: Delivered): boolean {
    const name = key.slice(0, key.indexOf('\n'));
    return [a, split?.b].some(one => one !== undefined && this.#revoked.has(`${name}@${one.version}`));
  }
}

function stale(delivered: Delivered, source: DeliverySource): Found {
  return { delivered, source, stale: true };
}
