import { sql } from 'kysely';
import type {
  AttemptOutcome,
  ClaimedDelivery,
  ClaimOptions,
  DeliveryQueue,
  NewDelivery,
} from '../ports/delivery-queue.js';
import { canAct } from './active-user.js';
import type { Database } from './database.js';
import { spreadOldest } from './event-spread.js';
import { hasRoom } from './queue-room.js';

/** The queue as a table. Servers take rows of it that no other one holds (`skip locked`). */
export class SqlDeliveryQueue implements DeliveryQueue {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  spread(now: Date): Promise<boolean> {
    return this.#db.transaction().execute(trx => spreadOldest(trx, now));
  }

  async add({ webhook, event, type, body, now }: NewDelivery): Promise<boolean> {
    const { rows } = await sql<{ id: string }>`
      insert into webhook_deliveries (webhook_id, event_id, type, payload, next_at, created_at)
      select id, ${event}, ${type}, ${body}, ${now}, ${now} from webhooks
      where id = ${webhook} and disabled_at is null and ${hasRoom(sql.ref('webhooks.id'))}
      returning webhook_id as id`.execute(this.#db);
    return rows.length > 0;
  }

  /** Taking a row puts its next time off: when this server dies, the row is due again then. */
  async claim(now: Date, { lost, limit, except }: ClaimOptions): Promise<readonly ClaimedDelivery[]> {
    const { rows } = await sql<ClaimedDelivery>`
      with due as materialized (
        select webhook_id, event_id from webhook_deliveries
        where state = 'pending' and next_at <= ${now} and webhook_id <> all(${except}::text[])
        order by next_at limit ${limit} for update skip locked
      )
      update webhook_deliveries d
      set attempts = d.attempts + 1, next_at = ${lost}, last_attempt_at = ${now}
      from due, webhooks w
      where d.webhook_id = due.webhook_id and d.event_id = due.event_id and w.id = d.webhook_id
      returning d.webhook_id as webhook, d.event_id as event, d.type, d.payload as body, d.attempts as attempt,
        w.url, w.sealed_secret as "sealedSecret",
        case when w.old_secret_until > ${now} then w.old_sealed_secret end as "oldSealedSecret",
        ${canAct(sql.ref('w.owner'), now)} as "isEntitled"`.execute(this.#db);
    return rows;
  }

  async settle(
    { webhook, event, attempt }: Pick<ClaimedDelivery, 'webhook' | 'event' | 'attempt'>,
    { error, status, nextAt, now }: AttemptOutcome,
  ): Promise<void> {
    const state = error === undefined ? 'delivered' : nextAt === undefined ? 'failed' : 'pending';
    await this.#db
      .updateTable('webhook_deliveries')
      .set({
        state,
        last_status: status ?? null,
        last_error: error ?? null,
        finished_at: state === 'pending' ? null : now,
        ...(nextAt === undefined ? {} : { next_at: nextAt }),
      })
      .where('webhook_id', '=', webhook)
      .where('event_id', '=', event)
      .where('attempts', '=', attempt)
      .where('state', '=', 'pending')
      .execute();
  }

  async forget(before: Date): Promise<void> {
    await this.#db
      .deleteFrom('webhook_deliveries')
      .where('state', '!=', 'pending')
      .where('finished_at', '<', before)
      .execute();
  }
}
