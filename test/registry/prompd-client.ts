import { parsePackageName } from '#prompd/core/name.js';
import { parseVersion } from '#prompd/core/version.js';
import { type PrompdRegistryOptions, prompdRegistry } from '#prompd/registry/prompd.js';
import type { Registry } from '#prompd/registry/registry.js';

export const NAME = parsePackageName('@acme/reviews');
export const VERSION = parseVersion('1.2.0');

/** A client with a token, that does not wait long before it asks again. */
export function client(url: string, options: Partial<PrompdRegistryOptions> = {}): Registry {
  return prompdRegistry({
    alias: 'default',
    registryUrl: url,
    network: { concurrency: 4, timeoutMs: 20_000, retries: 2 },
    userAgent: 'prompd/0.0.0-test',
    token: async () => 'secret-token',
    backoffLimitMs: 4,
    ...options,
  });
}

/** What a registry answers when something is wrong. */
export const problem = (code: string, more = {}) => ({
  type: 'about:blank',
  title: 'T',
  detail: 'What happened.',
  code,
  ...more,
});
