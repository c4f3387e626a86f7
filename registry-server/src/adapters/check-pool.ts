import pLimit from 'p-limit';
import type { ArchiveChecker, OpenArchive } from '../ports/archive-checker.js';
import type { CheckThreads } from './check-threads.js';

/** How many archives are unpacked in memory at once. */
const AT_ONCE = 2;

/** Checks archives in threads of their own: the time that a package takes is nobody else's, and has a limit. */
export class CheckPool implements ArchiveChecker {
  readonly #threads: CheckThreads;
  readonly #checkTime: number;
  readonly #turn = pLimit(AT_ONCE);

  /** @param checkTime for each of unpacking and checking, in milliseconds */
  constructor(threads: CheckThreads, { checkTime }: { checkTime: number }) {
    this.#threads = threads;
    this.#checkTime = checkTime;
  }

  open<T>(bytes: () => Promise<Uint8Array>, use: (archive: OpenArchive) => Promise<T>): Promise<T> {
    return this.#turn(async () => {
      const content = await bytes();
      return this.#threads.use(async thread => {
        try {
          const manifest = await thread.ask('read', { bytes: content }, this.#checkTime);
          return await use({ manifest, check: () => thread.ask('check', {}, this.#checkTime) });
        } finally {
          if (thread.alive) await thread.ask('forget', {}, this.#checkTime).catch(() => undefined);
        }
      });
    });
  }
}
