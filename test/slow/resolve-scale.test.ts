import { performance } from 'node:perf_hooks';
import test from 'ava';
import type { PackageName } from '#prompd/core/name.js';
import type { Packument } from '#prompd/core/packument.js';
import { type PackumentSource, resolve, universeSource } from '#prompd/resolve/index.js';
import { layered } from '../resolve/solver/large-universes.js';

const ROUNDS = 5;

for (const conflicts of ['isolate', 'error'] as const) {
  test.serial(
    `10,000 packages of ten versions are resolved in less than two seconds (${conflicts})`,
    async t => {
      const ms = await median(10_000, conflicts);
      t.log(`10,000 packages x 10 versions, ${conflicts}: ${Math.round(ms)} ms (median of ${ROUNDS})`);
      t.true(ms < 2000, `${ms} ms`);
    },
  );
}

test.serial('ten times the packages cost at most about ten times the time', async t => {
  const small = await median(2000, 'isolate');
  const large = await median(20_000, 'isolate');
  t.log(
    `2,000: ${Math.round(small)} ms; 20,000: ${Math.round(large)} ms; ratio ${(large / small).toFixed(1)}`,
  );
  t.true(large / small < 15);
});

async function median(size: number, conflicts: 'isolate' | 'error'): Promise<number> {
  const { packages, root } = layered(size);
  const source = await loaded(universeSource({ packages }), Object.keys(packages));
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await resolve({ root: { dependencies: root }, source, conflicts });
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
}

/** Measured is the resolver, not the making of packuments. */
async function loaded(source: PackumentSource, names: readonly string[]): Promise<PackumentSource> {
  const packuments = new Map<string, Packument>();
  for (const name of names) packuments.set(name, await source.packument(name as PackageName));
  return {
    sourceOf: source.sourceOf,
    packument: async name => packuments.get(name) ?? source.packument(name),
  };
}
