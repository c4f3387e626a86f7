import test from 'ava';
import fc from 'fast-check';
import semver from 'semver';
import type { Version } from '#prompd/core/version.js';
import { ParsedTexts } from '#prompd/resolve/solver/version-list.js';
import { valuesOf } from '#prompd/resolve/solver/version-set.js';

const small = fc.integer({ min: 0, max: 3 });
const version = fc
  .tuple(small, small, small, fc.constantFrom('', '', '-beta.1', '-rc.1', '+build.1'))
  .map(([major, minor, patch, rest]) => `${major}.${minor}.${patch}${rest}` as Version);
const plain = fc.tuple(small, small, small).map(parts => parts.join('.'));
const comparator = fc.oneof(
  fc
    .tuple(fc.constantFrom('^', '~', '>', '>=', '<', '<=', '', '='), plain)
    .map(([operator, at]) => operator + at),
  fc
    .tuple(fc.constantFrom('^', '~', '>=', '<', ''), plain, fc.constantFrom('-alpha', '-beta.1', '-rc.0'))
    .map(([operator, at, rest]) => operator + at + rest),
  fc.constantFrom('*', '', 'x', '1.x', '2', '>1', '1.1 - 2.2'),
);
const range = fc
  .array(fc.array(comparator, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 3 })
  .map(alternatives => alternatives.map(parts => parts.join(' ')).join(' || '))
  .filter(raw => semver.validRange(raw) !== null);

test('a range means the versions that node-semver says it means', t => {
  fc.assert(
    fc.property(fc.uniqueArray(version, { maxLength: 40 }), range, (given, raw) => {
      const list = new ParsedTexts().list(given);
      t.deepEqual(
        valuesOf(list.range(raw)).map(value => list.versions[value - 1]),
        list.versions.filter(found => semver.satisfies(found, raw)),
      );
    }),
  );
});

test('versions are in ascending order, and their places lead back to what was given', t => {
  fc.assert(
    fc.property(fc.uniqueArray(version, { maxLength: 40 }), given => {
      const { versions, places } = new ParsedTexts().list(given);
      t.deepEqual([...versions].sort(semver.compareBuild), versions);
      t.deepEqual(
        places.map(place => given[place]),
        versions,
      );
    }),
  );
});

test('an exact version means the one of that text, else that of the same precedence', t => {
  const list = new ParsedTexts().list(['1.0.0+b', '1.0.0+a', '1.1.0'] as Version[]);
  t.deepEqual(valuesOf(list.exact('1.0.0+b')), [2]);
  t.deepEqual(valuesOf(list.exact('1.0.0')), [1, 2]);
  t.deepEqual(valuesOf(list.exact('2.0.0')), []);
});

test('packages with the same versions share one list', t => {
  const texts = new ParsedTexts();
  t.is(texts.list(['1.0.0', '1.1.0'] as Version[]), texts.list(['1.0.0', '1.1.0'] as Version[]));
  t.not(texts.list(['1.0.0', '1.1.0'] as Version[]), texts.list(['1.0.0'] as Version[]));
});
