import type { Delivery, Webhook } from '../domain/webhook.js';

export interface NewWebhook extends Omit<Webhook, 'disabledAt' | 'disabledReason'> {
  readonly sealedSecret: Uint8Array;
}

export interface WebhookPage {
  /** Undefined for those of all users. */
  readonly owner: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** The webhooks of users. */
export interface WebhookRepository {
  /** @returns false when the owner has `most` of them already */
  add(webhook: NewWebhook, most: number): Promise<boolean>;
  find(id: string): Promise<Webhook | undefined>;
  /** Oldest first. */
  list(page: WebhookPage): Promise<readonly Webhook[]>;
  /** Ends it, with all that was on its way. @returns false when there was none */
  remove(id: string): Promise<boolean>;
  /**
   * Ends what is on its way, and lets nothing more come; undefined lets it be told again.
   * @returns false when there is no such webhook
   */
  disable(id: string, cause: { readonly reason: string; readonly now: Date } | undefined): Promise<boolean>;
  /**
   * Gives it another secret; the one before signs messages as well until `oldUntil`.
   * @returns false when there is no such webhook
   */
  rotate(
    id: string,
    secret: { readonly sealedSecret: Uint8Array; readonly oldUntil: Date },
  ): Promise<boolean>;
  /** Newest first. */
  deliveries(id: string, limit: number): Promise<readonly Delivery[]>;
}
