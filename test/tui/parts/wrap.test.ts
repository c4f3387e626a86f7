import test from 'ava';
import fc from 'fast-check';
import { widthOf } from '#prompd/tui/parts/clean-text.js';
import type { Line } from '#prompd/tui/parts/line.js';
import { markdownLines } from '#prompd/tui/parts/markdown.js';
import { wrapped } from '#prompd/tui/parts/wrap.js';

function shown(lines: readonly Line[]): string {
  return lines
    .map(line =>
      line
        .map(({ text }) => text)
        .join('')
        .trimEnd(),
    )
    .join('\n');
}

test('Markdown reads in a terminal: headings, emphasis, lists, quotes, code, rules, links', t => {
  const text = `# Tone

A **kind** tone, see [the docs](https://example.com/docs) and <https://example.com>.

## Use

1. one
2. two with \`code\`
   - inner

> said
> twice

\`\`\`sh
prompd install
  @acme/tone
\`\`\`

---

![A picture](a.png)
`;
  t.is(
    shown(markdownLines(text, 60)),
    `Tone
========================================

A kind tone, see the docs <https://example.com/docs> and
https://example.com.

## Use

1. one
2. two with \`code\`

   - inner

│ said twice

    prompd install
      @acme/tone

────────────────────────────────────────

[image: A picture]`,
  );
});

test('HTML stays text, and escape sequences are gone before anything is read', t => {
  t.is(shown(markdownLines('<b>bold</b> \u001b[31mred\u001b[0m', 60)), '<b>bold</b> red');
});

test('lines are broken between words, and words that are too long anywhere', t => {
  t.is(shown(wrapped([{ text: 'one two three' }], { width: 8 })), 'one two\nthree');
  t.is(shown(wrapped([{ text: 'abcdefghij' }], { width: 4 })), 'abcd\nefgh\nij');
  t.is(
    shown(wrapped([{ text: 'one two' }], { width: 6, first: [{ text: '- ' }], rest: [{ text: '  ' }] })),
    '- one\n  two',
  );
});

test('no line is wider than the screen, whatever is written', t => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.integer({ min: 4, max: 40 }),
      (text, width) => {
        for (const line of wrapped([{ text }], { width }))
          t.true(widthOf(line.map(span => span.text).join('')) <= width);
      },
    ),
    { numRuns: 100 },
  );
});

test('deep nesting and long documents are shown within bounds', t => {
  t.notThrows(() => markdownLines('> '.repeat(500), 80));
  t.true(markdownLines('a\n\n'.repeat(30_000), 80).length <= 20_000);
});
