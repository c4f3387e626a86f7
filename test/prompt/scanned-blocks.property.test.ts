import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import type { Block } from '#prompd/prompt/block.js';
import { parsedBlocks } from '#prompd/prompt/parsed-blocks.js';
import { scannedBlocks } from '#prompd/prompt/scanned-blocks.js';

const INDENTS = ['', '', '', '', ' ', '  ', '   ', '    ', '\t', ' \t', '      '];
const CONTAINERS = ['', '', '', '', '- ', '* ', '1. ', '23) ', '+\t', '> ', '>', '-', '- - ', '> - '];
const STARTS = [
  ...['# ', '#', '#\t', '## ', '###### ', '####### ', '#x', '\\# ', '#\u00a0', '# #', '##'],
  ...['```', '````', '~~~', '~~~~', '```js', '``` `', '~~~ `', '``', '```` ', '~~~\t'],
  ...['<div>', '</div>', '<p', '<b>', '</b> x', '<!--', '-->', '<!-- a -->', '<!---->', '<!-->', '<!X>'],
  ...[
    '<!-- section-id: a -->',
    '<!-- section-id: a --> ',
    '<!-- section-id: a -->x',
    '<script>',
    '</script>',
  ],
  ...['<?', '?>', '<![CDATA[', ']]>', '<pre>', '</pre>', '<x', '<1', '<https://a>', '<role>', '</role>'],
  ...['word', 'two words', '---', '***', '* * *', '===', '-', '|a|b|', 'é', '[a]: /b', '`code`', '{% raw %}'],
];
const ENDS = ['', '', '', ' ', '  ', '\t', ' #', ' ##', ' word', ' -->', ' >', '\u2028# a', '\f'];
const line = fc
  .tuple(
    fc.constantFrom(...INDENTS),
    fc.constantFrom(...CONTAINERS),
    fc.constantFrom(...STARTS),
    fc.constantFrom(...ENDS),
  )
  .map(parts => parts.join(''));
const blank = fc.constantFrom('', '', '', ' ', '\t', '    ');
const someLines = fc.array(fc.oneof({ weight: 3, arbitrary: line }, { weight: 2, arbitrary: blank }), {
  maxLength: 12,
});

test('what the lines of a text tell is what the grammar of Markdown makes of it', t => {
  let decided = 0;
  fc.assert(
    fc.property(someLines, lines => {
      if (agrees(t, lines.join('\n'))) decided += 1;
    }),
    { numRuns: 3_000 },
  );
  t.true(decided > 300, `only ${decided} texts were decided`);
});

/** Lines as prompts have them: what they hold is mostly decided without the grammar. */
const plainLine = fc.constantFrom(
  ...[
    '# User',
    '# System #',
    ' # Rules',
    '## Steps',
    '',
    '',
    '',
    'Some words.',
    '- a point',
    '  # of a point',
  ],
  ...[
    '1. a step',
    '   more of it',
    '> # quoted',
    '```',
    '```json',
    '~~~',
    '<!-- section-id: a -->',
    '<notes>',
  ],
  ...['</notes>', '    # code', '\t# code', '{% if a %}', '  - # nested', '  ```', 'a <b>bold</b> word'],
);

test('lines as prompts have them are read as the grammar reads them', t => {
  fc.assert(
    fc.property(fc.array(plainLine, { maxLength: 14 }), lines => {
      agrees(t, lines.join('\n'));
    }),
    { numRuns: 2_000 },
  );
});

test('every text of this repository is read as the grammar reads it', t => {
  const root = path.resolve(import.meta.dirname, '../../..');
  const texts = ['fixtures', 'docs', 'test'].flatMap(folder =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(file => /\.(?:md|prompd|prmd|txt)$/.test(file))
      .map(file => readFileSync(path.join(root, folder, file), 'utf8').replace(/\r\n?/g, '\n')),
  );
  t.true(texts.length > 50, `${texts.length} texts`);
  const decided = texts.filter(text => agrees(t, text.replace(/^---\n[\s\S]*?\n---\n/, '')));
  t.true(decided.length > texts.length / 2, `${decided.length} of ${texts.length} were decided`);
});

for (const [what, text] of [
  ['an indented heading after a list', '- a\n  # b'],
  ['an indented heading after a tab that continues a list', '- a\n\n\tb\n  # c'],
  ['an indented fence in a list', '1. a\n   ```\n# b'],
  ['a heading in what may be HTML', '<div>\n# a'],
  ['a comment of several lines', '<!--\n# a\n-->'],
  ['a script', '<script>\n\n# a\n</script>'],
  ['a byte order mark', '\ufeff# a'],
] as const) {
  test(`${what} is left to the grammar`, t => {
    t.is(scannedBlocks(text), undefined);
  });
}

/** Whether the lines decide it; where they do, the grammar says the same. */
function agrees(t: ExecutionContext, text: string): boolean {
  const scanned = scannedBlocks(text);
  if (scanned) t.deepEqual(titlesOf(scanned, text), titlesOf(parsedBlocks(text), text), JSON.stringify(text));
  return scanned !== undefined;
}

/** The titles, each with the comment right before it. */
function titlesOf(blocks: readonly Block[], text: string): readonly object[] {
  return blocks.flatMap(({ kind, start, end }, index) => {
    if (kind !== 'title') return [];
    const before = blocks[index - 1];
    const html = before?.kind === 'html' ? text.slice(before.start, before.end) : '';
    return [{ start, end, ...(html.startsWith('<!--') ? { comment: html, at: before?.start } : {}) }];
  });
}
