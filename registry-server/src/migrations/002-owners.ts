import { type Kysely, type Migration, sql } from 'kysely';

/**
 * Users of tokens, owners of packages, and an index by which dependents are found. A token belongs to the user of its
 * own name; a package to all who have published it.
 */
export const owners: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  'alter table tokens add column user_name text',
  'update tokens set user_name = name',
  'alter table tokens alter column user_name set not null',
  'create index tokens_user on tokens (user_name)',
  `create table package_owners (
    package_id integer not null references packages (id),
    user_name text not null,
    added_by text not null,
    added_at timestamptz not null,
    primary key (package_id, user_name)
  )`,
  `insert into package_owners (package_id, user_name, added_by, added_at)
    select package_id, published_by, published_by, min(published_at) from versions group by package_id, published_by`,
  `create index versions_dependencies on versions using gin ((manifest -> 'dependencies'))`,
];
