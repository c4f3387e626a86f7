import test from 'ava';
import fc from 'fast-check';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Sheet } from '#prompd/lsp/sheet.js';

const line = fc.string({ unit: 'binary', maxLength: 12 }).map(text => text.replace(/[\r\n\0\ufeff]/g, ''));
const text = fc
  .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 8 })
  .map(lines => lines.flat().join(''));

test('an editor and the format mean the same characters, whatever the line ends and characters are', t => {
  t.notThrows(() =>
    fc.assert(
      fc.property(text, fc.nat(), (body, seed) => {
        const document = TextDocument.create('file:///a.prompd', 'prompd', 1, body);
        const sheet = Sheet.of('/a.prompd', body);
        if (!sheet) return body.includes('\0');
        const position = document.positionAt(seed % (body.length + 1));
        const offset = sheet.offsetOf(position);
        const normal = (part: string) => part.replace(/\r\n?/g, '\n');
        const before = normal(body.slice(0, document.offsetAt(position)));
        return (
          sheet.text.slice(0, offset) === before &&
          document.offsetAt(sheet.positionOf(offset)) === document.offsetAt(position)
        );
      }),
      { numRuns: 300 },
    ),
  );
});

test('a byte order mark takes up a place in the first line of the editor, and none in the format', t => {
  const sheet = Sheet.of('/a.prompd', '\ufeff---\nname: a\n---\n');
  t.deepEqual(sheet?.positionOf(3), { line: 0, character: 4 });
  t.is(sheet?.offsetOf({ line: 0, character: 4 }), 3);
  t.is(sheet?.offsetOf({ line: 1, character: 2 }), 6);
});

test('positions beyond a line or the text are those of its end', t => {
  const sheet = Sheet.of('/a.prompd', '---\nname: a\n---\nx');
  t.is(sheet?.offsetOf({ line: 1, character: 99 }), 11);
  t.is(sheet?.offsetOf({ line: 99, character: 0 }), 17);
});

test('a text beyond the limit of the format is nothing to work with', t => {
  t.is(Sheet.of('/a.prompd', 'x'.repeat(1024 * 1024 + 1)), undefined);
});
