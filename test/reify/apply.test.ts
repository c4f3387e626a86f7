import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { parsePackageName } from '#prompd/core/name.js';
import { packageKey } from '#prompd/core/package-key.js';
import { parseVersion } from '#prompd/core/version.js';
import { applyPlan, changesBetween, planReify } from '#prompd/reify/index.js';

const key = (name: string) =>
  packageKey({ source: 'default', name: parsePackageName(name), version: parseVersion('1.0.0') });

interface Log {
  readonly committed: string[];
  readonly discarded: string[];
  most: number;
}

function staging(log: Log, failing: readonly string[] = []) {
  let running = 0;
  return async (item: string) => {
    running += 1;
    log.most = Math.max(log.most, running);
    await sleep(5);
    running -= 1;
    if (failing.includes(item)) throw new Error(`no ${item}`);
    return {
      commit: async () => void log.committed.push(item),
      discard: async () => void log.discarded.push(item),
    };
  };
}

test('everything is staged before anything is committed, never more than allowed at once', async t => {
  const log: Log = { committed: [], discarded: [], most: 0 };
  await applyPlan(['a', 'b', 'c', 'd', 'e'], { concurrency: 2, stage: staging(log) });
  t.deepEqual(log.committed, ['a', 'b', 'c', 'd', 'e']);
  t.is(log.most, 2);
});

test('when one cannot be staged nothing is committed and all that was staged is discarded', async t => {
  const log: Log = { committed: [], discarded: [], most: 0 };
  const wanted = ['a', 'b', 'c', 'd', 'e'];
  await t.throwsAsync(applyPlan(wanted, { concurrency: 2, stage: staging(log, ['c']) }), { message: 'no c' });
  t.deepEqual(log.committed, []);
  t.true(log.discarded.includes('a') && log.discarded.includes('b'));
});

test('of several failures the first in order is reported', async t => {
  const log: Log = { committed: [], discarded: [], most: 0 };
  const stage = staging(log, ['a', 'b']);
  const slowFirst = async (item: string) => {
    if (item === 'a') await sleep(20);
    return stage(item);
  };
  await t.throwsAsync(applyPlan(['a', 'b'], { concurrency: 2, stage: slowFirst }), { message: 'no a' });
});

test('the plan fetches what the store lacks, in order', t => {
  const wanted = ['c', 'a', 'b'].map(name => ({ key: key(name) }));
  const plan = planReify(wanted, new Set([key('b')]));
  t.deepEqual(plan, { fetch: [{ key: key('a') }, { key: key('c') }], keep: [{ key: key('b') }] });
});

test('changes are what came and what went', t => {
  t.deepEqual(changesBetween([key('a'), key('b')], [key('c'), key('b')]), {
    added: [key('c')],
    removed: [key('a')],
  });
});
