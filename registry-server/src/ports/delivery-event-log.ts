import type { DeliveryEvent } from '../domain/delivery-event.js';

/** Events in one read. */
export const EVENTS_READ = 500;

/** The events of delivery, as they were committed. */
export interface DeliveryEventLog {
  /** The id of the newest event, of all or of one scope; 0 where there is none. */
  newest(scope?: string): Promise<number>;
  /** The id of the oldest event that is kept. */
  oldest(): Promise<number | undefined>;
  /** The first {@link EVENTS_READ} of those that came after one, in order; fewer when there are no more. */
  after(id: number): Promise<readonly DeliveryEvent[]>;
  /** Drops what is older. */
  forget(before: Date): Promise<void>;
}
