import test from 'ava';
import { DeliveryFeedback } from '#server/services/delivery/delivery-feedback.js';
import { DeliveryUsage } from '#server/services/delivery/delivery-usage.js';

const ABOUT = { package: '@bank/kyc', version: '1.0.0', prompt: 'summary', token: 'token 1' };
const REPORT = { ...ABOUT, outcome: 'good', score: 1, note: null, keyHash: null, at: new Date(0) };

/** A table that is written to when it is told so. */
function slowTable<T>() {
  const written: T[] = [];
  let open: () => void = () => undefined;
  const gate = new Promise<void>(resolve => {
    open = resolve;
  });
  const add = async (items: readonly T[]) => {
    await gate;
    written.push(...items);
  };
  return { written, add, open: () => open() };
}

test('who has counts written while somebody else does finds all of them', async t => {
  const { written, add, open } = slowTable();
  const usage = new DeliveryUsage({ add, read: async () => [] }, () => new Date(0));
  usage.count({ ...ABOUT, tag: '' });
  const first = usage.flush();
  const found = usage.flush().then(() => written.length);
  open();
  await first;
  t.is(await found, 1);
});

test('who reads reports while somebody else writes them finds all of them', async t => {
  const { written, add, open } = slowTable();
  const feedback = new DeliveryFeedback({
    add,
    forget: async () => {},
    summary: async () => written.map(() => ({ ...SUMMARY })),
  });
  feedback.report(REPORT);
  const first = feedback.flush();
  const found = feedback.summary('@bank/kyc', new Date(0));
  open();
  await first;
  t.is((await found).length, 1);
});

test('what could not be written is written the next time', async t => {
  const written: unknown[] = [];
  let isAway = true;
  const add = async (items: readonly unknown[]) => {
    if (isAway) throw new Error('away');
    written.push(...items);
  };
  const usage = new DeliveryUsage({ add, read: async () => [] }, () => new Date(0));
  usage.count({ ...ABOUT, tag: '' });
  await t.throwsAsync(usage.flush(), { message: 'away' });
  isAway = false;
  await usage.flush();
  t.like(written, [{ ...ABOUT, count: 1, day: '1970-01-01' }]);
});

const SUMMARY = {
  version: '1.0.0',
  prompt: 'summary',
  outcome: 'good',
  count: 1,
  keys: 0,
  scored: 1,
  meanScore: 1,
  lowestScore: 1,
  highestScore: 1,
};
