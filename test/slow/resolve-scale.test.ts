import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import test from 'ava';
import type { PackageName } from '#prompd/core/name.js';
import type { Packument } from '#prompd/core/packument.js';
import { type PackumentSource, resolve, universeSource } from '#prompd/resolve/index.js';
import { layered, pigeonholes } from '../resolve/solver/large-universes.js';
import { BIN } from '../support/cli.js';
import { tempDir } from '../support/temp.js';

const ROUNDS = 5;

for (const conflicts of ['isolate', 'error'] as const) {
  test.serial(
    `10,000 packages of ten versions are resolved in less than two seconds (${conflicts})`,
    async t => {
      const ms = await best(10_000, conflicts);
      t.log(
        `10,000 packages x 10 versions, ${conflicts}: ${Math.round(ms)} ms of processor time (best of ${ROUNDS})`,
      );
      t.true(ms < 2000, `${ms} ms`);
    },
  );
}

for (const conflicts of ['isolate', 'error'] as const) {
  test.serial(`twice the packages cost about twice the time (${conflicts})`, async t => {
    // As many packages on both sides: a single small resolution may happen to be over before anything is collected.
    const small = await best(10_000, conflicts, 2);
    const large = await best(20_000, conflicts);
    t.log(
      `10,000: ${Math.round(small)} ms; 20,000: ${Math.round(large)} ms; ratio ${(large / small).toFixed(2)}`,
    );
    t.true(large / small < 2.5);
  });

  test.serial(`ten times the packages cost at most about ten times the time (${conflicts})`, async t => {
    // Two thousand packages are nearly at home in a processor's own memory, and twenty thousand are not: the steps are
    // eleven times as many, the time is a little more.
    const small = await best(2000, conflicts, 10);
    const large = await best(20_000, conflicts);
    t.log(
      `2,000: ${Math.round(small)} ms; 20,000: ${Math.round(large)} ms; ratio ${(large / small).toFixed(1)}`,
    );
    t.true(large / small < 15);
  });
}

test.serial('the program takes at most eleven times the time and memory for ten times the packages', t => {
  const dir = tempDir(t);
  const small = debugged(dir, 2000);
  const large = debugged(dir, 20_000);
  for (const figure of ['ms', 'megabytes'] as const) {
    t.log(`2,000: ${small[figure]} ${figure}; 20,000: ${large[figure]} ${figure}`);
    t.true(large[figure] / small[figure] < 11, figure);
  }
});

/** Milliseconds of processor time, and peak of memory, of `prompd debug resolve` over a file. */
function debugged(dir: string, size: number): { readonly ms: number; readonly megabytes: number } {
  const { packages, root } = layered(size);
  const universe = path.join(dir, `${size}.json`);
  const tell = path.join(dir, 'tell.cjs');
  writeFileSync(universe, JSON.stringify({ packages, root: { dependencies: root } }));
  writeFileSync(
    tell,
    `process.on('exit', () => {
      const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
      console.error(JSON.stringify([Math.round((userCPUTime + systemCPUTime) / 1000), Math.round(maxRSS / 1024)]));
    });`,
  );
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--require', tell, BIN, 'debug', 'resolve', universe],
    { encoding: 'utf8', env: { ...process.env, PROMPD_HOME: dir }, maxBuffer: 2 ** 28 },
  );
  if (status !== 0) throw new Error(stderr);
  const [ms = 0, megabytes = 0] = JSON.parse(stderr.trim());
  return { ms, megabytes };
}

test.serial('a universe that no short proof exists for is given up in bounded time', async t => {
  const { packages, root } = pigeonholes(11);
  const start = performance.now();
  const source = universeSource({ packages });
  await t.throwsAsync(resolve({ root: { dependencies: root }, source, conflicts: 'error' }), {
    code: 'ENOSOLUTION',
    message: /given up/,
  });
  t.log(`given up after ${Math.round(performance.now() - start)} ms`);
  t.true(performance.now() - start < 60_000);
});

/**
 * Milliseconds of processor time of one resolution, in the fastest round: the machine may be busy with other things.
 * @param count how many resolutions a round has
 */
async function best(size: number, conflicts: 'isolate' | 'error', count = 1): Promise<number> {
  const { packages, root } = layered(size);
  const source = await loaded(universeSource({ packages }), Object.keys(packages));
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.cpuUsage();
    for (let at = 0; at < count; at++) await resolve({ root: { dependencies: root }, source, conflicts });
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / 1000 / count);
  }
  return Math.min(...times);
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
