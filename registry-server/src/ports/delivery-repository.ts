import type { PackageManifest } from 'prompd/core';
import type { DeliverySelector } from '../domain/delivery.js';

/** A version that a selector means, as delivery needs it. */
export interface DeliverableVersion {
  readonly id: number;
  readonly version: string;
  readonly manifest: PackageManifest;
  readonly publishedAt: Date;
  readonly deprecated: string | null;
}

export interface Selected {
  readonly a: DeliverableVersion;
  /** The version that a share of the channel's readers gets, while it is published. */
  readonly split: { readonly b: DeliverableVersion; readonly weight: number } | undefined;
}

/** A prompt as it was composed once. */
export interface ComposedPrompt {
  readonly digest: string;
  /** Canonical JSON. */
  readonly content: string;
  /** JSON. */
  readonly contract: string;
}

export interface StoredPrompt extends ComposedPrompt {
  /** Made of its own package alone: then nothing that happens to others changes what is said here. */
  readonly isWhole: boolean;
  /** `name@version` of what it is made of and must not be delivered (any more). */
  readonly withdrawn: readonly string[];
  /** Names of private packages that it is made of. */
  readonly privateSources: readonly string[];
}

export interface NewComposition {
  readonly versionId: number;
  readonly prompts: ReadonlyMap<string, ComposedPrompt & { readonly sources: readonly number[] }>;
  readonly now: Date;
}

/** What is delivered. Only versions that are published are ever found. */
export interface DeliveryRepository {
  /** @returns undefined when there is no such version */
  select(name: string, selector: DeliverySelector): Promise<Selected | undefined>;
  /** Why a version that is not found is none that is delivered; undefined where it was never there. */
  withdrawal(name: string, selector: DeliverySelector): Promise<Withdrawal | undefined>;
  /** When approval of a version was asked for; undefined for one that was published without. */
  requestedAt(versionId: number): Promise<Date | undefined>;
  /** Those of some versions that were published after a time, and that nobody approved: `@org/name@version`. */
  unapprovedSince(versionIds: readonly number[], time: Date): Promise<readonly string[]>;
  /** A prompt of a version, by its path; undefined until the version was composed. */
  composed(versionId: number, path: string): Promise<StoredPrompt | undefined>;
  /** Keeps what a version's prompts were composed to. What is kept already stays. */
  keep(composition: NewComposition): Promise<void>;
}

export interface Withdrawal {
  readonly version: string;
  readonly reason: string;
}
