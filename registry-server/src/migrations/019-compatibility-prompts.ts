import { type Kysely, type Migration, sql } from 'kysely';

/** Runs of the tests of some prompts alone. */
export const compatibilityPrompts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table compatibility_runs add column prompts text`.execute(db);
  },
};
