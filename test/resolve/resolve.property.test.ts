import test from 'ava';
import fc from 'fast-check';
import semver from 'semver';
import { PrompdError } from '#prompd/core/errors.js';
import { type Resolution, resolve } from '#prompd/resolve/index.js';
import { lockOf, memorySource, type Published, request, type World } from './memory-source.js';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const VERSIONS = ['1.0.0', '1.1.0', '1.2.0', '2.0.0', '2.1.0', '3.0.0-beta.1'];
const RANGES = ['*', '^1.0.0', '~1.1.0', '1.1.0', '>=1.1.0 <3', '^2.0.0', '^3.0.0', '^3.0.0-beta.0', '<2'];

const wants = fc.dictionary(fc.constantFrom(...NAMES), fc.constantFrom(...RANGES), { maxKeys: 3 });
const published = fc.record({
  dependencies: wants,
  yanked: fc.integer({ min: 0, max: 5 }).map(roll => roll === 0),
});
const world: fc.Arbitrary<World> = fc.dictionary(
  fc.constantFrom(...NAMES),
  fc.dictionary(fc.constantFrom(...VERSIONS), published, { minKeys: 1, maxKeys: 5 }),
  { minKeys: 3, maxKeys: NAMES.length },
);

type Outcome = { readonly resolution: Resolution } | { readonly code: string };

async function outcome(...args: Parameters<typeof request>): Promise<Outcome> {
  try {
    return { resolution: await resolve(request(...args)) };
  } catch (error) {
    if (error instanceof PrompdError) return { code: error.code };
    throw error;
  }
}

test('every requirement in a resolution is met by a version that exists, fits and is not yanked', async t => {
  await fc.assert(
    fc.asyncProperty(world, wants, async (there, want) => {
      const result = await outcome(memorySource(there), want);
      if (!('resolution' in result)) return;
      const { rootEdges, packages } = result.resolution;
      const check = (dependencies: Readonly<Record<string, string>>, edges: typeof rootEdges) => {
        t.deepEqual([...edges.keys()].map(String).sort(), Object.keys(dependencies).sort());
        for (const [asked, key] of edges) {
          const { name, version } = packages.get(key) ?? t.fail();
          t.false(there[name]?.[version]?.yanked ?? true);
          t.true(semver.satisfies(version, dependencies[asked] ?? ''));
        }
      };
      check(want, rootEdges);
      for (const { name, version, edges } of packages.values())
        check(there[name]?.[version]?.dependencies ?? {}, edges);
    }),
  );
});

test('there is a resolution exactly when there is one', async t => {
  await fc.assert(
    fc.asyncProperty(world, wants, async (there, want) => {
      t.is('resolution' in (await outcome(memorySource(there), want)), isSolvable(there, want));
    }),
    { numRuns: 300 },
  );
});

test('the order in which dependencies and versions are written does not change the resolution', async t => {
  await fc.assert(
    fc.asyncProperty(world, wants, async (there, want) => {
      const one = await outcome(memorySource(there), want);
      const other = await outcome(memorySource(reversed(there)), backwards(want));
      t.deepEqual(printed(one), printed(other));
    }),
  );
});

test('resolving again with the outcome as the lock changes nothing and asks no registry', async t => {
  await fc.assert(
    fc.asyncProperty(world, wants, async (there, want) => {
      const first = await outcome(memorySource(there), want);
      if (!('resolution' in first)) return;
      const source = memorySource(there);
      const again = await outcome(source, want, { locked: lockOf(first.resolution) });
      t.deepEqual(printed(again), printed(first));
      t.deepEqual(source.asked, []);
    }),
  );
});

test('a lock from other requirements never gives a requirement something that does not fit', async t => {
  await fc.assert(
    fc.asyncProperty(world, wants, wants, async (there, before, want) => {
      const first = await outcome(memorySource(there), before);
      if (!('resolution' in first)) return;
      const second = await outcome(memorySource(there), want, { locked: lockOf(first.resolution) });
      t.is('resolution' in second, isSolvable(there, want));
      if (!('resolution' in second)) return;
      for (const { name, version, edges } of second.resolution.packages.values()) {
        for (const [asked, key] of edges) {
          const target = second.resolution.packages.get(key);
          t.true(
            semver.satisfies(target?.version ?? '', there[name]?.[version]?.dependencies?.[asked] ?? ''),
          );
        }
      }
    }),
  );
});

/** The greatest set of versions of which each has, for each of its requirements, a fitting one in the set. */
function isSolvable(there: World, want: Readonly<Record<string, string>>): boolean {
  const alive = new Map<string, Published>();
  for (const [name, versions] of Object.entries(there)) {
    for (const [version, entry] of Object.entries(versions)) {
      if (!entry.yanked) alive.set(`${name}@${version}`, entry);
    }
  }
  const isMet = ([name, range]: [string, string]) =>
    [...alive.keys()].some(
      id => id.startsWith(`${name}@`) && semver.satisfies(id.slice(name.length + 1), range),
    );
  for (let size = -1; size !== alive.size; ) {
    size = alive.size;
    for (const [id, { dependencies = {} }] of alive) {
      if (!Object.entries(dependencies).every(isMet)) alive.delete(id);
    }
  }
  return Object.entries(want).every(isMet);
}

function reversed(there: World): World {
  return Object.fromEntries(
    Object.entries(there)
      .reverse()
      .map(([name, versions]) => [
        name,
        Object.fromEntries(
          Object.entries(versions)
            .reverse()
            .map(([version, entry]) => [
              version,
              { ...entry, dependencies: backwards(entry.dependencies ?? {}) },
            ]),
        ),
      ]),
  );
}

function backwards<T>(object: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(object).reverse());
}

function printed(result: Outcome): unknown {
  if (!('resolution' in result)) return result;
  const { rootEdges, packages } = result.resolution;
  return {
    root: [...rootEdges].sort(),
    packages: [...packages].map(([key, found]) => [key, found.dev, found.integrity, [...found.edges].sort()]),
  };
}
