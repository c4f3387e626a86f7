import { z } from 'zod';
import { NAME_PATTERN } from '../domain/name-pattern.js';
import { EVENT_TYPES } from '../domain/registry-event.js';
import { DELIVERY_STATES, type Delivery, FOLLOWED, isWebhookId, type Webhook } from '../domain/webhook.js';
import { MAX_URL } from '../domain/webhook-hosts.js';
import { defineRoute } from './route.js';
import { count, text } from './schemas.js';

const MAX_PATTERNS = 50;

const pattern = z
  .string()
  .max(214)
  .regex(NAME_PATTERN, 'is no name, scope or name with "*", in lowercase')
  .meta({ description: 'A name, `@scope`, or a name with `*`', example: '@bank' });

const webhookBody = z
  .strictObject({
    url: text(MAX_URL).min(1).meta({ example: 'https://hooks.example.com/prompd' }),
    events: z
      .array(z.enum(EVENT_TYPES))
      .min(1)
      .max(EVENT_TYPES.length)
      .default([...EVENT_TYPES]),
    packages: z.array(pattern).max(MAX_PATTERNS).default([]),
    follow: z.array(z.enum(FOLLOWED)).max(FOLLOWED.length).optional(),
  })
  .meta({ id: 'NewWebhook' });

const changesBody = z.strictObject({ enabled: z.boolean() }).meta({ id: 'WebhookChanges' });

/** Hours for which two secrets may count. */
const MAX_OVERLAP = 168;

const rotationBody = z
  .strictObject({
    hours: z
      .number()
      .min(0)
      .max(MAX_OVERLAP)
      .default(24)
      .meta({ description: 'How long messages are signed with the old secret as well' }),
  })
  .meta({ id: 'SecretRotation' });

const idParams = z.strictObject({
  id: z
    .string()
    .refine(isWebhookId, { message: 'is not the id of a webhook', params: { problem: 'ENOTFOUND' } })
    .meta({ example: 'wh_5f0c1d2e3a4b5c6d7e8f9a0b' }),
});

const nullable = z.string().nullable();
const fields = {
  id: z.string(),
  owner: z.string(),
  url: z.string(),
  events: z.array(z.enum(EVENT_TYPES)),
  packages: z.array(z.string()),
  follow: z.array(z.enum(FOLLOWED)),
  createdAt: z.string(),
  disabledAt: nullable,
  disabledReason: nullable,
};
const webhook = z.object(fields).meta({ id: 'Webhook' });
const madeWebhook = z.object({ ...fields, secret: z.string() }).meta({ id: 'MadeWebhook' });
const delivery = z
  .object({
    event: z.string(),
    type: z.string(),
    state: z.enum(DELIVERY_STATES),
    attempts: z.number(),
    lastStatus: z.number().nullable(),
    lastError: nullable,
    createdAt: z.string(),
    lastAttemptAt: nullable,
    nextAt: nullable,
    finishedAt: nullable,
  })
  .meta({ id: 'WebhookDelivery' });

export const webhookRoutes = [
  defineRoute({
    method: 'get',
    path: '/webhooks',
    id: 'listWebhooks',
    summary: 'The webhooks of who asks, and for admins all; without their secrets',
    action: 'webhook.manage',
    query: z.strictObject({ limit: count(250, 100), offset: count(100_000, 0) }),
    answers: { 200: { description: 'The webhooks', schema: z.object({ webhooks: z.array(webhook) }) } },
    async handle({ query }, { actor, services, response }) {
      const found = await services.webhooks.list(actor, query);
      response.set('cache-control', 'no-store').json({ webhooks: found.map(shown) });
    },
  }),
  defineRoute({
    method: 'post',
    path: '/webhooks',
    id: 'createWebhook',
    summary: 'Be told of events; only this answer shows the secret that messages are signed with',
    action: 'webhook.manage',
    body: webhookBody,
    answers: { 201: { description: 'The webhook', schema: madeWebhook } },
    async handle({ body: { follow, ...body } }, { actor, services, response }) {
      const made = await services.webhooks.create(actor, { ...body, follow });
      response
        .status(201)
        .set('cache-control', 'no-store')
        .json({ ...shown(made.webhook), secret: made.secret });
    },
  }),
  defineRoute({
    method: 'get',
    path: '/webhooks/:id',
    id: 'getWebhook',
    summary: 'One webhook',
    action: 'webhook.manage',
    params: idParams,
    answers: { 200: { description: 'The webhook', schema: webhook } },
    async handle({ params: { id } }, { actor, services, response }) {
      response.set('cache-control', 'no-store').json(shown(await services.webhooks.find(actor, id)));
    },
  }),
  defineRoute({
    method: 'put',
    path: '/webhooks/:id',
    id: 'changeWebhook',
    summary: 'Disable a webhook, or enable it again',
    action: 'webhook.manage',
    params: idParams,
    body: changesBody,
    answers: { 200: { description: 'The webhook after the change', schema: webhook } },
    async handle({ params: { id }, body: { enabled } }, { actor, services, response }) {
      response.set('cache-control', 'no-store');
      response.json(shown(await services.webhooks.enable(actor, id, enabled)));
    },
  }),
  defineRoute({
    method: 'post',
    path: '/webhooks/:id/secret',
    id: 'rotateWebhookSecret',
    summary: 'Give a webhook a new secret, which only this answer shows',
    action: 'webhook.manage',
    params: idParams,
    body: rotationBody,
    answers: { 200: { description: 'The webhook with its new secret', schema: madeWebhook } },
    async handle({ params: { id }, body: { hours } }, { actor, services, response }) {
      const made = await services.webhooks.rotate(actor, id, hours);
      response.set('cache-control', 'no-store').json({ ...shown(made.webhook), secret: made.secret });
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/webhooks/:id',
    id: 'removeWebhook',
    summary: 'End a webhook, with what was on its way',
    action: 'webhook.manage',
    params: idParams,
    answers: { 204: { description: 'It is gone' } },
    async handle({ params: { id } }, { actor, services, response }) {
      await services.webhooks.remove(actor, id);
      response.status(204).end();
    },
  }),
  defineRoute({
    method: 'get',
    path: '/webhooks/:id/deliveries',
    id: 'listDeliveries',
    summary: 'What a webhook was sent lately, newest first',
    action: 'webhook.manage',
    params: idParams,
    query: z.strictObject({ limit: count(250, 50) }),
    answers: {
      200: { description: 'The deliveries', schema: z.object({ deliveries: z.array(delivery) }) },
    },
    async handle({ params: { id }, query: { limit } }, { actor, services, response }) {
      const found = await services.webhooks.deliveries(actor, id, limit);
      response.set('cache-control', 'no-store').json({ deliveries: found.map(shownDelivery) });
    },
  }),
  defineRoute({
    method: 'post',
    path: '/webhooks/:id/test',
    id: 'testWebhook',
    summary: 'Send a webhook a message that says it is a test',
    action: 'webhook.manage',
    params: idParams,
    answers: { 202: { description: 'It is on its way', schema: z.object({ event: z.string() }) } },
    async handle({ params: { id } }, { actor, services, response }) {
      const event = await services.webhooks.sendTest(actor, id);
      response.status(202).set('cache-control', 'no-store').json({ event });
    },
  }),
];

function shown({ createdAt, disabledAt, ...webhook }: Webhook) {
  return { ...webhook, createdAt: createdAt.toISOString(), disabledAt: disabledAt?.toISOString() ?? null };
}

function shownDelivery({ createdAt, lastAttemptAt, nextAt, finishedAt, ...delivery }: Delivery) {
  return {
    ...delivery,
    createdAt: createdAt.toISOString(),
    lastAttemptAt: lastAttemptAt?.toISOString() ?? null,
    nextAt: nextAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}
