import { setImmediate } from 'node:timers/promises';

/** Longest work without a pause, in milliseconds. */
const SLICE = 10;

/** Work of one request on the thread that all requests share: it pauses often, and takes no more than its time. */
export class PacedWork {
  readonly #max: number;
  readonly #clock: () => number;
  #spent = 0;
  #began: number;

  /** @param max milliseconds of work, pauses left out; @param clock milliseconds that only go up */
  constructor(max: number, clock: () => number = () => performance.now()) {
    this.#max = max;
    this.#clock = clock;
    this.#began = clock();
  }

  /** Whether it is time for a {@link pause}. */
  get isDue(): boolean {
    return this.#clock() - this.#began >= SLICE;
  }

  /** Lets other requests have their turn. @returns false when all of the time is spent */
  async pause(): Promise<boolean> {
    this.#spent += this.#clock() - this.#began;
    await setImmediate();
    this.resume();
    return this.#spent < this.#max;
  }

  /** Begins to count again after the work waited for something else. */
  resume(): void {
    this.#began = this.#clock();
  }
}
