import { performance } from 'node:perf_hooks';
import test from 'ava';

// As it is shipped: React looks for this when it is loaded.
process.env['NODE_ENV'] = 'production';
const { keyTimes } = await import('../tui/browse/key-times.js');

const BOUND_MS = 16;
const KEYS = 200;

for (const [columns, rows] of [
  [80, 24],
  [200, 60],
] as const) {
  test.serial(
    `98 of 100 keys in a list of 10,000 packages take at most ${BOUND_MS} ms on ${columns} by ${rows}`,
    async t => {
      const clock = () => {
        const start = performance.now();
        return () => performance.now() - start;
      };
      const times = await keyTimes(t, { columns, rows, keys: KEYS }, clock);
      const [median = 0, late = 0, last = 0] = [0.5, 0.98, 1].map(part => times[Math.ceil(part * KEYS) - 1]);
      t.log(`median ${median.toFixed(1)} ms, 98% ${late.toFixed(1)} ms, longest ${last.toFixed(1)} ms`);
      t.true(late <= BOUND_MS);
    },
  );
}
