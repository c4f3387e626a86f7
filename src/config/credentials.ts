import path from 'node:path';
import type { Config, RegistryConfig } from './config.js';
import { DEFAULT_ALIAS } from './config.js';
import { fileKeychain } from './file-keychain.js';
import { type Keychain, SERVICE } from './keychain.js';
import { systemKeychain } from './system-keychain.js';
import { checkToken } from './token.js';

/** The file of the `file` credential store inside the home folder. */
const CREDENTIALS_FILE = 'credentials.json';

/** What choosing a credential needs to know of the world. */
export interface CredentialContext {
  readonly config: Pick<Config, 'home' | 'credentialStore'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly warn: (message: string) => void;
}

/** The place for secrets that the configuration chose. */
export function openKeychain({ config, warn }: Omit<CredentialContext, 'env'>): Keychain {
  return config.credentialStore === 'keychain'
    ? systemKeychain()
    : fileKeychain(path.join(config.home, CREDENTIALS_FILE), warn);
}

/**
 * The token for a registry, or undefined.
 *
 * `PROMPD_TOKEN` belongs to the default registry as the user chose it. A project's file may choose another one; it
 * does not get that token, since whoever wrote the checkout could have it sent anywhere. Tokens of `prompd login` are
 * filed under the registry's address and go to that address only, whoever named it.
 * @throws PrompdError EKEYCHAIN, ECONFIG; EAUTH for what is no token
 */
export async function tokenFor(
  { config, env, warn }: CredentialContext,
  registry: RegistryConfig,
): Promise<string | undefined> {
  const fromEnvironment = env['PROMPD_TOKEN'];
  if (fromEnvironment !== undefined && fromEnvironment !== '' && registry.alias === DEFAULT_ALIAS) {
    if (registry.origin !== 'project') return checkToken(fromEnvironment, 'PROMPD_TOKEN');
    warn(
      `PROMPD_TOKEN is not sent to ${registry.url}, because the project's .prompdrc.json chose that registry. To send it, set PROMPD_REGISTRY to that address or make it "registry" in config.json in your prompd folder.`,
    );
  }
  const kept = await openKeychain({ config, warn }).getPassword(SERVICE, registry.url);
  return kept === null ? undefined : checkToken(kept, 'The credential store');
}
