/** Under which name prompd files its tokens, in whichever place. */
export const SERVICE = 'prompd';

/**
 * A place for secrets, by keytar's API, which password stores of all systems are reached through.
 * prompd's account is the registry's address in its normal form.
 * @see https://github.com/atom/node-keytar#docs
 */
export interface Keychain {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  /** @returns whether there was one */
  deletePassword(service: string, account: string): Promise<boolean>;
  findCredentials(service: string): Promise<{ account: string; password: string }[]>;
}
