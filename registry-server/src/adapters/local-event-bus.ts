import type { EventBus } from '../ports/event-bus.js';

/** The bus of a server that is alone, or hears of the others by the database. */
export class LocalEventBus implements EventBus {
  readonly #listeners = new Set<(message: string) => void>();

  async publish(message: string): Promise<void> {
    for (const listener of [...this.#listeners]) listener(message);
  }

  async subscribe(listener: (message: string) => void): Promise<() => Promise<void>> {
    // Each subscription is one of its own, also of the same listener.
    const own = (message: string) => listener(message);
    this.#listeners.add(own);
    return async () => {
      this.#listeners.delete(own);
    };
  }
}
