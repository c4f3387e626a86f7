import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import type { ExecutionContext } from 'ava';
import { render } from 'ink-testing-library';
import type { ReactElement } from 'react';

/** A component as a terminal of 100 columns shows it. */
export interface Shown {
  /** What is drawn now: its words, without codes and without blanks at the ends of lines. */
  frame(): string;
  /** What is drawn now, as the terminal gets it. */
  drawn(): string;
  /** Asserts that something is drawn sooner or later. @returns the frame then */
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
  const drawn = () => lastFrame() ?? '';
  const frame = () => wordsOf(drawn());
  // Keys are read once the first frame was drawn and its effects have run.
  await sleep(50);
  return {
    frame,
    drawn,
    async until(pattern) {
      const fits = (seen: string) =>
        typeof pattern === 'string' ? seen.includes(pattern) : pattern.test(seen);
      let seen = frame();
      for (const from = Date.now(); !fits(seen) && Date.now() - from < PATIENCE; seen = frame())
        await sleep(10);
      t.true(fits(seen), `${pattern} was not drawn:\n${seen}`);
      return seen;
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

/** The words of a frame. */
export function wordsOf(drawn: string): string {
  return stripVTControlCharacters(drawn)
    .split('\n')
    .map(line => line.trimEnd())
    .join('\n');
}
