import type { Clock } from 'prompd/core';
import { type DownloadClient, downloadClient } from '../domain/download-client.js';
import type { DownloadCount, DownloadRepository } from '../ports/download-repository.js';

/** Counts downloads in memory and writes the sums now and then: a download never waits for the database. */
export class DownloadCounter {
  readonly #repository: DownloadRepository;
  readonly #now: Clock;
  #counts = new Map<string, DownloadCount>();

  constructor(repository: DownloadRepository, now: Clock) {
    this.#repository = repository;
    this.#now = now;
  }

  /** @param userAgent of who asked, as they say it */
  count(versionId: number, userAgent: string | undefined): void {
    const client: DownloadClient = downloadClient(userAgent);
    this.#add({ versionId, day: this.#now().toISOString().slice(0, 10), client, count: 1 });
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

  #add(item: DownloadCount): void {
    const key = `${item.versionId} ${item.day} ${item.client}`;
    const before = this.#counts.get(key)?.count ?? 0;
    this.#counts.set(key, { ...item, count: before + item.count });
  }
}
