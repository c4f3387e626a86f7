import { setMaxListeners } from 'node:events';
import type { ProviderConfig } from '../../config/config.js';
import { findProviderKey } from '../../config/provider-keys.js';
import { PrompdError } from '../../core/errors.js';
import {
  askModel,
  type ChatMessage,
  type Endpoint,
  openEndpoint,
  type Pace,
  REAL_PACE,
  type TimedAnswer,
} from '../../models/index.js';
import type { Context } from '../context.js';
import type { ModelChoice } from './choose-model.js';

/** Longest silence of a model unless told otherwise. */
export const DEFAULT_TIMEOUT_MS = 120_000;

export interface DeskOptions {
  readonly timeoutMs?: number | undefined;
  /** Time and chance; the machine's own by default. */
  readonly pace?: Pace | undefined;
}

export interface Question extends ModelChoice {
  readonly messages: readonly ChatMessage[];
  readonly temperature?: number | undefined;
  readonly maxTokens?: number | undefined;
  readonly onText?: ((text: string) => void) | undefined;
}

/** Where an operation asks models: keys are looked up and endpoints opened once, and Ctrl-C stops all of it. */
export interface ModelDesk {
  /** @throws PrompdError with a code of the table's section on models; EPROMPT, ECANCELLED, EKEYCHAIN */
  ask(question: Question): Promise<TimedAnswer>;
  /** Aborted when the user stopped the command. */
  readonly signal: AbortSignal;
}

/** Opens the desk for one operation. */
export function openModelDesk(context: Context, options: DeskOptions = {}): ModelDesk {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, pace = REAL_PACE } = options;
  const controller = new AbortController();
  // Every request under way listens: many are no leak that Node should warn of.
  setMaxListeners(0, controller.signal);
  const endpoints = new Map<string, Promise<Endpoint>>();
  let listening = false;
  return {
    signal: controller.signal,
    async ask({ provider, model, messages, temperature, maxTokens, onText }) {
      if (!messages.some(({ role }) => role === 'user')) throw noUserMessage();
      const endpoint = endpoints.get(provider.name) ?? openFor(context, provider);
      endpoints.set(provider.name, endpoint);
      const opened = await endpoint;
      if (!listening) void context.interrupted().then(() => controller.abort());
      listening = true;
      return askModel(
        opened,
        { model, messages, temperature, maxTokens },
        {
          timeoutMs,
          retries: context.config.network.retries,
          pace,
          signal: controller.signal,
          onText,
          onRetry: ({ message }, pauseMs) =>
            context.progress.info(`${message} Trying again in ${Math.ceil(pauseMs / 1000)} s.`),
        },
      );
    },
  };
}

async function openFor(context: Context, provider: ProviderConfig): Promise<Endpoint> {
  const { config, env, progress, version, now } = context;
  const found = await findProviderKey({ config, env, warn: message => progress.warn(message) }, provider);
  if (found && isExposed(provider)) {
    progress.warn(`The API key goes to ${provider.baseUrl} unencrypted: use an https address.`);
  }
  return openEndpoint(provider, {
    key: found?.key,
    userAgent: `prompd/${version}`,
    date: () => now().getTime(),
  });
}

/** Whether what is sent to a provider can be read on the way. */
export function isExposed({ baseUrl }: Pick<ProviderConfig, 'baseUrl'>): boolean {
  if (baseUrl === undefined) return false;
  const { protocol, hostname } = new URL(baseUrl);
  return protocol === 'http:' && hostname !== 'localhost' && hostname !== '[::1]' && !/^127\./.test(hostname);
}

function noUserMessage(): PrompdError {
  return new PrompdError('EPROMPT', 'The prompt has no user message, so there is nothing to ask.', {
    hint: 'Give it a "# User" section.',
  });
}
