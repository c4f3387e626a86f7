import type { ProviderConfig, ProviderKind } from '#prompd/config/config.js';
import { readProvider } from '#prompd/config/providers.js';
import { PrompdError } from '#prompd/core/errors.js';
import { type AskOptions, askModel, type ModelRequest, openEndpoint } from '#prompd/models/index.js';

export const KEY = 'sk-test-0123456789abcdefghij';
export const MESSAGES = [
  { role: 'system', content: 'Be kind.' },
  { role: 'user', content: 'Greet Ada.' },
  { role: 'assistant', content: 'Hello Ada!' },
  { role: 'user', content: 'Again.' },
] as const;

export function provider(kind: ProviderKind, baseUrl?: string, headers = {}): ProviderConfig {
  return readProvider('work', { kind, headers, ...(baseUrl === undefined ? {} : { baseUrl }) }, 'test');
}

export interface Asking extends Partial<Omit<AskOptions, 'pace'>> {
  readonly key?: string | undefined;
  readonly request?: Partial<ModelRequest>;
}

/** Asks without waiting: pauses are noted instead. */
export async function ask(who: ProviderConfig, { request, ...options }: Asking = {}) {
  const key = 'key' in options ? options.key : KEY;
  const pauses: number[] = [];
  const endpoint = await openEndpoint(who, { key, userAgent: 'prompd/test', date: () => 1_760_000_000_000 });
  const asked = { model: 'some-model', messages: MESSAGES, ...request };
  const outcome = await askModel(endpoint, asked, {
    timeoutMs: 20_000,
    retries: 2,
    signal: new AbortController().signal,
    pace: {
      now: () => performance.now(),
      random: () => 0.5,
      sleep: async ms => {
        pauses.push(ms);
      },
    },
    ...options,
  }).then(
    answer => ({ answer }),
    (error: unknown) => {
      if (error instanceof PrompdError) return { error };
      throw error;
    },
  );
  return { ...outcome, pauses };
}

/** Asks, and must get an answer. */
export async function answer(who: ProviderConfig, options: Asking = {}) {
  const outcome = await ask(who, options);
  if ('answer' in outcome) return outcome.answer;
  throw outcome.error;
}

/** Asks, and must get an error. */
export async function refusal(who: ProviderConfig, options: Asking = {}) {
  const outcome = await ask(who, options);
  if ('error' in outcome) return { ...outcome, error: outcome.error };
  throw new Error(`there was an answer: ${outcome.answer.text}`);
}
