import { PrompdError } from '../core/errors.js';
import type { Keychain } from './keychain.js';

/**
 * The credential store of the operating system: Keychain, Credential Manager, Secret Service. It is an optional
 * dependency with native code, loaded only where the configuration chooses it.
 * @throws PrompdError EKEYCHAIN, from each method, when it is not installed or the system has none or denies it
 */
export function systemKeychain(): Keychain {
  return {
    getPassword: (service, account) => guarded(async keytar => keytar.getPassword(service, account)),
    setPassword: (service, account, password) =>
      guarded(async keytar => keytar.setPassword(service, account, password)),
    deletePassword: (service, account) => guarded(async keytar => keytar.deletePassword(service, account)),
    findCredentials: service => guarded(async keytar => keytar.findCredentials(service)),
  };
}

async function guarded<T>(use: (keytar: Keychain) => Promise<T>): Promise<T> {
  try {
    return await use(await import('@napi-rs/keyring/keytar.js'));
  } catch (cause) {
    throw new PrompdError('EKEYCHAIN', 'The credential store of this system cannot be used.', {
      facts: { reason: (cause instanceof Error ? cause.message : String(cause)).slice(0, 300) },
      hint: 'Set "credentialStore": "file" in config.json in your prompd folder, or pass the token in PROMPD_TOKEN.',
      cause,
    });
  }
}
