import test from 'ava';
import { formAfter, formValues, openForm } from '#prompd/tui/parts/form-state.js';
import { type FieldState, fieldOf, MAX_TYPED, typed } from '#prompd/tui/parts/text-field-state.js';

function after(value: string, ...keys: string[]): FieldState {
  return keys.reduce((field, key) => typed(field, key) ?? field, fieldOf(value));
}

for (const [title, value, keys, expected] of [
  ['characters and blanks', '', ['a', 'space', 'ö'], 'a ö'],
  ['in the middle', 'ac', ['left', 'b'], 'abc'],
  ['and taken back', 'abc', ['backspace'], 'ab'],
  ['at the beginning', 'b', ['home', 'a', 'end', 'c'], 'abc'],
  ['and a word taken away', 'one two', ['ctrl+w'], 'one '],
  ['and all before the cursor taken away', 'one two', ['left', 'ctrl+u'], 'o'],
  ['and all behind it', 'one', ['home', 'right', 'ctrl+k'], 'o'],
  ['with characters of two code units', '', ['😀', 'x', 'left', 'backspace'], 'x'],
] as const) {
  test(`text is typed: ${title}`, t => {
    t.is(after(value, ...keys).value, expected);
  });
}

test('a field takes no more than its length, and no keys that are not its own', t => {
  t.is(after('a'.repeat(MAX_TYPED), 'b').value.length, MAX_TYPED);
  t.is(typed(fieldOf('a'), 'pagedown'), undefined);
});

test('a form goes round its fields, and types into the one it is at', t => {
  const blank = { placeholder: '', hint: '' };
  let form = openForm([
    { ...blank, name: 'one', value: '' },
    { ...blank, name: 'two', value: 'b' },
  ]);
  for (const key of ['a', 'tab', 'c', 'down', 'x', 'up', 'y']) form = formAfter(form, key) ?? form;
  t.deepEqual(formValues(form), { one: 'ax', two: 'bcy' });
  t.is(formAfter(openForm([]), 'a'), undefined);
});
