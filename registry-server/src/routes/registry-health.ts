import { z } from 'zod';
import { defineRoute, type Route } from './route.js';

const count = z.number();
const moment = z.string().nullable();

const health = z
  .object({
    startedAt: z.string().meta({ description: 'Of the server that answers' }),
    checkedAt: z.string(),
    parts: z.array(
      z.object({
        name: z.string(),
        state: z.enum(['works', 'fails', 'absent']),
        milliseconds: count.nullable().meta({ description: 'Until it answered' }),
      }),
    ),
    connections: z
      .object({ total: count, idle: count, waiting: count })
      .nullable()
      .meta({ description: 'To PostgreSQL; null for the embedded database' }),
    queues: z.array(z.object({ name: z.string(), waiting: count, failed: count, oldestAt: moment })),
    chains: z
      .array(z.object({ chain: z.string(), rows: count, signed: count, signedAt: moment }))
      .meta({ description: 'Of the audit: those with the most rows that no checkpoint covers first' }),
    deliveries: z
      .object({ memory: count, redis: count, database: count, stale: count })
      .meta({ description: 'Where this server took them from, since it runs' }),
    uplinks: z.array(z.object({ name: z.string(), state: z.string() })),
  })
  .meta({ id: 'RegistryHealth' });

export const registryHealthRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/-/health',
    id: 'getRegistryHealth',
    summary: 'How the server and all that it depends on do, for administrators of the registry',
    action: 'registry.watch',
    answers: { 200: { description: 'What works, what waits, what is signed', schema: health } },
    async handle(_input, { services, response }) {
      const {
        startedAt,
        checkedAt,
        connections = null,
        queues,
        chains,
        uplinks,
        ...rest
      } = await services.health.look();
      response.set('cache-control', 'no-store').json({
        ...rest,
        startedAt: startedAt.toISOString(),
        checkedAt: checkedAt.toISOString(),
        connections,
        queues: queues.map(queue => ({ ...queue, oldestAt: queue.oldestAt?.toISOString() ?? null })),
        chains: chains.map(chain => ({ ...chain, signedAt: chain.signedAt?.toISOString() ?? null })),
        uplinks: uplinks.map(({ name, state }) => ({ name, state })),
      });
    },
  }),
];
