import { type Kysely, type Migration, sql } from 'kysely';

/** Who made each token: whoever knows what it is acts by the name of its user. */
export const tokenMakers: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table tokens add column made_by text[] not null default '{}'`.execute(db);
  },
};
