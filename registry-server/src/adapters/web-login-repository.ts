import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { WebLoginRepository } from '../ports/web-login-repository.js';
import type { Database } from './database.js';

const SECRET = 'web-logins';
/** Logins that were confirmed and not forgotten yet: confirming takes a valid token. */
const MAX_CONFIRMED = 10_000;

export class SqlWebLoginRepository implements WebLoginRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async secret(): Promise<Uint8Array> {
    await this.#db
      .insertInto('shared_secrets')
      .values({ name: SECRET, value: randomBytes(32) })
      .onConflict(conflict => conflict.column('name').doNothing())
      .execute();
    const { value } = await this.#db
      .selectFrom('shared_secrets')
      .select('value')
      .where('name', '=', SECRET)
      .executeTakeFirstOrThrow();
    return value;
  }

  async isConfirmed(id: string): Promise<boolean> {
    const row = await this.#db.selectFrom('web_logins').select('id').where('id', '=', id).executeTakeFirst();
    return row !== undefined;
  }

  confirm(
    { id, sealedToken, expiresAt }: { id: string; sealedToken: Uint8Array; expiresAt: Date },
    now: Date,
  ): Promise<boolean> {
    return this.#db.transaction().execute(async trx => {
      await trx.deleteFrom('web_logins').where('expires_at', '<', now).execute();
      const { total } = await trx
        .selectFrom('web_logins')
        .select(sql<number>`count(*)::integer`.as('total'))
        .executeTakeFirstOrThrow();
      if (total >= MAX_CONFIRMED) return false;
      const added = await trx
        .insertInto('web_logins')
        .values({ id, sealed_token: sealedToken, expires_at: expiresAt })
        .onConflict(conflict => conflict.column('id').doNothing())
        .returning('id')
        .executeTakeFirst();
      return added !== undefined;
    });
  }

  take(id: string, now: Date): Promise<Uint8Array | null | undefined> {
    return this.#db.transaction().execute(async trx => {
      const row = await trx
        .selectFrom('web_logins')
        .select('sealed_token')
        .where('id', '=', id)
        .where('expires_at', '>', now)
        .forUpdate()
        .executeTakeFirst();
      if (!row) return undefined;
      // The row stays without its token, so that the login cannot be confirmed again.
      await trx.updateTable('web_logins').set({ sealed_token: null }).where('id', '=', id).execute();
      return row.sealed_token;
    });
  }
}
