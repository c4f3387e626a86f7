import test from 'ava';
import fc from 'fast-check';
import { openPicker, type PickerAction, pickerReducer, windowOf } from '#prompd/tui/picker-state.js';

const IDS = ['a', 'b', 'c'];
const after = (...actions: PickerAction[]) => actions.reduce(pickerReducer, openPicker(IDS));

for (const [title, actions, expected] of [
  ['down moves on', ['down'], { cursor: 1 }],
  ['down from the last line goes to the first', ['last', 'down'], { cursor: 0 }],
  ['up from the first line goes to the last', ['up'], { cursor: 2 }],
  ['a line that is chosen twice is not chosen', ['toggle', 'down', 'toggle', 'toggle'], { chosen: ['a'] }],
  ['all chooses all', ['toggle', 'all'], { chosen: IDS }],
  ['all again chooses none', ['all', 'all'], { chosen: [] }],
  [
    'nothing happens after the list was left',
    ['cancel', 'accept', 'all'],
    { outcome: 'cancelled', chosen: [] },
  ],
] satisfies [string, PickerAction[], { cursor?: number; chosen?: string[]; outcome?: string }][]) {
  test(title, t => {
    const { chosen, ...state } = after(...actions);
    t.like({ ...state, chosen: [...chosen] }, expected);
  });
}

test('the window always shows the cursor, is never larger than asked, and is full when it can be', t => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 30 }),
      fc.nat(),
      (length, size, raw) => {
        const cursor = raw % length;
        const { start, end } = windowOf(length, size, cursor);
        t.true(start <= cursor && cursor < end && start >= 0 && end <= length);
        t.is(end - start, Math.min(size, length));
      },
    ),
  );
});
