import test from 'ava';
import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { readSections } from '#prompd/prompt/body.js';
import { SourceText } from '#prompd/prompt/source-text.js';

/** What sections do not depend on. */
const DISABLED = [
  ...['attention', 'autolink', 'characterEscape', 'characterReference', 'codeText', 'hardBreakEscape'],
  ...['htmlText', 'labelEnd', 'labelStartImage', 'labelStartLink', 'setextUnderline', 'definition'],
];

/** Beginnings and middles of lines that mean something in Markdown, among words that mean nothing. */
const piece = fc.constantFrom(
  ...[
    '# ',
    '## ',
    '#',
    ' ',
    '    ',
    '\t',
    '- ',
    '* ',
    '1. ',
    '23) ',
    '+ ',
    '> ',
    '```',
    '~~~',
    '**',
    '_',
    '"',
    '(',
  ],
  ...['<div>', '</div>', '<!--', '-->', '<!-- section-id: a -->', '<script>', '</script>', '<?', '?>', '<x'],
  ...['word', 'Word two', 'x', '---', '***', '* * *', '===', '|', 'é', '\\', '1', '`code`', '[a]: b'],
);
const line = fc.array(piece, { maxLength: 5 }).map(parts => parts.join(''));
const body = fc.array(fc.tuple(line, fc.constantFrom('\n', '\n', '\n\n')), { maxLength: 14 }).map(lines => {
  // Each heading and each id is another one, so that every section is kept.
  return lines
    .flat()
    .join('')
    .replace(/# |id: a/g, (found, at) => `${found}${at} `);
});

test('sections begin where a reader of all of the Markdown sees level-1 headings', t => {
  fc.assert(
    fc.property(body, text => {
      const source = new SourceText({ id: 'x.prompd', path: 'x.prompd', text });
      const found = readSections(source, 0, () => {});
      const tree = fromMarkdown(text, { extensions: [{ disable: { null: DISABLED } }] });
      const headings = tree.children.flatMap(node =>
        node.type === 'heading' && node.depth === 1 ? [node.position?.start.offset] : [],
      );
      const named = found.filter(({ id }) => id !== 'user' && id !== 'preamble');
      t.deepEqual(
        named.map(({ headingStart }) => headingStart),
        headings,
        JSON.stringify(text),
      );
    }),
    { numRuns: 500 },
  );
});
