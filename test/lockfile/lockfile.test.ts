import test from 'ava';
import fc from 'fast-check';
import { digestOf } from '#prompd/core/digest.js';
import { integrityOf } from '#prompd/core/integrity.js';
import { fitsRequirements, formatLockfile, type Lockfile, parseLockfile } from '#prompd/lockfile/index.js';
import { arbitraryLockfile, plain } from './arbitrary.js';

const integrity = integrityOf(Buffer.from('x'));
const good = {
  lockfileVersion: 1,
  packages: {
    'default|@acme/a@1.0.0': { dependencies: ['b'], dev: true, integrity },
    'default|b@2.0.0': { dev: true, integrity, prompts: { say: digestOf('x') } },
  },
  root: { devDependencies: { '@acme/a': '^1.0.0' }, edges: ['@acme/a'] },
};

test('a lockfile is written as it is documented', t => {
  const lockfile = parseLockfile(JSON.stringify(good));
  t.is(formatLockfile(lockfile), `${JSON.stringify(good, null, 2)}\n`);
});

test('what is written is read back as it was, aliases, namesakes and odd sources included', t => {
  fc.assert(
    fc.property(arbitraryLockfile, lockfile => {
      const again = parseLockfile(formatLockfile(lockfile));
      t.deepEqual(plain(again), plain(lockfile));
    }),
  );
});

test('the text does not depend on the order in which packages and edges came', t => {
  fc.assert(
    fc.property(arbitraryLockfile, lockfile => {
      const reversed: Lockfile = {
        root: { ...lockfile.root, edges: new Map([...lockfile.root.edges].reverse()) },
        packages: new Map(
          [...lockfile.packages]
            .reverse()
            .map(([key, found]) => [key, { ...found, edges: new Map([...found.edges].reverse()) }]),
        ),
      };
      t.is(formatLockfile(reversed), formatLockfile(lockfile));
    }),
  );
});

test('no text makes the reader fail in any other way than it says', t => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), mutated()), text => {
      try {
        parseLockfile(text);
      } catch (error) {
        t.regex(String(Reflect.get(Object(error), 'code')), /^ELOCK(BROKEN|CONFLICT|FUTURE)$/);
      }
    }),
    { numRuns: 500 },
  );
});

const broken: Readonly<Record<string, unknown>> = {
  'no object': [],
  'no version': { ...good, lockfileVersion: undefined },
  'a version below the first': { ...good, lockfileVersion: 0 },
  'an unknown member': { ...good, extra: 1 },
  'a package without integrity': { ...good, packages: { 'default|@acme/a@1.0.0': {} } },
  'a weak integrity': {
    ...good,
    packages: { 'default|@acme/a@1.0.0': { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' } },
  },
  'a key without a source': { ...good, packages: { '@acme/a@1.0.0': { integrity } } },
  'a key with a range': { ...good, packages: { 'default|@acme/a@^1.0.0': { integrity } } },
  'an edge to nowhere': {
    ...good,
    packages: { 'default|@acme/a@1.0.0': { integrity, dependencies: ['b'] } },
  },
  'an edge to one of two': {
    ...good,
    packages: { ...good.packages, 'default|b@1.0.0': { integrity } },
  },
  'a root without one of its edges': { ...good, root: { ...good.root, edges: [] } },
  'a root with an edge too many': { ...good, root: { ...good.root, edges: ['@acme/a', 'b'] } },
  'an edge twice': { ...good, root: { ...good.root, edges: ['@acme/a', '@acme/a@1.0.0'] } },
};
for (const [what, content] of Object.entries(broken)) {
  test(`a lockfile with ${what} is ELOCKBROKEN`, t => {
    t.throws(() => parseLockfile(JSON.stringify(content)), { code: 'ELOCKBROKEN' });
  });
}

test('a newer lockfile is ELOCKFUTURE even if nothing else in it is known', t => {
  t.throws(() => parseLockfile('{"lockfileVersion":2,"tables":[]}'), { code: 'ELOCKFUTURE' });
});

const damaged: readonly [string, string, string, RegExp][] = [
  [
    'with conflict markers',
    '{\n<<<<<<< HEAD\n  "a": 1\n=======\n  "a": 2\n>>>>>>> x\n}',
    'ELOCKCONFLICT',
    /in line 2/,
  ],
  ['with markers at its end only', '{}\n>>>>>>> x\n', 'ELOCKCONFLICT', /in line 2/],
  ['that is empty', '', 'ELOCKBROKEN', /It is empty/],
  ['of blanks', ' \n\n', 'ELOCKBROKEN', /It is empty/],
  ['of NUL bytes', '\0'.repeat(80), 'ELOCKBROKEN', /NUL bytes/],
  ['that ends in NUL bytes', `${JSON.stringify(good)}\0\0`, 'ELOCKBROKEN', /NUL bytes/],
  ['without its parts', '{"lockfileVersion": 1}', 'ELOCKBROKEN', /cannot be used: "packages": \S.*\.$/],
  ['that is a list', '[]', 'ELOCKBROKEN', /cannot be used: \S.*expected object.*\.$/],
  ['cut off', JSON.stringify(good, null, 2).slice(0, 300), 'ELOCKBROKEN', /It is cut off in line \d+\./],
  ['cut off in a string', '{\n"lockfileV', 'ELOCKBROKEN', /It is cut off in line 2\./],
  ['with a comma too many', '{\n"lockfileVersion": 1,\n}', 'ELOCKBROKEN', /not valid JSON at line 3/],
  [
    'with a package twice',
    JSON.stringify(good, null, 2).replace(
      '"default|b@2.0.0"',
      '"default|@acme/a@1.0.0": { "integrity": "x" },\n"default|b@2.0.0"',
    ),
    'ELOCKBROKEN',
    /"default\|@acme\/a@1\.0\.0" stands twice in one object, again in line \d+/,
  ],
  [
    'with a member twice',
    JSON.stringify(good).replace('"dev":true', '"dev":false,"dev":true'),
    'ELOCKBROKEN',
    /"dev" stands twice/,
  ],
  [
    'with a member twice, once in escapes',
    JSON.stringify(good).replace('"dev":true', '"d\\u0065v":false,"dev":true'),
    'ELOCKBROKEN',
    /"dev" stands twice/,
  ],
  [
    'nested very deeply',
    `{"packages":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
    'ELOCKBROKEN',
    /cannot be used/,
  ],
];
for (const [what, text, code, said] of damaged) {
  test(`a lockfile ${what} is ${code}, and the message says so`, t => {
    t.throws(() => parseLockfile(text), { code, message: said });
  });
}

test('a lockfile in another layout, with other line ends or a byte order mark is read', t => {
  for (const text of [
    JSON.stringify(good),
    JSON.stringify(good, null, '\t').replaceAll('\n', '\r\n'),
    `\ufeff${JSON.stringify(good, null, 2)}`,
  ])
    t.is(parseLockfile(text).packages.size, 2);
});

test('a lockfile fits requirements in any order, and no others', t => {
  const lockfile = parseLockfile(JSON.stringify(good));
  const none = { dependencies: {}, overrides: {} };
  t.true(fitsRequirements(lockfile, { ...none, devDependencies: { '@acme/a': '^1.0.0' } }));
  t.false(fitsRequirements(lockfile, { ...none, devDependencies: { '@acme/a': '^1.0.1' } }));
  t.false(fitsRequirements(lockfile, { ...none, devDependencies: {} }));
  t.false(
    fitsRequirements(lockfile, { ...none, devDependencies: { '@acme/a': '^1.0.0' }, overrides: { b: '1' } }),
  );
});

test('what is for development is read off the edges, and a lockfile that says otherwise of it fits nothing', t => {
  const own = { dependencies: { b: '^2.0.0' }, devDependencies: { '@acme/a': '^1.0.0' }, overrides: {} };
  const read = (marked: readonly string[]) =>
    parseLockfile(
      JSON.stringify({
        lockfileVersion: 1,
        packages: Object.fromEntries(
          Object.entries({ a: ['b', 'c'], b: ['d'], c: ['a'], d: [], alone: [] }).map(([name, edges]) => [
            `default|${name === 'a' ? '@acme/a' : name}@2.0.0`,
            {
              dependencies: edges.map(edge => (edge === 'a' ? '@acme/a' : edge)),
              dev: marked.includes(name),
              integrity,
            },
          ]),
        ),
        root: { ...own, edges: ['@acme/a', 'b'] },
      }),
    );
  const forDevelopment = ({ packages }: Lockfile) =>
    [...packages.values()].flatMap(({ name, dev }) => (dev ? [String(name)] : []));
  for (const marked of [
    ['a', 'c'],
    ['a', 'c', 'alone'],
  ])
    t.true(fitsRequirements(read(marked), own), `${marked}`);
  for (const marked of [[], ['a'], ['c'], ['a', 'b', 'c'], ['a', 'c', 'd'], ['b', 'd']]) {
    t.false(fitsRequirements(read(marked), own), `${marked}`);
    t.deepEqual(forDevelopment(read(marked)), ['@acme/a', 'c'], `${marked}`);
  }
});

function mutated(): fc.Arbitrary<string> {
  const text = JSON.stringify(good);
  return fc
    .tuple(fc.nat(text.length - 1), fc.nat(8), fc.string({ maxLength: 4 }))
    .map(([at, length, patch]) => text.slice(0, at) + patch + text.slice(at + length));
}
