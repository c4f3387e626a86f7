import { type Kysely, type Migration, sql } from 'kysely';

/** Who wrote a draft, also those of whose words others left nothing. */
export const draftAuthors: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table drafts add column authors text[] not null default '{}'`.execute(db);
    await sql`create index delivery_feedback_at on delivery_feedback (at)`.execute(db);
  },
};
