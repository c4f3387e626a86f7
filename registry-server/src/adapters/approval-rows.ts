import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import { isTier, type Tier } from 'prompd/feat';
import {
  type ApprovalRequest,
  type Decision,
  REQUEST_KINDS,
  REQUEST_STATES,
  type RequestKind,
  type RequestState,
} from '../domain/approval.js';
import { APPROVER_FUNCTIONS, type ApproverFunction } from '../domain/role.js';
import type { ApprovalDecisionsTable, ApprovalRequestsTable } from './approval-schema.js';
import type { Database } from './database.js';

/** A row of `approval_requests` with what it is about. */
export type RequestRow = Selectable<ApprovalRequestsTable> & {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
  readonly authors: readonly string[];
};

/** Requests with the package and version that they are about. */
export function requestRows(db: Database) {
  return db
    .selectFrom('approval_requests')
    .innerJoin('packages', 'packages.id', 'approval_requests.package_id')
    .innerJoin('versions', 'versions.id', 'approval_requests.version_id')
    .selectAll('approval_requests')
    .select(['packages.name', 'versions.version', 'versions.integrity'])
    .select(
      sql<string[]>`array(
        select person from (
          select user_name as person from version_authors a where a.version_id = versions.id
          union select versions.published_by
        ) people order by person collate "C"
      )`.as('authors'),
    );
}

/** The decisions of some requests, oldest first. */
export async function readDecisions(
  db: Database,
  requests: readonly string[],
): Promise<ReadonlyMap<string, readonly Decision[]>> {
  if (requests.length === 0) return new Map();
  const rows = await db
    .selectFrom('approval_decisions')
    .selectAll()
    .where('request_id', 'in', requests)
    .orderBy('id')
    .execute();
  const found = new Map<string, Decision[]>();
  for (const row of rows) found.set(row.request_id, [...(found.get(row.request_id) ?? []), decisionOf(row)]);
  return found;
}

/** A row as the domain knows it. */
export function requestOf(row: RequestRow, decisions: readonly Decision[]): ApprovalRequest {
  return {
    id: row.id,
    kind: kindFrom(row.kind),
    scope: row.scope,
    name: row.name,
    version: row.version,
    tag: row.tag,
    tier: tierFrom(row.tier),
    computedTier: tierFrom(row.computed_tier),
    tierReason: row.tier_reason ?? undefined,
    policyVersion: row.policy_version,
    requirement: { approvals: row.approvals, functions: functionsFrom(row.functions) },
    digest: row.digest,
    integrity: row.integrity,
    state: stateFrom(row.state),
    requestedBy: row.requested_by,
    madeBy: row.made_by,
    requestedAt: row.requested_at,
    expiresAt: row.expires_at,
    closedAt: row.closed_at ?? undefined,
    authors: row.authors,
    decisions,
  };
}

function decisionOf(row: Selectable<ApprovalDecisionsTable>): Decision {
  return {
    decision: row.decision === 'approve' ? 'approve' : 'decline',
    actor: row.actor,
    onBehalfOf: row.on_behalf_of ?? undefined,
    madeBy: row.made_by,
    function: row.function === null ? undefined : functionsFrom([row.function])[0],
    digest: row.digest,
    reason: row.reason ?? undefined,
    decidedAt: row.decided_at,
  };
}

function functionsFrom(raw: readonly string[]): ApproverFunction[] {
  return APPROVER_FUNCTIONS.filter(name => raw.includes(name));
}

/** Whatever is not known needs the most. */
function tierFrom(raw: number): Tier {
  return isTier(raw) ? raw : 3;
}

function kindFrom(raw: string): RequestKind {
  return REQUEST_KINDS.find(kind => kind === raw) ?? 'publication';
}

/** Anything but the word for it keeps a request from counting as approved. */
function stateFrom(raw: string): RequestState {
  return REQUEST_STATES.find(state => state === raw) ?? 'declined';
}
