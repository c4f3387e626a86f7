import type { Transaction } from 'kysely';
import { approvalDigest } from 'prompd/feat';
import { forcedRequirement, requirementFor, type VersionedPolicy } from '../domain/policy.js';
import type { Stamp } from '../domain/stamp.js';
import { requestOf, requestRows } from './approval-rows.js';
import { appendAudit } from './audit-append.js';
import type { DatabaseSchema } from './database-schema.js';
import { manifestFrom } from './package-rows.js';

/**
 * Brings the open requests of a project in line with its new policy. What was approved was approved by the old one: its
 * digest is another, so that it counts no more.
 */
export async function renewRequests(
  trx: Transaction<DatabaseSchema>,
  { scope, version, document }: VersionedPolicy,
  stamp: Stamp,
): Promise<void> {
  const open = await requestRows(trx)
    .innerJoin('versions as content', 'content.id', 'approval_requests.version_id')
    .select('content.manifest')
    .where('approval_requests.scope', '=', scope)
    .where('approval_requests.state', '=', 'pending')
    // What was unpublished has no content any more that somebody could approve.
    .where('content.deleted_at', 'is', null)
    .execute();
  for (const { manifest: raw, ...row } of open) {
    const { id, kind, tag, tier, name } = requestOf(row, []);
    const channel = kind === 'publication' || row.was_pending ? undefined : tag;
    const { approvals, functions } = row.was_pending
      ? forcedRequirement(document, tier, tag)
      : requirementFor(document, tier, channel);
    const manifest = manifestFrom(raw);
    const digest = approvalDigest({ manifest, integrity: row.integrity, policyVersion: version, channel });
    await trx
      .updateTable('approval_requests')
      .set({ policy_version: version, approvals: Math.max(approvals, 1), functions: [...functions], digest })
      .where('id', '=', id)
      .execute();
    await appendAudit(trx, stamp, {
      chain: scope,
      action: 'approval.renew',
      subject: `version ${name}@${row.version}`,
      before: row.digest,
      after: digest,
      details: { request: id, policyVersion: version },
    });
  }
}
