import type { DeliveryEvent } from '../domain/delivery-event.js';

/** The events of delivery, as they were committed. */
export interface DeliveryEventLog {
  /** The id of the newest event, of all or of one scope; 0 where there is none. */
  newest(scope?: string): Promise<number>;
  /** The id of the oldest event that is kept. */
  oldest(): Promise<number | undefined>;
  /** The first of those that came after one, in order; empty when there is none. */
  after(id: number): Promise<readonly DeliveryEvent[]>;
  /** Drops what is older. */
  forget(before: Date): Promise<void>;
}
