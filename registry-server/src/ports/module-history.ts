import type { Integrity, PackageName, Version } from 'prompd/core';

/** A version as the members of its project see it, whatever became of it. */
export interface HistoricVersion {
  readonly id: number;
  readonly version: Version;
  /** `published`, `pending` or `rejected`. */
  readonly status: string;
  readonly integrity: Integrity;
  readonly publishedBy: string;
  readonly publishedAt: Date;
  readonly deprecated: string | null;
  readonly yanked: boolean;
  readonly deletedAt: Date | null;
  readonly revokedAt: Date | null;
  /** The tags that name it now. */
  readonly tags: readonly string[];
}

/** What became of a module's versions. */
export interface ModuleHistory {
  /** In the order in which they were published. */
  versions(name: PackageName): Promise<readonly HistoricVersion[]>;
  /** Version id to prompt to digest, of those versions for which it was found out. */
  digests(versionIds: readonly number[]): Promise<ReadonlyMap<number, ReadonlyMap<string, string>>>;
  keepDigests(versionId: number, digests: Readonly<Record<string, string>>): Promise<void>;
}
