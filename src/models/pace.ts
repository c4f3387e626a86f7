import { setTimeout as sleep } from 'node:timers/promises';

/** Time and chance, as asking models needs them. Passed in, so that tests neither wait nor guess. */
export interface Pace {
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** From 0 to 1, excluding 1. */
  random(): number;
  /** @throws whatever the signal was aborted with */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The machine's own. */
export const REAL_PACE: Pace = {
  now: () => performance.now(),
  random: () => Math.random(),
  async sleep(ms, signal) {
    try {
      await sleep(ms, undefined, { signal });
    } catch {
      signal.throwIfAborted();
    }
  },
};
