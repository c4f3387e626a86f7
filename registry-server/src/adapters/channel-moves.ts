import type { Transaction } from 'kysely';
import { PrompdError } from 'prompd/core';
import { approvalDigest, isReviewPast } from 'prompd/feat';
import type { ApprovalRequest } from '../domain/approval.js';
import { protectedChannel, reviewOverdue } from '../domain/channel.js';
import { isProtected, requirementFor, type VersionedPolicy } from '../domain/policy.js';
import { packageEvent } from '../domain/registry-event.js';
import { permits } from '../domain/role.js';
import type { Stamp } from '../domain/stamp.js';
import type { ChannelOutcome } from '../ports/channel-repository.js';
import { assertEvidence, openRequest } from './approval-gate.js';
import { type RequestRow, readDecisions, requestOf, requestRows } from './approval-rows.js';
import {
  type ChannelVersion,
  channelVersion,
  earlierTargets,
  isApprovedFor,
  tierOfVersion,
} from './channel-versions.js';
import type { DatabaseSchema } from './database-schema.js';
import { enqueueEvent } from './event-outbox.js';
import { refreshPackage } from './package-refresh.js';
import { moveTag, type TagTarget, tagTarget } from './package-tags.js';
import { holdPolicy } from './policy-rows.js';
import { readAuthority } from './review-authority.js';

type Trx = Transaction<DatabaseSchema>;

/** The package, whose row is locked. */
export interface Locked {
  readonly id: number;
  readonly name: string;
}

export interface Promotion {
  readonly version: string;
  readonly tag: string;
  readonly stamp: Stamp;
}

/**
 * Points a channel at an approved version; where the channel asks for more approvals than there are, asks for those.
 * @throws PrompdError ENOVERSION, EREVOKED, EREVIEW, EFEAT
 */
export async function promoteChannel(
  trx: Trx,
  of: Locked,
  { version, tag, stamp }: Promotion,
): Promise<ChannelOutcome> {
  const target = await channelVersion(trx, { packageId: of.id, name: of.name, version });
  const policy = await holdPolicy(trx, of.name);
  if (!policy || !isProtected(policy.document, tag)) {
    return promoteTo(trx, of, { tag, versionId: target.id, stamp });
  }
  if (await isPromotable(trx, of, { target, tag, policy, now: stamp.now })) {
    return promoteTo(trx, of, { tag, versionId: target.id, stamp });
  }
  const { manifest, integrity } = target;
  const tier = await tierOfVersion(trx, target);
  const requirement = requirementFor(policy.document, tier, tag);
  const open = await openPromotion(trx, target.id, tag);
  if (open) return { kind: 'pending', request: open };
  const { version: policyVersion } = policy;
  const digest = approvalDigest({ manifest, integrity, policyVersion, channel: tag });
  const request = await openRequest(
    trx,
    {
      policy,
      tier,
      computedTier: tier,
      requirement,
      digest,
      kind: 'promotion',
      packageId: of.id,
      versionId: target.id,
      tag,
    },
    stamp,
  );
  return { kind: 'pending', request };
}

/** Points a channel at a version whose approvals were looked at. @throws PrompdError EREVOKED, ENOVERSION, EREVIEW */
export async function promoteTo(
  trx: Trx,
  of: Locked,
  { tag, versionId, stamp }: { tag: string; versionId: number; stamp: Stamp },
): Promise<ChannelOutcome> {
  const target = await channelVersion(trx, { packageId: of.id, name: of.name, versionId });
  assertReviewed(of.name, target, stamp.now);
  return pointChannel(trx, of, { tag, to: target, stamp });
}

/**
 * Whether a protected channel may give a share of its readers a version: it takes who may promote it, and what promoting
 * it takes.
 * @throws PrompdError EPROTECTED, ENOVERSION, EREVOKED, EREVIEW, EFEAT
 */
export async function assertMayCarry(
  trx: Trx,
  of: Locked,
  { version, tag, stamp }: Promotion,
): Promise<void> {
  const policy = await assertMaySteer(trx, of, { tag, stamp });
  if (!policy) return;
  const target = await channelVersion(trx, { packageId: of.id, name: of.name, version });
  if (await isPromotable(trx, of, { target, tag, policy, now: stamp.now })) return;
  throw protectedChannel(of.name, tag);
}

/**
 * Lets approvers alone change what a protected channel delivers.
 * @returns the policy that protects the channel; undefined where none does
 * @throws PrompdError EPROTECTED
 */
export async function assertMaySteer(
  trx: Trx,
  of: Locked,
  { tag, stamp }: Pick<Promotion, 'tag' | 'stamp'>,
): Promise<VersionedPolicy | undefined> {
  const policy = await holdPolicy(trx, of.name);
  if (!policy || !isProtected(policy.document, tag)) return undefined;
  const { scope } = policy;
  const reviewer = { scope, name: of.name, user: stamp.actor, onBehalfOf: undefined, now: stamp.now };
  const { standing } = (await readAuthority(trx, reviewer)).subject;
  if (!standing || !permits(standing, 'approve')) throw protectedChannel(of.name, tag);
  return policy;
}

interface Promotable {
  readonly target: ChannelVersion;
  readonly tag: string;
  readonly policy: VersionedPolicy;
  readonly now: Date;
}

/** @returns whether the approvals of a version are what a channel asks for; @throws PrompdError EREVIEW, EFEAT */
async function isPromotable(
  trx: Trx,
  of: Locked,
  { target, tag, policy, now }: Promotable,
): Promise<boolean> {
  assertReviewed(of.name, target, now);
  const tier = await tierOfVersion(trx, target);
  assertEvidence(policy, { manifest: target.manifest, tier, now, tag });
  const requirement = requirementFor(policy.document, tier, tag);
  return isApprovedFor(trx, { version: target, tag, requirement });
}

/**
 * Points a channel back at a version that it pointed at before, at once: what was approved once needs nothing more.
 * @param to undefined for the one before
 * @throws PrompdError ENOVERSION, EREVOKED
 */
export async function rollBackChannel(
  trx: Trx,
  of: Locked,
  { tag, to, stamp }: { tag: string; to: string | undefined; stamp: Stamp },
): Promise<ChannelOutcome> {
  const current = await tagTarget(trx, of.id, tag);
  if (to !== undefined) await channelVersion(trx, { packageId: of.id, name: of.name, version: to });
  const earlier = await earlierTargets(trx, { packageId: of.id, tag });
  const target = earlier.find(one => (to === undefined ? one.id !== current?.id : one.version === to));
  if (target) return pointChannel(trx, of, { tag, to: target, stamp });
  throw new PrompdError(
    'ENOVERSION',
    to === undefined
      ? `"${tag}" of ${of.name} pointed at no other version before.`
      : `"${tag}" of ${of.name} never pointed at ${to}, or not by an approval.`,
    { facts: { name: of.name, tag, earlier: earlier.map(({ version }) => version).slice(0, 20) } },
  );
}

/** Takes a forced move back that nobody approved: to where the channel pointed before, or nowhere. */
export async function returnChannel(trx: Trx, row: RequestRow, stamp: Stamp): Promise<void> {
  const of = { id: row.package_id, name: row.name };
  const current = await tagTarget(trx, of.id, row.tag);
  const isThere = current?.id === row.version_id;
  if (isThere) {
    const earlier = await earlierTargets(trx, { packageId: of.id, tag: row.tag });
    const to =
      earlier.find(({ id }) => id === row.previous_version_id) ??
      earlier.find(({ id }) => id !== row.version_id) ??
      null;
    await pointChannel(trx, of, { tag: row.tag, to, stamp });
  }
  const { name, version, tag, id: request } = row;
  const told = { package: name, version, tag, request, movedBack: isThere };
  await enqueueEvent(trx, of.id, packageEvent('channel.flagged', { affected: version, ...told }, stamp.now));
}

/** Moves a channel, and makes everything that is kept of the package old. */
export async function pointChannel(
  trx: Trx,
  of: Locked,
  { tag, to, stamp }: { tag: string; to: TagTarget | null; stamp: Stamp },
): Promise<ChannelOutcome> {
  const from = await tagTarget(trx, of.id, tag);
  await moveTag(trx, of, { tag, to, stamp, promotes: true });
  await refreshPackage(trx, of.id, stamp.now);
  return { kind: 'moved', from: from?.version ?? null, to: to?.version ?? null };
}

function assertReviewed(name: string, { version, manifest: { feat } }: ChannelVersion, now: Date): void {
  if (feat && isReviewPast(feat, now)) throw reviewOverdue(name, version, feat.reviewBy ?? '');
}

async function openPromotion(trx: Trx, versionId: number, tag: string): Promise<ApprovalRequest | undefined> {
  const row = await requestRows(trx)
    .where('approval_requests.version_id', '=', versionId)
    .where('approval_requests.tag', '=', tag)
    .where('approval_requests.kind', '=', 'promotion')
    .where('approval_requests.state', '=', 'pending')
    .executeTakeFirst();
  if (!row) return undefined;
  const decisions = await readDecisions(trx, [row.id]);
  return requestOf(row, decisions.get(row.id) ?? []);
}
