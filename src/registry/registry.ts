import type { Advisory } from '../core/advisory.js';
import type { Integrity } from '../core/integrity.js';
import type { PackageName } from '../core/name.js';
import type { Packument, VersionMetadata } from '../core/packument.js';
import type { Version } from '../core/version.js';

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
  /** Shows an address that the user is to open. */
  visit(url: string): void;
  ask(question: string): Promise<string>;
  /** As `ask`, and what is typed stays unseen. */
  askSecret(question: string): Promise<string>;
  /** @param ms milliseconds */
  pause(ms: number): Promise<void>;
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
  archive(version: VersionMetadata, maxBytes: number): Promise<Uint8Array>;
  publish(request: PublishRequest): Promise<PublishReceipt>;
  search(query: SearchQuery): Promise<SearchPage>;
  whoami(): Promise<Identity>;
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
}
