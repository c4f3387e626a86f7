import test from 'ava';
import { z } from 'zod';
import { DELIVERY } from '#server/settings.js';
import { jsonBody, startTestRegistry } from '../../support/registry.js';
import { tempDir } from '../../support/temp.js';
import { prompt, publishPrompt } from './prompts.js';

const DAY = 24 * 60 * 60 * 1000;
const summaries = z.object({ feedback: z.array(z.object({ outcome: z.string() })) });

test('what was reported of answers is deleted by its age, and what is younger stays', async t => {
  let ahead = 0;
  const options = { dataDir: tempDir(t), now: () => new Date(Date.now() + ahead) };
  const first = await startTestRegistry(t, options);
  const name = '@bank/kept';
  await publishPrompt(first, { name, version: '1.0.0' }, prompt('Once.'));
  for (const [days, outcome] of [
    [0, 'old'],
    [10, 'young'],
  ] as const) {
    ahead = days * DAY;
    const body = { package: name, prompt: 'summary', version: '1.0.0', outcome };
    t.is((await first.request('/delivery/feedback', jsonBody('POST', body))).status, 202);
  }
  // A server that stops writes what it holds, and deletes what is too old.
  ahead = DELIVERY.feedbackKept + DAY;
  await first.close();
  // By this clock both would be summed up.
  ahead = 10 * DAY;
  const second = await startTestRegistry(t, options);
  const answer = await second.request(`/delivery/${name}/-/feedback?days=30`);
  t.deepEqual(
    summaries.parse(await answer.json()).feedback.map(({ outcome }) => outcome),
    ['young'],
  );
});
