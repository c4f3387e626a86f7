/** Work that waits to be done, whichever server does it. */
export interface QueueState {
  readonly name: string;
  readonly waiting: number;
  /** What ended without success in the last day. */
  readonly failed: number;
  /** Since when the oldest waits; null where nothing does. */
  readonly oldestAt: Date | null;
}

/** How far a chain of the audit is signed. */
export interface ChainState {
  readonly chain: string;
  readonly rows: number;
  /** Rows that the newest checkpoint covers. */
  readonly signed: number;
  readonly signedAt: Date | null;
}

/** What only the database knows of the state of a registry. */
export interface RegistryState {
  queues(now: Date): Promise<readonly QueueState[]>;
  /** Those with the most rows that are not signed first, at most a hundred. */
  chains(): Promise<readonly ChainState[]>;
}
