import { sql, type Transaction } from 'kysely';
import type { Stamp } from '../domain/stamp.js';
import { appendAudit, REGISTRY_CHAIN } from './audit-append.js';
import type { DatabaseSchema } from './database-schema.js';

type Trx = Transaction<DatabaseSchema>;

/** Devices that somebody has let in and that have not fetched their credential yet get none. */
export async function shutOutDevices(trx: Trx, user: string): Promise<void> {
  await trx.deleteFrom('device_logins').where('user_name', '=', user).execute();
}

/** Who administers the registry no longer does so by no token either; the operator's own comes from the configuration. */
export async function revokeAdminTokens(trx: Trx, user: string, stamp: Stamp): Promise<void> {
  const revoked = await trx
    .updateTable('tokens')
    .set({ revoked_at: stamp.now })
    .where('user_name', '=', user)
    .where('seeded', '=', false)
    .where('revoked_at', 'is', null)
    .where(sql<boolean>`'admin' = any(scopes)`)
    .returning('id')
    .execute();
  for (const { id } of revoked) {
    await appendAudit(trx, stamp, {
      chain: REGISTRY_CHAIN,
      action: 'token.revoke',
      subject: `token ${id}`,
      details: { user },
    });
  }
}
