import pLimit from 'p-limit';
import type { ArchiveChecker, OpenArchive } from '../ports/archive-checker.js';
import { CheckThread } from './check-thread.js';

/** How many archives are unpacked in memory at once. */
const THREADS = 2;
/** A thread that has nothing to do for so long is ended, in milliseconds. */
const IDLE = 30_000;

/**
 * Checks archives in threads of their own: the time that a package takes is nobody else's, and has a limit. Threads are
 * started when they are needed.
 */
export class CheckPool implements ArchiveChecker {
  readonly #checkTime: number;
  readonly #turn = pLimit(THREADS);
  readonly #all = new Set<CheckThread>();
  readonly #idle: { readonly thread: CheckThread; readonly timer: NodeJS.Timeout }[] = [];

  /** @param checkTime for each of unpacking and checking, in milliseconds */
  constructor({ checkTime }: { checkTime: number }) {
    this.#checkTime = checkTime;
  }

  open<T>(bytes: () => Promise<Uint8Array>, use: (archive: OpenArchive) => Promise<T>): Promise<T> {
    return this.#turn(async () => {
      const content = await bytes();
      const thread = this.#take();
      try {
        const manifest = await thread.ask('read', { bytes: content }, this.#checkTime);
        return await use({ manifest, check: () => thread.ask('check', {}, this.#checkTime) });
      } finally {
        if (thread.alive) await thread.ask('forget', {}, this.#checkTime).catch(() => undefined);
        this.#giveBack(thread);
      }
    });
  }

  /** Ends all threads. */
  async close(): Promise<void> {
    for (const { timer } of this.#idle.splice(0)) clearTimeout(timer);
    await Promise.all([...this.#all].map(thread => thread.close()));
    this.#all.clear();
  }

  #take(): CheckThread {
    const idle = this.#idle.pop();
    clearTimeout(idle?.timer);
    if (idle?.thread.alive) return idle.thread;
    const thread = new CheckThread();
    this.#all.add(thread);
    return thread;
  }

  #giveBack(thread: CheckThread): void {
    if (!thread.alive) {
      this.#all.delete(thread);
      return;
    }
    const timer = setTimeout(() => {
      this.#idle.splice(
        this.#idle.findIndex(other => other.thread === thread),
        1,
      );
      this.#all.delete(thread);
      void thread.close();
    }, IDLE).unref();
    this.#idle.push({ thread, timer });
  }
}
