import test from 'ava';
import fc from 'fast-check';
import { cleanLine, cleanText, fitted, shortened, tailOf, widthOf } from '#prompd/tui/parts/clean-text.js';

for (const [title, text, expected] of [
  ['colours', '\u001b[1;31mred\u001b[0m', 'red'],
  ['moves of the cursor', 'a\u001b[2J\u001b[Hb', 'ab'],
  ['a title of the window', '\u001b]0;owned\u0007text', 'text'],
  ['a clipboard sequence that is never ended', 'a\u001b]52;c;ZXZpbA==', 'a'],
  ['8-bit control sequences', '\u009b31mred', 'red'],
  ['a device control string', '\u001bPq#0\u001b\\x', 'x'],
  ['a switch of character sets', '\u001b(0lqk', 'lqk'],
  ['carriage returns and backspaces', 'safe\rgood\b\b', 'safegood'],
  ['overrides of direction and zero-width characters', 'a\u202eb\u200bc\u2066d\ufeff', 'abcd'],
  ['tags that nobody sees', 'a\u{e0041}b', 'ab'],
] as const) {
  test(`a drawn text loses ${title}`, t => {
    t.is(cleanText(text), expected);
  });
}

test('line feeds stay in texts and become blanks in lines, tabs become blanks', t => {
  t.is(cleanText('a\n\tb'), 'a\n  b');
  t.is(cleanLine(' a\n\tb '), 'a b');
});

test('whatever a registry says, nothing of it can reach the terminal as a control', t => {
  const piece = fc.oneof(
    fc.constantFrom('\u001b', '\u001b[', '\u009d', '\u0090', '\u0007', '\u001b\\', ';', 'm', '0', '\n'),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), pieces => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
      t.notRegex(cleanText(pieces.join('')), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }),
    { numRuns: 300 },
  );
});

test('a text is cut or filled up to the columns that it has, by what characters really take', t => {
  t.is(fitted('tone', 6), 'tone  ');
  t.is(fitted('12', 4, 'right'), '  12');
  t.is(fitted('a long name', 6), 'a lon…');
  t.is(fitted('漢字漢字', 5), '漢字…');
  t.is(widthOf('漢字'), 4);
  t.is(shortened('abc', 1), '…');
  t.is(shortened('abc', 0), '');
  t.deepEqual([tailOf('abc', 2), tailOf('漢字a', 4), tailOf('abc', 0)], ['bc', '字a', '']);
});

test('a column is as wide as it was asked to be, whatever is written into it', t => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.integer({ min: 1, max: 30 }),
      (text, width) => {
        t.true(widthOf(fitted(text, width)) <= width);
      },
    ),
    { numRuns: 200 },
  );
});
