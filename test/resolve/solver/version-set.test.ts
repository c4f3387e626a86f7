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
  isSubset,
  lowestOf,
  setOf,
  union,
  valuesOf,
  versionsOnly,
} from '#prompd/resolve/solver/version-set.js';

/** Across the borders of words. */
const HIGHEST = 95;
const values = fc.uniqueArray(fc.integer({ min: 0, max: HIGHEST })).map(list => list.sort((a, b) => a - b));

test('sets of versions obey the algebra of sets, across words', t => {
  fc.assert(
    fc.property(values, values, (left, right) => {
      const [a, b] = [setOf(left, HIGHEST), setOf(right, HIGHEST)];
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
    }),
  );
});

test('a set knows its values, with and without "not in the solution"', t => {
  fc.assert(
    fc.property(values, list => {
      const set = setOf(list, HIGHEST);
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
