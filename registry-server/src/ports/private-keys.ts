import type { KeyObject } from 'node:crypto';

/** Where the private halves of signing keys are: never in the database. */
export interface PrivateKeys {
  /** The key that the operator hands in; undefined when the registry makes its own. */
  readonly given: KeyObject | undefined;
  find(keyid: string): Promise<KeyObject | undefined>;
  /** Makes a new one and keeps it. @returns its private half */
  create(): Promise<KeyObject>;
}
