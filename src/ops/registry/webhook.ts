import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_ALIAS } from '../../config/config.js';
import { PrompdError } from '../../core/errors.js';
import {
  connectTo,
  type MadeWebhook,
  type Registry,
  type RegistryWebhook,
  registryConfig,
  type WebhookDelivery,
  type WebhookDraft,
} from '../../registry/index.js';
import type { Context } from '../context.js';
import { requireToken } from './account.js';

export interface WebhookCreation extends MadeWebhook {
  readonly registry: string;
}

export interface WebhookList {
  readonly registry: string;
  readonly webhooks: readonly RegistryWebhook[];
}

export interface WebhookRemoval {
  readonly registry: string;
  readonly id: string;
}

export interface WebhookChange {
  readonly registry: string;
  readonly webhook: RegistryWebhook;
}

export interface WebhookDeliveries {
  readonly registry: string;
  readonly id: string;
  /** Newest first. */
  readonly deliveries: readonly WebhookDelivery[];
}

export interface WebhookTest {
  readonly registry: string;
  readonly id: string;
  /** The message, so far as it came. */
  readonly delivery: WebhookDelivery | undefined;
  readonly delivered: boolean;
}

/** A registry waits 10 s for a receiver. */
const TEST_WAIT = 15_000;
const TEST_PAUSE = 200;

/**
 * Has the default registry tell an address what happens. The secret is shown this once.
 * @throws PrompdError EUSAGE, EAUTH, EFORBIDDEN, EUNSUPPORTED
 */
export async function addWebhook(context: Context, draft: WebhookDraft): Promise<WebhookCreation> {
  const registry = await open(context);
  return { registry: registry.url, ...(await registry.webhooks.create(draft)) };
}

/** The webhooks of the user, and for admins all. @throws PrompdError EAUTH, EFORBIDDEN, EUNSUPPORTED */
export async function listWebhooks(context: Context): Promise<WebhookList> {
  const registry = await open(context);
  return { registry: registry.url, webhooks: await registry.webhooks.list() };
}

/** Ends a webhook, with what was on its way. @throws PrompdError ENOTFOUND, EAUTH, EFORBIDDEN, EUNSUPPORTED */
export async function removeWebhook(context: Context, id: string): Promise<WebhookRemoval> {
  const registry = await open(context);
  await registry.webhooks.remove(id);
  return { registry: registry.url, id };
}

/**
 * Gives a webhook a new secret, which is shown this once.
 * @param hours for which messages are signed with the one before as well, 0 to 168
 * @throws PrompdError EUSAGE, ENOTFOUND, EAUTH, EFORBIDDEN, EUNSUPPORTED
 */
export async function rotateWebhook(context: Context, id: string, hours: number): Promise<WebhookCreation> {
  if (!(hours >= 0 && hours <= 168)) throw new PrompdError('EUSAGE', '"--hours" is a number from 0 to 168.');
  const registry = await open(context);
  return { registry: registry.url, ...(await registry.webhooks.rotate(id, hours)) };
}

/** Stops a webhook, or lets it be told again. @throws PrompdError ENOTFOUND, EAUTH, EFORBIDDEN, EUNSUPPORTED */
export async function enableWebhook(
  context: Context,
  id: string,
  isEnabled: boolean,
): Promise<WebhookChange> {
  const registry = await open(context);
  return { registry: registry.url, webhook: await registry.webhooks.enable(id, isEnabled) };
}

/** What a webhook was sent lately. @throws PrompdError ENOTFOUND, EAUTH, EFORBIDDEN, EUNSUPPORTED */
export async function webhookDeliveries(context: Context, id: string): Promise<WebhookDeliveries> {
  const registry = await open(context);
  return { registry: registry.url, id, deliveries: await registry.webhooks.deliveries(id) };
}

/**
 * Has a webhook sent a test, and waits for what comes of it.
 * @throws PrompdError ENOTFOUND, EUSAGE for one that is disabled, EAUTH, EFORBIDDEN, EUNSUPPORTED
 */
export async function testWebhook(context: Context, id: string): Promise<WebhookTest> {
  const registry = await open(context);
  const event = await registry.webhooks.test(id);
  let delivery: WebhookDelivery | undefined;
  for (let waited = 0; waited < TEST_WAIT; waited += TEST_PAUSE) {
    delivery = (await registry.webhooks.deliveries(id)).find(one => one.event === event);
    if (delivery && (delivery.state !== 'pending' || delivery.lastError !== undefined)) break;
    await sleep(TEST_PAUSE);
  }
  return { registry: registry.url, id, delivery, delivered: delivery?.state === 'delivered' };
}

async function open(context: Context): Promise<Registry> {
  const registry = registryConfig(context.config, DEFAULT_ALIAS);
  return connectTo(context, registry, await requireToken(context, registry));
}
