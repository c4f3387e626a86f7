import type { Transaction } from 'kysely';
import { LATEST, PrompdError, parseVersion } from 'prompd/core';
import { isProtected } from '../domain/policy.js';
import { packageEvent } from '../domain/registry-event.js';
import type { Stamp } from '../domain/stamp.js';
import { withdrawRevoked } from './approval-effects.js';
import { requestRows } from './approval-rows.js';
import { auditPackage } from './audit-append.js';
import type { DatabaseSchema } from './database-schema.js';
import { announceDelivery } from './delivery-events.js';
import { enqueueEvent } from './event-outbox.js';
import { highestVersion } from './package-changes.js';
import { refreshPackage } from './package-refresh.js';
import { moveTag } from './package-tags.js';
import { policyOf } from './policy-rows.js';

type Trx = Transaction<DatabaseSchema>;

/**
 * Refuses a version everywhere from now on. Tags leave it, `latest` for the highest version that is left; a protected
 * channel stays where it is and serves nothing, so that those who read it are told why.
 * @returns false when it was revoked before
 */
export async function revokeVersion(
  trx: Trx,
  { id: packageId, name }: { readonly id: number; readonly name: string },
  { version, stamp }: { readonly version: string; readonly stamp: Stamp },
): Promise<boolean> {
  const row = await trx
    .selectFrom('versions')
    .select(['id', 'integrity', 'revoked_at', 'status'])
    .where('package_id', '=', packageId)
    .where('version', '=', parseVersion(version))
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  if (row?.status !== 'published') {
    throw new PrompdError('ENOVERSION', `${name} has no version ${version}.`, { facts: { name, version } });
  }
  if (row.revoked_at) return false;
  const reason = stamp.reason ?? '';
  await trx
    .updateTable('versions')
    .set({ revoked_at: stamp.now, revoked_by: stamp.actor, revoked_reason: reason })
    .where('id', '=', row.id)
    .execute();
  const policy = await policyOf(trx, name);
  const tags = await trx
    .selectFrom('dist_tags')
    .select('tag')
    .where('package_id', '=', packageId)
    .where('version_id', '=', row.id)
    .execute();
  for (const { tag } of tags) {
    if (policy && isProtected(policy.document, tag)) continue;
    const to = tag === LATEST ? await highestVersion(trx, packageId) : null;
    await moveTag(trx, { id: packageId, name }, { tag, to, stamp });
  }
  const open = await requestRows(trx)
    .where('approval_requests.version_id', '=', row.id)
    .where('approval_requests.state', '=', 'pending')
    .orderBy('approval_requests.id')
    .execute();
  for (const request of open) await withdrawRevoked(trx, request, stamp);
  await trx
    .updateTable('scheduled_promotions')
    .set({ state: 'failed', outcome: `The version was revoked: ${reason}`, finished_at: stamp.now })
    .where('version_id', '=', row.id)
    .where('state', '=', 'scheduled')
    .execute();
  await refreshPackage(trx, packageId, stamp.now);
  await auditPackage(trx, stamp, {
    name,
    action: 'version.revoke',
    subject: `version ${name}@${version}`,
    before: row.integrity,
  });
  await announceDelivery(trx, {
    type: 'revoke',
    packageId,
    versionId: row.id,
    version,
    reason,
    now: stamp.now,
  });
  const told = { package: name, version, reason, by: stamp.actor };
  await enqueueEvent(
    trx,
    packageId,
    packageEvent('version.revoked', { affected: version, ...told }, stamp.now),
  );
  return true;
}
