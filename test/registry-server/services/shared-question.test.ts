import test from 'ava';
import { SharedQuestion } from '#server/services/shared-question.js';

test('nobody waits long for a part that hangs, and it is asked once, until it may have been forgotten', async t => {
  let [asked, time] = [0, 0];
  const hanging = new SharedQuestion(
    () => {
      asked++;
      return new Promise<never>(() => undefined);
    },
    () => time,
  );
  for (let round = 0; round < 3; round++) await t.throwsAsync(hanging.answer(5), { message: /in time/ });
  t.is(asked, 1);
  time = 30_000;
  await t.throwsAsync(hanging.answer(5));
  t.is(asked, 2);
});

test('those who ask at once get one answer, and whoever asks later a new one, also after a failure', async t => {
  let asked = 0;
  const question = new SharedQuestion(async () => {
    asked++;
    if (asked === 2) throw new Error('not now');
    return asked;
  });
  t.deepEqual(await Promise.all([question.answer(1_000), question.answer(1_000)]), [1, 1]);
  await t.throwsAsync(question.answer(1_000), { message: 'not now' });
  t.is(await question.answer(1_000), 3);
});
