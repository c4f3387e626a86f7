import type { Config, ProviderConfig } from '../../config/config.js';
import { PrompdError } from '../../core/errors.js';
import { suggest } from '../../core/suggest.js';
import type { VariantChoice } from '../../prompt/index.js';

/** A model and who is asked for it. */
export interface ModelChoice {
  readonly provider: ProviderConfig;
  readonly model: string;
}

/** Who may be asked: the providers that are defined, and the one for where nothing else says more. */
export type ProviderBook = Pick<Config, 'providers' | 'provider'>;

/** A choice as the model map of a package knows it: by the provider's name. */
export function variantChoice({ provider, model }: ModelChoice): VariantChoice {
  return { provider: provider.name, model };
}

/** What somebody says about provider and model; either may be left to others. */
export interface ModelWish {
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
}

/**
 * Chooses provider and model: flags, then what the prompt says, then the configuration. A model that the prompt names
 * together with a provider counts only when that provider is chosen.
 * @throws PrompdError ENOPROVIDER, ENOMODEL
 */
export function chooseModel(config: ProviderBook, flags: ModelWish, prompt: ModelWish): ModelChoice {
  const name = flags.provider ?? prompt.provider ?? config.provider;
  if (name === undefined) {
    throw new PrompdError('ENOPROVIDER', 'No provider is chosen.', {
      facts: { known: [...config.providers.keys()] },
      hint: 'Name one with "--provider", or set "provider" in the configuration; "echo" answers offline.',
    });
  }
  const provider = findProvider(config, name);
  const fromPrompt = prompt.provider === undefined || prompt.provider === name ? prompt.model : undefined;
  const model = flags.model ?? fromPrompt ?? provider.model;
  if (model !== undefined && model !== '') return { provider, model };
  throw new PrompdError('ENOMODEL', `No model of "${name}" is chosen.`, {
    facts: { provider: name },
    hint: `Name one with "--model", or give "${name}" a default with "prompd provider add".`,
  });
}

/** The provider of a name. @throws PrompdError ENOPROVIDER */
export function findProvider({ providers }: Pick<Config, 'providers'>, name: string): ProviderConfig {
  const provider = providers.get(name);
  if (provider) return provider;
  const known = [...providers.keys()];
  const near = suggest(name, known);
  throw new PrompdError('ENOPROVIDER', `There is no provider "${name.slice(0, 80)}".`, {
    facts: { known },
    hint:
      near === undefined
        ? 'Define it with "prompd provider add", or name another one with "--provider".'
        : `Did you mean "${near}"?`,
  });
}

/** What the front matter of a prompt says about how it is asked. Wrong types were reported when it was loaded. */
export function executionOf(execution: Readonly<Record<string, unknown>>): ModelWish & {
  readonly temperature?: number;
  readonly maxTokens?: number;
} {
  const { provider, model, temperature, max_tokens: maxTokens } = execution;
  return {
    ...(typeof provider === 'string' ? { provider } : {}),
    ...(typeof model === 'string' ? { model } : {}),
    ...(typeof temperature === 'number' ? { temperature } : {}),
    ...(typeof maxTokens === 'number' ? { maxTokens } : {}),
  };
}
