import test from 'ava';
import type { Line } from '#prompd/tui/parts/line.js';
import { markdownLines } from '#prompd/tui/parts/markdown.js';

const textOf = (line: Line) =>
  line
    .map(({ text }) => text)
    .join('')
    .trimEnd();
const shown = (markdown: string, width = 40) => markdownLines(markdown, width).map(textOf);

test('a table stands in columns as wide as its texts', t => {
  t.deepEqual(shown('| prompt | gives |\n| --- | --- |\n| `summary` | a **short** text |\n| x |'), [
    'prompt    │ gives',
    '──────────┼─────────────',
    '`summary` │ a short text',
    'x         │',
  ]);
});

test('a table that is too wide breaks the texts of its widest column', t => {
  t.deepEqual(shown('| a | b |\n| - | - |\n| one | of these words there are many |', 24), [
    'a   │ b',
    '────┼───────────────────',
    'one │ of these words',
    '    │ there are many',
  ]);
  t.deepEqual(shown(`|${' abcdef |'.repeat(6)}\n|${' - |'.repeat(6)}`, 24), Array(6).fill('abcdef'));
});

test('tasks, deletions, notes and bare addresses are shown as GitHub reads them', t => {
  t.deepEqual(shown('- [x] done\n- [ ] open\n\n~~old~~ https://example.com [^1]\n\n[^1]: Why.'), [
    '- [x] done',
    '- [ ] open',
    '',
    'old https://example.com [1]',
    '',
    '[1] Why.',
  ]);
});

test('what a terminal would obey is taken out of every part', t => {
  const text = '| \u001b[2J | \u202eb |\n| - | - |\n| \u0007c | d |\n\n# \u001b]0;title\u0007\n\n`\u009b31m`';
  t.false(/(?!\n)[\p{Cc}\u202a-\u202e]/u.test(shown(text).join('\n')));
});
