import test from 'ava';
import fc from 'fast-check';
import { steadyTime } from '#prompd/core/steady-time.js';

/** A machine whose clock is set by hand. */
function machine() {
  let [wall, uptime] = [1_000_000, 0];
  return {
    wall: () => wall,
    uptime: () => uptime,
    pass(ms: number) {
      wall += ms;
      uptime += ms;
    },
    set(ms: number) {
      wall += ms;
    },
  };
}

test('time passes as it does, in steps of whatever size', t => {
  const { wall, uptime, pass } = machine();
  const time = steadyTime(() => Math.floor(wall()), uptime);
  for (let at = 0; at < 10_000; at++) {
    pass(0.3);
    time();
  }
  t.true(Math.abs(time() - 1_003_000) < 1, String(time()));
});

test('a clock that is set back hides nothing of the time that passes', t => {
  const { wall, uptime, pass, set } = machine();
  const time = steadyTime(wall, uptime);
  set(-3_600_000);
  pass(60_000);
  t.is(time(), 1_060_000);
  set(3_600_000 - 30_000);
  pass(60_000);
  t.true(time() >= 1_120_000);
});

test('a clock that leaps forward is believed: the machine may have slept', t => {
  const { wall, uptime, pass, set } = machine();
  const time = steadyTime(wall, uptime);
  pass(1_000);
  set(3_600_000);
  t.is(time(), 4_601_000);
});

test('whatever is done to the clock, time goes on as least as fast as it passes', t => {
  const step = fc.record({ pass: fc.nat(100_000), set: fc.integer({ min: -1e9, max: 1e9 }) });
  const property = () =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), steps => {
        const { wall, uptime, pass, set } = machine();
        const time = steadyTime(wall, uptime);
        let passed = 0;
        for (const one of steps) {
          const before = time();
          set(one.set);
          pass(one.pass);
          passed += one.pass;
          if (time() < before) return false;
        }
        return time() >= 1_000_000 + passed;
      }),
      { numRuns: 100 },
    );
  t.notThrows(property);
});

test('by a clock alone time stands still while it is set back', t => {
  const { wall, set } = machine();
  const time = steadyTime(wall);
  set(-500);
  t.is(time(), 1_000_000);
  set(700);
  t.is(time(), 1_000_700);
});
