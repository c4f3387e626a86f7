import test from 'ava';
import fc from 'fast-check';
import { digestOf } from '#prompd/core/digest.js';
import { integrityOf } from '#prompd/core/integrity.js';
import { parsePackageName } from '#prompd/core/name.js';
import { type PackageKey, packageKey } from '#prompd/core/package-key.js';
import { parseVersion } from '#prompd/core/version.js';
import {
  fitsRequirements,
  formatLockfile,
  type LockedPackage,
  type Lockfile,
  parseLockfile,
} from '#prompd/lockfile/index.js';

const integrity = integrityOf(Buffer.from('x'));
const good = {
  lockfileVersion: 1,
  packages: {
    'default|@acme/a@1.0.0': { dependencies: ['b'], integrity },
    'default|b@2.0.0': { dev: true, integrity, prompts: { say: digestOf('x') } },
  },
  root: { dependencies: { '@acme/a': '^1.0.0' }, edges: ['@acme/a'] },
};

test('a lockfile is written as it is documented', t => {
  const lockfile = parseLockfile(JSON.stringify(good));
  t.is(formatLockfile(lockfile), `${JSON.stringify(good, null, 2)}\n`);
});

const arbitraryLockfile: fc.Arbitrary<Lockfile> = fc
  .uniqueArray(
    fc.record({
      source: fc.constantFrom(
        'default',
        'bank',
        'file:../dir',
        'file:a|b.tgz',
        'https://example.com/x@1.tgz',
      ),
      name: fc.constantFrom('a', '@acme/a', '@acme/b').map(parsePackageName),
      version: fc.constantFrom('1.0.0', '1.0.1', '2.0.0-beta.1').map(parseVersion),
      dev: fc.boolean(),
    }),
    { selector: packageKey, minLength: 1, maxLength: 10 },
  )
  .chain(ids => {
    const keys = ids.map(packageKey);
    const edges = fc
      .dictionary(
        fc.constantFrom('a', '@acme/a', '@acme/b', 'alias', '@acme/alias'),
        fc.constantFrom(...keys),
        { maxKeys: 4 },
      )
      .map(found => new Map(Object.entries(found).map(([asked, key]) => [parsePackageName(asked), key])));
    return fc.tuple(fc.tuple(...ids.map(() => edges)), edges).map(([perPackage, rootEdges]) => ({
      root: {
        dependencies: Object.fromEntries([...rootEdges.keys()].map(asked => [asked, '*'])),
        devDependencies: {},
        overrides: {},
        edges: rootEdges,
      },
      packages: new Map(
        ids.map((id, at): [PackageKey, LockedPackage] => [
          packageKey(id),
          { ...id, integrity, edges: perPackage[at] ?? new Map(), prompts: new Map() },
        ]),
      ),
    }));
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
        t.regex(String(Reflect.get(Object(error), 'code')), /^ELOCK(BROKEN|FUTURE)$/);
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

test('conflict markers are ELOCKBROKEN and named', t => {
  const text = `{\n<<<<<<< HEAD\n  "a": 1\n=======\n  "a": 2\n>>>>>>> x\n}`;
  t.throws(() => parseLockfile(text), { code: 'ELOCKBROKEN', message: /conflict markers/ });
});

test('a lockfile fits requirements in any order, and no others', t => {
  const lockfile = parseLockfile(JSON.stringify(good));
  const none = { devDependencies: {}, overrides: {} };
  t.true(fitsRequirements(lockfile, { ...none, dependencies: { '@acme/a': '^1.0.0' } }));
  t.false(fitsRequirements(lockfile, { ...none, dependencies: { '@acme/a': '^1.0.1' } }));
  t.false(fitsRequirements(lockfile, { ...none, dependencies: {} }));
  t.false(
    fitsRequirements(lockfile, { ...none, dependencies: { '@acme/a': '^1.0.0' }, overrides: { b: '1' } }),
  );
});

function mutated(): fc.Arbitrary<string> {
  const text = JSON.stringify(good);
  return fc
    .tuple(fc.nat(text.length - 1), fc.nat(8), fc.string({ maxLength: 4 }))
    .map(([at, length, patch]) => text.slice(0, at) + patch + text.slice(at + length));
}

function plain({ root, packages }: Lockfile): unknown {
  const entries = <K extends string, V>(map: ReadonlyMap<K, V>) =>
    [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    root: { ...root, edges: entries(root.edges) },
    packages: entries(packages).map(([key, found]) => [
      key,
      { ...found, edges: entries(found.edges), prompts: entries(found.prompts) },
    ]),
  };
}
