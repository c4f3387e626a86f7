import type { Readable } from 'node:stream';
import type { Integrity } from 'prompd/core';

/** Content that was received and hashed, and is not yet visible. */
export interface StagedBlob {
  readonly integrity: Integrity;
  readonly shasum: string;
  readonly size: number;
  /** The bytes, read once from where they were staged. */
  bytes(): Promise<Uint8Array>;
  /**
   * Makes the content visible under its integrity, and notes down that nothing may use it yet. Doing it for content that
   * is there changes nothing.
   */
  place(): Promise<void>;
  /** Takes the note away: a version uses the content now. */
  keep(): Promise<void>;
  /** Removes what was staged, unless it was placed. */
  discard(): Promise<void>;
}

/** What an upload left that did not come to its end. */
export interface Leftover {
  /** Content that was placed and may be used by nothing. */
  readonly content: Integrity | undefined;
  remove(): Promise<void>;
}

/** Content that is being read. */
export interface OpenBlob {
  /** In bytes. */
  readonly size: number;
  readonly stream: Readable;
}

/** Archives by what they hash to. */
export interface BlobStore {
  /**
   * Receives content.
   * @param maxBytes more than that is refused with ETOOLARGE
   */
  stage(source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StagedBlob>;
  /** @returns undefined when there is no such content */
  open(integrity: Integrity): Promise<OpenBlob | undefined>;
  /** All of the content at once. @returns undefined when there is no such content */
  read(integrity: Integrity): Promise<Buffer | undefined>;
  has(integrity: Integrity): Promise<boolean>;
  remove(integrity: Integrity): Promise<void>;
  /** What interrupted uploads left before a time. */
  leftovers(before: Date): Promise<readonly Leftover[]>;
  /** @throws when content could not be written */
  check(): Promise<void>;
}
