import test from 'ava';
import { RequestError } from '#server/domain/problem-document.js';
import { DatabaseGuard } from '#server/services/delivery/database-guard.js';
import { DELIVERY } from '#server/settings.js';

test('after a failure those who have something else to give do not wait for the database, others try', async t => {
  let now = 0;
  let asked = 0;
  const guard = new DatabaseGuard(() => now);
  const down = async () => {
    asked++;
    throw new RequestError('EUNAVAILABLE', 'down');
  };
  const up = async () => {
    asked++;
    return 'here';
  };
  await t.throwsAsync(guard.attempt(down, DELIVERY.patience), { code: 'EUNAVAILABLE' });
  await t.throwsAsync(guard.attempt(up, DELIVERY.patience), { code: 'EUNAVAILABLE' });
  t.is(asked, 1);
  t.is(await guard.attempt(up), 'here');
  now += DELIVERY.pause;
  t.is(await guard.attempt(up, DELIVERY.patience), 'here');
});

test('what takes longer than somebody waits for counts as away, and other failures do not', async t => {
  let now = 0;
  const guard = new DatabaseGuard(() => now);
  await t.throwsAsync(
    guard.attempt(async () => {
      throw new Error('broken');
    }, 50),
    { message: 'broken' },
  );
  t.is(await guard.attempt(async () => 1, 50), 1);
  await t.throwsAsync(
    guard.attempt(() => new Promise(() => undefined), 20),
    { code: 'EUNAVAILABLE' },
  );
  await t.throwsAsync(
    guard.attempt(async () => 1, 50),
    { code: 'EUNAVAILABLE' },
  );
  now += DELIVERY.pause;
  t.is(await guard.attempt(async () => 1, 50), 1);
});
