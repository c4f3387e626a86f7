/** Counts requests of one kind, by who makes them. */
export interface RateCounter {
  /**
   * Counts one request.
   * @returns 0 when it may go on, else for how long its sender has to wait, in milliseconds
   */
  take(sender: string): Promise<number>;
}
