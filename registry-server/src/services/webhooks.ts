import { type Clock, PrompdError } from 'prompd/core';
import { type Actor, hasScope, userOf } from '../domain/actor.js';
import type { Authorize } from '../domain/authorize.js';
import { type EventType, makeEventId, TEST_EVENT } from '../domain/registry-event.js';
import {
  type Delivery,
  type Followed,
  makeSecret,
  makeWebhookId,
  shownSecret,
  type Webhook,
  webhookNotFound,
} from '../domain/webhook.js';
import { parseWebhookUrl, type WebhookHosts } from '../domain/webhook-hosts.js';
import { messageBody } from '../domain/webhook-message.js';
import type { DeliveryQueue } from '../ports/delivery-queue.js';
import type { SecretBox } from '../ports/secret-box.js';
import type { WebhookRepository } from '../ports/webhook-repository.js';
import { MAX_WEBHOOKS } from '../settings.js';

export interface WebhookPorts {
  readonly webhooks: WebhookRepository;
  readonly queue: Pick<DeliveryQueue, 'add'>;
  readonly secrets: SecretBox;
  readonly hosts: WebhookHosts;
  readonly authorize: Authorize;
  readonly now: Clock;
  /** Called when there is something to send. */
  readonly wake: () => void;
}

export interface WebhookRequest {
  readonly url: string;
  readonly events: readonly EventType[];
  readonly packages: readonly string[];
  /** Undefined is all for a webhook that names no packages, and nothing for one that does. */
  readonly follow: readonly Followed[] | undefined;
}

/** A webhook with its secret, which is shown once, to whoever made it. */
export interface MadeWebhook {
  readonly webhook: Webhook;
  readonly secret: string;
}

/** Makes webhooks and looks after them: users their own, admins all. */
export class WebhookService {
  readonly #ports: WebhookPorts;

  constructor(ports: WebhookPorts) {
    this.#ports = ports;
  }

  /** @throws PrompdError EUSAGE for an address that is not sent to, for nothing to be told of, and for one too many */
  async create(actor: Actor, { url, events, packages, follow }: WebhookRequest): Promise<MadeWebhook> {
    const { webhooks, secrets, hosts, now } = this.#ports;
    const owner = userOf(actor);
    const followed = follow ?? (packages.length === 0 ? (['owned', 'dependencies'] as const) : []);
    if (followed.length === 0 && packages.length === 0) {
      throw new PrompdError('EUSAGE', 'A webhook names packages, or follows what its owner has.', {
        hint: 'Name packages, or follow "owned" or "dependencies".',
      });
    }
    const id = makeWebhookId();
    const secret = makeSecret();
    const webhook = {
      id,
      owner,
      url: parseWebhookUrl(url, hosts).href,
      events: [...new Set(events)],
      packages: [...new Set(packages)],
      follow: [...new Set(followed)],
      createdAt: now(),
    };
    const sealedSecret = await secrets.seal(secret, id);
    if (!(await webhooks.add({ ...webhook, sealedSecret }, MAX_WEBHOOKS))) {
      throw new PrompdError('EUSAGE', `${owner} has ${MAX_WEBHOOKS} webhooks already.`, {
        facts: { limit: MAX_WEBHOOKS },
        hint: 'Remove one first.',
      });
    }
    return { webhook: { ...webhook, disabledAt: null, disabledReason: null }, secret: shownSecret(secret) };
  }

  /** Oldest first: those of who asks, and for admins all. */
  list(actor: Actor, page: { readonly limit: number; readonly offset: number }): Promise<readonly Webhook[]> {
    const owner = hasScope(actor, 'admin') ? undefined : userOf(actor);
    return this.#ports.webhooks.list({ ...page, owner });
  }

  /** @throws PrompdError ENOTFOUND for one that is nobody's or another's */
  async find(actor: Actor, id: string): Promise<Webhook> {
    const webhook = await this.#ports.webhooks.find(id);
    if (!webhook) throw webhookNotFound(id);
    this.#ports.authorize(actor, 'webhook.manage', { kind: 'webhook', id, owner: webhook.owner });
    return webhook;
  }

  /** Stops it, with what was on its way, or lets it be told of what happens from now on. @throws PrompdError ENOTFOUND */
  async enable(actor: Actor, id: string, isEnabled: boolean): Promise<Webhook> {
    const { webhooks, now } = this.#ports;
    await this.find(actor, id);
    const cause = { reason: `by ${userOf(actor)}`, now: now() };
    if (!(await webhooks.disable(id, isEnabled ? undefined : cause))) throw webhookNotFound(id);
    return this.find(actor, id);
  }

  /**
   * Gives it a new secret, which is shown this once.
   * @param hours for which messages are signed with the one before as well
   * @throws PrompdError ENOTFOUND
   */
  async rotate(actor: Actor, id: string, hours: number): Promise<MadeWebhook> {
    const { webhooks, secrets, now } = this.#ports;
    const webhook = await this.find(actor, id);
    const secret = makeSecret();
    const sealedSecret = await secrets.seal(secret, id);
    const oldUntil = new Date(now().getTime() + hours * 3_600_000);
    if (!(await webhooks.rotate(id, { sealedSecret, oldUntil }))) throw webhookNotFound(id);
    return { webhook, secret: shownSecret(secret) };
  }

  /** Ends it for good, with what was on its way. @throws PrompdError ENOTFOUND */
  async remove(actor: Actor, id: string): Promise<void> {
    await this.find(actor, id);
    if (!(await this.#ports.webhooks.remove(id))) throw webhookNotFound(id);
  }

  /** What was sent lately, newest first. @throws PrompdError ENOTFOUND */
  async deliveries(actor: Actor, id: string, limit: number): Promise<readonly Delivery[]> {
    await this.find(actor, id);
    return this.#ports.webhooks.deliveries(id, limit);
  }

  /**
   * Sends something that says it is a test.
   * @returns the id of its event
   * @throws PrompdError ENOTFOUND; EUSAGE for a webhook that is disabled, or that too much waits for
   */
  async sendTest(actor: Actor, id: string): Promise<string> {
    const { queue, now, wake } = this.#ports;
    const webhook = await this.find(actor, id);
    const at = now();
    const event = makeEventId();
    const body = messageBody(TEST_EVENT, at, { webhook: id, events: webhook.events });
    if (!(await queue.add({ webhook: id, event, type: TEST_EVENT, body, now: at }))) {
      throw new PrompdError('EUSAGE', `The webhook ${id} is disabled, or too much waits for it.`, {
        facts: { id },
      });
    }
    wake();
    return event;
  }
}
