import { type Kysely, type Migration, sql } from 'kysely';

/** By which credential a promotion for later was asked for, and who made it: those of before are known by their user alone. */
export const behindPromotions: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table scheduled_promotions add column token text not null default ''`.execute(db);
    await sql`alter table scheduled_promotions add column made_by text[] not null default '{}'`.execute(db);
  },
};
