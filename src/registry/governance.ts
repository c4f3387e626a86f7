/** Who has to approve, and how many. */
export interface ApprovalNeeds {
  readonly approvals: number;
  /** `business`, `risk`, `validator`. */
  readonly functions: readonly string[];
}

export interface ApprovalDecision {
  readonly decision: 'approve' | 'decline';
  readonly by: string;
  readonly onBehalfOf: string | undefined;
  readonly function: string | undefined;
  readonly digest: string;
  /** Whether it is about what is asked for now. */
  readonly counts: boolean;
  readonly reason: string | undefined;
  /** ISO time. */
  readonly at: string;
}

/** A request for approval. Times are ISO. */
export interface Approval {
  readonly id: string;
  /** `publication`, `promotion` or `break-glass`. */
  readonly kind: string;
  readonly project: string;
  readonly package: string;
  readonly version: string;
  readonly tag: string;
  readonly state: string;
  readonly tier: number;
  readonly computedTier: number;
  /** Why another tier counts than the computed one. */
  readonly tierReason: string | undefined;
  readonly policyVersion: number;
  readonly needs: ApprovalNeeds;
  readonly missing: ApprovalNeeds;
  readonly digest: string;
  readonly integrity: string;
  readonly authors: readonly string[];
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly expiresAt: string;
  readonly decisions: readonly ApprovalDecision[];
}

/** A request with what a reviewer looks at. */
export interface ApprovalDetails extends Approval {
  /** The version to compare it with. */
  readonly base: string | undefined;
  readonly open: readonly {
    readonly path: string;
    readonly principles: readonly number[];
    readonly message: string;
  }[];
}

export interface ApprovalQuery {
  readonly project?: string | undefined;
  readonly package?: string | undefined;
  readonly version?: string | undefined;
  readonly state?: string | undefined;
}

export interface DecisionDraft {
  readonly decision: 'approve' | 'decline';
  readonly digest: string;
  readonly function: string | undefined;
  readonly onBehalfOf: string | undefined;
  readonly reason: string | undefined;
}

/** What came of asking for a channel to be moved. */
export type ChannelOutcome =
  | { readonly kind: 'moved'; readonly from: string | undefined; readonly to: string | undefined }
  | { readonly kind: 'scheduled'; readonly id: string; readonly at: string }
  | { readonly kind: 'pending'; readonly approval: Approval };

export interface ChannelChange {
  readonly version: string;
  readonly tag: string;
  /** ISO time; undefined for now. */
  readonly at?: string | undefined;
  readonly reason: string | undefined;
}

export interface ProjectPolicy {
  readonly project: string;
  /** 0 is the default. */
  readonly version: number;
  /** The document, as the registry has it. */
  readonly policy: Readonly<Record<string, unknown>>;
  readonly setBy: string | undefined;
  readonly setAt: string | undefined;
  /** A change that waits for another admin. */
  readonly proposed:
    | {
        readonly policy: Readonly<Record<string, unknown>>;
        readonly by: string;
        /** ISO time. */
        readonly at: string;
        readonly reason: string | undefined;
      }
    | undefined;
}

export interface Delegation {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly endsAt: string;
  /** When it was ended before its time; undefined while it was not. */
  readonly revokedAt: string | undefined;
}

/** What a tier is changed to, and why. */
export interface TierDraft {
  readonly tier: number;
  readonly reason: string;
  /** Needed to lower it; never fetched. */
  readonly evidence?: { readonly uri: string; readonly sha256: string } | undefined;
}

/** A promotion that is to come, or that came. */
export interface ScheduledPromotion {
  readonly id: string;
  readonly version: string;
  readonly tag: string;
  /** ISO time. */
  readonly at: string;
  readonly reason: string | undefined;
  readonly requestedBy: string;
  readonly state: string;
  readonly outcome: string | undefined;
}

/** Approvals, channels and policies. Each method throws as those of `Registry` do, and EUNSUPPORTED. */
export interface RegistryGovernance {
  /** Those that the user reviews or wrote, newest first. */
  approvals(query: ApprovalQuery): Promise<readonly Approval[]>;
  approval(id: string): Promise<ApprovalDetails>;
  /** The archive's bytes as they came: not yet verified. */
  archive(id: string, maxBytes: number): Promise<Uint8Array>;
  /** @throws PrompdError EAPPROVAL, EFOUREYES, EFEAT */
  decide(id: string, draft: DecisionDraft): Promise<Approval>;
  withdraw(id: string, reason: string | undefined): Promise<Approval>;
  /** @throws PrompdError EAPPROVAL, EFOUREYES; EUSAGE for a lower tier without evidence */
  changeTier(id: string, draft: TierDraft): Promise<Approval>;
  /** Newest first. */
  delegations(project: string): Promise<readonly Delegation[]>;
  /** Ends one of the user's own. @throws PrompdError ENOTFOUND */
  endDelegation(project: string, id: string): Promise<void>;
  delegate(
    project: string,
    draft: { readonly to: string; readonly endsAt: string; readonly reason: string },
  ): Promise<Delegation>;
  /** @throws PrompdError EPROTECTED, EREVIEW, EREVOKED, EFEAT */
  promote(name: string, change: ChannelChange): Promise<ChannelOutcome>;
  /** Promotions that are to come, and what came of others; newest first. */
  scheduled(name: string): Promise<readonly ScheduledPromotion[]>;
  /** Calls one off. @throws PrompdError ENOTFOUND for one that is not to come */
  unschedule(name: string, id: string): Promise<void>;
  rollBack(
    name: string,
    change: { readonly tag: string; readonly to: string | undefined; readonly reason: string | undefined },
  ): Promise<ChannelOutcome>;
  /** @throws PrompdError EAUTH for a token that is not fresh */
  breakGlass(name: string, change: Omit<ChannelChange, 'at'>): Promise<Approval>;
  revoke(name: string, version: string, reason: string): Promise<void>;
  policy(project: string): Promise<ProjectPolicy>;
  /** Where the policy asks for two admins, the first one's change is `proposed`. @throws PrompdError EFOUREYES */
  setPolicy(project: string, policy: unknown, reason: string | undefined): Promise<ProjectPolicy>;
}

/** The governance of a kind of registry that has none. @param refuse throws EUNSUPPORTED */
export function noGovernance(refuse: () => Promise<never>): RegistryGovernance {
  return {
    approvals: refuse,
    approval: refuse,
    archive: refuse,
    decide: refuse,
    withdraw: refuse,
    changeTier: refuse,
    delegate: refuse,
    delegations: refuse,
    endDelegation: refuse,
    promote: refuse,
    scheduled: refuse,
    unschedule: refuse,
    rollBack: refuse,
    breakGlass: refuse,
    revoke: refuse,
    policy: refuse,
    setPolicy: refuse,
  };
}
