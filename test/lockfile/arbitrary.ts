import fc from 'fast-check';
import { integrityOf } from '#prompd/core/integrity.js';
import { parsePackageName } from '#prompd/core/name.js';
import { type PackageKey, packageKey } from '#prompd/core/package-key.js';
import { parseVersion } from '#prompd/core/version.js';
import type { LockedPackage, Lockfile, LockSide } from '#prompd/lockfile/index.js';

const integrity = integrityOf(Buffer.from('x'));

/** Lockfiles with namesakes, aliases and odd sources. */
export const arbitraryLockfile: fc.Arbitrary<Lockfile> = fc
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
    return fc.tuple(fc.tuple(...ids.map(() => edges)), edges).map(([perPackage, rootEdges]) => {
      const edgesOf = (key: PackageKey) => perPackage[keys.indexOf(key)] ?? new Map();
      // All that the root leads to is no dependency for development.
      const reached = new Set(rootEdges.values());
      for (const key of reached) for (const next of edgesOf(key).values()) reached.add(next);
      return {
        root: {
          dependencies: Object.fromEntries([...rootEdges.keys()].map(asked => [asked, '*'])),
          devDependencies: {},
          overrides: {},
          edges: rootEdges,
        },
        packages: new Map(
          ids.map((id): [PackageKey, LockedPackage] => {
            const key = packageKey(id);
            const dev = id.dev && !reached.has(key);
            return [key, { ...id, dev, integrity, edges: edgesOf(key), prompts: new Map() }];
          }),
        ),
      };
    });
  });

/** A lockfile in a form that deepEqual compares whatever the order in its maps. */
export function plain({ root, packages }: LockSide): unknown {
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
