import type {
  AuthorSignature,
  Integrity,
  PackageManifest,
  PackageName,
  RegistrySignature,
  Version,
} from 'prompd/core';
import type { Viewer } from '../domain/actor.js';
import type { ApprovalRequest } from '../domain/approval.js';
import type { Access } from '../domain/authorize.js';
import type { Dependent } from '../domain/dependent.js';
import type { DistTagMove } from '../domain/dist-tag.js';
import type { PackageOwner } from '../domain/package-owner.js';
import type { ArchiveFacts, Package, PackageVersion } from '../domain/package-version.js';
import type { Standing } from '../domain/role.js';
import type { FacetQuery, Facets, SearchPage, SearchQuery } from '../domain/search-query.js';
import type { SigningKey } from '../domain/signing-key.js';
import type { Stamp } from '../domain/stamp.js';

/** A version that is about to be published. */
export interface NewVersion extends ArchiveFacts {
  readonly name: PackageName;
  readonly manifest: PackageManifest;
  readonly readme: string | null;
  readonly tag: string;
  /** Undefined keeps what the package has, or makes a new package public. */
  readonly access: Access | undefined;
  readonly authorSignature?: AuthorSignature | undefined;
  /** Who wrote it, beside who publishes it: none of them approves it. */
  readonly authors?: readonly string[] | undefined;
  readonly stamp: Stamp;
}

/** What stands at a name@version, now or formerly; build metadata does not count. */
export interface VersionTrace {
  readonly version: Version;
  readonly integrity: Integrity;
  readonly deleted: boolean;
  /** Whether it is out, waits for approval, or was refused. */
  readonly status: string;
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

/** Who has a name, and who may see what is there. */
export interface Holding {
  readonly access: Access;
  /** The uplink that the name is mirrored from. */
  readonly uplink: string | undefined;
  /** Undefined for a name that nobody has published under. */
  readonly owners: readonly string[] | undefined;
  /** What who asks is in the project of the name's scope; undefined where that is no project. */
  readonly standing: Standing | undefined;
}

/** How publishing went. */
export type PublishOutcome =
  | { readonly kind: 'published' }
  | { readonly kind: 'pending'; readonly request: ApprovalRequest }
  | { readonly kind: 'taken'; readonly trace: VersionTrace };

/** What publishing does inside of its transaction, under the lock on the package. */
export interface PublishSteps {
  /** Throws when the holders of the name, as they are now, do not let the caller publish. */
  readonly authorize: (holding: Holding) => void;
  /** Called under a lock on the content, before the rows are written. */
  readonly placeContent: () => Promise<void>;
  /** Makes the registry's signature. It is given the registry's keys, none of which expires before the transaction ends. */
  readonly sign: (keys: readonly SigningKey[]) => Promise<RegistrySignature>;
}

export interface DependentsQuery {
  readonly viewer: Viewer;
  readonly limit: number;
}

export interface DependentsPage {
  readonly total: number;
  readonly dependents: readonly Dependent[];
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
  facets(query: FacetQuery): Promise<Facets>;
  /** What is or was at name@version, deleted versions included. */
  trace(name: string, version: string): Promise<VersionTrace | undefined>;
  /** To whom a name belongs and who may see it, even of one whose versions are all deleted. @param user who asks */
  holding(name: string, user: string | undefined): Promise<Holding>;
  /** What somebody is in the project of the name's scope; undefined where that is no project. */
  standing(name: string, user: string | undefined): Promise<Standing | undefined>;
  /**
   * Adds a version, in one transaction. Whoever publishes under a new name becomes its owner; in a project, its policy says
   * whether the version waits for approval.
   * @throws PrompdError EFEAT, EPROTECTED
   */
  publish(version: NewVersion, steps: PublishSteps): Promise<PublishOutcome>;
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
  /**
   * Deletes all versions at once and leaves their tombstones.
   * @param seen the package's revision, if only that one is to be deleted
   * @returns the content that they had
   * @throws RequestError ECONFLICT for another revision
   */
  unpublishAll(name: string, stamp: Stamp, seen?: number): Promise<readonly Integrity[]>;
  /** By the time at which they became owners. */
  owners(name: string): Promise<readonly PackageOwner[]>;
  /** Adding an owner again changes nothing. */
  addOwner(name: string, user: string, stamp: Stamp): Promise<void>;
  /** Never takes the last one. @returns how that went */
  removeOwner(name: string, user: string, stamp: Stamp): Promise<'removed' | 'unknown' | 'last'>;
  /** Packages whose latest version depends on this one. */
  dependents(name: string, options: DependentsQuery): Promise<DependentsPage>;
  /** Calls `remove` under the lock on the content, unless a version still uses it. */
  ifUnused(integrity: Integrity, remove: () => Promise<void>): Promise<void>;
  /** The content of deleted versions that no other version uses. */
  deletedContent(): Promise<readonly Integrity[]>;
}
