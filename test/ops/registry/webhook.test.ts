import test, { type ExecutionContext } from 'ava';
import {
  addWebhook,
  enableWebhook,
  listWebhooks,
  removeWebhook,
  rotateWebhook,
  testWebhook,
  webhookDeliveries,
} from '#prompd/ops/registry/webhook.js';
import { styleFor } from '#prompd/output/style.js';
import { createdWebhookText, deliveriesText, webhooksText, webhookTestText } from '#prompd/output/webhook.js';
import { npmRegistry } from '#prompd/registry/npm/adapter.js';
import { testContext } from '../../support/context.js';
import { expectedSignature, startReceiver } from '../../support/receiver.js';
import { startTestRegistry } from '../../support/registry.js';
import { tempDir } from '../../support/temp.js';
import { sharedRegistry } from '../scene.js';

const registry = sharedRegistry(
  test,
  async () => {},
  t => startTestRegistry(t, { webhookHosts: '127.0.0.1' }),
);
const PLAIN = styleFor(false);
const DRAFT = {
  url: 'https://hooks.example.com/',
  events: undefined,
  packages: ['@bank'],
  follow: undefined,
};

function context(t: ExecutionContext, token: string | undefined) {
  const env = { PROMPD_REGISTRY: registry().url, ...(token === undefined ? {} : { PROMPD_TOKEN: token }) };
  return testContext({ cwd: tempDir(t), env });
}

test('a webhook is added, listed, tested, disabled, enabled and removed', async t => {
  const admin = await context(t, registry().adminToken);
  const receiver = await startReceiver(t);
  const made = await addWebhook(admin, { ...DRAFT, url: receiver.url });
  t.like(made, { owner: 'admin', packages: ['@bank'], follow: [], disabledAt: undefined });
  for (const word of [made.id, made.secret, 'advisory.published', '@bank']) {
    t.true(createdWebhookText(made, PLAIN).includes(word), word);
  }
  const tested = await testWebhook(admin, made.id);
  t.true(tested.delivered);
  t.true(webhookTestText(tested, PLAIN).includes('204'));
  const [message] = receiver.received;
  t.is(message?.headers['webhook-signature'], message && expectedSignature(message, made.secret));

  const sent = await webhookDeliveries(admin, made.id);
  t.like(sent.deliveries[0], { type: 'webhook.test', state: 'delivered', attempts: 1, lastStatus: 204 });
  t.true(deliveriesText(sent, PLAIN).includes('delivered  1 attempt'));

  const rotated = await rotateWebhook(admin, made.id, 1);
  t.not(rotated.secret, made.secret);
  t.true(createdWebhookText(rotated, PLAIN).includes(rotated.secret));
  await t.throwsAsync(rotateWebhook(admin, made.id, 1000), { code: 'EUSAGE' });
  t.truthy((await enableWebhook(admin, made.id, false)).webhook.disabledAt);
  t.true(webhooksText(await listWebhooks(admin), PLAIN).includes('by admin'));
  await t.throwsAsync(testWebhook(admin, made.id), { code: 'EUSAGE', message: /disabled/ });
  t.is((await enableWebhook(admin, made.id, true)).webhook.disabledAt, undefined);
  await removeWebhook(admin, made.id);
  t.false((await listWebhooks(admin)).webhooks.some(({ id }) => id === made.id));
  await t.throwsAsync(webhookDeliveries(admin, made.id), { code: 'ENOTFOUND' });
  await t.throwsAsync(removeWebhook(admin, 'none'), { code: 'ENOTFOUND' });
});

test('a test that is not taken says why', async t => {
  const admin = await context(t, registry().adminToken);
  const receiver = await startReceiver(t, response => void response.writeHead(500).end());
  const { id } = await addWebhook(admin, { ...DRAFT, url: receiver.url });
  const tested = await testWebhook(admin, id);
  t.false(tested.delivered);
  t.true(webhookTestText(tested, PLAIN).includes('answered 500'));
});

test('without a token there are no webhooks, and plain http is refused', async t => {
  await t.throwsAsync(listWebhooks(await context(t, undefined)), { code: 'EAUTH' });
  const admin = await context(t, registry().adminToken);
  await t.throwsAsync(addWebhook(admin, { ...DRAFT, url: 'http://hooks.example.com/' }), {
    code: 'EUSAGE',
    message: /https/,
  });
});

test('registries of other kinds have no webhooks: EUNSUPPORTED', async t => {
  const npm = npmRegistry({
    alias: 'default',
    registryUrl: 'http://127.0.0.1:9/',
    network: { concurrency: 1, timeoutMs: 1_000, retries: 0 },
    userAgent: 'prompd/0.0.0-test',
    token: async () => 'x',
    needsTimes: false,
  });
  await t.throwsAsync(npm.webhooks.list(), { code: 'EUNSUPPORTED' });
  await t.throwsAsync(npm.webhooks.create(DRAFT), { code: 'EUNSUPPORTED' });
  const admin = await context(t, registry().adminToken);
  const atNpm = await testContext({
    cwd: admin.cwd,
    env: { PROMPD_REGISTRY: `${registry().url}/npm/`, PROMPD_TOKEN: registry().adminToken },
  });
  await t.throwsAsync(listWebhooks(atNpm), { code: 'EUNSUPPORTED' });
});
