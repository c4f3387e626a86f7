import { type Kysely, type Migration, sql } from 'kysely';

/** The secret that a webhook had before, with which messages are signed as well for a while. */
export const webhookRotation: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table webhooks add column old_sealed_secret bytea, add column old_secret_until timestamptz`.execute(
      db,
    );
  },
};
