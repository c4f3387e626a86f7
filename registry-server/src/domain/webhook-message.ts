import { createHmac } from 'node:crypto';

/** What is sent, and may be sent again. */
export interface WebhookMessage {
  /** Of the event, so that receivers can tell that they had it. */
  readonly id: string;
  /** JSON. */
  readonly body: string;
}

/**
 * The headers by which a receiver knows who sent a message, that it is as it was sent, and when.
 * @param secrets the webhook's, as bytes: the one that it has, then the one before it while that still counts
 * @param at when it is sent
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signedHeaders(
  { id, body }: WebhookMessage,
  secrets: readonly Uint8Array[],
  at: Date,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signatures = secrets.map(secret => {
    const mac = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`, 'utf8');
    return `v1,${mac.digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}

/** The body of a message. @param occurredAt when what it tells of happened */
export function messageBody(type: string, occurredAt: Date, data: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ type, timestamp: occurredAt.toISOString(), data });
}

/** A receiver that asks for more time than that is asked again after that. */
const LONGEST_WISH = 24 * 60 * 60 * 1000;

/**
 * Milliseconds that a receiver asks to be left alone for.
 * @param header `retry-after` of its answer: seconds, or a date; @param now when it came
 * @returns 0 for one that says nothing, or nothing that can be read
 * @see RFC 9110, section 10.2.3
 */
export function retryWish(header: string | undefined, now: Date): number {
  if (header === undefined) return 0;
  const wish = /^\d{1,10}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
  return Number.isNaN(wish) ? 0 : Math.min(Math.max(wish, 0), LONGEST_WISH);
}

/** Times that a message is sent before it is given up: the last one about a day after the first. */
export const MAX_ATTEMPTS = 10;
const FIRST_DELAY = 10_000;
const GROWTH = 3;
/** So much of a delay is left to chance: many messages that failed at once do not come again at once. */
const JITTER = 0.25;

/**
 * Milliseconds until a message is sent again: 10 s after the first attempt, then three times as long each time, less up
 * to a quarter.
 * @param attempts how often it was sent; @param random from 0 up to below 1
 * @returns undefined when it is given up
 */
export function retryDelay(attempts: number, random: () => number): number | undefined {
  if (attempts >= MAX_ATTEMPTS) return undefined;
  return Math.round(FIRST_DELAY * GROWTH ** (attempts - 1) * (1 - JITTER * random()));
}
