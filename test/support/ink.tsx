import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { render } from 'ink-testing-library';
import type { ReactElement } from 'react';

/** A component as a terminal of 100 columns shows it. */
export interface Shown {
  /** What is drawn now. */
  frame(): string;
  /** Waits until something is drawn. @returns the frame then */
  until(pattern: string | RegExp): Promise<string>;
  /** Types keys one after the other, by their bytes. */
  type(...keys: readonly string[]): Promise<void>;
}

/** How long anything may take, in milliseconds. */
const PATIENCE = 20_000;
/** How long a key is waited for that may change nothing, in milliseconds. */
const KEY_PATIENCE = 300;

/** Draws a component until the test ends. */
export async function showInk(t: ExecutionContext, element: ReactElement): Promise<Shown> {
  const { lastFrame, stdin, unmount } = render(element);
  t.teardown(unmount);
  const frame = () => lastFrame() ?? '';
  // Keys are read once the first frame was drawn and its effects have run.
  await sleep(50);
  return {
    frame,
    async until(pattern) {
      for (const from = Date.now(); ; await sleep(10)) {
        const seen = frame();
        if (typeof pattern === 'string' ? seen.includes(pattern) : pattern.test(seen)) return seen;
        if (Date.now() - from > PATIENCE) throw new Error(`${pattern} was not drawn:\n${seen}`);
      }
    },
    async type(...keys) {
      for (const key of keys) {
        const before = frame();
        stdin.write(key);
        await sleep(20);
        for (const from = Date.now(); frame() === before && Date.now() - from < KEY_PATIENCE; )
          await sleep(10);
      }
    },
  };
}
