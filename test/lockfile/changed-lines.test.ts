import test from 'ava';
import fc from 'fast-check';
import { integrityOf } from '#prompd/core/integrity.js';
import { parsePackageName } from '#prompd/core/name.js';
import { type PackageKey, packageKey } from '#prompd/core/package-key.js';
import { parseVersion, type Version } from '#prompd/core/version.js';
import { formatLockfile, type LockedPackage, type Lockfile } from '#prompd/lockfile/index.js';
import { arbitraryLockfile } from './arbitrary.js';

const NAME = parsePackageName('@bank/new');

test('adding and removing a dependency changes lines of its own, and no other line', t => {
  fc.assert(
    fc.property(arbitraryLockfile, lockfile => {
      const [before, after] = [formatLockfile(lockfile), formatLockfile(withPackage(lockfile, '1.0.0'))];
      const { lost, gained } = difference(before, after);
      t.deepEqual(lost, []);
      const own = [
        '"default|@bank/new@1.0.0": {',
        integrityLine('1.0.0'),
        '}',
        '"@bank/new": "*"',
        '"@bank/new"',
      ];
      // The first dependency of all opens the map and the list that it goes into.
      const opening = ['"dependencies": {', '}', '"edges": [', ']'];
      t.deepEqual(
        gained.filter(line => !own.includes(line) && !opening.includes(line)),
        [],
      );
      t.true(own.every(line => gained.includes(line)));
    }),
  );
});

test('updating a dependency changes its key and its integrity, and no other line', t => {
  fc.assert(
    fc.property(arbitraryLockfile, lockfile => {
      const { lost, gained } = difference(
        formatLockfile(withPackage(lockfile, '1.0.0')),
        formatLockfile(withPackage(lockfile, '1.1.0')),
      );
      t.deepEqual(lost.sort(), ['"default|@bank/new@1.0.0": {', integrityLine('1.0.0')].sort());
      t.deepEqual(gained.sort(), ['"default|@bank/new@1.1.0": {', integrityLine('1.1.0')].sort());
    }),
  );
});

function withPackage({ root, packages }: Lockfile, raw: string): Lockfile {
  const version: Version = parseVersion(raw);
  const id = { source: 'default', name: NAME, version };
  const added: LockedPackage = {
    ...id,
    integrity: integrityOf(Buffer.from(raw)),
    dev: false,
    edges: new Map(),
    prompts: new Map(),
  };
  return {
    root: {
      ...root,
      dependencies: { ...root.dependencies, [NAME]: '*' },
      edges: new Map([...root.edges, [NAME, packageKey(id)]]),
    },
    packages: new Map<PackageKey, LockedPackage>([...packages, [packageKey(id), added]]),
  };
}

function integrityLine(raw: string): string {
  return `"integrity": "${integrityOf(Buffer.from(raw))}"`;
}

/** Lines that only one of two texts has, as often as it has them more; commas at line ends do not count. */
function difference(before: string, after: string): { lost: string[]; gained: string[] } {
  return { lost: missingFrom(after, before), gained: missingFrom(before, after) };
}

function missingFrom(text: string, of: string): string[] {
  const left = linesOf(text);
  return linesOf(of).filter(line => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function linesOf(text: string): string[] {
  return text.split('\n').map(line =>
    line
      .trim()
      .replace(/,$/, '')
      .replace(/^("(?:dependencies|edges)": [[{])[\]}]$/, '$1'),
  );
}
