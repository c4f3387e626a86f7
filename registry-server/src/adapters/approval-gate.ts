import type { Transaction } from 'kysely';
import { type PackageManifest, PrompdError } from 'prompd/core';
import { approvalDigest, openPoints, type Tier, tieringOf } from 'prompd/feat';
import { type ApprovalRequest, makeRequestId, type RequestKind } from '../domain/approval.js';
import { protectedChannel } from '../domain/channel.js';
import {
  featFromFor,
  isProtected,
  type Requirement,
  requirementFor,
  reviewDaysOf,
  type VersionedPolicy,
} from '../domain/policy.js';
import { packageEvent } from '../domain/registry-event.js';
import type { Stamp } from '../domain/stamp.js';
import { requestOf, requestRows } from './approval-rows.js';
import { appendAudit } from './audit-append.js';
import type { DatabaseSchema } from './database-schema.js';
import { enqueueEvent } from './event-outbox.js';
import { holdPolicy } from './policy-rows.js';

type Trx = Transaction<DatabaseSchema>;

/** What a request needs, as the policy says when it is made. */
export interface Gate {
  readonly policy: VersionedPolicy;
  readonly tier: Tier;
  readonly computedTier: Tier;
  readonly requirement: Requirement;
  readonly digest: string;
}

interface Published {
  readonly name: string;
  readonly manifest: PackageManifest;
  readonly integrity: string;
  readonly tag: string;
}

/**
 * What publishing a version takes beside the right to do so.
 * @returns undefined where nobody has to approve
 * @throws PrompdError EPROTECTED for a tag that only promotion moves; EFEAT for evidence that the policy asks for
 */
export async function publicationGate(
  trx: Trx,
  { name, manifest, integrity, tag }: Published,
  now: Date,
): Promise<Gate | undefined> {
  const policy = await holdPolicy(trx, name);
  if (!policy) return undefined;
  const { document, version: policyVersion } = policy;
  if (isProtected(document, tag)) throw protectedChannel(name, tag);
  const { tier } = tieringOf(manifest.feat);
  const requirement = requirementFor(document, tier);
  if (requirement.approvals === 0) {
    // Nobody looks at it later; where somebody approves, it is asked for then.
    assertEvidence(policy, { manifest, tier, now });
    return undefined;
  }
  const digest = approvalDigest({ manifest, integrity, policyVersion });
  return { policy, tier, computedTier: tier, requirement, digest };
}

/** @throws PrompdError EFEAT naming what is missing by path and principle */
export function assertEvidence(
  { document }: VersionedPolicy,
  { manifest, tier, now, tag }: { manifest: PackageManifest; tier: Tier; now: Date; tag?: string },
): void {
  const from = featFromFor(document, tag);
  if (from === null || tier < from) return;
  const open = openPoints(manifest.feat, { tier, now, reviewDays: reviewDaysOf(document) });
  if (open.length === 0) return;
  const { name, version } = manifest;
  throw new PrompdError(
    'EFEAT',
    `${name}@${version} does not have the evidence that tier ${tier} asks for.`,
    {
      facts: {
        tier,
        open: open.map(({ path, principles, message }) => `${path} (${principles.join(', ')}): ${message}`),
      },
    },
  );
}

export interface NewRequest extends Gate {
  readonly kind: RequestKind;
  readonly packageId: number;
  readonly versionId: number;
  /** That the version gets, or the channel. */
  readonly tag: string;
  readonly access?: string | undefined;
  readonly expiresAt?: Date;
  readonly previousVersionId?: number | null;
}

const DAY = 24 * 60 * 60 * 1000;

/** Asks for approval, in the transaction that makes it necessary. */
export async function openRequest(trx: Trx, asked: NewRequest, stamp: Stamp): Promise<ApprovalRequest> {
  const { policy, requirement, kind, tag, tier, digest } = asked;
  const id = makeRequestId();
  await trx
    .insertInto('approval_requests')
    .values({
      id,
      kind,
      scope: policy.scope,
      package_id: asked.packageId,
      version_id: asked.versionId,
      tag,
      access: asked.access ?? null,
      tier,
      computed_tier: asked.computedTier,
      tier_reason: null,
      policy_version: policy.version,
      approvals: requirement.approvals,
      functions: [...requirement.functions],
      digest,
      state: 'pending',
      requested_by: stamp.actor,
      made_by: [...(stamp.madeBy ?? [])],
      requested_at: stamp.now,
      expires_at: asked.expiresAt ?? new Date(stamp.now.getTime() + policy.document.requestDays * DAY),
      closed_at: null,
      previous_version_id: asked.previousVersionId ?? null,
    })
    .execute();
  const row = await requestRows(trx).where('approval_requests.id', '=', id).executeTakeFirstOrThrow();
  const request = requestOf(row, []);
  await tellOfRequest(trx, asked.packageId, { request, stamp });
  return request;
}

async function tellOfRequest(
  trx: Trx,
  packageId: number,
  { request, stamp }: { readonly request: ApprovalRequest; readonly stamp: Stamp },
): Promise<void> {
  const { id, kind, scope, name, version, tag, tier, requirement, digest, integrity } = request;
  await appendAudit(trx, stamp, {
    chain: scope,
    action: 'approval.request',
    subject: `version ${name}@${version}`,
    after: digest,
    details: { request: id, kind, tag, tier, ...requirement, integrity },
  });
  const told = { package: name, version, request: id, kind, tag, tier, requestedBy: stamp.actor };
  await enqueueEvent(
    trx,
    packageId,
    packageEvent('approval.requested', { affected: version, ...told }, stamp.now),
  );
}
