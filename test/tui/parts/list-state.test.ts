import test from 'ava';
import fc from 'fast-check';
import { LIST_KEYS, type ListMove, moved, scrolled, settled, TOP } from '#prompd/tui/parts/list-state.js';

const SIZE = { length: 100, rows: 10 };
const MOVES: readonly ListMove[] = LIST_KEYS.map(({ action }) => action);

test('the cursor walks through what is seen, and then takes the list along', t => {
  t.deepEqual(moved({ cursor: 8, top: 0 }, 'down', SIZE), { cursor: 9, top: 0 });
  t.deepEqual(moved({ cursor: 9, top: 0 }, 'down', SIZE), { cursor: 10, top: 1 });
  t.deepEqual(moved({ cursor: 1, top: 1 }, 'up', SIZE), { cursor: 0, top: 0 });
});

test('G and g go to the ends, Ctrl-D and PgDn by half a screen and a screen', t => {
  t.deepEqual(moved(TOP, 'last', SIZE), { cursor: 99, top: 90 });
  t.deepEqual(moved({ cursor: 99, top: 90 }, 'first', SIZE), TOP);
  t.is(moved(TOP, 'half-down', SIZE).cursor, 5);
  t.is(moved(TOP, 'page-down', SIZE).cursor, 10);
});

test('a list that became shorter, or a screen that did, keeps the cursor in sight', t => {
  t.deepEqual(settled({ cursor: 99, top: 90 }, { length: 3, rows: 10 }), { cursor: 2, top: 0 });
  t.deepEqual(settled({ cursor: 9, top: 0 }, { length: 100, rows: 4 }), { cursor: 9, top: 6 });
  t.deepEqual(settled({ cursor: 5, top: 2 }, { length: 0, rows: 4 }), TOP);
});

test('whatever is pressed, the cursor stays in the list and is seen', t => {
  const move = fc.constantFrom(...MOVES);
  const size = fc.record({ length: fc.integer({ min: 0, max: 50 }), rows: fc.integer({ min: 1, max: 20 }) });
  fc.assert(
    fc.property(fc.array(fc.tuple(move, size), { maxLength: 20 }), steps => {
      let state = TOP;
      for (const [step, { length, rows }] of steps) {
        state = moved(state, step, { length, rows });
        t.true(state.cursor >= 0 && state.cursor <= Math.max(0, length - 1));
        t.true(state.top <= state.cursor && state.cursor < state.top + rows);
      }
    }),
    { numRuns: 100 },
  );
});

test('a text is scrolled no further than to its last line', t => {
  t.is(scrolled(0, 'last', SIZE), 90);
  t.is(scrolled(90, 'down', SIZE), 90);
  t.is(scrolled(5, 'up', { length: 3, rows: 10 }), 0);
});
