import { sql } from 'kysely';
import type { RegistryEvent } from '../domain/registry-event.js';
import type { Database } from './database.js';

/**
 * Notes what happened to a package, in the transaction in which it happens: then webhooks hear of what is so, and of all
 * that is. Who is told is found out later; what no webhook wants is not noted.
 * @param event undefined when nothing did
 */
export async function enqueueEvent(
  trx: Database,
  packageId: number,
  event: RegistryEvent | undefined,
): Promise<void> {
  if (event === undefined) return;
  const { id, type, affected = null, data, occurredAt } = event;
  await sql`
    insert into webhook_events (id, type, package_id, affected, data, occurred_at)
    select ${id}, ${type}, ${packageId}::integer, ${affected}, ${JSON.stringify(data)}, ${occurredAt}::timestamptz
    where exists (select from webhooks where disabled_at is null and ${type} = any(events))`.execute(trx);
}
