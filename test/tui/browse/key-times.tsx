import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { render } from 'ink-testing-library';
import { Browser } from '#prompd/tui/browse/app.js';
import { searchTab } from '#prompd/tui/browse/search/search-tab.js';
import { LineTable } from '#prompd/tui/parts/line-table.js';
import { sessionWith } from './hits.js';

/**
 * What keys take in a list of 10,000 packages, until the next picture is there: three lines down, half a screen down.
 * @param clock begins to measure, and gives what tells the milliseconds since
 * @returns milliseconds a key, the least first
 */
export async function keyTimes(
  t: ExecutionContext,
  { columns, rows, keys }: { columns: number; rows: number; keys: number },
  clock: () => () => number,
): Promise<number[]> {
  const terminal = { copy() {}, open: async () => false };
  const now = () => new Date('2026-01-08T00:00:00Z');
  const session = sessionWith(10_000);
  const table = new LineTable();
  const app = render(<Browser {...{ session, terminal, now, table }} tabs={[searchTab('package')]} colour />);
  Object.defineProperties(app.stdout, { columns: { value: columns }, rows: { value: rows } });
  app.stdout.emit('resize');
  t.teardown(() => app.unmount());
  for (let waited = 0; !table.expand(app.lastFrame() ?? '').includes('10000 packages'); waited += 10) {
    if (waited > 20_000) throw new Error(table.expand(app.lastFrame() ?? ''));
    await sleep(10);
  }
  await sleep(300);
  t.is(app.lastFrame()?.split('\n').length, rows - 1);
  const times: number[] = [];
  for (let at = 0; at < keys; at++) {
    const key = at % 4 === 3 ? '\u0004' : 'j';
    const before = app.frames.length;
    const spent = clock();
    app.stdin.write(key);
    while (app.frames.length === before) await new Promise(resolve => setImmediate(resolve));
    times.push(spent());
    // What comes back for what is seen now is no part of the next key.
    await sleep(5);
  }
  return times.sort((a, b) => a - b);
}
