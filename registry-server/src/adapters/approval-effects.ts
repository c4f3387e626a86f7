import type { Transaction } from 'kysely';
import { LATEST } from 'prompd/core';
import type { RequestState } from '../domain/approval.js';
import { isProtected } from '../domain/policy.js';
import { packageEvent } from '../domain/registry-event.js';
import type { Stamp } from '../domain/stamp.js';
import type { SignVersion } from '../ports/approval-repository.js';
import type { RequestRow } from './approval-rows.js';
import { appendAudit } from './audit-append.js';
import { promoteTo, returnChannel } from './channel-moves.js';
import type { DatabaseSchema } from './database-schema.js';
import { announceDelivery } from './delivery-events.js';
import { enqueueEvent } from './event-outbox.js';
import { refreshPackage } from './package-refresh.js';
import { publishPending } from './pending-version.js';
import { readPolicy } from './policy-rows.js';
import { tagRelease } from './version-release.js';

type Trx = Transaction<DatabaseSchema>;

export interface Closing {
  readonly stamp: Stamp;
  readonly sign: SignVersion;
}

/** Ends a request that nobody decided. The package must be locked. */
export function expireRequest(trx: Trx, row: RequestRow, stamp: Stamp): Promise<void> {
  return closeRequest(trx, row, { state: 'expired', stamp, sign: NOTHING_TO_SIGN });
}

/** What expires is not published. */
const NOTHING_TO_SIGN: SignVersion = async () => {
  throw new TypeError('an expired request publishes nothing');
};

/** Ends a request, with what follows from how it ended, all in one transaction. The package must be locked. */
export async function closeRequest(
  trx: Trx,
  row: RequestRow,
  { state, stamp, sign }: Closing & { readonly state: Exclude<RequestState, 'pending'> },
): Promise<void> {
  await noteClosed(trx, row, { state, stamp });
  if (state === 'approved') await whenApproved(trx, row, { stamp, sign });
  else await whenRefused(trx, row, stamp);
  await tellClosed(trx, row, { state, stamp });
}

/** Takes a request back whose version was revoked, which has effects of its own: what is revoked says so wherever it was. */
export async function withdrawRevoked(trx: Trx, row: RequestRow, stamp: Stamp): Promise<void> {
  const end = { state: 'withdrawn', stamp } as const;
  await noteClosed(trx, row, end);
  await tellClosed(trx, row, end);
}

interface End {
  readonly state: Exclude<RequestState, 'pending'>;
  readonly stamp: Stamp;
}

async function noteClosed(trx: Trx, row: RequestRow, { state, stamp }: End): Promise<void> {
  await trx
    .updateTable('approval_requests')
    .set({ state, closed_at: stamp.now })
    .where('id', '=', row.id)
    .execute();
  await appendAudit(trx, stamp, {
    chain: row.scope,
    action: `approval.${state}`,
    subject: `version ${row.name}@${row.version}`,
    after: row.digest,
    details: { request: row.id, kind: row.kind, tag: row.tag },
  });
}

function tellClosed(trx: Trx, row: RequestRow, { state, stamp }: End): Promise<void> {
  const { id: request, kind, tag, name, version } = row;
  return enqueueEvent(
    trx,
    row.package_id,
    packageEvent(
      'approval.decided',
      { affected: version, package: name, version, request, kind, tag, state, by: stamp.actor },
      stamp.now,
    ),
  );
}

async function whenApproved(trx: Trx, row: RequestRow, { stamp, sign }: Closing): Promise<void> {
  const { package_id: packageId, version_id: versionId, name, version, tag } = row;
  if (row.kind === 'publication') {
    // The tag may have become a protected channel since: then it is for promotion to move.
    const { document } = await readPolicy(trx, row.scope);
    await publishPending(trx, row, { tag: isProtected(document, tag) ? null : tag, stamp, sign });
    return;
  }
  if (row.kind === 'promotion') {
    await promoteTo(trx, { id: packageId, name }, { tag, versionId, stamp });
    return;
  }
  if (!row.was_pending) return;
  await trx.updateTable('versions').set({ yanked: false }).where('id', '=', versionId).execute();
  await tagRelease(
    trx,
    {
      packageId,
      name,
      versionId,
      version,
      integrity: row.integrity,
      tag: LATEST,
      latestGoesBack: false,
      access: undefined,
    },
    stamp,
  );
  await refreshPackage(trx, packageId, stamp.now);
}

async function whenRefused(trx: Trx, row: RequestRow, stamp: Stamp): Promise<void> {
  if (row.kind === 'break-glass') await returnChannel(trx, row, stamp);
  if (row.kind === 'publication' || row.was_pending) {
    await trx
      .updateTable('versions')
      .set({ status: 'rejected' })
      .where('id', '=', row.version_id)
      .where('deleted_at', 'is', null)
      .execute();
    await refreshPackage(trx, row.package_id, stamp.now);
  }
  // It was delivered for as long as it was let through by force: nobody keeps it.
  if (row.was_pending)
    await announceDelivery(trx, { type: 'change', packageId: row.package_id, now: stamp.now });
}
