import test from 'ava';
import fc from 'fast-check';
import { tieringOf } from '#prompd/feat/index.js';
import { rated } from './blocks.js';

const LEVELS = ['low', 'medium', 'high'] as const;

for (const [levels, tier] of [
  [['low', 'low', 'low'], 1],
  [['medium', 'medium', 'low'], 1],
  [['medium', 'low', 'high'], 2],
  [['medium', 'medium', 'medium'], 2],
  [['low', 'high', 'high'], 2],
  [['medium', 'medium', 'high'], 3],
  [['high', 'high', 'high'], 3],
] as const) {
  test(`${levels.join(' × ')} is tier ${tier}`, t => {
    t.is(tieringOf(rated(levels)).tier, tier);
  });
}

test('high impact is at least tier 2, however simple the rest is', t => {
  const { tier, score, floors } = tieringOf(rated(['high', 'low', 'low']));
  t.deepEqual({ tier, score }, { tier: 2, score: 3 });
  t.regex(floors[0] ?? '', /High impact/);
});

for (const decisionRole of ['decides', 'acts'] as const) {
  test(`what ${decisionRole} is tier 3 when customers are affected, and not otherwise`, t => {
    const levels = ['low', 'low', 'low'] as const;
    t.is(tieringOf(rated(levels, { decisionRole, audience: 'customer-facing' })).tier, 3);
    t.is(tieringOf(rated(levels, { decisionRole, audience: 'customer-indirect' })).tier, 3);
    t.is(tieringOf(rated(levels, { decisionRole, audience: 'internal' })).tier, 1);
  });
}

test('an untested model of others adds one, and never makes more than 3', t => {
  const models = [{ provider: 'p', model: 'm', sourcing: 'third-party' as const, tested: false }];
  t.is(tieringOf(rated(['low', 'low', 'low'], { models })).tier, 2);
  t.is(tieringOf(rated(['medium', 'medium', 'medium'], { models })).tier, 3);
  t.is(tieringOf(rated(['high', 'high', 'high'], { models })).tier, 3);
  t.is(tieringOf(rated(['low', 'low', 'low'], { models: [{ provider: 'p', model: 'm' }] })).tier, 2);
  const own = [{ provider: 'p', model: 'm', sourcing: 'in-house' as const, tested: false }];
  t.is(tieringOf(rated(['low', 'low', 'low'], { models: own })).tier, 1);
});

test('nothing that is left out makes a tier lower', t => {
  t.is(tieringOf(undefined).tier, 3);
  t.is(tieringOf({ schemaVersion: '1' }).tier, 3);
  const level = fc.constantFrom(...LEVELS);
  fc.assert(
    fc.property(level, level, level, fc.constantFrom('impact', 'complexity', 'reliance'), (a, b, c, left) => {
      const block = rated([a, b, c]);
      const { [left as 'impact']: _left, ...rest } = block;
      return tieringOf({ ...rest, schemaVersion: '1' }).tier >= tieringOf(block).tier;
    }),
    { numRuns: 60 },
  );
});
