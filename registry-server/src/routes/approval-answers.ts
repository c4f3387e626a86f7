import { openPoints, type Tier, tieringOf } from 'prompd/feat';
import { z } from 'zod';
import { type ApprovalRequest, outstandingOf, REQUEST_KINDS, REQUEST_STATES } from '../domain/approval.js';
import type { ScheduledPromotion } from '../domain/channel.js';
import type { Delegation } from '../domain/delegation.js';
import { policyDocument, type VersionedPolicy } from '../domain/policy.js';
import { APPROVER_FUNCTIONS } from '../domain/role.js';
import type { RequestDetails } from '../ports/approval-repository.js';

const functions = z.array(z.enum(APPROVER_FUNCTIONS));
const needs = z.object({ approvals: z.number(), functions });

const decision = z
  .object({
    decision: z.enum(['approve', 'decline']),
    by: z.string(),
    onBehalfOf: z.string().nullable(),
    function: z.enum(APPROVER_FUNCTIONS).nullable(),
    digest: z.string(),
    counts: z.boolean().meta({ description: 'Whether it is about what is asked for now' }),
    reason: z.string().nullable(),
    at: z.string(),
  })
  .meta({ id: 'Decision' });

const requestFields = {
  id: z.string(),
  kind: z.enum(REQUEST_KINDS),
  project: z.string(),
  package: z.string(),
  version: z.string(),
  tag: z.string(),
  state: z.enum(REQUEST_STATES),
  tier: z.number(),
  computedTier: z.number(),
  tierReason: z.string().nullable(),
  policyVersion: z.number(),
  needs,
  missing: needs,
  digest: z.string().meta({ description: 'What an approval signs' }),
  integrity: z.string(),
  authors: z.array(z.string()),
  requestedBy: z.string(),
  requestedAt: z.string(),
  expiresAt: z.string(),
  closedAt: z.string().nullable(),
  decisions: z.array(decision),
};

export const approval = z.object(requestFields).meta({ id: 'Approval' });
export const approvals = z.object({ approvals: z.array(approval) });
export const approvalDetails = z
  .object({
    ...requestFields,
    manifest: z.record(z.string(), z.unknown()),
    base: z.string().nullable().meta({ description: 'The version to compare it with' }),
    open: z.array(z.object({ path: z.string(), principles: z.array(z.number()), message: z.string() })),
    floors: z.array(z.string()),
  })
  .meta({ id: 'ApprovalDetails' });

export const policy = z
  .object({
    project: z.string(),
    version: z.number(),
    policy: policyDocument,
    setBy: z.string().nullable(),
    setAt: z.string().nullable(),
    proposed: z
      .object({ policy: policyDocument, by: z.string(), at: z.string(), reason: z.string().nullable() })
      .nullable()
      .meta({ description: 'A change that waits for another admin' }),
  })
  .meta({ id: 'VersionedPolicy' });

export const delegation = z
  .object({
    id: z.string(),
    from: z.string(),
    to: z.string(),
    reason: z.string(),
    createdAt: z.string(),
    endsAt: z.string(),
    revokedAt: z.string().nullable(),
  })
  .meta({ id: 'Delegation' });
export const delegations = z.object({ delegations: z.array(delegation) });

export const move = z
  .object({ package: z.string(), tag: z.string(), from: z.string().nullable(), to: z.string().nullable() })
  .meta({ id: 'ChannelMove' });

export const scheduled = z
  .object({
    id: z.string(),
    package: z.string(),
    version: z.string(),
    tag: z.string(),
    at: z.string(),
    reason: z.string().nullable(),
    requestedBy: z.string(),
    state: z.string(),
    outcome: z.string().nullable(),
  })
  .meta({ id: 'ScheduledPromotion' });
export const schedule = z.object({ promotions: z.array(scheduled) });

/** A request as it goes out. */
export function requestDocument(request: ApprovalRequest): z.infer<typeof approval> {
  const { scope, name, requirement, decisions, digest, ...rest } = request;
  return {
    id: rest.id,
    kind: rest.kind,
    project: scope,
    package: name,
    version: rest.version,
    tag: rest.tag,
    state: rest.state,
    tier: rest.tier,
    computedTier: rest.computedTier,
    tierReason: rest.tierReason ?? null,
    policyVersion: rest.policyVersion,
    needs: { approvals: requirement.approvals, functions: [...requirement.functions] },
    missing: missingOf(request),
    digest,
    integrity: rest.integrity,
    authors: [...rest.authors],
    requestedBy: rest.requestedBy,
    requestedAt: rest.requestedAt.toISOString(),
    expiresAt: rest.expiresAt.toISOString(),
    closedAt: rest.closedAt?.toISOString() ?? null,
    decisions: decisions.map(one => ({
      decision: one.decision,
      by: one.actor,
      onBehalfOf: one.onBehalfOf ?? null,
      function: one.function ?? null,
      digest: one.digest,
      counts: one.digest === digest,
      reason: one.reason ?? null,
      at: one.decidedAt.toISOString(),
    })),
  };
}

/** A request with what a reviewer looks at. */
export function detailsDocument({ request, manifest, base, reviewDays }: RequestDetails, now: Date) {
  const tier: Tier = request.tier;
  const { name, version } = request;
  return {
    ...requestDocument(request),
    // Of what was unpublished nothing else is known, and nothing is open.
    manifest: manifest ?? { name, version },
    base: base ?? null,
    open: manifest ? openPoints(manifest.feat, { tier, now, reviewDays }) : [],
    floors: manifest ? tieringOf(manifest.feat).floors : [],
  };
}

export function policyDocumentOf({ scope, version, document, setBy, setAt, proposed }: VersionedPolicy) {
  return {
    project: scope,
    version,
    policy: document,
    setBy: setBy ?? null,
    setAt: setAt?.toISOString() ?? null,
    proposed: proposed
      ? {
          policy: proposed.document,
          by: proposed.by,
          at: proposed.at.toISOString(),
          reason: proposed.reason ?? null,
        }
      : null,
  };
}

export function delegationDocument({ id, from, to, reason, createdAt, endsAt, revokedAt }: Delegation) {
  return {
    id,
    from,
    to,
    reason,
    createdAt: createdAt.toISOString(),
    endsAt: endsAt.toISOString(),
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}

export function scheduledDocument(one: ScheduledPromotion): z.infer<typeof scheduled> {
  return {
    id: one.id,
    package: one.name,
    version: one.version,
    tag: one.tag,
    at: one.runAt.toISOString(),
    reason: one.reason ?? null,
    requestedBy: one.requestedBy,
    state: one.state,
    outcome: one.outcome ?? null,
  };
}

function missingOf(request: ApprovalRequest): z.infer<typeof needs> {
  const { approvals: count, functions: named } = outstandingOf(request);
  return { approvals: request.state === 'pending' ? count : 0, functions: [...named] };
}
