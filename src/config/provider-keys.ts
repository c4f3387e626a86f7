import { PrompdError } from '../core/errors.js';
import type { ProviderConfig } from './config.js';
import { type CredentialContext, openKeychain } from './credentials.js';

/** Under which name prompd files the keys of providers, apart from the tokens of registries. */
const KEY_SERVICE = 'prompd-provider';

/** Where a key was found. The key itself is nothing to show. */
export type KeySource = { readonly kind: 'variable'; readonly name: string } | { readonly kind: 'store' };

export interface FoundKey {
  readonly source: KeySource;
  readonly key: string;
}

/**
 * The key for a provider: `PROMPD_<NAME>_API_KEY`, then the variable that the provider's own tools read, then the
 * credential store. A kept key belongs to name and address: when the address changes, it is not sent to the new one.
 * @returns undefined when there is none
 * @throws PrompdError EPROVIDERKEY for a variable that holds no key; EKEYCHAIN, ECONFIG
 */
export async function findProviderKey(
  { config, env, warn }: CredentialContext,
  provider: ProviderConfig,
): Promise<FoundKey | undefined> {
  if (provider.kind === 'echo') return undefined;
  for (const name of keyVariables(provider.name)) {
    const value = env[name];
    if (value === undefined || value === '') continue;
    return { source: { kind: 'variable', name }, key: checkKey(value, name) };
  }
  const kept = await openKeychain({ config, warn }).getPassword(KEY_SERVICE, accountOf(provider));
  return kept === null ? undefined : { source: { kind: 'store' }, key: kept };
}

/** Keeps a key in the credential store, for exactly this name and address. @throws PrompdError EPROVIDERKEY, EKEYCHAIN */
export async function keepProviderKey(
  { config, warn }: Omit<CredentialContext, 'env'>,
  provider: ProviderConfig,
  key: string,
): Promise<void> {
  const checked = checkKey(key, 'The input');
  await openKeychain({ config, warn }).setPassword(KEY_SERVICE, accountOf(provider), checked);
}

/** Forgets the kept key of a provider. @returns whether there was one */
export async function forgetProviderKey(
  { config, warn }: Omit<CredentialContext, 'env'>,
  provider: ProviderConfig,
): Promise<boolean> {
  return openKeychain({ config, warn }).deletePassword(KEY_SERVICE, accountOf(provider));
}

/** The variables that can hold a provider's key, strongest first. */
export function keyVariables(name: string): string[] {
  const own = `PROMPD_${name.toUpperCase().replaceAll('-', '_')}_API_KEY`;
  if (name === 'openai') return [own, 'OPENAI_API_KEY'];
  if (name === 'anthropic') return [own, 'ANTHROPIC_API_KEY'];
  return [own];
}

function accountOf({ name, baseUrl = '' }: ProviderConfig): string {
  return `${name} ${baseUrl}`;
}

function checkKey(raw: string, source: string): string {
  const key = raw.trim();
  if (/^[\x21-\x7e]{1,4096}$/.test(key)) return key;
  throw new PrompdError('EPROVIDERKEY', `${source} does not hold an API key.`, {
    facts: { source, length: key.length },
    hint: 'A key is one word of printable ASCII characters: copy it again, without quotes and line breaks.',
  });
}
