import test from 'ava';
import fc from 'fast-check';
import { searchTerms } from '#server/domain/search-query.js';

for (const [text, web, namePrefix] of [
  ['@bank/kyc-summary', 'bank kyc summary', 'bank:*A & kyc:*A & summary:*A'],
  ['  code  review ', 'code  review', 'code:*A & review:*A'],
  ['kyc -draft', 'kyc -draft', ''],
  ['"code review"', '"code review"', ''],
  ['a or b', 'a or b', ''],
  ["x' & !y:*", "x'   y", 'x:*A & y:*A'],
  ['überprüfung', 'überprüfung', 'überprüfung:*A'],
  ['()', '', ''],
] as const) {
  test(`"${text}" is searched for as "${web}"`, t => {
    const terms = searchTerms(text);
    t.is(terms.web.replace(/\s+/g, ' '), web.replace(/\s+/g, ' '));
    t.is(terms.namePrefix, namePrefix);
  });
}

test('no text gets anything but letters, digits and its own operators into the prefix query', t => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      t.regex(searchTerms(text).namePrefix, /^(?:[\p{L}\p{N}]+:\*A(?: & (?!$)|$))*$/u);
    }),
  );
});
