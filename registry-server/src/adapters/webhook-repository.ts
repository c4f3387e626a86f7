import { type Selectable, sql } from 'kysely';
import { EVENT_TYPES } from '../domain/registry-event.js';
import { DELIVERY_STATES, type Delivery, FOLLOWED, type Webhook } from '../domain/webhook.js';
import type { NewWebhook, WebhookPage, WebhookRepository } from '../ports/webhook-repository.js';
import type { Database } from './database.js';
import type { WebhookDeliveriesTable, WebhooksTable } from './webhook-schema.js';

export class SqlWebhookRepository implements WebhookRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add({ owner, ...webhook }: NewWebhook, most: number): Promise<boolean> {
    return this.#db.transaction().execute(async trx => {
      // Two requests at once must not both count before either has added.
      await sql`select pg_advisory_xact_lock(hashtext(${`webhooks of ${owner}`}))`.execute(trx);
      const { total } = await trx
        .selectFrom('webhooks')
        .select(sql<number>`count(*)::integer`.as('total'))
        .where('owner', '=', owner)
        .executeTakeFirstOrThrow();
      if (total >= most) return false;
      await trx
        .insertInto('webhooks')
        .values({
          id: webhook.id,
          owner,
          url: webhook.url,
          events: [...webhook.events],
          packages: [...webhook.packages],
          follow: [...webhook.follow],
          sealed_secret: webhook.sealedSecret,
          created_at: webhook.createdAt,
          disabled_at: null,
          disabled_reason: null,
        })
        .execute();
      return true;
    });
  }

  async find(id: string): Promise<Webhook | undefined> {
    const row = await this.#db.selectFrom('webhooks').selectAll().where('id', '=', id).executeTakeFirst();
    return row && webhookOf(row);
  }

  async list({ owner, limit, offset }: WebhookPage): Promise<readonly Webhook[]> {
    const rows = await this.#db
      .selectFrom('webhooks')
      .selectAll()
      .$if(owner !== undefined, query => query.where('owner', '=', owner ?? ''))
      .orderBy('created_at')
      .orderBy('id')
      .limit(limit)
      .offset(offset)
      .execute();
    return rows.map(webhookOf);
  }

  async remove(id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('webhooks')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    return numDeletedRows > 0n;
  }

  disable(id: string, cause: { readonly reason: string; readonly now: Date } | undefined): Promise<boolean> {
    return this.#db.transaction().execute(async trx => {
      const { numUpdatedRows } = await trx
        .updateTable('webhooks')
        .set({ disabled_at: cause?.now ?? null, disabled_reason: cause?.reason ?? null })
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      if (cause) {
        await trx
          .updateTable('webhook_deliveries')
          .set({ state: 'failed', finished_at: cause.now, last_error: 'The webhook was disabled.' })
          .where('webhook_id', '=', id)
          .where('state', '=', 'pending')
          .execute();
      }
      return numUpdatedRows > 0n;
    });
  }

  async rotate(
    id: string,
    { sealedSecret, oldUntil }: { readonly sealedSecret: Uint8Array; readonly oldUntil: Date },
  ): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('webhooks')
      .set(({ ref }) => ({
        old_sealed_secret: ref('sealed_secret'),
        old_secret_until: oldUntil,
        sealed_secret: sealedSecret,
      }))
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }

  async deliveries(id: string, limit: number): Promise<readonly Delivery[]> {
    const rows = await this.#db
      .selectFrom('webhook_deliveries')
      .selectAll()
      .where('webhook_id', '=', id)
      .orderBy('created_at', 'desc')
      .orderBy('event_id')
      .limit(limit)
      .execute();
    return rows.map(deliveryOf);
  }
}

function webhookOf(row: Selectable<WebhooksTable>): Webhook {
  return {
    id: row.id,
    owner: row.owner,
    url: row.url,
    events: EVENT_TYPES.filter(type => row.events.includes(type)),
    packages: row.packages,
    follow: FOLLOWED.filter(followed => row.follow.includes(followed)),
    createdAt: row.created_at,
    disabledAt: row.disabled_at,
    disabledReason: row.disabled_reason,
  };
}

function deliveryOf(row: Selectable<WebhookDeliveriesTable>): Delivery {
  const state = DELIVERY_STATES.find(known => known === row.state) ?? 'failed';
  return {
    event: row.event_id,
    type: row.type,
    state,
    attempts: row.attempts,
    lastStatus: row.last_status,
    lastError: row.last_error,
    createdAt: row.created_at,
    lastAttemptAt: row.last_attempt_at,
    nextAt: state === 'pending' ? row.next_at : null,
    finishedAt: row.finished_at,
  };
}
