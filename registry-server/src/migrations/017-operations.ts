import { type Kysely, type Migration, sql } from 'kysely';

/** Downloads by what asked for them, beside the sums of each day. */
export const operations: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table download_clients (
    version_id integer not null references versions (id),
    day text not null,
    client text not null,
    count integer not null,
    primary key (version_id, day, client)
  )`,
];
