import test from 'ava';
import fc from 'fast-check';
import { integrityOf } from '#prompd/core/integrity.js';
import { splitConflict } from '#prompd/lockfile/conflict.js';
import {
  conflictText,
  formatLockfile,
  type Lockfile,
  type LockSide,
  mergeLockfiles,
  mergeRequirements,
  parseLockfile,
} from '#prompd/lockfile/index.js';
import { mergeConflicted } from '#prompd/lockfile/salvage.js';
import { arbitraryLockfile, plain } from './arbitrary.js';

test('what only one side changed is taken from it, whichever side it is', t => {
  fc.assert(
    fc.property(arbitraryLockfile, arbitraryLockfile, (base, changed) => {
      for (const merged of [mergeLockfiles(base, changed, base), mergeLockfiles(changed, base, base)]) {
        t.deepEqual(plain(merged), plain(changed));
        t.is(merged.unsettled.size, 0);
      }
    }),
  );
});

test('two sides that agree are what they agree on, whatever they began with', t => {
  fc.assert(
    fc.property(arbitraryLockfile, fc.option(arbitraryLockfile, { nil: undefined }), (both, base) => {
      const merged = mergeLockfiles(both, both, base);
      t.deepEqual(plain(merged), plain(both));
      t.is(merged.unsettled.size, 0);
    }),
  );
});

test('merging here into there gives what merging there into here does', t => {
  fc.assert(
    fc.property(
      arbitraryLockfile,
      arbitraryLockfile,
      fc.option(arbitraryLockfile, { nil: undefined }),
      (ours, theirs, base) => {
        const [one, other] = [mergeLockfiles(ours, theirs, base), mergeLockfiles(theirs, ours, base)];
        t.deepEqual(plain(one), plain(other));
        t.deepEqual([...one.unsettled].sort(), [...other.unsettled].sort());
      },
    ),
  );
});

test('without a base everything that either side has is there, and nothing else', t => {
  fc.assert(
    fc.property(arbitraryLockfile, arbitraryLockfile, (ours, theirs) => {
      const { packages } = mergeLockfiles(ours, theirs);
      t.deepEqual(
        [...packages.keys()].map(String),
        [...new Set<string>([...ours.packages.keys(), ...theirs.packages.keys()])].sort(),
      );
    }),
  );
});

test('the markers of a conflict are taken apart into what was put between them', t => {
  const text = fc
    .array(fc.constantFrom('{', '}', '  "a": 1,', '', '====', '<<<'), { maxLength: 8 })
    .map(lines => lines.map(line => `${line}\n`).join(''));
  fc.assert(
    fc.property(text, text, text, (ours, base, theirs) => {
      t.deepEqual(splitConflict(conflictText({ ours, base, theirs })), { ours, base, theirs });
    }),
  );
});

test('two lockfiles in conflict markers are merged as they are without', t => {
  fc.assert(
    fc.property(arbitraryLockfile, arbitraryLockfile, arbitraryLockfile, (ours, theirs, base) => {
      const text = conflictText({
        ours: formatLockfile(ours),
        base: formatLockfile(base),
        theirs: formatLockfile(theirs),
      });
      const { merged, whole } = mergeConflicted(text, 'x');
      t.deepEqual(plain(merged), plain(mergeLockfiles(ours, theirs, base)));
      t.deepEqual(whole.map(plain), [ours, theirs].map(plain));
    }),
  );
});

test('no text with markers makes the merge fail in any other way than it says', t => {
  const line = fc.oneof(
    fc.constantFrom('<<<<<<< ours', '=======', '>>>>>>> theirs', '||||||| base', '<<<<<<<<< deep', '', '}'),
    fc.string({ maxLength: 20 }),
    arbitraryLockfile.map(formatLockfile),
    arbitraryLockfile.map(found => formatLockfile(found).slice(10, -30)),
    fc.constant(`{"packages":${'{"a":'.repeat(50_000)}`),
    fc.constant('{"packages":{"default|a@1.0.0":{"integrity":"sha512-x","dependencies":["b"]}},"root":7}'),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), lines => {
      try {
        mergeConflicted(lines.join('\n'), 'x');
      } catch (error) {
        t.regex(String(Reflect.get(Object(error), 'code')), /^ELOCK(BROKEN|FUTURE)$/);
      }
    }),
    { numRuns: 300 },
  );
});

const integrity = integrityOf(Buffer.from('x'));
const other = integrityOf(Buffer.from('y'));

/** A lockfile by its packages, each with what it depends on; the first word of a root entry is its edge. */
function lockfile(
  packages: Record<string, string[]>,
  root: Record<string, string>,
  integrities: Record<string, string> = {},
): Lockfile {
  const names = Object.keys(packages).map(key => key.slice(0, key.lastIndexOf('@')));
  return parseLockfile(
    JSON.stringify({
      lockfileVersion: 1,
      packages: Object.fromEntries(
        Object.entries(packages).map(([key, dependencies]) => [
          `default|${key}`,
          { dependencies, integrity: integrities[key] ?? integrity },
        ]),
      ),
      root: {
        dependencies: root,
        edges: Object.keys(root).map(name =>
          names.filter(found => found === name).length > 1
            ? (Object.keys(packages)
                .filter(key => key.startsWith(`${name}@`))
                .at(-1) ?? '')
            : name,
        ),
      },
    }),
  );
}

function packagesOf({ packages }: LockSide): string[] {
  return [...packages.keys()].map(key => key.replace('default|', ''));
}

const base = lockfile({ 'a@1.0.0': ['tone'], 'tone@1.0.0': [] }, { a: '^1.0.0' });

test('what both sides added is there, and nothing has to be resolved again', t => {
  const merged = mergeLockfiles(
    lockfile({ 'a@1.0.0': ['tone'], 'b@1.0.0': [], 'tone@1.0.0': [] }, { a: '^1.0.0', b: '1' }),
    lockfile({ 'a@1.0.0': ['tone'], 'c@1.0.0': [], 'tone@1.0.0': [] }, { a: '^1.0.0', c: '1' }),
    base,
  );
  t.deepEqual(packagesOf(merged), ['a@1.0.0', 'b@1.0.0', 'c@1.0.0', 'tone@1.0.0']);
  t.deepEqual(merged.root.dependencies, { a: '^1.0.0', b: '1', c: '1' });
  t.is(merged.unsettled.size, 0);
});

test('an older version that one side went back to is not undone by the other', t => {
  const newer = lockfile({ 'a@1.0.0': ['tone'], 'tone@1.1.0': [] }, { a: '^1.0.0' });
  t.deepEqual(packagesOf(mergeLockfiles(base, newer, newer)), ['a@1.0.0', 'tone@1.0.0']);
  t.deepEqual(packagesOf(mergeLockfiles(newer, base, base)), ['a@1.0.0', 'tone@1.1.0']);
});

test('a package that both sides updated differently is to be resolved again, with both versions preferred', t => {
  const one = lockfile({ 'a@1.0.0': ['tone'], 'tone@1.1.0': [] }, { a: '^1.0.0' });
  const two = lockfile({ 'a@1.0.0': ['tone'], 'tone@1.2.0': [] }, { a: '^1.0.0' });
  for (const start of [base, undefined]) {
    const merged = mergeLockfiles(one, two, start);
    t.deepEqual(packagesOf(merged), ['a@1.0.0', 'tone@1.1.0', 'tone@1.2.0']);
    t.deepEqual([...merged.unsettled].map(String), ['default|tone@1.1.0', 'default|tone@1.2.0']);
  }
});

test('two that claim the same version with other bytes are not believed, neither of them', t => {
  const mine = lockfile({ 'b@1.0.0': [] }, { b: '1' });
  const theirs = lockfile({ 'b@1.0.0': [] }, { b: '1' }, { 'b@1.0.0': other });
  t.deepEqual(packagesOf(mergeLockfiles(mine, theirs)), []);
});

test('a side of which git made something that is no lockfile gives what can be read of it', t => {
  const text = `{
  "lockfileVersion": 1,
  "packages": {
<<<<<<< ours
    "default|a@1.0.0": { "integrity": "${integrity}" }
    "default|b@1.0.0": { "dependencies": ["gone"], "integrity": "${integrity}" },
    "default|c@1.0.0": { "integrity": "sha1-x" },
    "default|no key": {}
=======
    "default|d@1.0.0": { "integrity": "${integrity}" }
>>>>>>> theirs
  },
  "root": { "edges": [] }
}
`;
  const { merged, whole } = mergeConflicted(text, 'x');
  t.deepEqual(packagesOf(merged), ['a@1.0.0', 'b@1.0.0', 'd@1.0.0']);
  t.deepEqual([...merged.unsettled].map(String), ['default|b@1.0.0']);
  t.deepEqual(whole.map(packagesOf), [['d@1.0.0']]);
});

test('a side from the future is not merged by an older prompd', t => {
  const text = '<<<<<<< a\n{"lockfileVersion": 2}\n=======\n{"lockfileVersion": 1}\n>>>>>>> b\n';
  t.throws(() => mergeConflicted(text, 'x'), { code: 'ELOCKFUTURE' });
});

type Value = string | undefined;
const requirements: readonly [string, Value, Value, Value, Value, boolean?][] = [
  ['added by one', undefined, '1', undefined, '1'],
  ['added by both alike', undefined, '1', '1', '1'],
  ['added by both differently', undefined, '1', '2', '2', true],
  ['changed by one', '1', '1', '2', '2'],
  ['changed by both differently', '1', '2', '3', '3', true],
  ['removed by one', '1', undefined, '1', undefined],
  ['removed by one and changed by the other', '1', undefined, '2', '2', true],
];
for (const [what, before, mine, theirs, expected, conflicts = false] of requirements) {
  test(`a requirement ${what} is ${expected ?? 'gone'}${conflicts ? ', and a conflict' : ''}`, t => {
    const map = (value: Value) => ({
      dependencies: value === undefined ? {} : { a: value },
      devDependencies: {},
      overrides: {},
    });
    const merged = mergeRequirements(map(mine), map(theirs), map(before));
    t.is(merged.root.dependencies['a'], expected);
    t.deepEqual(merged.conflicts, conflicts ? ['dependencies.a'] : []);
  });
}
