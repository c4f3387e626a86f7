import type { ColumnType, Generated } from 'kysely';

type Time = ColumnType<Date, Date, Date>;

/** The tables of approvals and channels. */
export interface ApprovalTables {
  policies: PoliciesTable;
  policy_proposals: PolicyProposalsTable;
  version_authors: VersionAuthorsTable;
  approval_requests: ApprovalRequestsTable;
  approval_decisions: ApprovalDecisionsTable;
  delegations: DelegationsTable;
  scheduled_promotions: ScheduledPromotionsTable;
}

export interface PolicyProposalsTable {
  scope: string;
  /** Of the policy that it is to follow. */
  base_version: number;
  /** JSON. */
  document: string;
  proposed_by: string;
  proposed_at: Time;
  reason: string | null;
  /** Who else made the token that proposed it. */
  made_by: Generated<string[]>;
}

export interface PoliciesTable {
  scope: string;
  version: number;
  /** JSON. */
  document: string;
  set_by: string;
  set_at: Time;
}

export interface VersionAuthorsTable {
  version_id: number;
  user_name: string;
}

export interface ApprovalRequestsTable {
  id: string;
  kind: string;
  scope: string;
  package_id: number;
  version_id: number;
  tag: string;
  /** That the package gets with the version; null keeps what it has. */
  access: string | null;
  tier: number;
  computed_tier: number;
  tier_reason: string | null;
  policy_version: number;
  approvals: number;
  functions: string[];
  digest: string;
  state: string;
  requested_by: string;
  /** Who else made the token that asked. */
  made_by: Generated<string[]>;
  requested_at: Time;
  expires_at: Time;
  closed_at: Date | null;
  /** Where the channel pointed before, for one that was forced. */
  previous_version_id: number | null;
  /** Whether the version was published by force. */
  was_pending: Generated<boolean>;
}

export interface ApprovalDecisionsTable {
  id: Generated<number>;
  request_id: string;
  decision: string;
  actor: string;
  on_behalf_of: string | null;
  function: string | null;
  digest: string;
  token: string;
  /** Who else made that token. */
  made_by: Generated<string[]>;
  reason: string | null;
  decided_at: Time;
}

export interface DelegationsTable {
  id: string;
  scope: string;
  from_user: string;
  to_user: string;
  reason: string;
  created_at: Time;
  ends_at: Time;
  revoked_at: Date | null;
}

export interface ScheduledPromotionsTable {
  id: string;
  package_id: number;
  version_id: number;
  tag: string;
  run_at: Time;
  reason: string | null;
  requested_by: string;
  /** The credential that asked, as the audit names it; empty where that is not known. */
  token: Generated<string>;
  /** Who else made it. */
  made_by: Generated<string[]>;
  requested_at: Time;
  state: Generated<string>;
  outcome: string | null;
  finished_at: Date | null;
}
