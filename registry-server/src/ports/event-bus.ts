/** Wakes other servers: something happened that the database tells more of. */
export interface EventBus {
  /** @throws when it cannot be reached: servers find out later by themselves */
  publish(message: string): Promise<void>;
  /** @param listener called for what anybody publishes, this server included; @returns what ends it */
  subscribe(listener: (message: string) => void): Promise<() => Promise<void>>;
}
