/** A message that this server alone is to send now. */
export interface ClaimedDelivery {
  readonly webhook: string;
  readonly event: string;
  readonly type: string;
  readonly url: string;
  readonly sealedSecret: Uint8Array;
  /** The secret before it, while that still counts; null else. */
  readonly oldSealedSecret: Uint8Array | null;
  readonly body: string;
  /** Which attempt this is, from 1. */
  readonly attempt: number;
  /** Whether the webhook's owner still has a token that works. */
  readonly isEntitled: boolean;
}

export interface ClaimOptions {
  /** When others may take it all the same, as this server must have died. */
  readonly lost: Date;
  readonly limit: number;
  /** Webhooks of which nothing is taken. */
  readonly except: readonly string[];
}

export interface NewDelivery {
  readonly webhook: string;
  readonly event: string;
  readonly type: string;
  readonly body: string;
  readonly now: Date;
}

/** What came of an attempt. */
export interface AttemptOutcome {
  /** Undefined when it was taken. */
  readonly error: string | undefined;
  /** HTTP status; undefined where there was no answer. */
  readonly status: number | undefined;
  /** When it is sent again; undefined when it is not. */
  readonly nextAt: Date | undefined;
  readonly now: Date;
}

/** Messages on their way, shared by all servers on one database. What is in it survives the end of a server. */
export interface DeliveryQueue {
  /**
   * Turns the oldest event into one delivery for each webhook that is to be told.
   * @returns false when there is no event left
   */
  spread(now: Date): Promise<boolean>;
  /** Adds one delivery by hand. @returns false when the webhook is gone, disabled or full */
  add(delivery: NewDelivery): Promise<boolean>;
  /** Takes what is due, so that no other server does. */
  claim(now: Date, options: ClaimOptions): Promise<readonly ClaimedDelivery[]>;
  /** Notes an attempt, unless another one began meanwhile. */
  settle(
    attempt: Pick<ClaimedDelivery, 'webhook' | 'event' | 'attempt'>,
    outcome: AttemptOutcome,
  ): Promise<void>;
  /** Forgets what was over before a moment. */
  forget(before: Date): Promise<void>;
}
