import type { PackageManifest, RegistrySignature, SignedVersion } from 'prompd/core';
import type { ReviewDays, Tier } from 'prompd/feat';
import type { ApprovalRequest, RequestKind, RequestState } from '../domain/approval.js';
import type { PackageSubject } from '../domain/authorize.js';
import type { Delegation } from '../domain/delegation.js';
import type { Policy, VersionedPolicy } from '../domain/policy.js';
import type { ApproverFunction } from '../domain/role.js';
import type { SigningKey } from '../domain/signing-key.js';
import type { Stamp } from '../domain/stamp.js';

/** Makes the registry's signature of a version that is about to be public. */
export type SignVersion = (
  version: SignedVersion,
  keys: readonly SigningKey[],
  publishedAt: Date,
) => Promise<RegistrySignature>;

/** What a change of a request does inside of its transaction. */
export interface ReviewSteps {
  readonly stamp: Stamp;
  /** Throws when who asks may not, as roles and delegations are by then. */
  readonly authorize: (subject: PackageSubject) => void;
  readonly sign: SignVersion;
}

export interface DecisionInput {
  readonly decision: 'approve' | 'decline';
  /** Of what they looked at. */
  readonly digest: string;
  readonly function: ApproverFunction | undefined;
  /** The approver in whose name they decide, where it was delegated. */
  readonly onBehalfOf: string | undefined;
}

export interface TierInput {
  readonly tier: Tier;
  /** Needed to lower it. */
  readonly evidence: { readonly uri: string; readonly sha256: string } | undefined;
}

export interface RequestQuery {
  /** Who asks: requests are there for reviewers and authors. */
  readonly user: string;
  readonly now: Date;
  readonly scope?: string | undefined;
  readonly package?: string | undefined;
  readonly version?: string | undefined;
  readonly state?: RequestState | undefined;
  readonly kind?: RequestKind | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** A request with what a reviewer looks at. */
export interface RequestDetails {
  readonly request: ApprovalRequest;
  readonly packageId: number;
  readonly versionId: number;
  /** Undefined where the version was unpublished: the request stays on record, its content does not. */
  readonly manifest: PackageManifest | undefined;
  /** The version to compare it with: what the channel serves, else the highest that is published. */
  readonly base: string | undefined;
  /** Days between reviews, by the policy that holds. */
  readonly reviewDays: ReviewDays;
}

/** A request whose version has its content still. */
export type ReviewableDetails = RequestDetails & { readonly manifest: PackageManifest };

/** Policies, requests for approval, delegations. Every change is one transaction with its audit. */
export interface ApprovalRepository {
  policy(scope: string): Promise<VersionedPolicy>;
  /** Sets the next version of the policy, and brings open requests in line: what was approved by the old one counts no more. */
  setPolicy(scope: string, document: Policy, stamp: Stamp): Promise<void>;
  /** Newest first. */
  list(query: RequestQuery): Promise<readonly ApprovalRequest[]>;
  find(
    id: string,
    viewer: { readonly user: string; readonly now: Date },
  ): Promise<RequestDetails | undefined>;
  /** @throws PrompdError ENOTFOUND, EAPPROVAL, EFOUREYES, EFORBIDDEN, EFEAT */
  decide(id: string, input: DecisionInput, steps: ReviewSteps): Promise<ApprovalRequest>;
  /** @throws PrompdError ENOTFOUND, EAPPROVAL, EFOUREYES, EFORBIDDEN, EUSAGE */
  changeTier(id: string, input: TierInput, steps: ReviewSteps): Promise<ApprovalRequest>;
  /** @throws PrompdError ENOTFOUND, EAPPROVAL, EFORBIDDEN for others than its authors */
  withdraw(id: string, steps: ReviewSteps): Promise<ApprovalRequest>;
  /** Closes one request that nobody decided in time. @returns whether there was one */
  expireOne(stamp: Stamp): Promise<boolean>;
  /** Those that somebody made or got, newest first. */
  delegations(scope: string): Promise<readonly Delegation[]>;
  /** @throws PrompdError EFORBIDDEN for who does not approve by a role of their own */
  delegate(delegation: Delegation, stamp: Stamp): Promise<void>;
  /** @returns whether there was one of theirs */
  revokeDelegation(scope: string, id: string, stamp: Stamp): Promise<boolean>;
}
