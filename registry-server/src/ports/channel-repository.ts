import type { ApprovalRequest } from '../domain/approval.js';
import type { PackageSubject } from '../domain/authorize.js';
import type { ScheduledPromotion } from '../domain/channel.js';
import type { Stamp } from '../domain/stamp.js';
import type { SignVersion } from './approval-repository.js';

/** What came of asking for a channel to be moved. */
export type ChannelOutcome =
  | { readonly kind: 'moved'; readonly from: string | null; readonly to: string | null }
  | { readonly kind: 'pending'; readonly request: ApprovalRequest };

/** Looks at the package under its lock, and throws when who asks may not. */
export interface ChannelSteps {
  readonly stamp: Stamp;
  readonly authorize: (subject: PackageSubject) => void;
}

export interface ForcedPromotion {
  readonly version: string;
  readonly tag: string;
  readonly sign: SignVersion;
}

/** Moves of channels, and revocations. Every change is one transaction with its audit. */
export interface ChannelRepository {
  /** @throws PrompdError ENOTFOUND, ENOVERSION, EREVOKED, EREVIEW, EFEAT */
  promote(
    name: string,
    promotion: { readonly version: string; readonly tag: string },
    steps: ChannelSteps,
  ): Promise<ChannelOutcome>;
  /** @throws PrompdError ENOTFOUND, ENOVERSION, EREVOKED */
  rollBack(
    name: string,
    to: { readonly tag: string; readonly version: string | undefined },
    steps: ChannelSteps,
  ): Promise<ChannelOutcome>;
  /** Points a channel at a version that is not approved, for a while. @throws PrompdError EFOUREYES, ENOVERSION, EREVOKED */
  force(name: string, forced: ForcedPromotion, steps: ChannelSteps): Promise<ApprovalRequest>;
  /** @returns false when it was revoked before; @throws PrompdError ENOVERSION */
  revoke(name: string, version: string, steps: ChannelSteps): Promise<boolean>;
  /**
   * Why a version was revoked.
   * @param version undefined for the last that was
   * @returns undefined for one that was not
   */
  revocation(
    name: string,
    version: string | undefined,
  ): Promise<{ readonly version: string; readonly reason: string } | undefined>;
  schedule(
    name: string,
    promotion: { readonly version: string; readonly tag: string; readonly runAt: Date },
    steps: ChannelSteps,
  ): Promise<ScheduledPromotion>;
  /** Newest first. */
  scheduled(name: string): Promise<readonly ScheduledPromotion[]>;
  /** @returns false when there is none that is still to come */
  unschedule(name: string, id: string, steps: ChannelSteps): Promise<boolean>;
  /**
   * Does the oldest promotion that is due, by the rights that who asked for it has now.
   * @param authorize throws when they have none any more
   * @returns whether there was one
   */
  promoteDue(now: Date, authorize: (subject: PackageSubject, user: string) => void): Promise<boolean>;
}
