import pLimit from 'p-limit';
import type { DeliveryRequest } from '../../domain/delivery.js';
import type { DeliveryUsageRepository, UsageCount } from '../../ports/delivery-usage-repository.js';

type Counted = Omit<UsageCount, 'day' | 'count'>;

/** Different things that are counted at once: more than that are one credential's doing, and count as `other`. */
const MAX_COUNTERS = 100_000;

/** Counts what is delivered, in memory; the sums are written now and then. A delivery never waits for that. */
export class DeliveryUsage {
  readonly #repository: DeliveryUsageRepository;
  readonly #now: () => Date;
  readonly #inTurn = pLimit(1);
  #counts = new Map<string, { readonly counted: Counted; count: number }>();

  constructor(repository: DeliveryUsageRepository, now: () => Date) {
    this.#repository = repository;
    this.#now = now;
  }

  /** What is counted for one request by one credential. @param token such as `token 12` */
  static of({ package: name, prompt, selector }: DeliveryRequest, version: string, token: string): Counted {
    return { package: name, version, prompt, tag: selector.kind === 'tag' ? selector.value : '', token };
  }

  count(counted: Counted, count = 1): void {
    const { package: name, version, prompt, tag, token } = counted;
    const key = `${name}\n${version}\n${prompt}\n${tag}\n${token}`;
    const item = this.#counts.get(key);
    if (item) item.count += count;
    else if (this.#counts.size < MAX_COUNTERS || token === OTHER) this.#counts.set(key, { counted, count });
    else this.count({ ...counted, token: OTHER }, count);
  }

  /**
   * Writes what was counted, also what somebody else is writing: who reads afterwards finds all of it. When that fails the
   * counts are kept for the next time.
   */
  flush(): Promise<void> {
    return this.#inTurn(() => this.#write());
  }

  async #write(): Promise<void> {
    if (this.#counts.size === 0) return;
    const counts = [...this.#counts.values()];
    this.#counts = new Map();
    const day = this.#now().toISOString().slice(0, 10);
    try {
      await this.#repository.add(counts.map(({ counted, count }) => ({ ...counted, count, day })));
    } catch (error) {
      for (const { counted, count } of counts) this.count(counted, count);
      throw error;
    }
  }
}

const OTHER = 'other';
