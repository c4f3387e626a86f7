import type { Viewer } from '../domain/actor.js';
import type { AdvisoryChanges, AdvisoryText, StoredAdvisory } from '../domain/advisory.js';
import type { Stamp } from '../domain/stamp.js';

export interface AdvisoryQuery {
  /** Only those about these packages; undefined is all. */
  readonly packages: readonly string[] | undefined;
  /** Whether those about private packages are given too. */
  readonly viewer: Viewer;
  readonly includeWithdrawn: boolean;
  readonly limit: number;
  readonly offset: number;
}

/** Advisories. A change is seen in the package's revision, from the same transaction on. */
export interface AdvisoryRepository {
  /** @returns false when the registry never had the package */
  add(
    id: string,
    packageName: string,
    { text, stamp }: { text: AdvisoryText; stamp: Stamp },
  ): Promise<boolean>;
  /** @returns false when there is no such advisory */
  change(
    id: string,
    { text, withdrawn, stamp }: { text: AdvisoryChanges; withdrawn: boolean | undefined; stamp: Stamp },
  ): Promise<boolean>;
  find(id: string, options: Pick<AdvisoryQuery, 'viewer'>): Promise<StoredAdvisory | undefined>;
  /** Newest first. */
  list(query: AdvisoryQuery): Promise<readonly StoredAdvisory[]>;
}
