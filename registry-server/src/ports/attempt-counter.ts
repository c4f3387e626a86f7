/** How many tries somebody has in a time. */
export interface AttemptLimit {
  readonly points: number;
  /** In seconds, from the first try on. */
  readonly duration: number;
}

/** Counts tries, for all servers that share a database together. */
export interface AttemptCounter {
  /**
   * Counts one try.
   * @param key of who tries what; it is not kept as it is
   * @returns 0 when it may go on, else for how long to wait, in milliseconds
   */
  take(key: string, limit: AttemptLimit): Promise<number>;
  /** Takes one try back. */
  giveBack(key: string): Promise<void>;
  /** Takes all tries back. */
  forget(key: string): Promise<void>;
}
