import type { Clock } from 'prompd/core';
import type { DownloadRepository } from '../ports/download-repository.js';

/** Counts downloads in memory and writes the sums now and then: a download never waits for the database. */
export class DownloadCounter {
  readonly #repository: DownloadRepository;
  readonly #now: Clock;
  #counts = new Map<string, { versionId: number; day: string; count: number }>();

  constructor(repository: DownloadRepository, now: Clock) {
    this.#repository = repository;
    this.#now = now;
  }

  count(versionId: number): void {
    this.#add({ versionId, day: this.#now().toISOString().slice(0, 10), count: 1 });
  }

  /** Writes what was counted. When that fails the counts are kept for the next time. */
  async flush(): Promise<void> {
    const counts = [...this.#counts.values()];
    if (counts.length === 0) return;
    this.#counts = new Map();
    try {
      await this.#repository.add(counts);
    } catch (error) {
      for (const item of counts) this.#add(item);
      throw error;
    }
  }

  #add({ versionId, day, count }: { versionId: number; day: string; count: number }): void {
    const key = `${versionId} ${day}`;
    const item = this.#counts.get(key);
    if (item) item.count += count;
    else this.#counts.set(key, { versionId, day, count });
  }
}
