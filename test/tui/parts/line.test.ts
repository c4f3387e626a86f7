import test from 'ava';
import fc from 'fast-check';
import { cleanText, widthOf } from '#prompd/tui/parts/clean-text.js';
import { cutLine, type Line, styledLine } from '#prompd/tui/parts/line.js';

const PLAIN = { colour: true, cursor: false };

for (const [title, line, style, expected] of [
  ['plain words have no codes', [{ text: 'a b' }], PLAIN, 'a b'],
  ['a tone is a colour', [{ text: 'a', tone: 'bad' }, { text: 'b' }], PLAIN, '\u001b[31ma\u001b[0mb'],
  [
    'without colour, dim stays dim',
    [{ text: 'a', tone: 'dim' }],
    { ...PLAIN, colour: false },
    '\u001b[2ma\u001b[0m',
  ],
  ['without colour, a colour is nothing', [{ text: 'a', tone: 'good' }], { ...PLAIN, colour: false }, 'a'],
  [
    'the line at the cursor is reversed as a whole',
    [{ text: 'a', tone: 'name' }, { text: 'b' }, { text: 'c', tone: 'chosen' }],
    { ...PLAIN, cursor: true },
    '\u001b[7;36ma\u001b[0m\u001b[7mb\u001b[0m\u001b[7mc\u001b[0m',
  ],
  ['codes of a text are none of the line', [{ text: '\u001b[31ma\nb\u001b]0;x\u0007' }], PLAIN, 'a b'],
] satisfies [string, Line, Parameters<typeof styledLine>[1], string][]) {
  test(title, t => {
    t.is(styledLine(line, style), expected);
  });
}

test('a line is cut where the screen ends, whatever spans it has', t => {
  const spans = fc.array(fc.record({ text: fc.string({ unit: 'grapheme', maxLength: 12 }) }), {
    maxLength: 5,
  });
  fc.assert(
    fc.property(spans, fc.integer({ min: 1, max: 30 }), (line, columns) => {
      const width = (one: Line) => one.reduce((sum, { text }) => sum + widthOf(cleanText(text)), 0);
      const cut = cutLine(line, columns);
      return width(line) <= columns
        ? styledLine(cut, PLAIN) === styledLine(line, PLAIN)
        : width(cut) <= columns;
    }),
    { numRuns: 200 },
  );
  t.deepEqual(cutLine([{ text: 'abc' }, { text: 'defg', tone: 'dim' }, { text: 'h' }], 5), [
    { text: 'abc', tone: undefined },
    { text: 'd…', tone: 'dim' },
  ]);
});
