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
   * Removes what interrupted publications left.
   * @param age milliseconds that a leftover must be old: others may be publishing where the folder is shared
   * @returns how many files went
   */
  async sweep(age: number): Promise<number> {
    const { packages, blobs } = this.#ports;
    return blobs.sweep(await packages.contentInUse(), new Date(Date.now() - age));
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
