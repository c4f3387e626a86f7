import { performance } from 'node:perf_hooks';
import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { type ResolveRequest, resolve, universeSource } from '#prompd/resolve/index.js';
import { clashingChain, type LargeUniverse, layered, pigeonholes } from './large-universes.js';

test.serial('a thousand packages of ten versions are resolved in a blink', async t => {
  const { size, ms } = await timed(layered(1000));
  t.true(size > 500);
  t.true(ms < 5000, `${ms} ms`);
});

for (const conflicts of ['isolate', 'error'] as const) {
  test.serial(
    `a clash at the end of a long chain is not searched for choice by choice (${conflicts})`,
    async t => {
      const { ms } = await timed(clashingChain(120), { conflicts });
      t.true(ms < 10_000, `${ms} ms`);
    },
  );
}

test.serial(
  'pigeons in too few holes share one of them in two versions, without a search for better',
  async t => {
    const { size } = await timed(pigeonholes(11));
    t.is(size, 12 + 11 + 1);
  },
);

async function timed(
  { packages, root }: LargeUniverse,
  options: Partial<ResolveRequest> = {},
): Promise<{ size: number; code: string | undefined; ms: number }> {
  const source = universeSource({ packages });
  const start = performance.now();
  try {
    const resolution = await resolve({ ...options, root: { dependencies: root }, source });
    return { size: resolution.packages.size, code: undefined, ms: performance.now() - start };
  } catch (error) {
    if (!(error instanceof PrompdError)) throw error;
    return { size: 0, code: error.code, ms: performance.now() - start };
  }
}
