import type { Transaction } from 'kysely';
import { type PackageManifest, PrompdError } from 'prompd/core';
import {
  type ApprovalRequest,
  type Authority,
  assertOtherEyes,
  functionFor,
  outstandingOf,
  requestClosed,
  requestNotFound,
} from '../domain/approval.js';
import { forcedRequirement, requirementFor } from '../domain/policy.js';
import type { DecisionInput, ReviewSteps, TierInput } from '../ports/approval-repository.js';
import { closeRequest } from './approval-effects.js';
import { assertEvidence } from './approval-gate.js';
import { type RequestRow, readDecisions, requestOf, requestRows } from './approval-rows.js';
import { appendAudit } from './audit-append.js';
import type { DatabaseSchema } from './database-schema.js';
import { endForced } from './forced-end.js';
import { lockPackage } from './package-locks.js';
import { manifestFrom } from './package-rows.js';
import { readPolicy } from './policy-rows.js';
import { readAuthority, reviewableBy } from './review-authority.js';

type Trx = Transaction<DatabaseSchema>;

/** Adds a decision, and ends the request when it settles it. */
export async function decideRequest(
  trx: Trx,
  id: string,
  { input, ...steps }: ReviewSteps & { readonly input: DecisionInput },
): Promise<ApprovalRequest> {
  const { stamp, authorize, sign } = steps;
  const { row, request, authority } = await openForReview(trx, id, {
    ...steps,
    onBehalfOf: input.onBehalfOf,
  });
  if (input.digest !== request.digest) {
    throw new PrompdError('EAPPROVAL', `What you looked at is not what ${id} asks for now.`, {
      facts: { id, expected: request.digest, found: input.digest.slice(0, 200) },
      hint: 'The policy has changed since. Look at it again with "prompd approvals show".',
    });
  }
  assertOtherEyes(request, { ...authority, madeBy: stamp.madeBy });
  const manifest = await manifestOf(trx, row);
  if (input.decision === 'approve') {
    const policy = await readPolicy(trx, row.scope);
    const { tier, kind, tag } = request;
    const channel = kind === 'publication' ? {} : { tag };
    assertEvidence(policy, { manifest, tier, now: stamp.now, ...channel });
  }
  const named = functionFor(request, authority, input.function);
  await trx
    .insertInto('approval_decisions')
    .values({
      request_id: id,
      decision: input.decision,
      actor: stamp.actor,
      on_behalf_of: authority.onBehalfOf ?? null,
      function: named ?? null,
      digest: request.digest,
      token: stamp.token,
      made_by: [...(stamp.madeBy ?? [])],
      reason: stamp.reason ?? null,
      decided_at: stamp.now,
    })
    .execute();
  await appendAudit(trx, stamp, {
    chain: row.scope,
    action: `approval.${input.decision}`,
    subject: `version ${row.name}@${row.version}`,
    after: request.digest,
    details: { request: id, function: named ?? null, onBehalfOf: authority.onBehalfOf ?? null },
  });
  if (input.decision === 'decline') {
    await closeRequest(trx, row, { state: 'declined', stamp, sign });
    return readRequest(trx, id);
  }
  return settle(trx, row, { stamp, authorize, sign });
}

/** Changes the tier that counts: authors and approvers raise it, risk alone lowers it, with evidence. */
export async function changeRequestTier(
  trx: Trx,
  id: string,
  { input: { tier, evidence }, ...steps }: ReviewSteps & { readonly input: TierInput },
): Promise<ApprovalRequest> {
  const { stamp } = steps;
  const isAuthor = await writes(trx, id, stamp.actor);
  const { row, request, authority } = await openForReview(trx, id, {
    ...steps,
    onBehalfOf: undefined,
    // Who wrote it may say that it needs more than was computed.
    authorize: subject => (isAuthor ? undefined : steps.authorize(subject)),
  });
  if (tier === request.tier) return request;
  if (tier < request.tier) {
    assertOtherEyes({ ...request, decisions: [] }, { ...authority, madeBy: stamp.madeBy });
    if (isAuthor || !authority.functions.includes('risk')) {
      throw new PrompdError('EFORBIDDEN', 'Only an approver for risk lowers a tier.', {
        hint: 'Ask one who did not write the version; "prompd member list" shows who they are.',
        facts: { tier: request.tier, wanted: tier, functions: authority.functions },
      });
    }
    if (!evidence)
      throw new PrompdError('EUSAGE', 'Lowering a tier takes evidence: its address and its SHA-256.');
  }
  const { document } = await readPolicy(trx, row.scope);
  const requirement = row.was_pending
    ? forcedRequirement(document, tier, row.tag)
    : requirementFor(document, tier, row.kind === 'publication' ? undefined : row.tag);
  await trx
    .updateTable('approval_requests')
    .set({
      tier,
      tier_reason: stamp.reason ?? null,
      approvals: requirement.approvals,
      functions: [...requirement.functions],
    })
    .where('id', '=', id)
    .execute();
  await appendAudit(trx, stamp, {
    chain: row.scope,
    action: tier < request.tier ? 'tier.lower' : 'tier.raise',
    subject: `version ${row.name}@${row.version}`,
    before: String(request.tier),
    after: String(tier),
    details: { request: id, computed: request.computedTier, ...(evidence && { evidence }) },
  });
  return tier < request.tier ? settle(trx, row, steps) : readRequest(trx, id);
}

/** Takes a request back, and the version with it: for who wrote it. The request stays, as withdrawn. */
export async function withdrawRequest(trx: Trx, id: string, steps: ReviewSteps): Promise<ApprovalRequest> {
  const { stamp, sign } = steps;
  if (!(await writes(trx, id, stamp.actor))) {
    const found = await requestRows(trx)
      .where('approval_requests.id', '=', id)
      .where(reviewableBy(stamp.actor, stamp.now))
      .executeTakeFirst();
    if (!found) throw requestNotFound(id);
    throw new PrompdError('EFORBIDDEN', 'Only those who wrote a version take its request back.', {
      facts: { id, authors: found.authors },
      hint: 'Decline it instead.',
    });
  }
  const { row } = await openForReview(trx, id, {
    ...steps,
    onBehalfOf: undefined,
    authorize: () => undefined,
  });
  await closeRequest(trx, row, { state: 'withdrawn', stamp, sign });
  return readRequest(trx, id);
}

/** The request as it stands, with its decisions. */
export async function readRequest(trx: Trx, id: string): Promise<ApprovalRequest> {
  const row = await requestRows(trx).where('approval_requests.id', '=', id).executeTakeFirst();
  if (!row) throw requestNotFound(id);
  return requestOf(row, (await readDecisions(trx, [id])).get(id) ?? []);
}

interface Review {
  readonly row: RequestRow;
  readonly request: ApprovalRequest;
  readonly authority: Authority;
}

/** Locks the package and then the request, and decides about the right to act as things are by then. */
async function openForReview(
  trx: Trx,
  id: string,
  { stamp, authorize, onBehalfOf }: ReviewSteps & { readonly onBehalfOf: string | undefined },
): Promise<Review> {
  const about = await requestRows(trx)
    .where('approval_requests.id', '=', id)
    .where(reviewableBy(stamp.actor, stamp.now))
    .executeTakeFirst();
  if (!about) throw requestNotFound(id);
  const { name, scope } = about;
  await lockPackage(trx, name);
  await trx.selectFrom('approval_requests').select('id').where('id', '=', id).forUpdate().execute();
  const row = await requestRows(trx).where('approval_requests.id', '=', id).executeTakeFirstOrThrow();
  const reviewer = { scope, name, user: stamp.actor, onBehalfOf, now: stamp.now };
  const { subject, authority } = await readAuthority(trx, reviewer);
  authorize(subject);
  const request = await readRequest(trx, id);
  if (request.state !== 'pending') throw requestClosed(id, request.state);
  // Time is up also when nobody has written that down yet.
  if (request.expiresAt <= stamp.now) throw requestClosed(id, 'expired');
  return { row, request, authority };
}

async function settle(trx: Trx, row: RequestRow, { stamp, sign }: ReviewSteps): Promise<ApprovalRequest> {
  const request = await readRequest(trx, row.id);
  if (outstandingOf(request).approvals > 0) return request;
  await closeRequest(trx, row, { state: 'approved', stamp, sign });
  await endForced(trx, { id: row.package_id }, stamp);
  return readRequest(trx, row.id);
}

async function writes(trx: Trx, id: string, user: string): Promise<boolean> {
  const row = await requestRows(trx).where('approval_requests.id', '=', id).executeTakeFirst();
  return row !== undefined && (row.requested_by === user || row.authors.includes(user));
}

async function manifestOf(trx: Trx, { version_id: id }: RequestRow): Promise<PackageManifest> {
  const { manifest } = await trx
    .selectFrom('versions')
    .select('manifest')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return manifestFrom(manifest);
}
