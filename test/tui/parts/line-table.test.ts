import test from 'ava';
import { LineTable } from '#prompd/tui/parts/line-table.js';

test('lines stand where what stood for them was, with all else that was written', t => {
  const table = new LineTable();
  const [first, second] = [table.add('one'), table.add('\u001b[2mtwo\u001b[0m')];
  t.is(table.expand(`\u001b[2K${first}\n  ${second}\n`), '\u001b[2Kone\n  \u001b[2mtwo\u001b[0m\n');
  t.is([...first].length, 1);
});

test('two lines side by side begin where they were placed', t => {
  const table = new LineTable();
  const [left, right] = [table.add('\u001b[1m日本\u001b[0m'), table.add('right')];
  t.is(table.expand(`${left}${' '.repeat(9)}${right}`), `\u001b[1m日本\u001b[0m${' '.repeat(6)}right`);
});

test('a line that is gone can be read for a while, and is let go then', t => {
  const table = new LineTable();
  const gone = table.add('gone');
  const kept = table.add('kept');
  table.release(gone);
  t.is(table.expand(gone), 'gone');
  for (let at = 0; at < 200_000; at++) table.release(table.add(`line ${at}`));
  t.is(table.expand(gone), '');
  t.is(table.expand(kept), 'kept', 'nobody takes the place of a line that is seen');
  t.true(table.size < 3_000);
});
