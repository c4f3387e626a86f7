import { LRUCache } from 'lru-cache';
import { type Delivered, type DeliveryRequest, deliveryKey } from '../../domain/delivery.js';
import { DELIVERY } from '../../settings.js';
import type { Audience } from './audience.js';
import type { Deliveries } from './deliveries.js';
import { pickVersion, type WireAnswer, wireAnswer } from './delivery-answer.js';
import { DeliveryUsage } from './delivery-usage.js';

/** Who asked what, as it came over the wire. */
export interface WireRequest {
  /** All that a decision about them may depend on: what is asked for, what the caller showed, and where they are. */
  readonly decision: string;
  /** Tells users apart, where the channel is split. */
  readonly key: string | undefined;
}

/** A request that was authorised a moment ago. */
interface Decided {
  readonly request: DeliveryRequest;
  readonly kept: string;
  /** Which credential it was, for counting. */
  readonly token: string;
  /** Private packages that the caller may read. */
  readonly mayRead: ReadonlySet<string>;
  readonly at: number;
  readonly turn: number;
}

export interface ReadyPorts {
  readonly deliveries: Deliveries;
  readonly audience: Audience;
  readonly usage: DeliveryUsage;
  /** Milliseconds that never go back. */
  readonly time: () => number;
  /** Milliseconds since the epoch. */
  readonly wallTime: () => number;
  /** From 0 up to below 1. */
  readonly random: () => number;
}

const MAX_DECIDED = 50_000;

/**
 * Answers that need nothing but memory: who asks was authorised for the same request a moment ago, and what is delivered
 * is known to hold. Everything else takes the way through the application.
 */
export class ReadyDeliveries {
  readonly #ports: ReadyPorts;
  readonly #decided = new LRUCache<string, Decided>({ max: MAX_DECIDED });

  constructor(ports: ReadyPorts) {
    this.#ports = ports;
  }

  /** @returns undefined for what has to be looked up */
  get(wire: WireRequest): WireAnswer | undefined {
    const decided = this.#find(wire);
    const delivered = decided && this.#ports.deliveries.peek(decided.kept);
    return delivered && this.#answer(decided, delivered, wire.key);
  }

  /**
   * As {@link get}, for what was ready until something changed: it is looked up once for all who ask.
   * @returns undefined, also in time, where the application has to say why not
   */
  async renewed(wire: WireRequest): Promise<WireAnswer | undefined> {
    const decided = this.#find(wire);
    if (!decided) return undefined;
    const found = await this.#ports.deliveries.get(decided.request).catch(() => undefined);
    return found && !found.stale ? this.#answer(decided, found.delivered, wire.key) : undefined;
  }

  /** Whether the request was authorised a moment ago. */
  isDecided(wire: WireRequest): boolean {
    return this.#find(wire) !== undefined;
  }

  /**
   * Remembers that a request was authorised.
   * @param turn that of the audience when the request came
   */
  decide(
    wire: WireRequest,
    request: DeliveryRequest,
    { token, mayRead, turn }: { token: string; mayRead: readonly string[]; turn: number },
  ): void {
    const kept = deliveryKey(request);
    const at = this.#ports.time();
    this.#decided.set(wire.decision, { request, kept, token, mayRead: new Set(mayRead), at, turn });
  }

  #find({ decision }: WireRequest): Decided | undefined {
    const { audience, time } = this.#ports;
    const decided = this.#decided.get(decision);
    if (!decided || decided.turn !== audience.turn) return undefined;
    return time() - decided.at < DELIVERY.decisionAge ? decided : undefined;
  }

  #answer(
    { request, token, mayRead }: Decided,
    delivered: Delivered,
    key: string | undefined,
  ): WireAnswer | undefined {
    const { usage, random, time, wallTime } = this.#ports;
    const pick = pickVersion(delivered, request, { key, random });
    if (!pick.version.privateSources.every(name => mayRead.has(name))) return undefined;
    usage.count(DeliveryUsage.of(request, pick.version.version, token));
    return wireAnswer(request, pick, {
      source: 'memory',
      stale: false,
      age: time() - delivered.readAt,
      now: wallTime(),
    });
  }
}
