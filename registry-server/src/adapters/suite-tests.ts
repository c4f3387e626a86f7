import { setMaxListeners } from 'node:events';
import { PrompdError } from 'prompd/core';
import { askModel, type Endpoint, openEndpoint, REAL_PACE, type TestReport } from 'prompd/models';
import {
  countRuns,
  type ModelDesk,
  type ModelName,
  planSuite,
  runSuite,
  type TestPlan,
  type TestTarget,
} from 'prompd/testing';
import { WebhookHosts } from '../domain/webhook-hosts.js';
import { guardedFetch } from './guarded-fetch.js';
import type { SuiteSettings } from './suite-message.js';

export interface TestRun {
  readonly models: readonly ModelName[];
  /** Null for all that have tests. */
  readonly prompts: readonly string[] | null;
  readonly settings: SuiteSettings;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * Runs the tests of a package against models that the operator allows.
 * @throws PrompdError as `planSuite` does; EUSAGE for a suite that takes too many requests
 */
export async function runTests(
  target: TestTarget,
  { models, prompts, settings, onProgress }: TestRun,
): Promise<TestReport> {
  const book = {
    providers: new Map(settings.providers.map(({ config }) => [config.name, config])),
    provider: undefined,
  };
  const plan = await planSuite(target, book, { models, prompts: prompts ?? undefined });
  const requests = countRequests(plan);
  if (requests > settings.maxRequests) {
    throw new PrompdError(
      'EUSAGE',
      `The run takes ${requests} requests, and ${settings.maxRequests} are allowed.`,
      {
        facts: { requests, limit: settings.maxRequests },
        hint: 'Ask for fewer models at once, or ask whoever runs the registry for more.',
      },
    );
  }
  const total = countRuns(plan);
  let done = 0;
  onProgress(done, total);
  const { concurrency } = settings;
  return runSuite(plan, {
    desk: openDesk(settings),
    book,
    concurrency,
    onRun: () => onProgress(++done, total),
  });
}

/** With those to judges. */
function countRequests({ models }: TestPlan): number {
  let requests = 0;
  for (const { cases } of models) {
    for (const { runs, assertions } of cases) {
      const judges = assertions.filter(({ assertion }) => assertion.type === 'judge').length;
      requests += runs * (1 + judges);
    }
  }
  return requests;
}

function openDesk({
  providers,
  hosts,
  userAgent,
  timeoutMs,
  retries,
}: SuiteSettings): Pick<ModelDesk, 'ask'> {
  const send = guardedFetch(new WebhookHosts(hosts));
  const endpoints = new Map<string, Promise<Endpoint>>();
  // Nobody stops it from within: the thread is ended from outside.
  const { signal } = new AbortController();
  // Every request under way listens: many are no leak that Node should warn of.
  setMaxListeners(0, signal);
  return {
    async ask({ provider: { name }, model, messages, temperature, maxTokens }) {
      const allowed = providers.find(({ config }) => config.name === name);
      if (!allowed || (allowed.models && !allowed.models.includes(model))) throw notAllowed(name, model);
      const { config, key } = allowed;
      const endpoint = endpoints.get(name) ?? openEndpoint(config, { key, userAgent, date: Date.now, send });
      endpoints.set(name, endpoint);
      return askModel(
        await endpoint,
        { model, messages, temperature, maxTokens },
        { timeoutMs, retries, pace: REAL_PACE, signal },
      );
    },
  };
}

function notAllowed(provider: string, model: string): PrompdError {
  return new PrompdError('ENOMODEL', `This registry does not ask "${model}" of "${provider}".`, {
    facts: { provider, model },
    hint: 'Whoever runs the registry says which models it asks.',
  });
}
