import test from 'ava';
import fc from 'fast-check';
import { splitVariant } from '#prompd/core/channel-split.js';

const share = (weight: number) => ({ package: '@bank/kyc', tag: 'production', weight });

test('a key keeps its variant, and a greater weight takes nobody back to the first', t => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 0, max: 100 }),
      (key, one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        t.is(splitVariant(key, share(less)), splitVariant(key, share(less)));
        if (splitVariant(key, share(less)) === 'b') t.is(splitVariant(key, share(more)), 'b');
      },
    ),
    { numRuns: 50 },
  );
});

test('of many keys the share that the weight says gets the second version', t => {
  const keys = Array.from({ length: 4_000 }, (_, at) => `user-${at}`);
  for (const weight of [0, 10, 50, 100]) {
    const count = keys.filter(key => splitVariant(key, share(weight)) === 'b').length;
    t.true(Math.abs(count / keys.length - weight / 100) < 0.03, `${weight}: ${count}`);
  }
});

test('another channel spreads the same keys in another way', t => {
  const keys = Array.from({ length: 200 }, (_, at) => `user-${at}`);
  const of = (tag: string) => keys.map(key => splitVariant(key, { ...share(50), tag })).join('');
  t.not(of('production'), of('beta'));
});

test('the assignment is the one that is documented, so that other programs can compute it', t => {
  t.deepEqual(
    ['ada', 'grace', 'alan', 'edsger'].map(key => splitVariant(key, share(50))),
    ['a', 'a', 'a', 'b'],
  );
});
