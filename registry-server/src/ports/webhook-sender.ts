/** What came of sending a message once. */
export interface SendResult {
  /** HTTP status; undefined where there was no answer. */
  readonly status: number | undefined;
  /** In words that the webhook's owner may read; undefined when it was taken. */
  readonly error: string | undefined;
  /** What the receiver says of when to come again: its header `retry-after`. */
  readonly retryAfter?: string | undefined;
}

/** Sends a message to where a user wants it. Never throws for what the receiver does. */
export interface WebhookSender {
  send(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<SendResult>;
}
