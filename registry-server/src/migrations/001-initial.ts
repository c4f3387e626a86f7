import { type Kysely, type Migration, sql } from 'kysely';

/** Packages, versions, tags, tokens and downloads. */
export const initial: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table packages (
    id integer generated always as identity primary key,
    name text not null unique,
    access text not null default 'public' check (access in ('public', 'private')),
    revision integer not null default 1,
    latest_version_id integer,
    description text not null default '',
    author text not null default '',
    category text not null default '',
    keywords text[] not null default '{}',
    downloads integer not null default 0,
    search tsvector not null default ''::tsvector,
    created_at timestamptz not null,
    updated_at timestamptz not null
  )`,
  'create index packages_search on packages using gin (search)',
  'create index packages_keywords on packages using gin (keywords)',
  'create index packages_category on packages (lower(category))',
  'create index packages_author on packages (lower(author))',
  // A row is never deleted: a deleted version leaves its name, number and integrity, so that it is never reused.
  `create table versions (
    id integer generated always as identity primary key,
    package_id integer not null references packages (id),
    version text not null,
    status text not null,
    manifest jsonb not null,
    readme text,
    integrity text not null,
    shasum text not null,
    size integer not null,
    unpacked_size integer not null,
    file_count integer not null,
    published_by text not null,
    published_at timestamptz not null,
    deprecated text,
    yanked boolean not null default false,
    deleted_at timestamptz,
    deleted_by text,
    unique (package_id, version)
  )`,
  // Build metadata makes no other version: what a range or a pin means must not change by it.
  `create unique index versions_number on versions (package_id, split_part(version, '+', 1))`,
  'create index versions_integrity on versions (integrity) where deleted_at is null',
  `alter table packages add foreign key (latest_version_id) references versions (id)`,
  `create view published_versions as
    select * from versions where status = 'published' and deleted_at is null`,
  `create table dist_tags (
    package_id integer not null references packages (id),
    tag text not null,
    version_id integer not null references versions (id),
    primary key (package_id, tag)
  )`,
  `create table dist_tag_moves (
    id integer generated always as identity primary key,
    package_id integer not null references packages (id),
    tag text not null,
    from_version text,
    to_version text,
    actor text not null,
    moved_at timestamptz not null
  )`,
  'create index dist_tag_moves_package on dist_tag_moves (package_id, id)',
  `create table tokens (
    id integer generated always as identity primary key,
    name text not null,
    hash text not null unique,
    scopes text[] not null,
    seeded boolean not null default false,
    created_at timestamptz not null,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz
  )`,
  `create table downloads (
    version_id integer not null references versions (id),
    day text not null,
    count integer not null,
    primary key (version_id, day)
  )`,
];
