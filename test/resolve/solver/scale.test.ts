import { performance } from 'node:perf_hooks';
import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { type ResolveRequest, resolve, universeSource } from '#prompd/resolve/index.js';
import { prepare } from '#prompd/resolve/solver/prepare.js';
import { Session } from '#prompd/resolve/solver/session.js';
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

test.serial('twice the packages are twice the steps', async t => {
  const few = await steps(layered(8000));
  const many = await steps(layered(16_000));
  t.log(`8,000 packages: ${few} steps; 16,000: ${many}`);
  t.true(few > 8000);
  t.true(many < 2.05 * few);
});

/** Incompatibilities looked at on the way to a solution: the same number on every machine. */
async function steps({ packages, root }: LargeUniverse): Promise<number> {
  const source = universeSource({ packages });
  const { problem } = await prepare({ root: { dependencies: root }, source });
  await problem.table.load(problem.root.filter(requirement => requirement.kind === 'registry'));
  const session = new Session(problem, false);
  await session.run(Number.POSITIVE_INFINITY);
  return session.work;
}

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
