import type { Readable } from 'node:stream';
import type { Integrity } from 'prompd/core';

/** Content that was received and hashed, and is not yet visible. */
export interface StagedBlob {
  readonly integrity: Integrity;
  readonly shasum: string;
  readonly size: number;
  /** The bytes, read once from where they were staged. */
  bytes(): Promise<Uint8Array>;
  /** Makes the content visible under its integrity. Doing it again, or for content that is there, changes nothing. */
  place(): Promise<void>;
  /** Removes what was staged, unless it was placed. */
  discard(): Promise<void>;
}

/** Archives by what they hash to. */
export interface BlobStore {
  /**
   * Receives content.
   * @param maxBytes more than that is refused with ETOOLARGE
   */
  stage(source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StagedBlob>;
  /** @returns undefined when there is no such content */
  open(integrity: Integrity): Promise<{ readonly size: number; readonly stream: Readable } | undefined>;
  remove(integrity: Integrity): Promise<void>;
  /** Removes leftovers of interrupted uploads, and content that nothing uses. */
  sweep(inUse: ReadonlySet<Integrity>, olderThan: Date): Promise<number>;
  /** @throws when content could not be written */
  check(): Promise<void>;
}
