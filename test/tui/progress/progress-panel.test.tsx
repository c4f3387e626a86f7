import test from 'ava';
import type { ProgressState } from '#prompd/output/progress.js';
import { ProgressPanel } from '#prompd/tui/progress/progress-panel.js';
import { showInk } from '../../support/ink.js';

const STATE: ProgressState = {
  phase: 'fetch',
  total: 12,
  done: 6,
  bytes: 6_000_000,
  item: '@acme/p5@1.0.0',
  startedAt: 1000,
};

for (const [title, state, at, expected] of [
  [
    'half of the items in 3 s leave 3 s, with bytes a second and what came last',
    STATE,
    4000,
    /^. fetching █{12}░{12}\n {2}6\/12, 6\.0 MB, 2\.0 MB\/s, 3 s left\n {2}@acme\/p5@1\.0\.0$/,
  ],
  [
    'what comes next is not told from two items',
    { ...STATE, done: 2, bytes: 10 },
    5000,
    /2\/12, 10 B, 4 s\n/,
  ],
  [
    'where nobody knows how many there are, there is no bar',
    { ...STATE, phase: 'resolve', total: undefined, done: 0, bytes: 0, item: undefined },
    3000,
    /^. resolving ?\n {2}0, 2 s\n$/,
  ],
  [
    'a line is never wide enough to be wrapped by a window that is made a little narrower',
    { ...STATE, item: `@acme/${'x'.repeat(100)}` },
    4000,
    /\n {2}@acme\/x{35}…$/,
  ],
  [
    'a name that holds codes for the terminal is shown without them',
    { ...STATE, item: '@acme/\u001b[31m\u001b]0;x\u0007red\r' },
    4000,
    /\n {2}@acme\/red$/,
  ],
] satisfies [string, ProgressState, number, RegExp][]) {
  test.serial(title, async t => {
    const shown = await showInk(t, <ProgressPanel state={state} colour={false} clock={() => at} />);
    t.regex(shown.frame(), expected);
  });
}
