import type { Clock } from 'prompd/core';
import type { DeliverySource } from '../domain/delivery.js';
import type { UplinkState } from '../domain/uplink-health.js';
import type { ChainState, QueueState, RegistryState } from '../ports/registry-state.js';
import { SharedQuestion } from './shared-question.js';

export interface HealthPorts {
  readonly state: RegistryState;
  /** Name to what throws while the part does not work; undefined for one that this registry goes without. */
  readonly parts: Readonly<Record<string, (() => Promise<unknown>) | undefined>>;
  /** Connections of this server to PostgreSQL; undefined for the embedded database. */
  readonly connections: (() => Connections) | undefined;
  readonly uplinks: () => readonly UplinkState[];
  /** Where what was delivered came from, since this server runs. */
  readonly deliveries: () => Readonly<Record<DeliverySource | 'stale', number>>;
  readonly now: Clock;
}

export interface Connections {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
}

export interface PartHealth {
  readonly name: string;
  readonly state: 'works' | 'fails' | 'absent';
  /** How long it took to answer; null for one that did not. */
  readonly milliseconds: number | null;
}

/** How a registry does, as whoever runs it wants to know. */
export interface RegistryHealth {
  readonly startedAt: Date;
  readonly checkedAt: Date;
  readonly parts: readonly PartHealth[];
  readonly connections: Connections | undefined;
  /** Empty while the database does not answer. */
  readonly queues: readonly QueueState[];
  readonly chains: readonly ChainState[];
  readonly deliveries: Readonly<Record<DeliverySource | 'stale', number>>;
  readonly uplinks: readonly UplinkState[];
}

/** Milliseconds after which a part counts as one that does not answer. */
const PATIENCE = 5_000;
const NOTHING = [[], []] as const;

/** Looks at all that this server depends on. */
export class HealthService {
  readonly #ports: HealthPorts;
  readonly #startedAt: Date;
  readonly #parts: readonly (readonly [name: string, check: SharedQuestion<unknown> | undefined])[];
  readonly #counts: SharedQuestion<readonly [readonly QueueState[], readonly ChainState[]]>;

  constructor(ports: HealthPorts) {
    const { state, parts, now } = ports;
    this.#ports = ports;
    this.#startedAt = now();
    this.#parts = Object.entries(parts).map(([name, check]) => [name, check && new SharedQuestion(check)]);
    this.#counts = new SharedQuestion(() => Promise.all([state.queues(now()), state.chains()]));
  }

  /** @param patience milliseconds for the parts to answer, and as many for the database to count what waits */
  async look(patience = PATIENCE): Promise<RegistryHealth> {
    const { connections, uplinks, deliveries, now } = this.#ports;
    const checkedAt = now();
    const looked = await Promise.all(this.#parts.map(([name, check]) => tried(name, check, patience)));
    const answers = looked.every(({ name, state: of }) => name !== 'database' || of === 'works');
    const [queues, chains] = answers ? await this.#counts.answer(patience).catch(() => NOTHING) : NOTHING;
    return {
      startedAt: this.#startedAt,
      checkedAt,
      parts: looked,
      connections: connections?.(),
      queues,
      chains,
      deliveries: deliveries(),
      uplinks: uplinks(),
    };
  }
}

async function tried(
  name: string,
  check: SharedQuestion<unknown> | undefined,
  patience: number,
): Promise<PartHealth> {
  if (!check) return { name, state: 'absent', milliseconds: null };
  const began = performance.now();
  try {
    await check.answer(patience);
  } catch {
    return { name, state: 'fails', milliseconds: null };
  }
  return { name, state: 'works', milliseconds: Math.round(performance.now() - began) };
}
