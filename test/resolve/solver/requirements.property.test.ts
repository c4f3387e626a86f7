import test from 'ava';
import fc from 'fast-check';
import { PrompdError } from '#prompd/core/errors.js';
import { parseVersion } from '#prompd/core/version.js';
import { lockOf, resolve, type Solution, solutionOf, universeSource } from '#prompd/resolve/index.js';
import { type Dependencies, fewestAdditional } from './brute-force.js';
import { type Offer, plainWorld, type RichWorld, whatFits } from './plain-world.js';

const NAMES = ['a', 'b', 'c', 'd'];
const VERSIONS = ['1.0.0-alpha.1', '1.0.0', '1.1.0', '2.0.0-rc.1', '2.0.0', '2.1.0'];
const RANGES = [
  '*',
  '^1.0.0',
  '1.0.0',
  '1.0.0 || 2.0.0',
  '>=2.0.0-rc.1',
  '^2',
  '<1.1.0',
  'latest',
  'next',
  'lost',
];

const name = fc.constantFrom(...NAMES);
const range = fc.constantFrom(...RANGES);
const plain = fc.tuple(name, range);
const aliased = fc.tuple(
  fc.constantFrom('x', 'y'),
  fc.tuple(name, range).map(([target, text]) => `prompd:${target}@${text}`),
);
const wants: fc.Arbitrary<Dependencies> = fc
  .array(fc.oneof({ weight: 5, arbitrary: plain }, aliased), { maxLength: 3 })
  .map(entries => Object.fromEntries(entries));
const offer: fc.Arbitrary<Offer> = fc
  .record({
    dependencies: wants,
    yanked: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
    time: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '2026-03-01T00:00:00Z', undefined),
    needs: fc.constantFrom('*', '*', '>=1', '>=2'),
  })
  .map(({ time, needs, ...rest }) => ({ ...rest, engines: { prompd: needs }, ...(time ? { time } : {}) }));
const packages: fc.Arbitrary<RichWorld['packages']> = fc.dictionary(
  name,
  fc.dictionary(fc.constantFrom(...VERSIONS), offer, { minKeys: 2, maxKeys: 5 }),
  { minKeys: 3 },
);
const tags: fc.Arbitrary<RichWorld['tags']> = fc.dictionary(
  name,
  fc.dictionary(fc.constantFrom('latest', 'next'), fc.constantFrom(...VERSIONS)),
);
const world: fc.Arbitrary<RichWorld> = fc
  .record({
    packages,
    tags,
    root: wants,
    overrides: fc.oneof(
      { weight: 3, arbitrary: fc.constant({}) },
      fc.dictionary(name, range, { maxKeys: 1 }),
    ),
    before: fc.constantFrom(undefined, undefined, '2026-02-01T00:00:00Z'),
    prompdVersion: fc.constantFrom(undefined, '1.5.0'),
  })
  .map(({ before, prompdVersion, ...rest }) => ({
    ...rest,
    ...(before ? { before } : {}),
    ...(prompdVersion ? { prompdVersion } : {}),
  }));

test('aliases, overrides, tags, dates, engines and withdrawals leave what trying everything leaves', async t => {
  await fc.assert(
    fc.asyncProperty(world, async rich => {
      const simple = plainWorld(rich);
      const fewest = fewestAdditional(simple.world, simple.root);
      const strict = await solved(rich, 'error');
      t.is(strict !== undefined, fewest === 0);
      const isolated = await solved(rich, 'isolate');
      t.is(isolated && additional(isolated), fewest);
      for (const solution of [strict, isolated]) if (solution) t.deepEqual(unmet(rich, solution), []);
    }),
    { numRuns: 300 },
  );
});

test('what was chosen stays as the lock, however it was asked for', async t => {
  await fc.assert(
    fc.asyncProperty(world, async rich => {
      const solution = await solved(rich, 'isolate');
      if (solution) t.deepEqual(await solved(rich, 'isolate', solution), solution);
    }),
    { numRuns: 100 },
  );
});

async function solved(
  { packages, tags, root, overrides, before, prompdVersion }: RichWorld,
  conflicts: 'error' | 'isolate',
  locked?: Solution,
): Promise<Solution | undefined> {
  try {
    const resolution = await resolve({
      root: { dependencies: root },
      overrides,
      conflicts,
      locked: locked && lockOf(locked, overrides),
      before: before === undefined ? undefined : new Date(before),
      prompdVersion: prompdVersion === undefined ? undefined : parseVersion(prompdVersion),
      source: universeSource({ packages, tags }),
    });
    return solutionOf(resolution);
  } catch (error) {
    if (error instanceof PrompdError) return undefined;
    throw error;
  }
}

/** Requirements that got something else than what fits, and versions that no requirement leads to. */
function unmet(rich: RichWorld, { root, packages }: Solution): string[] {
  const asked: [Dependencies, Dependencies][] = [[rich.root, root.dependencies]];
  const left = new Set<string>();
  for (const [name, versions] of Object.entries(packages))
    for (const [version, { dependencies }] of Object.entries(versions)) {
      asked.push([rich.packages[name]?.[version]?.dependencies ?? {}, dependencies]);
      left.add(`${name}@${version}`);
    }
  const wrong = asked.flatMap(([wanted, got]) =>
    Object.entries(wanted).flatMap(([key, text]) => {
      const { name, versions } = whatFits(rich, key, text);
      const version = (got[key] ?? '').replace(/^prompd:[^@]+@/, '');
      left.delete(`${name}@${version}`);
      return versions.includes(version) ? [] : [`${key} ${text} got ${got[key]}`];
    }),
  );
  return [...wrong, ...left];
}

function additional({ packages }: Solution): number {
  const names = Object.values(packages);
  return names.reduce((sum, versions) => sum + Object.keys(versions).length, 0) - names.length;
}
