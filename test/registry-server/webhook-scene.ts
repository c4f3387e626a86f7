import type { TestFn } from 'ava';
import { z } from 'zod';
import type { RegistryOptions } from '#server/main.js';
import { sharedRegistry } from '../ops/scene.js';
import type { Receiver } from '../support/receiver.js';
import {
  archiveBody,
  jsonBody,
  packTest,
  startTestRegistry,
  type TestManifest,
  type TestRegistry,
} from '../support/registry.js';
import type { Teardown } from '../support/temp.js';

export const HOUR = 3_600_000;

const ADVISORY = { package: '@acme/tone', vulnerable: '<1.0.3', severity: 'high', title: 'Obeys its input' };

export const webhookSchema = z.object({ id: z.string(), secret: z.string(), owner: z.string() });
const deliverySchema = z.object({
  event: z.string(),
  type: z.string(),
  state: z.string(),
  attempts: z.number(),
  lastStatus: z.number().nullable(),
  lastError: z.string().nullable(),
});
const messageSchema = z.object({
  type: z.string(),
  timestamp: z.string(),
  data: z.object({
    package: z.string(),
    advisory: z.looseObject({ id: z.string(), withdrawn: z.string().nullable() }),
    dependents: z.object({ total: z.number(), packages: z.array(z.record(z.string(), z.string())) }),
  }),
});

export interface WebhookRegistries {
  /** One for all tests of a file. */
  shared(): TestRegistry;
  /** One that looks at its queue often. */
  start(t: Teardown, options?: Partial<RegistryOptions>): Promise<TestRegistry>;
  /** Moves their clock on, by milliseconds: so tests run one after the other. */
  moveOn(time: number): void;
}

/** The registries of a file; `@acme/tone` is in the one that its tests share. */
export function webhookRegistries(test: TestFn): WebhookRegistries {
  let ahead = 0;
  const start: WebhookRegistries['start'] = (t, options = {}) =>
    startTestRegistry(t, {
      webhookHosts: '127.0.0.0/8',
      now: () => new Date(Date.now() + ahead),
      ...options,
      limits: { webhookInterval: 20, webhookTime: 20_000 },
    });
  const shared = sharedRegistry(
    test,
    async running => {
      await running.publish({ name: '@acme/tone', version: '1.0.0' });
    },
    start,
  );
  // So that none hears of what other tests do.
  test.afterEach.always('no webhook is left', async () => {
    const { webhooks } = z
      .object({ webhooks: z.array(z.object({ id: z.string() })) })
      .parse(await (await shared().request('/webhooks?limit=250')).json());
    for (const { id } of webhooks) await shared().request(`/webhooks/${id}`, { method: 'DELETE' });
  });
  return {
    shared,
    start,
    moveOn(time) {
      ahead += time;
    },
  };
}

export async function add(registry: TestRegistry, url: string, more: object = {}, token?: string) {
  const answer = await registry.request('/webhooks', {
    ...jsonBody('POST', { url, packages: ['@acme/tone'], ...more }),
    ...(token === undefined ? {} : { token }),
  });
  if (answer.status !== 201) throw new Error(await answer.text());
  return webhookSchema.parse(await answer.json());
}

export async function deliveries(registry: TestRegistry, id: string) {
  const answer = await registry.request(`/webhooks/${id}/deliveries`);
  return z.object({ deliveries: z.array(deliverySchema) }).parse(await answer.json()).deliveries;
}

export async function warn(registry: TestRegistry, more: object = {}): Promise<string> {
  const answer = await registry.request('/advisories', jsonBody('POST', { ...ADVISORY, ...more }));
  if (answer.status !== 201) throw new Error(await answer.text());
  return z.object({ id: z.string() }).parse(await answer.json()).id;
}

export async function userToken(registry: TestRegistry, user: string): Promise<string> {
  const answer = await registry.request(
    '/tokens',
    jsonBody('POST', { name: user, user, scopes: ['publish'] }),
  );
  return z.object({ token: z.string() }).parse(await answer.json()).token;
}

export async function publishAs(registry: TestRegistry, token: string, manifest: TestManifest, query = '') {
  const { bytes } = await packTest(manifest);
  const answer = await registry.request(`/packages${query}`, { ...archiveBody(bytes), token });
  if (answer.status !== 201) throw new Error(await answer.text());
}

export async function until(holds: () => boolean | Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    if (await holds()) return true;
    await new Promise(resolve => setTimeout(resolve, 15));
  }
  return false;
}

/** Long enough for what must not happen to happen: the queue is looked at many times. */
export const aWhile = () => new Promise(resolve => setTimeout(resolve, 300));

export function messages({ received }: Receiver) {
  return received.map(({ body }) => messageSchema.parse(JSON.parse(body)));
}
