import type { Universe } from '#prompd/resolve/index.js';

type Dependencies = Readonly<Record<string, string>>;

/** A universe in which something is known to go wrong in solvers, and what comes out of it. */
export interface Scenario {
  /** `name version` to what it depends on. */
  readonly packages: Readonly<Record<string, Dependencies>>;
  readonly tags?: Universe['tags'];
  readonly root: Dependencies;
  readonly overrides?: Dependencies;
  /** Default: one version of each package. */
  readonly conflicts?: 'isolate';
  /** `name version`, sorted; left out where there is no solution. */
  readonly chosen?: readonly string[];
}

const none = {};

/** Versions 1.0.0 and up of packages that all depend on the same. */
function series(name: string, count: number, dependencies: (index: number) => Dependencies = () => none) {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`${name} 1.0.${index}`, dependencies(index)]),
  );
}

/** Situations that solvers of other ecosystems are tested with, in versions and ranges of semver. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'nothing is asked for': { packages: {}, root: {}, chosen: [] },
  'two packages share what both of their ranges hold': {
    packages: {
      'a 1.0.0': { shared: '>=2.0.0 <4.0.0' },
      'b 1.0.0': { shared: '>=3.0.0 <5.0.0' },
      'shared 2.0.0': none,
      'shared 3.0.0': none,
      'shared 3.6.9': none,
      'shared 4.0.0': none,
    },
    root: { a: '1.0.0', b: '1.0.0' },
    chosen: ['a 1.0.0', 'b 1.0.0', 'shared 3.6.9'],
  },
  'ranges that touch without meeting': {
    packages: {
      'a 1.0.0': { shared: '<=2.0.0' },
      'b 1.0.0': { shared: '>2.0.0' },
      'shared 2.0.0': none,
      'shared 3.0.0': none,
    },
    root: { a: '*', b: '*' },
  },
  'ranges that meet where there is no version': {
    packages: {
      'a 1.0.0': { shared: '>=2.0.0 <3.0.0' },
      'b 1.0.0': { shared: '>=2.9.0 <4.0.0' },
      'shared 2.5.0': none,
      'shared 3.5.0': none,
    },
    root: { a: '*', b: '*' },
  },
  'an older version that another dependant forces brings a dependency of its own': {
    packages: {
      'a 1.0.0': none,
      'a 1.0.1': { extra: '1.0.0' },
      'a 1.0.2': { other: '1.0.0' },
      'b 1.0.0': { a: '<=1.0.1' },
      'extra 1.0.0': none,
      'other 1.0.0': none,
    },
    root: { a: '<=1.0.2', b: '1.0.0' },
    chosen: ['a 1.0.1', 'b 1.0.0', 'extra 1.0.0'],
  },
  'a circle of two': {
    packages: { 'a 1.0.0': { b: '1.0.0' }, 'b 1.0.0': { a: '1.0.0' } },
    root: { a: '1.0.0' },
    chosen: ['a 1.0.0', 'b 1.0.0'],
  },
  'a package that depends on itself': {
    packages: { 'a 1.0.0': { a: '*' } },
    root: { a: '1' },
    chosen: ['a 1.0.0'],
  },
  'two packages whose versions each want the other version of the other': {
    packages: {
      'a 1.0.0': { b: '1.0.0' },
      'a 2.0.0': { b: '2.0.0' },
      'b 1.0.0': { a: '2.0.0' },
      'b 2.0.0': { a: '1.0.0' },
    },
    root: { a: '*', b: '*' },
  },
  'a circle that only older versions close': {
    packages: {
      'a 1.0.0': { b: '1.0.0' },
      'a 2.0.0': { b: '1.0.0' },
      'b 1.0.0': { c: '1.0.0' },
      'b 2.0.0': { c: '2.0.0' },
      'c 1.0.0': { a: '*' },
      'c 2.0.0': { a: '>=3.0.0' },
    },
    root: { a: '*' },
    chosen: ['a 2.0.0', 'b 1.0.0', 'c 1.0.0'],
  },
  'a newer version leads to a clash two steps on': {
    packages: {
      'foo 1.0.0': none,
      'foo 2.0.0': none,
      'bar 1.0.0': none,
      'bar 2.0.0': { baz: '1.0.0' },
      'baz 1.0.0': { foo: '2.0.0' },
    },
    root: { foo: '1.0.0', bar: '*' },
    chosen: ['bar 1.0.0', 'foo 1.0.0'],
  },
  'what is deepest goes back first': {
    packages: {
      'a 1.0.0': { b: '*' },
      'a 2.0.0': { b: '*', c: '2.0.0' },
      'b 1.0.0': none,
      'b 2.0.0': { c: '1.0.0' },
      'c 1.0.0': none,
      'c 2.0.0': none,
    },
    root: { a: '*' },
    chosen: ['a 2.0.0', 'b 1.0.0', 'c 2.0.0'],
  },
  'three levels go back together': {
    packages: {
      'foo 1.0.0': { bar: '1.0.0' },
      'foo 2.0.0': { bar: '2.0.0' },
      'foo 3.0.0': { bar: '3.0.0' },
      'bar 1.0.0': { baz: '*' },
      'bar 2.0.0': { baz: '2.0.0' },
      'bar 3.0.0': { baz: '3.0.0' },
      'baz 1.0.0': none,
    },
    root: { foo: '*' },
    chosen: ['bar 1.0.0', 'baz 1.0.0', 'foo 1.0.0'],
  },
  'a reason of which one half was there long before': {
    packages: {
      'c 1.0.0': none,
      'c 2.0.0': { a: '*', b: '*' },
      'a 1.0.0': { x: '>=1.0.0' },
      'b 1.0.0': { x: '<2.0.0' },
      'x 0.0.0': none,
      'x 1.0.0': { y: '1.0.0' },
      'x 2.0.0': none,
      'y 1.0.0': none,
      'y 2.0.0': none,
    },
    root: { c: '*', y: '>=2.0.0' },
    chosen: ['c 1.0.0', 'y 2.0.0'],
  },
  'the way back passes a package that has no part in it': {
    packages: {
      'a 1.0.0': { c: '1.0.0' },
      'a 2.0.0': { c: '2.0.0' },
      'b 1.0.0': none,
      'b 2.0.0': none,
      'b 3.0.0': none,
      'c 1.0.0': none,
    },
    root: { a: '*', b: '*' },
    chosen: ['a 1.0.0', 'b 3.0.0', 'c 1.0.0'],
  },
  'a hundred pairs of which one fits': {
    packages: Object.fromEntries([
      ...Array.from({ length: 100 }, (_, at): [string, Dependencies][] => {
        const [major, minor] = [Math.floor(at / 10), at % 10];
        return [
          [`foo ${major}.${minor}.0`, { baz: `${major}.0.0` }],
          [`bar ${major}.${minor}.0`, { baz: `0.${minor}.0` }],
        ];
      }).flat(),
      ['baz 0.0.0', none],
    ]),
    root: { foo: '*', bar: '*' },
    chosen: ['bar 9.0.0', 'baz 0.0.0', 'foo 0.9.0'],
  },
  'only the oldest of two hundred versions can be used': {
    packages: {
      ...series('a', 200, index => ({ b: '*', c: index === 0 ? '1.0.0' : '2.0.0' })),
      ...series('b', 200),
      'c 1.0.0': none,
    },
    root: { a: '*' },
    chosen: ['a 1.0.0', 'b 1.0.199', 'c 1.0.0'],
  },
  'thirty levels of five versions that end in nothing': {
    packages: Object.assign(
      {},
      ...Array.from({ length: 30 }, (_, level) =>
        series(`level${level}`, 5, () => ({ [`level${level + 1}`]: '*' })),
      ),
    ),
    root: { level0: '*' },
  },
  'one that everything on the way has an opinion of': {
    packages: {
      ...Object.assign(
        {},
        ...Array.from({ length: 6 }, (_, level) =>
          series(`level${level}`, 10, () => ({ [`level${level + 1}`]: '*', held: '^1.0.0' })),
        ),
      ),
      'level6 1.0.0': { held: '1.0.0' },
      'level6 1.0.1': { held: '2.0.60' },
      ...series('held', 20),
    },
    root: { level0: '*', held: '^1.0.0' },
    chosen: ['held 1.0.0', ...[0, 1, 2, 3, 4, 5].map(level => `level${level} 1.0.9`), 'level6 1.0.0'],
  },
  'a dependant that holds back what its own dependency wants newer': {
    packages: {
      'a 1.0.0': { b: '>=1.0.0', c: '>=1.0.0' },
      'a 2.0.0': { b: '>=2.0.0', c: '>=1.0.0' },
      'b 1.0.0': { c: '>=1.0.0' },
      'b 2.0.0': { c: '>=2.0.0' },
      'c 1.0.0': { d: '>=1.0.0' },
      'c 2.0.0': { d: '>=2.0.0' },
      'd 1.0.0': none,
      'd 2.0.0': none,
    },
    root: { a: '*', b: '<2' },
    chosen: ['a 1.0.0', 'b 1.0.0', 'c 2.0.0', 'd 2.0.0'],
  },
  'a range with a hole of which one side is a trap': {
    packages: {
      'a 1.0.0': { b: '1.0.0 || 3.0.0' },
      'b 1.0.0': none,
      'b 2.0.0': none,
      'b 3.0.0': { c: '9.0.0' },
      'c 1.0.0': none,
    },
    root: { a: '*' },
    chosen: ['a 1.0.0', 'b 1.0.0'],
  },
  'a pre-release is near and not asked for': {
    packages: { 'a 1.0.0': none, 'a 2.0.0-beta.1': none },
    root: { a: '*' },
    chosen: ['a 1.0.0'],
  },
  'a range that names a pre-release lets in its own number only': {
    packages: { 'a 1.2.3-alpha.3': none, 'a 1.2.3-alpha.7': none, 'a 3.4.5-alpha.9': none },
    root: { a: '>1.2.3-alpha.3' },
    chosen: ['a 1.2.3-alpha.7'],
  },
  'a dependency lets a pre-release in for itself, and not for the project': {
    packages: {
      'a 1.0.0': { tone: '^2.0.0-rc.1' },
      'tone 1.0.0': none,
      'tone 2.0.0-rc.1': none,
    },
    root: { a: '*', tone: '*' },
    conflicts: 'isolate',
    chosen: ['a 1.0.0', 'tone 1.0.0', 'tone 2.0.0-rc.1'],
  },
  'what differs in build metadata is the same version to a range': {
    packages: { 'a 1.0.0+one': none },
    root: { a: '1.0.0' },
    chosen: ['a 1.0.0+one'],
  },
  'a tag holds back, a star does not': {
    packages: { 'a 1.0.0': none, 'a 2.0.0': none, 'b 1.0.0': none, 'b 2.0.0': none },
    tags: { a: { latest: '1.0.0' }, b: { latest: '1.0.0' } },
    root: { a: 'latest', b: '*' },
    chosen: ['a 1.0.0', 'b 2.0.0'],
  },
  'an override takes away what could not be met': {
    packages: {
      'a 1.0.0': { b: '1.0.0' },
      'b 1.0.0': { c: '1.0.0' },
      'b 2.0.0': none,
      'c 2.0.0': none,
    },
    root: { a: '*' },
    overrides: { b: '2.0.0' },
    chosen: ['a 1.0.0', 'b 2.0.0'],
  },
  'an override is a range to search in': {
    packages: { 'a 1.0.0': { shared: '9.9.9' }, 'shared 1.0.0': { a: '<1.0.0' }, 'shared 2.0.0': none },
    root: { a: '*' },
    overrides: { shared: '<3.0.0' },
    chosen: ['a 1.0.0', 'shared 2.0.0'],
  },
  'two exact versions live side by side': {
    packages: { 'a 1.0.1': none, 'a 1.0.2': none, 'b 1.0.0': { a: '=1.0.2' } },
    root: { a: '=1.0.1', b: '*' },
    conflicts: 'isolate',
    chosen: ['a 1.0.1', 'a 1.0.2', 'b 1.0.0'],
  },
  'one package under two names': {
    packages: { 'x 1.0.0': none, 'x 2.0.0': none },
    root: { old: 'prompd:x@^1.0.0', new: 'npm:x@^2.0.0' },
    conflicts: 'isolate',
    chosen: ['x 1.0.0', 'x 2.0.0'],
  },
  'a name that is another package to somebody else': {
    packages: { 'x 1.0.0': none, 'y 1.0.0': { x: 'prompd:z@*' }, 'z 3.0.0': none },
    root: { x: '*', y: '*' },
    chosen: ['x 1.0.0', 'y 1.0.0', 'z 3.0.0'],
  },
  'a third version is not taken where two will do': {
    packages: {
      'a 1.0.0': { t: '1.0.0 || 2.0.0' },
      'b 1.0.0': { t: '2.0.0 || 3.0.0' },
      'c 1.0.0': { t: '1.0.0 || 3.0.0' },
      't 1.0.0': none,
      't 2.0.0': none,
      't 3.0.0': none,
    },
    root: { a: '*', b: '*', c: '*' },
    conflicts: 'isolate',
    chosen: ['a 1.0.0', 'b 1.0.0', 'c 1.0.0', 't 2.0.0', 't 3.0.0'],
  },
  'names that objects have of their own': {
    packages: {
      'constructor 1.0.0': { toString: '*' },
      'toString 1.0.0': { hasOwnProperty: '^1.0.0' },
      'hasOwnProperty 1.0.0': none,
    },
    root: { constructor: '*' },
    chosen: ['constructor 1.0.0', 'hasOwnProperty 1.0.0', 'toString 1.0.0'],
  },
};
