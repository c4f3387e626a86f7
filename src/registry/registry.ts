import type { Advisory } from '../core/advisory.js';
import type { AuthorSignature } from '../core/author-signature.js';
import type { Integrity } from '../core/integrity.js';
import type { PackageName } from '../core/name.js';
import type { Packument, VersionMetadata } from '../core/packument.js';
import type { RegistryKey } from '../core/registry-signature.js';
import type { LogAnswer, LogQuestion } from '../core/transparency-log.js';
import type { Version } from '../core/version.js';
import type { RegistryAudit } from './audit.js';
import type { Channels } from './channels.js';
import type { RegistryCompatibility } from './compatibility.js';
import type { RegistryGovernance } from './governance.js';
import type { RegistryProjects } from './projects.js';
import type { RegistryTrust } from './trust.js';
import type { RegistryUsers } from './users.js';
import type { RegistryWebhooks } from './webhooks.js';

export type {
  Approval,
  ApprovalDetails,
  ApprovalQuery,
  ChannelOutcome,
  Delegation,
  ProjectPolicy,
  RegistryGovernance,
  ScheduledPromotion,
  TierDraft,
} from './governance.js';
export type { RegistryTrust, RegistryTrustRule, TrustDraft } from './trust.js';
export type { RegistryUser, RegistryUsers, UserChanges, UserDraft, UserSession } from './users.js';
export type {
  MadeWebhook,
  RegistryWebhook,
  RegistryWebhooks,
  WebhookDelivery,
  WebhookDraft,
} from './webhooks.js';

/** A cached packument's validator, or what came instead of a new one. */
export type PackumentAnswer =
  | {
      readonly kind: 'fresh';
      readonly packument: Packument;
      readonly body: string;
      readonly etag: string | undefined;
    }
  | { readonly kind: 'unchanged' };

export interface SearchQuery {
  readonly text: string;
  readonly category?: string | undefined;
  readonly author?: string | undefined;
  readonly keyword?: string | undefined;
  readonly sort?: 'relevance' | 'downloads' | 'recency' | undefined;
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}

export interface SearchHit {
  readonly name: PackageName;
  readonly version: Version;
  readonly description: string;
  readonly author: string;
  readonly category: string;
  readonly keywords: readonly string[];
  readonly downloads: number;
  /** ISO time of the last publication. */
  readonly updated: string;
}

export interface SearchPage {
  readonly total: number;
  /** Whether there may be more than `total`: the registry does not count. */
  readonly atLeast?: boolean | undefined;
  /** Of how many packages the filters and the order hold, where the registry knows neither; absent where it does. */
  readonly among?: number | undefined;
  readonly hits: readonly SearchHit[];
}

export interface PublishRequest {
  readonly name: PackageName;
  readonly version: Version;
  readonly archive: Uint8Array;
  readonly integrity: Integrity;
  /** What the archive's package.json says: npm registries are told it beside the archive. */
  readonly packageJson: Readonly<Record<string, unknown>>;
  readonly readme: string;
  readonly tag: string;
  /** Undefined keeps what the package has; a new package is public then. */
  readonly access: 'public' | 'private' | undefined;
  /** By the author, of exactly this version. */
  readonly authorSignature?: AuthorSignature | undefined;
}

export interface PublishReceipt {
  readonly name: PackageName;
  readonly version: Version;
  readonly integrity: Integrity;
  readonly tag: string;
  readonly status: 'published' | 'pending';
  /** The version was there with the same bytes when the request was repeated: the first answer got lost. */
  readonly alreadyThere?: boolean;
}

export interface Identity {
  readonly name: string;
  /** What the token may do; undefined where the registry does not tell. */
  readonly scopes: readonly string[] | undefined;
}

/** How a registry's login meets the user. */
export interface LoginPrompts {
  /** What this machine is called, for the user to know it again. */
  readonly device?: string | undefined;
  /** Shows an address that the user is to open. @param code what they are to enter there */
  visit(url: string, code?: string): void;
  ask(question: string): Promise<string>;
  /** As `ask`, and what is typed stays unseen. */
  askSecret(question: string): Promise<string>;
  /** @param ms milliseconds */
  pause(ms: number): Promise<void>;
  /** A clock that is never set, in milliseconds. */
  now(): number;
}

/** One move of a tag: `from` null made it, `to` null took it away. */
export interface TagMove {
  readonly tag: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly actor: string;
  /** ISO time. */
  readonly movedAt: string;
}

export interface Owner {
  readonly user: string;
  /** Undefined where the registry does not tell. */
  readonly addedBy: string | undefined;
  /** ISO time; undefined where the registry does not tell. */
  readonly addedAt: string | undefined;
}

/** Packages whose latest version depends on one: how many there are, and the first of them. */
export interface Dependents {
  readonly total: number;
  readonly packages: readonly { readonly name: string; readonly version: string; readonly range: string }[];
}

/** What may change of versions that are there: all of it or nothing. */
export interface VersionChanges {
  /** Version to message; null takes the message away. */
  readonly deprecated?: ReadonlyMap<Version, string | null>;
  readonly yanked?: ReadonlyMap<Version, boolean>;
}

/**
 * What is changed at a registry of packages that are there, and what only those who change it ask. Each method throws as
 * those of {@link Registry} do, and EUNSUPPORTED where a kind of registry has no such thing.
 */
export interface RegistryChanges {
  /** Points a tag at a version; null takes the tag away. */
  moveTag(name: PackageName, tag: string, version: Version | null): Promise<void>;
  /** Every move of a tag, oldest first. */
  tagMoves(name: PackageName): Promise<readonly TagMove[]>;
  configure(name: PackageName, changes: VersionChanges): Promise<void>;
  /** Takes one version away, or with undefined the whole package. */
  unpublish(name: PackageName, version: Version | undefined): Promise<void>;
  owners(name: PackageName): Promise<readonly Owner[]>;
  /** @throws PrompdError ENOUSER */
  addOwner(name: PackageName, user: string): Promise<readonly Owner[]>;
  /** @throws PrompdError ENOUSER; EUSAGE for the last one */
  removeOwner(name: PackageName, user: string): Promise<readonly Owner[]>;
  /** @returns undefined where the registry does not tell */
  dependents(name: PackageName): Promise<Dependents | undefined>;
  /**
   * What taking a version away, or adding it, would hit.
   * @param version the latest by default
   * @throws PrompdError EUNSUPPORTED where the registry does not tell; ENOTFOUND
   */
  impact(name: PackageName, version: string | undefined): Promise<Impact>;
}

/** What a version of a package means to others. */
export interface Impact {
  readonly version: string;
  /** Whether it is published; else it is looked at as one that may come. */
  readonly published: boolean;
  readonly tags: readonly string[];
  /** Of the latest version: its ISO time, and for how many days it has been that. */
  readonly freshness: { readonly latest: string; readonly publishedAt: string; readonly days: number };
  readonly dependents: {
    readonly total: number;
    /** Of those that are listed: how many may have the version, and how many of these no other. */
    readonly taking: number;
    readonly stranded: number;
    readonly packages: readonly {
      readonly name: string;
      readonly version: string;
      readonly range: string;
      readonly takes: boolean;
      /** The highest other version for it; null where there is none. */
      readonly instead: string | null;
    }[];
  };
  /** Of the version, in the last 30 days. */
  readonly downloads: {
    readonly total: number;
    readonly days: readonly { readonly day: string; readonly count: number }[];
    readonly clients: readonly { readonly client: string; readonly count: number }[];
  };
}

/** A token that a registry knows; its value is shown once, when it is made. */
export interface TokenInfo {
  /** What revokes it. */
  readonly id: string;
  /** Undefined where tokens have no names. */
  readonly name: string | undefined;
  /** Undefined where a registry lists the asking user's only. */
  readonly user: string | undefined;
  readonly scopes: readonly string[];
  /** Networks that it may be used from, as "10.0.0.0/8"; empty for any. */
  readonly cidr: readonly string[];
  /** Names and scopes of the packages that it is for; empty, or absent, for all. */
  readonly packages?: readonly string[];
  /** Times are ISO; undefined where there is none, or the registry does not tell. */
  readonly createdAt: string | undefined;
  readonly expiresAt: string | undefined;
  readonly lastUsedAt: string | undefined;
  readonly revokedAt: string | undefined;
}

export interface IssuedToken extends TokenInfo {
  readonly token: string;
}

export interface TokenRequest {
  readonly name: string | undefined;
  /** Whose it is to be; undefined for who asks. */
  readonly user: string | undefined;
  readonly scopes: readonly string[];
  readonly cidr: readonly string[];
  /** Names and scopes of the packages that it is for; absent for all. */
  readonly packages?: readonly string[];
  /** ISO time. */
  readonly expiresAt: string | undefined;
  /** The user's password, asked for only where the registry wants it. */
  readonly password: () => Promise<string>;
}

/** The tokens of a registry. Each method throws as those of {@link Registry} do, and EUNSUPPORTED. */
export interface RegistryTokens {
  list(): Promise<readonly TokenInfo[]>;
  create(request: TokenRequest): Promise<IssuedToken>;
  /** @throws PrompdError ENOTFOUND */
  revoke(id: string): Promise<void>;
}

/** What a resolution is about to ask for. */
export interface PackumentBatchRequest {
  /** Package name to what is asked of it, as dependencies are written. */
  readonly requirements: ReadonlyMap<PackageName, readonly string[]>;
  /** Package name to versions that stay: what they meet is not followed. */
  readonly locked: ReadonlyMap<PackageName, readonly Version[]>;
  /** Package name to the ETag of the packument that is at hand. */
  readonly known: ReadonlyMap<PackageName, string>;
  /** Ends the request when nobody waits for it any more. */
  readonly signal?: AbortSignal | undefined;
}

export interface BatchedPackument {
  readonly name: PackageName;
  readonly answer: PackumentAnswer;
}

export interface ArchiveBatchRequest {
  /** Each once. */
  readonly wanted: readonly { readonly name: PackageName; readonly version: Version }[];
  /** Largest archive that is accepted, in bytes. */
  readonly maxBytes: number;
  /** Ends the request when nobody waits for it any more. */
  readonly signal?: AbortSignal | undefined;
}

export interface BatchedArchive {
  readonly name: PackageName;
  readonly version: Version;
  /** As they came: not yet verified. */
  readonly bytes: Uint8Array;
}

/**
 * Many answers to one request. What a batch does not bring may be there all the same: single requests tell. Each method
 * throws as those of {@link Registry} do, and EUNSUPPORTED when the registry does not answer so after all.
 */
export interface RegistryBatch {
  /** Each package at most once, in any order. */
  packuments(request: PackumentBatchRequest): AsyncIterable<BatchedPackument>;
  /** In the order of the request. */
  archives(request: ArchiveBatchRequest): AsyncIterable<BatchedArchive>;
}

/** What is said of versions of a package; the rest the registry adds. */
export interface AdvisoryDraft extends Pick<Advisory, 'vulnerable' | 'severity' | 'title'> {
  /** Markdown. */
  readonly text: string | undefined;
  readonly patched: string | undefined;
  readonly url: string | undefined;
}

/** An advisory as those who publish it see it. Times are ISO. */
export interface RegistryAdvisory extends Advisory {
  readonly published: string;
  readonly updated: string;
  readonly publishedBy: string;
}

/** The advisories that a registry keeps. Each method throws as those of {@link Registry} do, and EUNSUPPORTED. */
export interface RegistryAdvisories {
  publish(name: PackageName, draft: AdvisoryDraft): Promise<RegistryAdvisory>;
  /** Newest first, withdrawn ones among them. @param name undefined for all packages */
  list(name: PackageName | undefined): Promise<readonly RegistryAdvisory[]>;
  find(id: string): Promise<RegistryAdvisory>;
  /** @param withdrawn false puts it in force again */
  withdraw(id: string, withdrawn: boolean): Promise<RegistryAdvisory>;
}

/**
 * One place packages come from. Every kind of registry is an adapter behind this, and one contract suite runs
 * over all of them.
 *
 * Every method throws PrompdError: ENETWORK, ETIMEOUT, EREGISTRY, EBADRESPONSE, EAUTH, EFORBIDDEN; ENOTFOUND only
 * when the registry itself said that there is no such thing.
 */
export interface Registry {
  /** The name it is configured under, as the lockfile writes it. */
  readonly alias: string;
  readonly url: string;
  packument(name: PackageName, etag?: string): Promise<PackumentAnswer>;
  /** The archive's bytes as they came: not yet verified, bounded by `maxBytes`. */
  archive(version: VersionMetadata, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** Absent, or undefined, where the registry answers single requests only. */
  batch?(): Promise<RegistryBatch | undefined>;
  publish(request: PublishRequest): Promise<PublishReceipt>;
  search(query: SearchQuery, signal?: AbortSignal): Promise<SearchPage>;
  whoami(): Promise<Identity>;
  /**
   * The keys that the registry signs with, expired ones too.
   * @returns undefined when the registry gives no keys
   */
  keys(): Promise<readonly RegistryKey[] | undefined>;
  readonly changes: RegistryChanges;
  readonly tokens: RegistryTokens;
  readonly advisoryDesk: RegistryAdvisories;
  readonly webhooks: RegistryWebhooks;
  readonly governance: RegistryGovernance;
  readonly compatibility: RegistryCompatibility;
  readonly projects: RegistryProjects;
  readonly audit: RegistryAudit;
  readonly trust: RegistryTrust;
  readonly users: RegistryUsers;
  readonly channels: Channels;
  /**
   * Signs the user in.
   * @returns a new token; undefined where the registry has no way but a token that the user brings
   */
  login(prompts: LoginPrompts): Promise<string | undefined>;
  /**
   * The advisories that hold for any of the versions.
   * @returns undefined when the registry gives no advisories: then nothing is known
   */
  advisories(
    installed: ReadonlyMap<PackageName, readonly Version[]>,
  ): Promise<readonly Advisory[] | undefined>;
  /**
   * Asks the transparency log. Nothing of the answer is verified yet.
   * @returns undefined when the registry has none
   */
  log(question: LogQuestion): Promise<LogAnswer | undefined>;
}
