import test from 'ava';
import fc from 'fast-check';
import semver from 'semver';
import { PrompdError } from '#prompd/core/errors.js';
import {
  conflictText,
  formatLockfile,
  type Lockfile,
  mergeLockfiles,
  mergeRequirements,
  parseLockfile,
} from '#prompd/lockfile/index.js';
import { mergeConflicted } from '#prompd/lockfile/salvage.js';
import { lockedGraph, lockfileOf } from '#prompd/ops/lockfile/lock-graph.js';
import { resolve } from '#prompd/resolve/index.js';
import { memorySource, type World } from '../../resolve/memory-source.js';

const NAMES = ['a', 'b', 'c', 'd', 'e'];
const VERSIONS = ['1.0.0', '1.1.0', '1.2.0', '2.0.0'];
const RANGES = ['*', '^1.0.0', '1.1.0', '>=1.1.0', '^2.0.0'];

const wants = fc.dictionary(fc.constantFrom(...NAMES), fc.constantFrom(...RANGES), { maxKeys: 3 });
const world: fc.Arbitrary<World> = fc.record(
  Object.fromEntries(
    NAMES.map(name => [
      name,
      fc.dictionary(fc.constantFrom(...VERSIONS), fc.record({ dependencies: wants }), { minKeys: 1 }),
    ]),
  ),
);

/** The lockfile of what is wanted; undefined where there is no solution. */
async function locked(
  there: World,
  dependencies: Readonly<Record<string, string>>,
  before?: Parameters<typeof lockedGraph>[0],
): Promise<Lockfile | undefined> {
  const root = { dependencies, devDependencies: {}, overrides: {} };
  try {
    const resolution = await resolve({
      root,
      overrides: {},
      locked: before && lockedGraph(before),
      source: memorySource(there),
    });
    return lockfileOf(resolution, root);
  } catch (error) {
    if (error instanceof PrompdError) return undefined;
    throw error;
  }
}

test('what two branches locked comes together: sound, the same in both directions, and final', async t => {
  let merges = 0;
  await fc.assert(
    fc.asyncProperty(world, wants, wants, wants, fc.boolean(), async (there, start, mine, other, known) => {
      const base = await locked(there, start);
      const ours = base && (await locked(there, { ...start, ...mine }, base));
      const theirs = base && (await locked(there, { ...start, ...other }, base));
      if (!base || !ours || !theirs) return;
      const { root } = mergeRequirements(ours.root, theirs.root, base.root);
      const shown = known ? base : undefined;
      const merged = await locked(there, root.dependencies, mergeLockfiles(ours, theirs, shown));
      if (!merged) {
        t.is(await locked(there, root.dependencies), undefined, 'a merge fails only where nothing fits');
        return;
      }
      merges += 1;
      checkEdges(there, merged, t);
      const text = formatLockfile(merged);
      const swapped = await locked(there, root.dependencies, mergeLockfiles(theirs, ours, shown));
      t.is(swapped && formatLockfile(swapped), text);
      const again = await locked(there, root.dependencies, parseLockfile(text));
      t.is(again && formatLockfile(again), text);
    }),
    { numRuns: 150 },
  );
  t.true(merges > 10);
});

test('what git leaves of two lockfiles in markers is resolved as the lockfiles themselves are', async t => {
  await fc.assert(
    fc.asyncProperty(world, wants, wants, async (there, mine, other) => {
      const [ours, theirs] = [await locked(there, mine), await locked(there, other)];
      if (!ours || !theirs) return;
      const texts = { ours: formatLockfile(ours), base: '', theirs: formatLockfile(theirs) };
      const { merged } = mergeConflicted(conflictText(texts).replace('||||||| base\n', ''), 'x');
      const wanted = { ...mine, ...other };
      const [one, two] = [
        await locked(there, wanted, merged),
        await locked(there, wanted, mergeLockfiles(ours, theirs)),
      ];
      t.is(one && formatLockfile(one), two && formatLockfile(two));
    }),
    { numRuns: 60 },
  );
});

function checkEdges(there: World, { root, packages }: Lockfile, t: { true(value: boolean): void }): void {
  const check = (wanted: Readonly<Record<string, string>>, edges: typeof root.edges) => {
    t.true(Object.keys(wanted).length === edges.size);
    for (const [asked, key] of edges)
      t.true(semver.satisfies(packages.get(key)?.version ?? '', wanted[asked] ?? ''));
  };
  check(root.dependencies, root.edges);
  for (const { name, version, edges } of packages.values())
    check(there[name]?.[version]?.dependencies ?? {}, edges);
}
