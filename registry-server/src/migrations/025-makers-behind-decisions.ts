import { type Kysely, type Migration, sql } from 'kysely';

/** Who made the token by which something was asked for, decided or proposed: they are not other eyes. */
export const makersBehindDecisions: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const table of ['approval_requests', 'approval_decisions', 'policy_proposals']) {
      await sql`alter table ${sql.table(table)} add column made_by text[] not null default '{}'`.execute(db);
    }
  },
};
