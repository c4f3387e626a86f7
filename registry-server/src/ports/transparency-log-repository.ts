import type { Subtree } from 'prompd/verify';
import type { Viewer } from '../domain/actor.js';
import type { LogEntry, LoggedVersion } from '../domain/transparency-log.js';

/** The log of what was published. Publishing writes it; nothing that stands in it ever changes. */
export interface TransparencyLogRepository {
  /** How many leaves there are. */
  size(): Promise<number>;
  /** Hashes of complete subtrees, all read at once. */
  subtrees(wanted: readonly Subtree[]): Promise<(subtree: Subtree) => Uint8Array>;
  /**
   * The leaves of some versions, deleted ones among them; those that there are not, or that are private, are left out.
   * A version that may be had and has no leaf yet, as one that is mirrored from elsewhere, gets one.
   */
  find(
    versions: readonly { readonly name: string; readonly version: string }[],
    options: { readonly viewer: Viewer },
  ): Promise<readonly LoggedVersion[]>;
  /** Where a leaf stands. */
  indexOf(leafHash: Uint8Array): Promise<number | undefined>;
  /** Leaves in their order. Those of private packages have a hash alone, unless these are included. */
  entries(options: {
    readonly start: number;
    readonly limit: number;
    readonly viewer: Viewer;
  }): Promise<readonly LogEntry[]>;
  /** The key that the log is known by, in base64; undefined for a log that never signed anything. */
  publicKey(): Promise<string | undefined>;
  /** Writes down what the log is known by. The first that comes stays. @returns what stands there then */
  keepPublicKey(publicKey: string, now: Date): Promise<string>;
}
