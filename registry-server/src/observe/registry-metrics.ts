import { Counter, Gauge, type Registry } from 'prom-client';
import type { RegistryHealth } from '../services/registry-health.js';

/** Milliseconds for a part to answer: who reads metrics waits ten seconds as a rule. */
const PATIENCE = 2_000;

/** What is looked at each time that metrics are read. */
export interface Watched {
  /** @param patience milliseconds for a part to answer */
  readonly health: (patience: number) => Promise<RegistryHealth>;
  /** Who listens for events of delivery at this server. */
  readonly listeners: () => number;
}

/**
 * Adds how the registry does to what Prometheus reads: parts, queues, the audit and deliveries. What the database alone
 * knows is absent while it does not answer, and the rest is there.
 * @returns looks, before everything is read
 */
export function registryMetrics(registry: Registry, { health, listeners }: Watched): () => Promise<void> {
  const registers = [registry];
  const gauge = <L extends string>(name: string, help: string, ...labelNames: readonly L[]) =>
    new Gauge({ name, help, labelNames, registers });
  const parts = gauge('prompd_part_up', 'Whether a part that the registry depends on answers', 'part');
  const waiting = gauge('prompd_queue_waiting', 'Work that waits, whichever server does it', 'queue');
  const failed = gauge('prompd_queue_failed', 'What ended without success in the last day', 'queue');
  const age = gauge('prompd_queue_oldest_seconds', 'How long the oldest work has waited', 'queue');
  const unsigned = gauge('prompd_audit_rows_unsigned', 'Rows of the audit that no checkpoint covers');
  const streams = gauge('prompd_delivery_listeners', 'Streams of events that are open');
  const deliveries = new Counter({
    name: 'prompd_deliveries_total',
    help: 'Prompts that were delivered, by where they were found',
    labelNames: ['source'],
    registers,
  });
  return async () => {
    const found = await health(PATIENCE);
    for (const one of [parts, waiting, failed, age, unsigned, deliveries]) one.reset();
    streams.set(listeners());
    for (const [source, count] of Object.entries(found.deliveries)) deliveries.inc({ source }, count);
    for (const { name, state } of found.parts)
      if (state !== 'absent') parts.set({ part: name }, state === 'works' ? 1 : 0);
    for (const { name: queue, ...state } of found.queues) {
      const { oldestAt } = state;
      waiting.set({ queue }, state.waiting);
      failed.set({ queue }, state.failed);
      const since = oldestAt === null ? 0 : found.checkedAt.getTime() - oldestAt.getTime();
      age.set({ queue }, Math.max(0, since) / 1000);
    }
    const left = found.chains.reduce((sum, { rows, signed }) => sum + rows - signed, 0);
    if (found.chains.length > 0) unsigned.set(left);
    else unsigned.remove();
  };
}
