import type { Integrity, PackageName, Version } from 'prompd/core';
import type { Access } from '../domain/authorize.js';
import type { Listing } from '../domain/upstream-listing.js';
import type { CheckedArchive } from '../services/publish-checks.js';

/** What is remembered of a package's uplink. */
export interface MirrorState {
  readonly etag: string | undefined;
  /** When the uplink last said what it has. */
  readonly checkedAt: Date;
}

/** An archive that was verified and checked, and how it becomes visible. */
export interface ProvenArchive {
  readonly version: Version;
  readonly integrity: Integrity;
  readonly shasum: string;
  readonly size: number;
  readonly checked: CheckedArchive;
  /** Called under a lock on the content, before the rows are written. */
  readonly placeContent: () => Promise<void>;
}

export interface MirrorUpdate {
  readonly uplink: string;
  readonly access: Access;
  readonly etag: string | undefined;
  readonly now: Date;
  /** Undefined when the uplink has the package no more. */
  readonly listing: Listing | undefined;
  /** The archive that shows a name which is new here to be one of a prompt package. */
  readonly proof: ProvenArchive | undefined;
}

/** A version that the uplink named with another integrity than before. */
export interface ChangedVersion {
  readonly version: Version;
  readonly known: Integrity;
  readonly found: Integrity;
}

/** Mirrored packages. Each change checks, under the package's lock, that the name has not become local. */
export interface MirrorRepository {
  state(packageId: number): Promise<MirrorState | undefined>;
  /** The uplink says that nothing changed. */
  confirm(name: string, confirmed: { readonly uplink: string; readonly now: Date }): Promise<void>;
  /**
   * Takes over what an uplink says, in one transaction. A known version keeps its integrity whatever is said. One that is
   * no longer listed is yanked when its archive is here, and hidden when it is not.
   * @returns the versions that were refused; undefined when the name is local
   */
  update(name: PackageName, update: MirrorUpdate): Promise<readonly ChangedVersion[] | undefined>;
  /** Where the uplink has a version's archive. */
  tarball(versionId: number): Promise<string | null>;
  /** Makes a version's archive readable. */
  store(versionId: number, name: string, proof: ProvenArchive, now: Date): Promise<void>;
  /** Hides a version whose archive can never be mirrored. */
  refuse(versionId: number, name: string, now: Date): Promise<void>;
  /** Hides all packages that `keep` does not keep; gives the others the access of their uplinks. */
  reconcile(accessOf: (name: string, uplink: string) => Access | undefined): Promise<void>;
}
