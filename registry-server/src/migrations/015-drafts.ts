import { type Kysely, type Migration, sql } from 'kysely';

/** Modules, which are packages as projects see them, and the drafts of their next versions. */
export const drafts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table modules (
    package text primary key,
    scope text not null references projects (scope),
    description text not null default '',
    author text not null default '',
    intent text not null default '',
    compliance_notes text not null default '',
    tags text[] not null default '{}',
    revision integer not null default 1,
    created_by text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    archived_at timestamptz
  )`,
  'create index modules_scope on modules (scope)',
  `create table module_prompts (
    package text not null references modules (package) on delete cascade,
    prompt text not null,
    description text not null default '',
    author text not null default '',
    intent text not null default '',
    compliance_notes text not null default '',
    tags text[] not null default '{}',
    revision integer not null default 1,
    updated_by text not null,
    updated_at timestamptz not null,
    archived_at timestamptz,
    primary key (package, prompt)
  )`,
  // Never the same twice, also after a draft was thrown away: an ETag that was seen once means one text.
  'create sequence draft_revisions as integer',
  `create table drafts (
    package text primary key references modules (package) on delete cascade,
    base_version text,
    revision integer not null,
    updated_by text not null,
    updated_at timestamptz not null
  )`,
  `create table draft_files (
    package text not null references drafts (package) on delete cascade,
    path text not null,
    encoding text not null check (encoding in ('utf8', 'base64')),
    content text not null,
    revision integer not null,
    updated_by text not null,
    updated_at timestamptz not null,
    primary key (package, path)
  )`,
  // Found out when somebody first asks for the history of a prompt: a version never changes.
  `create table version_prompts (
    version_id integer not null references versions (id),
    prompt text not null,
    digest text not null,
    primary key (version_id, prompt)
  )`,
];
