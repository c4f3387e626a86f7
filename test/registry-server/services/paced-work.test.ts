import test from 'ava';
import { PacedWork } from '#server/services/paced-work.js';

test('work pauses every ten milliseconds and ends with its time, in which waiting does not count', async t => {
  let now = 0;
  const work = new PacedWork(25, () => now);
  now += 9;
  t.false(work.isDue);
  now += 1;
  t.true(work.isDue);
  t.true(await work.pause());
  now += 1_000;
  work.resume();
  t.false(work.isDue);
  now += 10;
  t.true(await work.pause());
  now += 10;
  t.false(await work.pause());
});

test('others have their turn while work pauses', async t => {
  const work = new PacedWork(1_000);
  let turns = 0;
  setImmediate(() => turns++);
  await work.pause();
  t.is(turns, 1);
});
