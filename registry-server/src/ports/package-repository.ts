import type { Integrity, PackageManifest, PackageName, Version } from 'prompd/core';
import type { Access } from '../domain/authorize.js';
import type { DistTagMove } from '../domain/dist-tag.js';
import type { ArchiveFacts, Package, PackageVersion } from '../domain/package-version.js';
import type { SearchPage, SearchQuery } from '../domain/search-query.js';

/** A version that is about to be published. */
export interface NewVersion extends ArchiveFacts {
  readonly name: PackageName;
  readonly manifest: PackageManifest;
  readonly readme: string | null;
  readonly tag: string;
  /** Undefined keeps what the package has, or makes a new package public. */
  readonly access: Access | undefined;
  readonly stamp: Stamp;
}

/** Who changes something, and when. */
export interface Stamp {
  readonly actor: string;
  readonly now: Date;
}

/** What stands at a name@version, now or formerly; build metadata does not count. */
export interface VersionTrace {
  readonly version: Version;
  readonly integrity: Integrity;
  readonly deleted: boolean;
}

export interface PackageSettings {
  readonly access?: Access | undefined;
  /** Tag to version; null removes the tag. */
  readonly distTags?: Readonly<Record<string, string | null>> | undefined;
  /** Version to message; null takes the message away. */
  readonly deprecated?: Readonly<Record<string, string | null>> | undefined;
  readonly yanked?: Readonly<Record<string, boolean>> | undefined;
}

/** A package, its published versions and its tags, read at one moment. */
export interface PackageDocument {
  readonly package: Package;
  readonly versions: readonly PackageVersion[];
  readonly distTags: Readonly<Record<string, Version>>;
  /** Of the version that `latest` names. */
  readonly readme: string | null;
}

/** Packages, versions and tags. Only published versions that were not deleted are ever read. */
export interface PackageRepository {
  /** The package, if it has a published version. */
  find(name: string): Promise<Package | undefined>;
  /** Everything of a package in one consistent read. */
  document(name: string): Promise<PackageDocument | undefined>;
  version(name: string, version: string): Promise<PackageVersion | undefined>;
  readme(versionId: number): Promise<string | null>;
  distTags(name: string): Promise<Readonly<Record<string, Version>>>;
  moves(name: string): Promise<readonly DistTagMove[]>;
  search(query: SearchQuery): Promise<SearchPage>;
  /** What is or was at name@version, deleted versions included. */
  trace(name: string, version: string): Promise<VersionTrace | undefined>;
  /** The access of a package, even of one whose versions are all deleted. */
  accessOf(name: string): Promise<Access | undefined>;
  /**
   * Adds a version, in one transaction.
   * @param placeContent called in the transaction, under a lock on the content, before the rows are written
   * @returns the version's trace when name@version is taken, undefined when it was added
   */
  publish(version: NewVersion, placeContent: () => Promise<void>): Promise<VersionTrace | undefined>;
  /**
   * Changes what may change of a package, all of it or nothing.
   * @throws PrompdError ENOVERSION when a version that is named does not exist
   */
  configure(name: string, settings: PackageSettings, stamp: Stamp): Promise<void>;
  /**
   * Deletes a version and leaves a tombstone.
   * @returns false when there is no such version
   */
  unpublish(name: string, version: string, stamp: Stamp): Promise<boolean>;
  /** Calls `remove` under the lock on the content, unless a version still uses it. */
  ifUnused(integrity: Integrity, remove: () => Promise<void>): Promise<void>;
  /** The content of deleted versions that no other version uses. */
  deletedContent(): Promise<readonly Integrity[]>;
}
