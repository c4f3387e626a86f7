import type { Integrity, PackageName, Version } from 'prompd/core';
import type { Viewer } from '../domain/actor.js';
import type { PackageVersion } from '../domain/package-version.js';

/** A package, as little of it as tells whether what is kept of it still holds. */
export interface PackageRevision {
  readonly id: number;
  readonly name: PackageName;
  readonly revision: number;
}

/** What resolution needs of a package, read at one moment. */
export interface ResolvablePackage extends PackageRevision {
  readonly description: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly versions: readonly PackageVersion[];
  readonly distTags: Readonly<Record<string, Version>>;
}

export interface NamedVersion {
  readonly name: string;
  readonly version: string;
}

/** Where the content of a version is. */
export interface NamedArchive {
  readonly name: PackageName;
  readonly version: Version;
  /** Of the version, for counting downloads. */
  readonly id: number;
  readonly integrity: Integrity;
  /** In bytes. */
  readonly size: number;
  /** Whether the content is here: not so for mirrored versions that nobody asked for yet. */
  readonly stored: boolean;
}

export interface BatchOptions {
  /** false: private packages are as good as none. */
  readonly viewer: Viewer;
}

/** Reads many packages with few queries. Only published versions that were not deleted are ever read. */
export interface PackageBatch {
  /** Those of the names that are there, in any order. */
  revisions(names: readonly string[], options: BatchOptions): Promise<readonly PackageRevision[]>;
  /** Those of the ids that are there, in any order, all read at one moment. */
  resolvable(ids: readonly number[]): Promise<readonly ResolvablePackage[]>;
  /** Those of the versions that are there, in any order. */
  archives(wanted: readonly NamedVersion[], options: BatchOptions): Promise<readonly NamedArchive[]>;
  /** Those of the versions that were revoked, of packages that the viewer may see, as `name@version`. */
  revoked(wanted: readonly NamedVersion[], options: BatchOptions): Promise<ReadonlySet<string>>;
}
