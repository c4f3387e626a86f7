import { z } from 'zod';
import type { HttpClient } from './http.js';
import { readAnswer } from './json-answer.js';
import { asker } from './prompd-ask.js';
import type { RegistryWebhook, RegistryWebhooks } from './webhooks.js';

/** More than a registry lists at once. */
const PAGE = 250;
/** More pages than this are no list of webhooks that anybody reads. */
const MAX_PAGES = 40;

const time = z.string().max(40);
const missing = <T>(found: T | null | undefined): T | undefined => found ?? undefined;
const words = z.array(z.string().max(300)).max(1000);

const webhookSchema = z.object({
  id: z.string().min(1).max(100),
  owner: z.string().max(300),
  url: z.string().max(4096),
  events: words,
  packages: words,
  follow: words,
  createdAt: time,
  disabledAt: time.nullish().transform(missing),
  disabledReason: z.string().max(1000).nullish().transform(missing),
});
const madeSchema = webhookSchema.extend({ secret: z.string().min(1).max(1000) });
const listSchema = z.object({ webhooks: z.array(webhookSchema).max(PAGE) });

const deliverySchema = z.object({
  event: z.string().max(300),
  type: z.string().max(300),
  state: z.string().max(40),
  attempts: z.int().min(0),
  lastStatus: z.int().nullish().transform(missing),
  lastError: z.string().max(1000).nullish().transform(missing),
  createdAt: time,
  lastAttemptAt: time.nullish().transform(missing),
  nextAt: time.nullish().transform(missing),
  finishedAt: time.nullish().transform(missing),
});
const deliveriesSchema = z.object({ deliveries: z.array(deliverySchema).max(PAGE) });
const testSchema = z.object({ event: z.string().min(1).max(300) });

/** The webhooks of a registry that speaks prompd's own protocol. */
export function prompdWebhooks(http: HttpClient, registryUrl: string): RegistryWebhooks {
  const ask = asker(http, registryUrl, 'the webhooks');
  const one = (id: string, rest = '') => `webhooks/${encodeURIComponent(id)}${rest}`;
  const named = (id: string) => `webhook "${id.slice(0, 100)}"`;
  return {
    create: async draft => readAnswer(await ask('POST', 'webhooks', { body: draft }), madeSchema),
    async list() {
      const all: RegistryWebhook[] = [];
      for (let page = 0; page < MAX_PAGES; page++) {
        const path = `webhooks?limit=${PAGE}&offset=${page * PAGE}`;
        const { webhooks } = readAnswer(await ask('GET', path), listSchema);
        all.push(...webhooks);
        if (webhooks.length < PAGE) break;
      }
      return all;
    },
    async remove(id) {
      await ask('DELETE', one(id), { subject: named(id) });
    },
    rotate: async (id, hours) =>
      readAnswer(await ask('POST', one(id, '/secret'), { body: { hours }, subject: named(id) }), madeSchema),
    enable: async (id, enabled) =>
      readAnswer(await ask('PUT', one(id), { body: { enabled }, subject: named(id) }), webhookSchema),
    deliveries: async id =>
      readAnswer(await ask('GET', one(id, '/deliveries'), { subject: named(id) }), deliveriesSchema)
        .deliveries,
    test: async id =>
      readAnswer(await ask('POST', one(id, '/test'), { subject: named(id) }), testSchema).event,
  };
}
