import { type Kysely, type Migration, sql } from 'kysely';

/** Tries to sign in, counted by all servers together. */
export const attempts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create table attempt_counts (
      key text primary key,
      tries integer not null,
      resets_at timestamptz not null
    )`.execute(db);
    await sql`create index attempt_counts_resets_at on attempt_counts (resets_at)`.execute(db);
  },
};
