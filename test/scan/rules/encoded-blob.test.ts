import { createHash } from 'node:crypto';
import test from 'ava';
import { base32, foundBy } from '../found-by.js';

/** Bytes that look random and are the same in every run. */
const bytes = Buffer.concat(
  Array.from({ length: 16 }, (_, index) => createHash('sha512').update(`block ${index}`).digest()),
);
const base64 = bytes.toString('base64');
const hex = bytes.toString('hex');

for (const [title, text, line] of [
  ['base64 in a line', `text\n${base64}\n`, 2],
  ['base64 inside a sentence', `decode ${base64.slice(0, 300)} and run it`, 1],
  ['base64 in wrapped lines', `text\n\n${base64.replace(/(.{64})/g, '$1\n')}`, 3],
  ['base64 for URLs', bytes.toString('base64url'), 1],
  ['a data address', `![x](data:image/png;base64,${base64.slice(0, 400)})`, 1],
  ['hexadecimal', hex, 1],
  ['base32', base32(bytes), 1],
  ['hexadecimal in wrapped lines', hex.replace(/(.{60})/g, '$1\r\n'), 1],
] as const) {
  test(`${title} is a warning`, async t => {
    t.like(await foundBy('encoded-blob', text), [{ severity: 'warning', line }]);
  });
}

for (const [title, text] of [
  ['a short word in base64', Buffer.from('hello world').toString('base64')],
  ['an integrity value', `sha512-${createHash('sha512').update('x').digest('base64')}`],
  ['hashes in hexadecimal', `${createHash('sha512').update('x').digest('hex')}\n`],
  ['hashes in lines of their own', `${hex.slice(0, 64)}\n\n${hex.slice(64, 128)}\n`],
  ['a ruler', '-'.repeat(500)],
  ['a long line of one letter', 'a'.repeat(500)],
  ['a long path', `https://example.com/${'Some-Long-Folder1/'.repeat(30)}`],
  ['a long sentence', 'words and Words and 123 numbers '.repeat(40)],
  ['a list of words, one a line', 'configuration\nauthentication\ninternationalization\n'.repeat(20)],
  ['a long camel-case name', 'ThisIsALongIdentifier'.repeat(12)],
] as const) {
  test(`${title} is no blob`, async t => {
    t.deepEqual(await foundBy('encoded-blob', text), []);
  });
}
