import test from 'ava';
import { readBlock } from '#prompd/feat/read-block.js';

test('a block that is being written counts as far as it is whole, and the rest is named', t => {
  const { feat, faults } = readBlock({
    schemaVersion: '1',
    purpose: 'Too short',
    tradeoffs: 'Speed for depth.',
    impact: { level: 'low' },
    models: [{ provider: 'openai' }, { provider: 'openai', model: 'gpt-4o' }],
    owners: { business: 'ann', risk: '!' },
  });
  t.deepEqual(feat, {
    schemaVersion: '1',
    tradeoffs: 'Speed for depth.',
    models: [{ provider: 'openai', model: 'gpt-4o' }],
    owners: { business: 'ann' },
  });
  t.deepEqual(faults.map(({ path }) => path.join('.')).sort(), [
    'feat.impact',
    'feat.models.0',
    'feat.owners.risk',
    'feat.purpose',
  ]);
});

for (const raw of [null, 'text', [], 7, { unknown: 1 }]) {
  test(`${JSON.stringify(raw)} is no block: nothing of it counts, and it is said`, t => {
    const { feat, faults } = readBlock(raw);
    t.deepEqual(feat, { schemaVersion: '1' });
    t.true(faults.length > 0);
  });
}
