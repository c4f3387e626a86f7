import type { ChannelSplitRepository } from '../../ports/channel-split-repository.js';
import type { DeliveryEventLog } from '../../ports/delivery-event-log.js';
import type { DeliveryUsageRepository } from '../../ports/delivery-usage-repository.js';
import type { PromptWorkshop } from '../../ports/prompt-workshop.js';
import { DELIVERY } from '../../settings.js';
import type { Audience } from './audience.js';
import type { Deliveries } from './deliveries.js';
import type { DeliveryFeed } from './delivery-feed.js';
import type { DeliveryFeedback } from './delivery-feedback.js';
import type { DeliveryUsage } from './delivery-usage.js';
import type { EventStreams } from './event-streams.js';
import type { ModelGate } from './model-gate.js';
import type { ReadyDeliveries } from './ready-deliveries.js';

/** What delivering prompts to running applications is made of. */
export interface Delivery {
  readonly deliveries: Deliveries;
  readonly audience: Audience;
  readonly ready: ReadyDeliveries;
  readonly feed: DeliveryFeed;
  readonly streams: EventStreams;
  readonly usage: DeliveryUsage;
  readonly usageCounts: Pick<DeliveryUsageRepository, 'read'>;
  readonly feedback: DeliveryFeedback;
  readonly splits: ChannelSplitRepository;
  readonly workshop: Pick<PromptWorkshop, 'render'>;
  readonly events: Pick<DeliveryEventLog, 'forget'>;
  readonly models: ModelGate;
  /** Milliseconds that never go back; compared with themselves only. */
  readonly time: () => number;
  /** What the clock says, in milliseconds since the epoch. */
  readonly wallTime: () => number;
  /** From 0 up to below 1. */
  readonly random: () => number;
}

const FORGET_EVERY = 60 * 60 * 1000;

/**
 * Begins to hear of what happens.
 * @returns what ends it, with all streams; what was counted is written before
 */
export async function startDelivery(
  { deliveries, feed, streams, usage, feedback, events, time, wallTime }: Delivery,
  { interval, onError }: { interval: number; onError: (error: unknown) => void },
): Promise<{ endStreams: () => void; stop: () => Promise<void> }> {
  deliveries.reportTo(onError);
  const stopFeed = await feed.start(onError);
  const endStreams = streams.start(onError);
  let forgottenAt = Number.NEGATIVE_INFINITY;
  let running = Promise.resolve();
  const once = () => {
    running = running
      .then(() => usage.flush())
      .then(() => feedback.flush())
      .then(async () => {
        if (time() - forgottenAt < FORGET_EVERY) return;
        forgottenAt = time();
        await events.forget(new Date(wallTime() - DELIVERY.eventsKept));
        await feedback.forget(new Date(wallTime() - DELIVERY.feedbackKept));
      })
      .catch(onError);
    return running;
  };
  const timer = setInterval(once, interval).unref();
  return {
    endStreams,
    async stop() {
      clearInterval(timer);
      endStreams();
      await stopFeed();
      await once();
    },
  };
}
