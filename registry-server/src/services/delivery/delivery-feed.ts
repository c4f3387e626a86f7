import type { DeliveryEvent } from '../../domain/delivery-event.js';
import { type DeliveryEventLog, EVENTS_READ } from '../../ports/delivery-event-log.js';
import type { EventBus } from '../../ports/event-bus.js';
import { DELIVERY } from '../../settings.js';

export interface FeedPorts {
  readonly events: DeliveryEventLog;
  readonly bus: EventBus;
  /** Milliseconds that never go back. */
  readonly time: () => number;
}

/**
 * The events of delivery in their order, each once, whoever caused them. The database alone says what happened; its own
 * announcements, those of other servers and a clock only say when to look.
 */
export class DeliveryFeed {
  readonly #ports: FeedPorts;
  readonly #listeners = new Set<(event: DeliveryEvent) => void>();
  #position = 0;
  #confirmedAt = Number.NEGATIVE_INFINITY;
  #isFollowing = false;
  #isSure = false;
  /** How often listening began or ended: a look that began before says nothing of what came after. */
  #turns = 0;
  #polling: Promise<void> | undefined;
  #isWanted = false;
  #isOwn = false;
  #onError: (error: unknown) => void = () => {};

  constructor(ports: FeedPorts) {
    this.#ports = ports;
  }

  /** The newest event that everybody was told of. */
  get position(): number {
    return this.#position;
  }

  /** Whether a change would have been heard of by now. */
  get isCurrent(): boolean {
    return this.#isFollowing && this.#isSure;
  }

  /** When it was last so, by `time`. */
  get confirmedAt(): number {
    return this.#confirmedAt;
  }

  /** Whether the database announces what happens. When it begins again, something may have been missed. */
  set following(following: boolean) {
    this.#isFollowing = following;
    this.#isSure = false;
    this.#turns++;
    if (following) this.wake();
  }

  listen(listener: (event: DeliveryEvent) => void): void {
    this.#listeners.add(listener);
  }

  /** Looks for events, now or right after the look that is under way. @param own something was changed by this server */
  wake(own = false): void {
    this.#isWanted = true;
    this.#isOwn ||= own;
    this.#polling ??= this.#poll().finally(() => {
      this.#polling = undefined;
      if (this.#isWanted) this.wake();
    });
  }

  /**
   * Looks for what this server has changed itself by now.
   * @returns whether everybody was told of it; false where the database could not be asked, or may not have announced all
   */
  async look(): Promise<boolean> {
    // The look under way may have begun before the change; the next one has not.
    const underWay = this.#polling;
    this.wake(true);
    await underWay;
    await this.#polling;
    return this.isCurrent;
  }

  /**
   * Begins with what comes after now.
   * @returns what ends it
   */
  async start(onError: (error: unknown) => void): Promise<() => Promise<void>> {
    const { events, bus } = this.#ports;
    this.#onError = onError;
    this.#position = await events.newest();
    const unsubscribe = await bus.subscribe(position => {
      // What this server says itself comes back to it, and what others say may be known from the database.
      if (!(Number(position) <= this.#position)) this.wake();
    });
    const timer = setInterval(() => this.wake(), DELIVERY.pollInterval).unref();
    return async () => {
      clearInterval(timer);
      await unsubscribe();
      this.#listeners.clear();
      await this.#polling;
    };
  }

  async #poll(): Promise<void> {
    const { events, bus, time } = this.#ports;
    const isOwn = this.#isOwn;
    const before = this.#position;
    const turns = this.#turns;
    this.#isWanted = false;
    this.#isOwn = false;
    try {
      for (;;) {
        const began = time();
        const found = await withDeadline(events.after(this.#position));
        for (const event of found) this.#tell(event);
        if (found.length === EVENTS_READ) continue;
        this.#confirmedAt = began;
        this.#isSure = turns === this.#turns;
        break;
      }
    } catch (error) {
      this.#isSure = false;
      this.#onError(error);
    }
    if (isOwn && this.#position > before) {
      await bus.publish(String(this.#position)).catch(this.#onError);
    }
  }

  #tell(event: DeliveryEvent): void {
    this.#position = event.id;
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}

async function withDeadline<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error('The database does not answer in time.')),
      DELIVERY.longPatience,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
