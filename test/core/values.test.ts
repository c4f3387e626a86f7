import test from 'ava';
import fc from 'fast-check';
import { digestOf } from '#prompd/core/digest.js';
import { ERROR_TABLE } from '#prompd/core/error-table.js';
import { PrompdError } from '#prompd/core/errors.js';
import { hexOf, integrityOf, parseIntegrity } from '#prompd/core/integrity.js';
import { suggest } from '#prompd/core/suggest.js';

test('the integrity of nothing is the sha512 of nothing', t => {
  t.regex(integrityOf(new Uint8Array()), /^sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg\//);
});

test('an integrity survives being written and read, whatever the bytes', t => {
  fc.assert(
    fc.property(fc.uint8Array(), bytes => {
      const integrity = integrityOf(bytes);
      t.is(parseIntegrity(integrity), integrity);
      t.is(hexOf(integrity).length, 128);
    }),
  );
});

for (const bad of ['', 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=', 'sha512-', 'sha512-%%%', 'md5-x', 'nonsense']) {
  test(`the integrity "${bad}" is refused`, t => {
    t.throws(() => parseIntegrity(bad), { code: 'EBADINTEGRITY' });
  });
}

test('of several hashes the sha512 is kept', t => {
  const strong = integrityOf(new Uint8Array([1]));
  t.is(parseIntegrity(`sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk= ${strong}`), strong);
});

test('a digest does not depend on the order of members', t => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), data => {
      const reversed = Object.fromEntries(Object.entries(data).reverse());
      t.is(digestOf(data), digestOf(reversed));
    }),
  );
});

test('credentials never get into an error', t => {
  const error = new PrompdError('ENETWORK', 'GET https://user:pass@example.com/x?token=abc failed', {
    facts: { header: 'authorization: Bearer abcdef', all: ['prompd_0123456789abcdef'] },
    hint: 'see https://user:pass@example.com/',
  });
  const printed = JSON.stringify(error);
  for (const secret of ['pass', 'abc', '0123456789']) t.false(printed.includes(secret), secret);
});

test('an error without advice of its own has that of its code', t => {
  t.is(new PrompdError('EOFFLINE', 'x').hint, ERROR_TABLE.EOFFLINE.hint);
  t.is(new PrompdError('EOFFLINE', 'x', { hint: 'Plug it in.' }).hint, 'Plug it in.');
});

test('an error knows its exit code', t => {
  t.is(new PrompdError('EINTEGRITY', 'x').exitCode, 7);
  t.true(Object.values(ERROR_TABLE).every(row => row.exit >= 1 && row.exit <= 10));
});

test('a near word is suggested and a far one is not', t => {
  t.is(suggest('instal', ['install', 'init']), 'install');
  t.is(suggest('zzz', ['install', 'init']), undefined);
  t.is(suggest('x', []), undefined);
  t.is(suggest('x', ['g']), undefined, 'every letter is another one');
  t.is(suggest('', ['g']), undefined);
  t.is(suggest('x', ['xy']), 'xy');
});
