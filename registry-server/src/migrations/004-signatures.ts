import { type Kysely, type Migration, sql } from 'kysely';

/** Public keys of the registry, its signatures of versions, and those of authors. Private keys are in no table. */
export const signatures: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  // A row is never deleted: what a key signed before it expired stays verifiable.
  `create table signing_keys (
    keyid text primary key,
    public_key text not null,
    created_at timestamptz not null,
    expires_at timestamptz
  )`,
  `create table version_signatures (
    version_id integer not null references versions (id),
    keyid text not null references signing_keys (keyid),
    sig text not null,
    primary key (version_id, keyid)
  )`,
  'create index version_signatures_key on version_signatures (keyid)',
  `create table author_signatures (
    version_id integer primary key references versions (id),
    keyid text not null,
    public_key text not null,
    sig text not null
  )`,
];
