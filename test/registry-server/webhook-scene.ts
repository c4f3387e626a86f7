import { z } from 'zod';
import type { Receiver } from '../support/receiver.js';
import {
  archiveBody,
  jsonBody,
  packTest,
  type TestManifest,
  type TestRegistry,
} from '../support/registry.js';

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

export function messages({ received }: Receiver) {
  return received.map(({ body }) => messageSchema.parse(JSON.parse(body)));
}
