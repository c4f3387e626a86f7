import { CheckThread } from './check-thread.js';

/** A thread that has nothing to do for so long is ended, in milliseconds. */
const IDLE = 30_000;

/**
 * The checking threads of a process: started when one is needed, and kept a while for whatever needs one next. The last one
 * stays: who asks for a prompt now and then does not wait each time for a thread to start.
 */
export class CheckThreads {
  readonly #idleTime: number;
  #isClosed = false;
  readonly #all = new Set<CheckThread>();
  readonly #idle: { readonly thread: CheckThread; readonly timer: NodeJS.Timeout }[] = [];

  /** @param idleTime after which a thread without work is ended, in milliseconds */
  constructor({ idleTime = IDLE }: { idleTime?: number } = {}) {
    this.#idleTime = idleTime;
  }

  /** How many there are, at work or waiting for it. */
  get size(): number {
    return this.#all.size;
  }

  /** Does some work with a thread that nothing else uses meanwhile. */
  async use<T>(work: (thread: CheckThread) => Promise<T>): Promise<T> {
    const thread = this.#take();
    try {
      return await work(thread);
    } finally {
      this.#giveBack(thread);
    }
  }

  /** Ends all threads, also those at work. No more are started. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { timer } of this.#idle.splice(0)) clearTimeout(timer);
    await Promise.all([...this.#all].map(thread => thread.close()));
    this.#all.clear();
  }

  #take(): CheckThread {
    if (this.#isClosed) throw new Error('The checking threads were ended.');
    const idle = this.#idle.pop();
    clearTimeout(idle?.timer);
    if (idle?.thread.alive) return idle.thread;
    if (idle) this.#all.delete(idle.thread);
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
      if (this.#all.size === 1) return;
      this.#idle.splice(
        this.#idle.findIndex(other => other.thread === thread),
        1,
      );
      this.#all.delete(thread);
      void thread.close();
    }, this.#idleTime).unref();
    this.#idle.push({ thread, timer });
  }
}
