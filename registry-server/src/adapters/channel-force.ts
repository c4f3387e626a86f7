import type { Transaction } from 'kysely';
import { PrompdError } from 'prompd/core';
import { approvalDigest } from 'prompd/feat';
import type { ApprovalRequest } from '../domain/approval.js';
import { forcedRequirement, requirementFor } from '../domain/policy.js';
import { packageEvent } from '../domain/registry-event.js';
import type { Stamp } from '../domain/stamp.js';
import type { ForcedPromotion } from '../ports/channel-repository.js';
import { openRequest } from './approval-gate.js';
import { type RequestRow, readDecisions, requestOf, requestRows } from './approval-rows.js';
import { appendAudit } from './audit-append.js';
import { type Locked, pointChannel } from './channel-moves.js';
import { type ChannelVersion, channelVersion, tierOfVersion } from './channel-versions.js';
import type { DatabaseSchema } from './database-schema.js';
import { enqueueEvent } from './event-outbox.js';
import { tagTarget } from './package-tags.js';
import { publishPending } from './pending-version.js';
import { holdPolicy } from './policy-rows.js';

type Trx = Transaction<DatabaseSchema>;

const HOUR = 60 * 60 * 1000;

/**
 * Points a channel at a version that has not enough approvals, and asks for them afterwards: what nobody approves in time
 * goes back. A version that was not published is so for the channel alone: new resolutions pass it over.
 */
export async function forceChannel(
  trx: Trx,
  of: Locked,
  { version, tag, sign, stamp }: ForcedPromotion & { readonly stamp: Stamp },
): Promise<ApprovalRequest> {
  const policy = await holdPolicy(trx, of.name);
  if (!policy) {
    throw new PrompdError('EUSAGE', `${of.name} is of no project: nothing keeps its tags from being moved.`, {
      hint: 'Use "prompd dist-tag add".',
    });
  }
  const key = { packageId: of.id, name: of.name, version };
  const target = await channelVersion(trx, key, ['published', 'pending']);
  for (const person of [stamp.actor, ...(stamp.madeBy ?? [])]) {
    await assertNoAuthor(trx, target, person);
  }
  const previous = (await tagTarget(trx, of.id, tag))?.id ?? null;
  const expiresAt = new Date(stamp.now.getTime() + policy.document.breakGlassHours * HOUR);
  const row = target.status === 'pending' ? await pendingRequest(trx, target) : undefined;
  let id: string;
  if (row) {
    id = row.id;
    const needed = forcedRequirement(policy.document, requestOf(row, []).tier, tag);
    await publishPending(trx, row, { tag: null, stamp, sign, yanked: true });
    await trx
      .updateTable('approval_requests')
      .set({
        kind: 'break-glass',
        tag,
        expires_at: expiresAt,
        previous_version_id: previous,
        was_pending: true,
        requested_by: stamp.actor,
        made_by: [...(stamp.madeBy ?? [])],
        approvals: needed.approvals,
        functions: [...needed.functions],
      })
      .where('id', '=', id)
      .execute();
  } else {
    const tier = await tierOfVersion(trx, target);
    const { manifest, integrity } = target;
    const { version: policyVersion } = policy;
    const request = await openRequest(
      trx,
      {
        policy,
        tier,
        computedTier: tier,
        requirement: requirementFor(policy.document, tier, tag),
        digest: approvalDigest({ manifest, integrity, policyVersion, channel: tag }),
        kind: 'break-glass',
        packageId: of.id,
        versionId: target.id,
        tag,
        expiresAt,
        previousVersionId: previous,
      },
      stamp,
    );
    id = request.id;
  }
  await appendAudit(trx, stamp, {
    chain: policy.scope,
    action: 'channel.break-glass',
    subject: `tag ${of.name}@${tag}`,
    after: target.version,
    details: { request: id, expiresAt: expiresAt.toISOString(), integrity: target.integrity },
  });
  await pointChannel(trx, of, { tag, to: target, stamp });
  const told = { package: of.name, version: target.version, tag, request: id, by: stamp.actor };
  await enqueueEvent(
    trx,
    of.id,
    packageEvent('channel.flagged', { affected: target.version, ...told, forced: true }, stamp.now),
  );
  const forced = await requestRows(trx).where('approval_requests.id', '=', id).executeTakeFirstOrThrow();
  return requestOf(forced, (await readDecisions(trx, [id])).get(id) ?? []);
}

async function assertNoAuthor(trx: Trx, { id }: ChannelVersion, user: string): Promise<void> {
  const author = await trx
    .selectFrom('versions')
    .leftJoin('version_authors', 'version_authors.version_id', 'versions.id')
    .select('versions.id')
    .where('versions.id', '=', id)
    .where(({ eb, or }) =>
      or([eb('versions.published_by', '=', user), eb('version_authors.user_name', '=', user)]),
    )
    .executeTakeFirst();
  if (!author) return;
  throw new PrompdError('EFOUREYES', `${user} is an author of the version, and does not force it.`, {
    facts: { user },
  });
}

async function pendingRequest(trx: Trx, { id, version }: ChannelVersion): Promise<RequestRow> {
  const row = await requestRows(trx)
    .where('approval_requests.version_id', '=', id)
    .where('approval_requests.kind', '=', 'publication')
    .where('approval_requests.state', '=', 'pending')
    .executeTakeFirst();
  if (row) return row;
  throw new PrompdError('ENOVERSION', `There is no open request for version ${version}.`, {
    facts: { version },
  });
}
