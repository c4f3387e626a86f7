import test from 'ava';
import { channelFeedback, showChannel, splitChannel, unsplitChannel } from '#prompd/ops/registry/channel.js';
import { channelText, feedbackText } from '#prompd/output/channel.js';
import { styleFor } from '#prompd/output/style.js';
import { prompt, publishPrompt } from '../../registry-server/delivery/prompts.js';
import { testContext } from '../../support/context.js';
import { jsonBody } from '../../support/registry.js';
import { tempDir } from '../../support/temp.js';
import { sharedRegistry } from '../scene.js';

const PLAIN = styleFor(false);
const NAME = '@bank/kyc';
const registry = sharedRegistry(test, async made => {
  for (const version of ['1.0.0', '1.1.0']) {
    await publishPrompt(made, { name: NAME, version }, prompt(version));
  }
  await made.request(`/packages/${NAME}/dist-tags/production`, jsonBody('PUT', { version: '1.0.0' }));
});

test('a channel is split, shown with its history, and made whole; what was reported is shown by version', async t => {
  const env = { PROMPD_REGISTRY: registry().url, PROMPD_TOKEN: registry().adminToken };
  const context = await testContext({ cwd: tempDir(t), env });
  const split = await splitChannel(context, `${NAME}@1.1.0`, {
    tag: 'production',
    weight: 25,
    reason: 'shorter answers',
  });
  t.deepEqual(split.split, { version: '1.1.0', weight: 25 });
  await t.throwsAsync(splitChannel(context, `${NAME}@^1.0.0`, { tag: 'production', weight: 5 }), {
    code: 'EUSAGE',
  });
  await t.throwsAsync(splitChannel(context, `${NAME}@9.0.0`, { tag: 'production', weight: 5 }), {
    code: 'ENOVERSION',
  });
  await unsplitChannel(context, NAME, 'production');
  const shown = await showChannel(context, NAME, 'production');
  t.is(shown.split, null);
  t.regex(
    channelText(shown, PLAIN),
    /^production of @bank\/kyc points at 1\.0\.0\nproduction of @bank\/kyc is not split\n\n\S+ {2}not split -> 1\.1\.0 25% {2}by admin: shorter answers\n\S+ {2}1\.1\.0 25% -> not split {2}by admin$/,
  );
  const report = { package: NAME, prompt: 'summary', version: '1.1.0', outcome: 'accepted', score: 0.5 };
  await registry().request('/delivery/feedback', jsonBody('POST', report));
  const feedback = await channelFeedback(context, NAME, 30);
  t.is(feedbackText(feedback, PLAIN), '1.1.0  summary  accepted: 1, score 0.500');
  t.is(feedbackText({ ...feedback, feedback: [] }, PLAIN), 'Nothing was reported of @bank/kyc in 30 days.');
});
