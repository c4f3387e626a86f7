import test from 'ava';
import fc from 'fast-check';
import semver from 'semver';
import { PrompdError } from '#prompd/core/errors.js';
import {
  lockOf,
  type Resolution,
  type ResolveRequest,
  resolve,
  type Solution,
  solutionOf,
  universeSource,
} from '#prompd/resolve/index.js';
import { type Dependencies, fewestAdditional, type World } from './brute-force.js';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const VERSIONS = ['1.0.0', '1.1.0', '1.2.0', '2.0.0', '2.1.0', '3.0.0-beta.1'];
const RANGES = [
  '*',
  '^1.0.0',
  '~1.1.0',
  '1.1.0',
  '2.0.0',
  '1.0.0 || 2.1.0',
  '>=1.1.0 <3',
  '^2.0.0',
  '^3.0.0-beta.0',
  '<2',
];

const wants = fc.dictionary(fc.constantFrom(...NAMES), fc.constantFrom(...RANGES), { maxKeys: 3 });
/** Ranges that are always met by something, so that what fails fails by clashing. */
const clashing = fc.dictionary(
  fc.constantFrom(...NAMES),
  fc.constantFrom('1.0.0', '1.1.0', '2.0.0', '^1.0.0', '^2.0.0', '1.0.0 || 2.0.0'),
  { maxKeys: 3 },
);
const sparse: fc.Arbitrary<World> = fc.dictionary(
  fc.constantFrom(...NAMES),
  fc.dictionary(fc.constantFrom(...VERSIONS), wants, { minKeys: 1, maxKeys: 5 }),
  { minKeys: 3, maxKeys: NAMES.length },
);
const dense: fc.Arbitrary<World> = fc.record(
  Object.fromEntries(
    NAMES.map(name => [
      name,
      fc.record({ '1.0.0': clashing, '1.1.0': clashing, '2.0.0': clashing }).map(found => ({ ...found })),
    ]),
  ),
);
const cases = fc.oneof(fc.tuple(sparse, wants), fc.tuple(dense, clashing));
const conflicts = fc.constantFrom('isolate' as const, 'error' as const);
const strategies = fc.constantFrom('highest' as const, 'lowest' as const, 'lowest-direct' as const);

test('every requirement gets a version that fits, and nothing is chosen that no requirement leads to', async t => {
  await fc.assert(
    fc.asyncProperty(cases, conflicts, strategies, async ([world, root], mode, strategy) => {
      const solution = await solved(world, root, { conflicts: mode, strategy });
      if (!solution) return;
      const reached = new Set<string>();
      const check = (asked: Dependencies, got: Dependencies) => {
        t.deepEqual(Object.keys(got).sort(), Object.keys(asked).sort());
        for (const [name, version] of Object.entries(got)) {
          t.true(semver.satisfies(version, asked[name] ?? ''), `${name} ${version} for ${asked[name]}`);
          t.truthy(solution.packages[name]?.[version]);
          reached.add(`${name}@${version}`);
        }
      };
      check(root, solution.root.dependencies);
      for (const [name, version] of chosen(solution))
        check(world[name]?.[version] ?? {}, solution.packages[name]?.[version]?.dependencies ?? {});
      t.is(reached.size, chosen(solution).length);
    }),
    { numRuns: 300 },
  );
});

test('with one version a package there is a solution exactly when trying everything finds one', async t => {
  await fc.assert(
    fc.asyncProperty(cases, async ([world, root]) => {
      const solution = await solved(world, root, { conflicts: 'error' });
      t.is(solution !== undefined, fewestAdditional(world, root) === 0);
      if (solution) t.is(additional(solution), 0);
    }),
    { numRuns: 400 },
  );
});

test('with isolation there are never more versions of packages than trying everything finds necessary', async t => {
  await fc.assert(
    fc.asyncProperty(cases, async ([world, root]) => {
      const solution = await solved(world, root, {});
      t.is(solution && additional(solution), fewestAdditional(world, root));
    }),
    { numRuns: 600 },
  );
});

test('the order in which packages, versions and dependencies are written changes nothing', async t => {
  await fc.assert(
    fc.asyncProperty(cases, conflicts, async ([world, root], mode) => {
      const one = await outcome(world, root, { conflicts: mode });
      t.deepEqual(await outcome(reversed(world), backwards(root), { conflicts: mode }), one);
    }),
    { numRuns: 200 },
  );
});

test('a solution is found again when it is the lock, under every strategy', async t => {
  await fc.assert(
    fc.asyncProperty(cases, conflicts, strategies, async ([world, root], mode, strategy) => {
      const solution = await solved(world, root, { conflicts: mode, strategy });
      if (!solution) return;
      const locked = lockOf(solution, {});
      t.deepEqual(await solved(world, root, { conflicts: mode, strategy: 'lowest', locked }), solution);
      t.deepEqual(await solved(world, root, { conflicts: mode, strategy: 'highest', locked }), solution);
    }),
    { numRuns: 200 },
  );
});

test('a lock of other requirements neither makes nor hides a solution', async t => {
  await fc.assert(
    fc.asyncProperty(cases, wants, conflicts, async ([world, root], before, mode) => {
      const solution = await solved(world, before, { conflicts: mode });
      if (!solution) return;
      const without = await solved(world, root, { conflicts: mode });
      const withLock = await solved(world, root, { conflicts: mode, locked: lockOf(solution, {}) });
      t.is(withLock !== undefined, without !== undefined);
    }),
    { numRuns: 200 },
  );
});

test('removing a dependency never makes a root unsolvable', async t => {
  await fc.assert(
    fc.asyncProperty(cases, conflicts, async ([world, root], mode) => {
      if (!(await solved(world, root, { conflicts: mode }))) return;
      for (const name of Object.keys(root)) {
        const rest = Object.fromEntries(Object.entries(root).filter(([other]) => other !== name));
        t.truthy(await solved(world, rest, { conflicts: mode }));
      }
    }),
    { numRuns: 200 },
  );
});

type Options = Partial<Pick<ResolveRequest, 'conflicts' | 'strategy' | 'locked'>>;

async function resolved(
  world: World,
  root: Dependencies,
  options: Options,
): Promise<Resolution | PrompdError> {
  const packages = Object.fromEntries(
    Object.entries(world).map(([name, versions]) => [
      name,
      Object.fromEntries(
        Object.entries(versions).map(([version, dependencies]) => [version, { dependencies }]),
      ),
    ]),
  );
  try {
    return await resolve({ ...options, root: { dependencies: root }, source: universeSource({ packages }) });
  } catch (error) {
    if (error instanceof PrompdError) return error;
    throw error;
  }
}

async function solved(world: World, root: Dependencies, options: Options): Promise<Solution | undefined> {
  const result = await resolved(world, root, options);
  return result instanceof PrompdError ? undefined : solutionOf(result);
}

async function outcome(world: World, root: Dependencies, options: Options): Promise<unknown> {
  const result = await resolved(world, root, options);
  return result instanceof PrompdError ? result.toJSON() : solutionOf(result);
}

function chosen({ packages }: Solution): [name: string, version: string][] {
  return Object.entries(packages).flatMap(([name, versions]) =>
    Object.keys(versions).map((version): [string, string] => [name, version]),
  );
}

function additional(solution: Solution): number {
  return chosen(solution).length - Object.keys(solution.packages).length;
}

function reversed(world: World): World {
  return backwards(
    Object.fromEntries(
      Object.entries(world).map(([name, versions]) => [
        name,
        backwards(
          Object.fromEntries(
            Object.entries(versions).map(([version, dependencies]) => [version, backwards(dependencies)]),
          ),
        ),
      ]),
    ),
  );
}

function backwards<T>(object: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(object).reverse());
}
