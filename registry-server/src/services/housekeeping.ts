import type { Integrity } from 'prompd/core';
import type { BlobStore } from '../ports/blob-store.js';
import type { PackageRepository } from '../ports/package-repository.js';
import type { DownloadCounter } from './downloads.js';
import type { TokenService } from './tokens.js';

export interface HousekeepingPorts {
  readonly packages: PackageRepository;
  readonly blobs: BlobStore;
  readonly tokens: TokenService;
  readonly downloads: DownloadCounter;
}

/** What no request waits for. */
export class Housekeeping {
  readonly #ports: HousekeepingPorts;

  constructor(ports: HousekeepingPorts) {
    this.#ports = ports;
  }

  /**
   * Removes what interrupted publications and deletions left, and nothing else.
   * @param before leftovers that are younger may belong to a publication under way elsewhere
   * @returns how many leftovers of publications went
   */
  async sweep(before: Date): Promise<number> {
    const { packages, blobs } = this.#ports;
    const leftovers = await blobs.leftovers(before);
    for (const { content, remove } of leftovers) {
      if (content !== undefined) await this.#removeUnused(content);
      await remove();
    }
    for (const content of await packages.deletedContent()) {
      if (await blobs.has(content)) await this.#removeUnused(content);
    }
    return leftovers.length;
  }

  #removeUnused(content: Integrity): Promise<void> {
    const { packages, blobs } = this.#ports;
    return packages.ifUnused(content, () => blobs.remove(content));
  }

  /** Writes counts and last uses that are kept in memory. */
  async flush(): Promise<void> {
    await this.#ports.downloads.flush();
    await this.#ports.tokens.flush();
  }

  /**
   * Flushes now and then.
   * @returns a function that stops it, after a last flush
   */
  start(interval: number, onError: (error: unknown) => void): () => Promise<void> {
    let running = Promise.resolve();
    const once = () => {
      running = running.then(() => this.flush()).catch(onError);
      return running;
    };
    const timer = setInterval(once, interval).unref();
    return () => {
      clearInterval(timer);
      return once();
    };
  }
}
