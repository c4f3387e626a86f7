import test from 'ava';
import { foundBy } from '../found-by.js';

const MEBIBYTE = 1024 * 1024;

for (const [title, content, severity] of [
  ['a text of 600 KiB', 'word '.repeat(123_000), 'warning'],
  ['a text of 5 MiB, which no rule reads', 'word '.repeat(MEBIBYTE), 'error'],
  ['a binary of 3 MiB', Buffer.alloc(3 * MEBIBYTE), 'warning'],
] as const) {
  test(`${title}: ${severity}`, async t => {
    t.like(await foundBy('oversized-file', content, 'a.md'), [{ severity }]);
  });
}

for (const [title, content] of [
  ['a text of 100 KiB', 'word '.repeat(20_000)],
  ['a picture of 1 MiB', Buffer.alloc(MEBIBYTE)],
] as const) {
  test(`${title} is not too large`, async t => {
    t.deepEqual(await foundBy('oversized-file', content, 'a.md'), []);
  });
}
