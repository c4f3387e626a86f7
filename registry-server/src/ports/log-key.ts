import type { KeyObject } from 'node:crypto';

/** Where the private half of the transparency log's key is: never in the database. */
export interface LogKeyStore {
  /** Ed25519; undefined when none was made yet. */
  load(): Promise<KeyObject | undefined>;
  /** Makes the key. Of several servers that do at once, all get the same one. */
  create(): Promise<KeyObject>;
}
