import { randomBytes } from 'node:crypto';
import { PrompdError } from 'prompd/core';
import type { EventType } from './registry-event.js';

/** Whose packages a webhook is about, beside those that it names. */
export const FOLLOWED = ['owned', 'dependencies'] as const;
/** `owned`: packages of its owner; `dependencies`: what the latest versions of those depend on. */
export type Followed = (typeof FOLLOWED)[number];

/** An address that a user wants to be told at. */
export interface Webhook {
  readonly id: string;
  /** The user whose it is: it is told what this user may see. */
  readonly owner: string;
  readonly url: string;
  readonly events: readonly EventType[];
  /** Names, scopes and patterns of packages. */
  readonly packages: readonly string[];
  readonly follow: readonly Followed[];
  readonly createdAt: Date;
  /** Null while it is told. */
  readonly disabledAt: Date | null;
  readonly disabledReason: string | null;
}

export const DELIVERY_STATES = ['pending', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One event on its way to one webhook. */
export interface Delivery {
  readonly event: string;
  /** A type of event, or `webhook.test`. */
  readonly type: string;
  readonly state: DeliveryState;
  /** Times that it was sent. */
  readonly attempts: number;
  /** HTTP status of the last answer; null where there was none. */
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly createdAt: Date;
  readonly lastAttemptAt: Date | null;
  /** Null when nothing is tried any more. */
  readonly nextAt: Date | null;
  readonly finishedAt: Date | null;
}

/** A new id. @param random that many random bytes */
export function makeWebhookId(random: (size: number) => Buffer = randomBytes): string {
  return `wh_${random(12).toString('hex')}`;
}

/** Whether a text has the form of an id. */
export function isWebhookId(raw: string): boolean {
  return /^wh_[0-9a-f]{24}$/.test(raw);
}

/**
 * The bytes of a new secret, as many as HMAC-SHA256 can use.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function makeSecret(random: (size: number) => Buffer = randomBytes): Buffer {
  return random(32);
}

/** A secret as receivers keep it. */
export function shownSecret(secret: Uint8Array): string {
  return `whsec_${Buffer.from(secret).toString('base64')}`;
}

/** The error for an id that no webhook has, or one that is another user's. */
export function webhookNotFound(id: string): PrompdError {
  return new PrompdError('ENOTFOUND', `There is no webhook ${id}.`, {
    facts: { id },
    hint: 'Run "prompd webhook list".',
  });
}
