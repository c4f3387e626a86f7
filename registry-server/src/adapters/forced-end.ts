import type { Transaction } from 'kysely';
import type { Stamp } from '../domain/stamp.js';
import { expireRequest } from './approval-effects.js';
import { requestRows } from './approval-rows.js';
import type { Locked } from './channel-moves.js';
import type { DatabaseSchema } from './database-schema.js';
import { forcedVersions } from './forced-versions.js';

/**
 * Takes back what was let through by force to a channel that points elsewhere by now: it was published for that channel
 * alone, and nobody approved it. Called after whatever moves tags, in the same transaction.
 */
export async function endForced(
  trx: Transaction<DatabaseSchema>,
  { id }: Pick<Locked, 'id'>,
  stamp: Stamp,
): Promise<void> {
  const left = forcedVersions(trx)
    .where('package_id', '=', id)
    .where('version_id', 'not in', query =>
      query.selectFrom('dist_tags').select('version_id').where('package_id', '=', id),
    )
    .select('id');
  const rows = await requestRows(trx)
    .where('approval_requests.id', 'in', left)
    .orderBy('approval_requests.id')
    .execute();
  for (const row of rows) await expireRequest(trx, row, stamp);
}

/**
 * Ends all that was still asked for versions that were unpublished: nobody can look at them any more, let alone approve
 * them. Called after their tags have left them, in the same transaction.
 */
export async function endRequestsOf(
  trx: Transaction<DatabaseSchema>,
  versionIds: readonly number[],
  stamp: Stamp,
): Promise<void> {
  if (versionIds.length === 0) return;
  const rows = await requestRows(trx)
    .where('approval_requests.version_id', 'in', versionIds)
    .where('approval_requests.state', '=', 'pending')
    .orderBy('approval_requests.id')
    .execute();
  for (const row of rows) await expireRequest(trx, row, stamp);
  await trx
    .updateTable('scheduled_promotions')
    .set({ state: 'failed', outcome: 'The version was unpublished.', finished_at: stamp.now })
    .where('version_id', 'in', versionIds)
    .where('state', '=', 'scheduled')
    .execute();
}
