import type { ProviderConfig } from '../config/config.js';
import { keyVariables } from '../config/provider-keys.js';
import { PrompdError } from '../core/errors.js';
import { ECHO } from './echo.js';
import type { EndpointFetchOptions } from './endpoint-fetch.js';
import type { Endpoint } from './model.js';

export interface EndpointOptions extends EndpointFetchOptions {
  readonly key: string | undefined;
}

/**
 * Gets a provider ready to be asked. The AI SDK is loaded here, and only for a provider that needs it.
 * @throws PrompdError EPROVIDERKEY when the provider asks for a key and there is none
 */
export async function openEndpoint(
  provider: ProviderConfig,
  { key, ...options }: EndpointOptions,
): Promise<Endpoint> {
  if (provider.kind === 'echo') return ECHO;
  if (key === undefined && (provider.kind === 'openai' || provider.kind === 'anthropic')) {
    const variables = keyVariables(provider.name);
    throw new PrompdError('EPROVIDERKEY', `There is no API key for "${provider.name}".`, {
      facts: { provider: provider.name, variables },
      hint: `Set ${variables.at(-1)}, or run "prompd provider add ${provider.name} --kind ${provider.kind} --key-stdin".`,
    });
  }
  const { sdkEndpoint } = await import('./sdk-endpoint.js');
  return sdkEndpoint(provider, key, options);
}
