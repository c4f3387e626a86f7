import type { Clock } from 'prompd/core';
import { SqlChannelSplits } from './adapters/channel-splits.js';
import type { Database } from './adapters/database.js';
import { SqlDeliveryEventLog } from './adapters/delivery-events.js';
import { SqlDeliveryFeedback } from './adapters/delivery-feedback-repository.js';
import { SqlDeliveryRepository } from './adapters/delivery-repository.js';
import { SqlDeliveryUsage } from './adapters/delivery-usage-repository.js';
import { viewerOf } from './domain/actor.js';
import type { Authorize } from './domain/authorize.js';
import type { BlobStore } from './ports/blob-store.js';
import type { DeliveryCache } from './ports/delivery-cache.js';
import type { EventBus } from './ports/event-bus.js';
import type { PackageRepository } from './ports/package-repository.js';
import type { PromptWorkshop } from './ports/prompt-workshop.js';
import { Audience } from './services/delivery/audience.js';
import { Composition } from './services/delivery/composition.js';
import { DatabaseGuard } from './services/delivery/database-guard.js';
import { Deliveries } from './services/delivery/deliveries.js';
import type { Delivery } from './services/delivery/delivery.js';
import { DeliveryFeed } from './services/delivery/delivery-feed.js';
import { DeliveryFeedback } from './services/delivery/delivery-feedback.js';
import { DeliveryReader } from './services/delivery/delivery-reader.js';
import { DeliveryUsage } from './services/delivery/delivery-usage.js';
import { EventStreams } from './services/delivery/event-streams.js';
import type { ModelGate } from './services/delivery/model-gate.js';
import { ReadyDeliveries } from './services/delivery/ready-deliveries.js';
import type { Authenticator } from './services/identity/authenticator.js';
import type { Mirror } from './services/mirror.js';
import type { PackageReader } from './services/package-reader.js';
import type { Limits } from './settings.js';

/** What servers that share a Redis have in common; a server without one has its own. */
export interface DeliveryLinks {
  readonly cache: DeliveryCache;
  readonly bus: EventBus;
}

export interface DeliveryParts {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly packages: PackageRepository;
  readonly mirror: Mirror;
  readonly reader: PackageReader;
  readonly authenticator: Authenticator;
  readonly prompts: PromptWorkshop;
  readonly links: DeliveryLinks;
  readonly authorize: Authorize;
  readonly now: Clock;
  /** Milliseconds that never go back; compared with themselves only. */
  readonly time: () => number;
  readonly random: () => number;
  readonly limits: Pick<Limits, 'deliveryLimit'>;
  readonly models: ModelGate;
}

/** Puts delivery on its adapters. */
export function composeDelivery(parts: DeliveryParts): Delivery {
  const { database, blobs, packages, mirror, reader, authenticator, prompts, links, authorize } = parts;
  const { now, time, random } = parts;
  const limit = parts.limits.deliveryLimit;
  const wallTime = () => now().getTime();
  const guard = new DatabaseGuard();
  const events = new SqlDeliveryEventLog(database);
  const repository = new SqlDeliveryRepository(database);
  const feed = new DeliveryFeed({ events, bus: links.bus, time });
  const composition = new Composition({
    deliveries: repository,
    packages,
    mirror,
    blobs,
    workshop: prompts,
    now,
  });
  const deliveries = new Deliveries({
    reader: new DeliveryReader({ deliveries: repository, composition, guard, time }),
    cache: links.cache,
    events,
    feed,
    guard,
    limit,
    time,
    wallTime,
  });
  const audience = new Audience({ authenticator, reader, authorize, guard, limit, time });
  // Before anybody is told of it: what was private or becomes so is decided anew.
  feed.listen(({ type }) => {
    if (type === 'change') audience.forget();
  });
  const streams = new EventStreams({
    feed,
    events,
    stillHolds: credentials => authenticator.authenticate(credentials),
    async mayHear(actor, name) {
      const holding = await packages.holding(name, viewerOf(actor).user);
      try {
        authorize(actor, 'package.read', { kind: 'package', name, ...holding });
        return true;
      } catch {
        return false;
      }
    },
  });
  const usageCounts = new SqlDeliveryUsage(database);
  const usage = new DeliveryUsage(usageCounts, now);
  return {
    deliveries,
    audience,
    ready: new ReadyDeliveries({ deliveries, audience, usage, time, wallTime, random }),
    feed,
    streams,
    usage,
    usageCounts,
    feedback: new DeliveryFeedback(new SqlDeliveryFeedback(database)),
    splits: new SqlChannelSplits(database),
    workshop: prompts,
    events,
    models: parts.models,
    time,
    wallTime,
    random,
  };
}
