import type { RegistryEvent } from '../domain/registry-event.js';
import type { Database } from './database.js';

/**
 * Notes what happened to a package, in the transaction in which it happens: then webhooks hear of what is so, and of all
 * that is. Who is told is found out later.
 * @param event undefined when nothing did
 */
export async function enqueueEvent(
  trx: Database,
  packageId: number,
  event: RegistryEvent | undefined,
): Promise<void> {
  if (event === undefined) return;
  const { id, type, affected, data, occurredAt } = event;
  await trx
    .insertInto('webhook_events')
    .values({
      id,
      type,
      package_id: packageId,
      affected: affected ?? null,
      data: JSON.stringify(data),
      occurred_at: occurredAt,
    })
    .execute();
}
