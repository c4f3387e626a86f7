import type { Clock } from 'prompd/core';
import { TEST_EVENT } from '../domain/registry-event.js';
import { MAX_ATTEMPTS, retryDelay, retryWish, signedHeaders } from '../domain/webhook-message.js';
import type { ClaimedDelivery, DeliveryQueue } from '../ports/delivery-queue.js';
import type { SecretBox } from '../ports/secret-box.js';
import type { WebhookRepository } from '../ports/webhook-repository.js';
import type { SendResult, WebhookSender } from '../ports/webhook-sender.js';
import { WEBHOOK_QUEUE } from '../settings.js';

export interface DispatcherPorts {
  readonly queue: DeliveryQueue;
  readonly webhooks: Pick<WebhookRepository, 'disable'>;
  readonly secrets: Pick<SecretBox, 'open'>;
  readonly sender: WebhookSender;
  readonly now: Clock;
  /** From 0 up to below 1. */
  readonly random: () => number;
}

/** What a receiver answers that wants to hear no more. */
const GONE = 410;

/**
 * Sends what is in the queue, each message until it is taken or given up: at least once, and by one of the servers that
 * share the database at a time.
 */
export class WebhookDispatcher {
  readonly #ports: DispatcherPorts;
  /** To the webhook that each is for. */
  readonly #sending = new Map<Promise<void>, string>();
  #onError: (error: unknown) => void = () => {};
  #isRunning = false;
  #isWanted = false;
  #looking: Promise<void> | undefined;
  #forgotAt = Number.NEGATIVE_INFINITY;

  constructor(ports: DispatcherPorts) {
    this.#ports = ports;
  }

  /**
   * Looks now, whenever it is woken, and after each interval, as other servers add to the queue too.
   * @param interval milliseconds; @returns a function that stops it, once what is being sent has ended
   */
  start(interval: number, onError: (error: unknown) => void): () => Promise<void> {
    this.#onError = onError;
    this.#isRunning = true;
    const timer = setInterval(() => this.wake(), interval).unref();
    this.wake();
    return async () => {
      this.#isRunning = false;
      clearInterval(timer);
      await this.#looking;
      await Promise.all(this.#sending.keys());
    };
  }

  /** Looks for something to send, now or right after the look that is under way. */
  wake(): void {
    this.#isWanted = true;
    if (!this.#isRunning || this.#looking) return;
    this.#looking = this.#lookWhileWanted().finally(() => {
      this.#looking = undefined;
      if (this.#isWanted) this.wake();
    });
  }

  async #lookWhileWanted(): Promise<void> {
    while (this.#isWanted && this.#isRunning) {
      this.#isWanted = false;
      await this.#spread().catch(this.#onError);
      await this.#claim().catch(this.#onError);
      await this.#forget().catch(this.#onError);
    }
  }

  async #spread(): Promise<void> {
    const { queue, now } = this.#ports;
    while (this.#isRunning && (await queue.spread(now())));
  }

  async #claim(): Promise<void> {
    const { queue, now } = this.#ports;
    const limit = WEBHOOK_QUEUE.atOnce - this.#sending.size;
    if (limit <= 0 || !this.#isRunning) return;
    const at = now();
    const lost = new Date(at.getTime() + WEBHOOK_QUEUE.lostAfter);
    for (const delivery of await queue.claim(at, { lost, limit, except: this.#busy() })) {
      const sending = this.#deliver(delivery)
        .catch(this.#onError)
        .finally(() => {
          this.#sending.delete(sending);
          this.wake();
        });
      this.#sending.set(sending, delivery.webhook);
    }
  }

  /** Webhooks that are sent as much as one may be: one that is slow does not hold up the others. */
  #busy(): readonly string[] {
    const counts = new Map<string, number>();
    for (const webhook of this.#sending.values()) counts.set(webhook, (counts.get(webhook) ?? 0) + 1);
    return [...counts].filter(([, count]) => count >= WEBHOOK_QUEUE.atOnceToOne).map(([webhook]) => webhook);
  }

  async #deliver(delivery: ClaimedDelivery): Promise<void> {
    const { queue, webhooks, now, random } = this.#ports;
    const { webhook, type, attempt, isEntitled } = delivery;
    const { retryAfter, ...result } = await this.#attempt(delivery);
    const at = now();
    const isRepeated = isEntitled && result.status !== GONE && type !== TEST_EVENT;
    const delay = isRepeated ? retryDelay(attempt, random) : undefined;
    const isOver = result.error === undefined || delay === undefined;
    const wait = Math.max(delay ?? 0, retryWish(retryAfter, at));
    const nextAt = isOver ? undefined : new Date(at.getTime() + wait);
    await queue.settle(delivery, { ...result, nextAt, now: at });
    if (result.status === GONE) {
      await webhooks.disable(webhook, { reason: `its receiver answered ${GONE}`, now: at });
    }
  }

  async #attempt(delivery: ClaimedDelivery): Promise<SendResult> {
    if (!delivery.isEntitled) {
      return { status: undefined, error: 'The owner of the webhook has no token that works.' };
    }
    // Servers that died while they sent it have used up its attempts.
    if (delivery.attempt > MAX_ATTEMPTS) {
      return { status: undefined, error: 'It is not known whether the last attempt was taken.' };
    }
    return this.#send(delivery);
  }

  async #send({ webhook, event, url, body, ...sealed }: ClaimedDelivery): Promise<SendResult> {
    const { secrets, sender, now } = this.#ports;
    const { sealedSecret, oldSealedSecret } = sealed;
    const valid = [sealedSecret, ...(oldSealedSecret === null ? [] : [oldSealedSecret])];
    let opened: readonly Uint8Array[];
    try {
      opened = await Promise.all(valid.map(secret => secrets.open(secret, webhook)));
    } catch (error) {
      this.#onError(error);
      return { status: undefined, error: 'The registry cannot read the secret of the webhook.' };
    }
    return sender.send(url, signedHeaders({ id: event, body }, opened, now()), body);
  }

  async #forget(): Promise<void> {
    const { queue, now } = this.#ports;
    const at = now().getTime();
    if (at - this.#forgotAt < WEBHOOK_QUEUE.forgetEvery) return;
    this.#forgotAt = at;
    await queue.forget(new Date(at - WEBHOOK_QUEUE.keptFor));
  }
}
