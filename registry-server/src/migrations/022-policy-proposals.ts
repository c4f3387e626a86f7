import { type Kysely, type Migration, sql } from 'kysely';

/** Changes of a policy that wait for a second admin: one a project. */
export const policyProposals: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create table policy_proposals (
      scope text primary key references projects (scope),
      base_version integer not null,
      document text not null,
      proposed_by text not null,
      proposed_at timestamptz not null,
      reason text
    )`.execute(db);
  },
};
