import { sql, type Transaction } from 'kysely';
import { type Integrity, PrompdError } from 'prompd/core';
import { mirroredName } from '../domain/mirrored-name.js';
import type { DatabaseSchema } from './database-schema.js';

type Trx = Transaction<DatabaseSchema>;

/**
 * The package's row is the lock under which all changes to a package queue.
 * @throws PrompdError ENOTFOUND; EFORBIDDEN for a package that is mirrored, which nobody changes here
 */
export async function lockPackage(trx: Trx, name: string): Promise<{ id: number; revision: number }> {
  const { id, uplink, revision } = await lockName(trx, name);
  if (uplink !== null) throw mirroredName(name, uplink);
  return { id, revision };
}

/** As {@link lockPackage}, whether the name is mirrored or not. @throws PrompdError ENOTFOUND */
export async function lockName(
  trx: Trx,
  name: string,
): Promise<{ id: number; uplink: string | null; revision: number }> {
  const row = await trx
    .selectFrom('packages')
    .select(['id', 'uplink', 'revision'])
    .where('name', '=', name)
    .forUpdate()
    .executeTakeFirst();
  if (row) return row;
  throw new PrompdError('ENOTFOUND', `There is no package ${name}.`, { facts: { name } });
}

/** Waits until nobody else places or removes this content; ends with the transaction. */
export async function lockContent(trx: Trx, integrity: Integrity): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${integrity}, 0))`.execute(trx);
}
