import { type Kysely, type Migration, sql } from 'kysely';

/** Packages that are mirrored from other registries. */
export const uplinks: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  // The uplink that a package is mirrored from; null for packages of this registry.
  'alter table packages add column uplink text',
  'create index packages_uplink on packages (uplink) where uplink is not null',
  // False for a mirrored version whose archive nobody asked for yet: its row says what the uplink says.
  'alter table versions add column stored boolean not null default true',
  // A view keeps the columns that its table had when it was made.
  `create or replace view published_versions as
    select * from versions where status = 'published' and deleted_at is null`,
  `create table mirrors (
    package_id integer primary key references packages (id),
    etag text,
    checked_at timestamptz not null
  )`,
  `create table mirrored_versions (
    version_id integer primary key references versions (id),
    tarball text,
    signatures jsonb not null default '[]'
  )`,
];
