import type { LanguageModel } from 'ai';
import type { ProviderKind } from '../config/config.js';
import { type EndpointFetchOptions, endpointFetch } from './endpoint-fetch.js';
import type { Asked } from './refusal.js';

/** A model as the AI SDK knows it. */
export type SdkModel = Exclude<LanguageModel, string>;

/** Makes a model of one provider. */
export type SdkAdapter = (asked: Asked, options: EndpointFetchOptions) => SdkModel;

/**
 * Loads the SDK's adapter for a protocol: before anything is asked, so that no model's time is spent on it. Addresses and
 * keys are always given to it, so that none is looked up in the environment behind prompd's back.
 */
export async function loadAdapter(kind: ProviderKind): Promise<SdkAdapter> {
  switch (kind) {
    case 'openai': {
      const { createOpenAI } = await import('@ai-sdk/openai');
      return (asked, options) =>
        createOpenAI({ ...settings(asked, options), apiKey: asked.key ?? '' })(asked.model);
    }
    case 'anthropic': {
      const { createAnthropic } = await import('@ai-sdk/anthropic');
      return (asked, options) =>
        createAnthropic({ ...settings(asked, options), apiKey: asked.key ?? '' })(asked.model);
    }
    case 'openai-compatible':
    case 'ollama': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      return (asked, options) =>
        createOpenAICompatible({
          ...settings(asked, options),
          ...(asked.key === undefined ? {} : { apiKey: asked.key }),
          name: asked.provider.name,
          includeUsage: true,
        })(asked.model);
    }
    case 'echo':
      throw new TypeError('echo speaks no protocol');
  }
}

function settings(asked: Asked, options: EndpointFetchOptions) {
  const { name, baseUrl, headers } = asked.provider;
  if (baseUrl === undefined) throw new TypeError(`"${name}" has no address`);
  return { baseURL: baseUrl, headers: { ...headers }, fetch: endpointFetch(asked, options) };
}
