import { type Expression, type RawBuilder, sql, type Transaction } from 'kysely';
import type { PackageOwner } from '../domain/package-owner.js';
import type { Stamp } from '../domain/stamp.js';
import type { Holding } from '../ports/package-repository.js';
import { auditPackage } from './audit-append.js';
import type { Database } from './database.js';
import type { DatabaseSchema } from './database-schema.js';
import { lockPackage } from './package-locks.js';
import { accessFrom } from './package-rows.js';
import { packageStanding } from './standing.js';

type Trx = Transaction<DatabaseSchema>;

/**
 * The names of a package's owners, as SQL over the id of its row. One of a project has none, whoever owned it before: there
 * roles decide.
 */
export function ownersColumn(packageId: Expression<number>): RawBuilder<string[]> {
  return sql<string[]>`array(
    select user_name from package_owners o where o.package_id = ${packageId}
      and not exists (select 1 from packages k join projects p on p.scope = split_part(k.name, '/', 1)
        where k.id = o.package_id)
    order by o.added_at, o.user_name collate "C"
  )`;
}

/** To whom a name belongs, and who may see what is there. @param user who asks */
export async function readHolding(db: Database, name: string, user: string | undefined): Promise<Holding> {
  const row = await db
    .selectFrom('packages')
    .select(['access', 'uplink'])
    .select(({ ref }) => ownersColumn(ref('packages.id')).as('owners'))
    .where('name', '=', name)
    .executeTakeFirst();
  return {
    access: row ? accessFrom(row.access) : 'public',
    uplink: row?.uplink ?? undefined,
    owners: row?.owners,
    standing: await packageStanding(db, name, user),
  };
}

/** By the time at which they became owners. */
export async function readOwners(db: Database, name: string): Promise<readonly PackageOwner[]> {
  const rows = await db
    .selectFrom('package_owners')
    .innerJoin('packages', 'packages.id', 'package_owners.package_id')
    .select(['package_owners.user_name', 'package_owners.added_by', 'package_owners.added_at'])
    .where('packages.name', '=', name)
    .orderBy('package_owners.added_at')
    .orderBy(sql`package_owners.user_name collate "C"`)
    .execute();
  return rows.map(row => ({ user: row.user_name, addedBy: row.added_by, addedAt: row.added_at }));
}

/** Makes a user an owner; one who is it already stays as they are. */
export async function insertOwner(
  trx: Trx,
  packageId: number,
  { user, stamp }: { user: string; stamp: Stamp },
): Promise<void> {
  await trx
    .insertInto('package_owners')
    .values({ package_id: packageId, user_name: user, added_by: stamp.actor, added_at: stamp.now })
    .onConflict(conflict => conflict.columns(['package_id', 'user_name']).doNothing())
    .execute();
  await raiseRevision(trx, packageId);
}

/** Under the lock on the package: two owners who remove each other at once leave one. */
export async function deleteOwner(
  trx: Trx,
  name: string,
  { user, stamp }: { user: string; stamp: Stamp },
): Promise<'removed' | 'unknown' | 'last'> {
  const { id } = await lockPackage(trx, name);
  const owners = await trx
    .selectFrom('package_owners')
    .select('user_name')
    .where('package_id', '=', id)
    .execute();
  if (!owners.some(owner => owner.user_name === user)) return 'unknown';
  if (owners.length === 1) return 'last';
  await trx.deleteFrom('package_owners').where('package_id', '=', id).where('user_name', '=', user).execute();
  await raiseRevision(trx, id);
  await auditPackage(trx, stamp, { name, action: 'owner.remove', before: user });
  return 'removed';
}

/** npm's packuments name the owners. */
async function raiseRevision(trx: Trx, packageId: number): Promise<void> {
  await trx
    .updateTable('packages')
    .set({ revision: sql`revision + 1` })
    .where('id', '=', packageId)
    .execute();
}
