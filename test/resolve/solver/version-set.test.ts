import test from 'ava';
import fc from 'fast-check';
import {
  countVersions,
  difference,
  fullSet,
  has,
  highestOf,
  intersection,
  isDisjoint,
  isEmpty,
  isSame,
  isSubset,
  lowestOf,
  setLike,
  setOf,
  setWhere,
  textOf,
  union,
  valuesOf,
  versionsOnly,
} from '#prompd/resolve/solver/version-set.js';

/** Within one word, which is a number and no list, and across the borders of words. */
const sizes = fc.constantFrom(28, 29, 30, 95);
const sized = sizes.chain(highest =>
  fc.record({ highest: fc.constant(highest), left: valuesTo(highest), right: valuesTo(highest) }),
);

test('sets of versions obey the algebra of sets, in one word and across words', t => {
  fc.assert(
    fc.property(sized, ({ highest, left, right }) => {
      const [a, b] = [setOf(left, highest), setOf(right, highest)];
      t.deepEqual(
        valuesOf(union(a, b)),
        [...new Set([...left, ...right])].sort((x, y) => x - y),
      );
      t.deepEqual(
        valuesOf(intersection(a, b)),
        left.filter(value => right.includes(value)),
      );
      t.deepEqual(
        valuesOf(difference(a, b)),
        left.filter(value => !right.includes(value)),
      );
      t.is(
        isSubset(a, b),
        left.every(value => right.includes(value)),
      );
      t.is(isDisjoint(a, b), !left.some(value => right.includes(value)));
      t.is(isSame(a, b), left.join() === right.join());
      t.is(textOf(a) === textOf(b), isSame(a, b));
      t.true(isSame(setLike(left, b), a));
      t.true(
        isSame(
          setWhere(highest, value => left.includes(value)),
          versionsOnly(a),
        ),
      );
    }),
  );
});

test('a set knows its values, with and without "not in the solution"', t => {
  fc.assert(
    fc.property(sized, ({ highest, left: list }) => {
      const set = setOf(list, highest);
      t.is(isEmpty(set), list.length === 0);
      t.is(highestOf(set), list.at(-1));
      t.is(lowestOf(set), list[0]);
      t.is(countVersions(set), list.filter(value => value > 0).length);
      t.deepEqual(
        valuesOf(versionsOnly(set)),
        list.filter(value => value > 0),
      );
      t.true(list.every(value => has(set, value)));
    }),
  );
});

test('the full set ends with the highest value', t => {
  for (const highest of [0, 1, 28, 29, 30, 31, 59, 60, 61])
    t.is(valuesOf(fullSet(highest)).length, highest + 1);
});

/** Ascending. */
function valuesTo(highest: number): fc.Arbitrary<number[]> {
  return fc.uniqueArray(fc.integer({ min: 0, max: highest })).map(list => list.sort((a, b) => a - b));
}
