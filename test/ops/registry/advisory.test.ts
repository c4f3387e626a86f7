import test, { type ExecutionContext } from 'ava';
import type { PrompdError } from '#prompd/core/errors.js';
import {
  listAdvisories,
  publishAdvisory,
  showAdvisory,
  withdrawAdvisory,
} from '#prompd/ops/registry/advisory.js';
import { info } from '#prompd/ops/registry/info.js';
import { advisoriesText, advisoryText } from '#prompd/output/advisory.js';
import { infoText } from '#prompd/output/info.js';
import { styleFor } from '#prompd/output/style.js';
import { testContext } from '../../support/context.js';
import { tempDir } from '../../support/temp.js';
import { sharedRegistry } from '../scene.js';

const registry = sharedRegistry(test, async running => {
  for (const name of ['@acme/tone', '@acme/style']) {
    for (const version of ['1.0.0', '1.0.3']) await running.publish({ name, version });
  }
});
const PLAIN = styleFor(false);
const DRAFT = {
  vulnerable: '<1.0.3',
  severity: 'high',
  title: 'Obeys the text that it summarises',
  text: 'Update at once.',
  patched: '>=1.0.3',
  url: undefined,
} as const;

function context(t: ExecutionContext, token: string | undefined) {
  const env = { PROMPD_REGISTRY: registry().url, ...(token === undefined ? {} : { PROMPD_TOKEN: token }) };
  return testContext({ cwd: tempDir(t), env });
}

test('an advisory is published, listed, shown, withdrawn and put in force again', async t => {
  const admin = await context(t, registry().adminToken);
  const anybody = await context(t, undefined);
  const published = await publishAdvisory(admin, '@acme/tone', DRAFT);
  const { id } = published.advisory;
  t.like(published.advisory, { ...DRAFT, package: '@acme/tone', withdrawn: undefined, publishedBy: 'admin' });

  const shown = await showAdvisory(anybody, id);
  t.deepEqual(shown, published);
  const text = advisoryText(shown, PLAIN);
  for (const word of [id, 'high', '<1.0.3', '>=1.0.3', 'Update at once.']) t.true(text.includes(word), text);
  t.regex(text, /^patched +>=1\.0\.3$/m);
  const unstated = { ...shown, advisory: { ...shown.advisory, patched: undefined } };
  t.regex(advisoryText(unstated, PLAIN), /^patched +not stated$/m);
  const listed = await listAdvisories(anybody, '@acme/tone');
  t.deepEqual(listed.advisories, [published.advisory]);
  t.true(advisoriesText(listed, PLAIN).includes('@acme/tone <1.0.3'));

  t.truthy((await withdrawAdvisory(admin, id)).advisory.withdrawn);
  t.true(advisoriesText(await listAdvisories(anybody, '@acme/tone'), PLAIN).includes('withdrawn'));
  t.deepEqual((await info(anybody, '@acme/tone')).advisories, []);
  t.is((await withdrawAdvisory(admin, id, { undo: true })).advisory.withdrawn, undefined);
});

test('info shows the advisories of a package, and whether they are about the version', async t => {
  const admin = await context(t, registry().adminToken);
  const { advisory } = await publishAdvisory(admin, '@acme/style', {
    ...DRAFT,
    url: undefined,
    text: undefined,
  });
  const old = await info(admin, '@acme/style@1.0.0');
  t.like(old.advisories[0], { id: advisory.id, severity: 'high', vulnerable: '<1.0.3', affects: true });
  t.true(
    infoText(old, PLAIN).includes(`high: ${DRAFT.title} (${advisory.id}, about <1.0.3, mended in >=1.0.3)`),
  );
  t.false((await info(admin, '@acme/style')).advisories[0]?.affects);
});

test('without a token nothing is published, and an id that there is not is not found', async t => {
  const anybody = await context(t, undefined);
  await t.throwsAsync(publishAdvisory(anybody, '@acme/tone', DRAFT), { code: 'EAUTH' });
  for (const id of ['PSA-2222-2222-2222', 'psa-2222-2222-2222', 'GHSA', '../whoami', '\0', '💥']) {
    const error = await t.throwsAsync<PrompdError>(showAdvisory(anybody, id), { code: 'ENOTFOUND' }, id);
    t.regex(error?.hint ?? '', /^Ids look like "PSA-/, id);
  }
  const admin = await context(t, registry().adminToken);
  await t.throwsAsync(withdrawAdvisory(admin, 'PSA-2222-2222-2222'), { code: 'ENOTFOUND' });
  await t.throwsAsync(publishAdvisory(admin, '@acme/never', DRAFT), { code: 'ENOTFOUND' });
});
