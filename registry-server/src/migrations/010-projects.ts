import { type Kysely, type Migration, sql } from 'kysely';

/** Projects, which are scopes with members; teams; and who is what in them. */
export const projects: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table projects (
    scope text primary key,
    description text not null default '',
    author text not null default '',
    intent text not null default '',
    compliance_notes text not null default '',
    revision integer not null default 1,
    created_by text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    archived_at timestamptz
  )`,
  `create table teams (
    scope text not null references projects (scope),
    name text not null,
    description text not null default '',
    created_by text not null,
    created_at timestamptz not null,
    primary key (scope, name)
  )`,
  `create table team_members (
    scope text not null,
    team text not null,
    user_name text not null,
    added_by text not null,
    added_at timestamptz not null,
    primary key (scope, team, user_name),
    foreign key (scope, team) references teams (scope, name) on delete cascade
  )`,
  'create index team_members_user on team_members (user_name)',
  // Without a package it holds for the whole project.
  `create table grants (
    id integer generated always as identity primary key,
    scope text not null references projects (scope),
    package text,
    subject_kind text not null check (subject_kind in ('user', 'team')),
    subject text not null,
    role text not null check (role in ('viewer', 'editor', 'approver', 'admin')),
    functions text[] not null default '{}',
    granted_by text not null,
    granted_at timestamptz not null
  )`,
  `create unique index grants_once on grants (scope, coalesce(package, ''), subject_kind, subject, role)`,
  `create index grants_subject on grants (subject_kind, subject)`,
  `create view member_roles as
    select scope, package, subject as user_name, role, functions, null::text as team
      from grants where subject_kind = 'user'
    union all
    select g.scope, g.package, m.user_name, g.role, g.functions, g.subject as team
      from grants g join team_members m on m.scope = g.scope and m.team = g.subject
      where g.subject_kind = 'team'`,
  `alter table dist_tag_moves add column reason text`,
  `alter table versions add column revoked_at timestamptz`,
  `alter table versions add column revoked_by text`,
  `alter table versions add column revoked_reason text`,
  `create or replace view published_versions as
    select * from versions where status = 'published' and deleted_at is null and revoked_at is null`,
];
