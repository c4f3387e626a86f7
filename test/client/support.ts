import type { ExecutionContext } from 'ava';
import { createPromptClient, type PromptClient, type PromptClientOptions } from '#prompd/client/index.js';
import { type DeliveryServer, startDeliveryServer } from '../support/delivery-server.js';

export const SUMMARY = '@bank/kyc:summary';

/** A clock that stands still until it is moved, and what shows how much time passed. */
export class TestClock {
  #now = Date.parse('2026-03-01T12:00:00Z');
  #passed = 0;
  readonly read = () => new Date(this.#now);
  readonly uptime = () => this.#passed;

  forward(ms: number): void {
    this.#now += ms;
    this.#passed += ms;
  }

  /** Sets it, as an administrator or a broken battery would: no time passes. */
  set(ms: number): void {
    this.#now += ms;
  }
}

/** A client that is closed when the test ends. */
export function clientFor(t: ExecutionContext, options: PromptClientOptions): PromptClient {
  const client = createPromptClient({ random: () => 0.5, deadlineMs: 5_000, ...options });
  t.teardown(() => client.close());
  return client;
}

/** A server and a client of it. */
export async function sceneFor(
  t: ExecutionContext,
  options: Partial<PromptClientOptions> = {},
): Promise<{ server: DeliveryServer; client: PromptClient }> {
  const server = await startDeliveryServer(t);
  return { server, client: clientFor(t, { registry: server.url, ...options }) };
}

/** Waits until something holds; fails after 20 seconds. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within 20 seconds: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

/** How long something takes, in milliseconds. */
export async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const start = performance.now();
  const value = await work();
  return { value, ms: performance.now() - start };
}
