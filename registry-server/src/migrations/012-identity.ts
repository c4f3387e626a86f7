import { type Kysely, type Migration, sql } from 'kysely';

/** Users, how they sign in, what keeps them signed in, and what continuous integration is trusted with. */
export const identity: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table users (
    name text primary key,
    display_name text not null default '',
    email text,
    email_verified boolean not null default false,
    password_hash text,
    admin boolean not null default false,
    disabled_at timestamptz,
    created_by text not null,
    created_at timestamptz not null
  )`,
  // Not unique: tokens were given to names that differ in case alone.
  'create index users_lower_name on users (lower(name))',
  // Whoever has tokens is somebody already: nobody signs up under their name.
  `insert into users (name, created_by, created_at)
    select user_name, 'registry', min(created_at) from tokens group by user_name`,
  `create table external_identities (
    issuer text not null,
    subject text not null,
    user_name text not null references users (name),
    provider text not null,
    label text not null,
    linked_at timestamptz not null,
    last_used_at timestamptz not null,
    primary key (issuer, subject)
  )`,
  'create index external_identities_user on external_identities (user_name)',
  // Of every secret here the SHA-256 alone is kept.
  `create table sessions (
    id text primary key,
    kind text not null check (kind in ('browser', 'client')),
    cookie_hash text unique,
    user_name text not null references users (name),
    label text not null,
    scopes text[] not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    ended_reason text
  )`,
  'create index sessions_user on sessions (user_name, created_at)',
  `create table refresh_tokens (
    hash text primary key,
    session_id text not null references sessions (id) on delete cascade,
    created_at timestamptz not null,
    used_at timestamptz
  )`,
  'create index refresh_tokens_session on refresh_tokens (session_id)',
  `create table access_keys (
    kid text primary key,
    public_key text not null,
    created_at timestamptz not null
  )`,
  `create table device_logins (
    device_hash text primary key,
    user_code_hash text not null unique,
    client text not null,
    label text not null,
    scopes text[] not null,
    user_name text,
    answer text check (answer in ('approved', 'denied')),
    credential_ends_at timestamptz,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    polled_at timestamptz
  )`,
  `create table pending_sign_ins (
    state_hash text primary key,
    browser_hash text not null,
    provider text not null,
    verifier text not null,
    nonce text not null,
    return_to text not null,
    link_user text,
    expires_at timestamptz not null
  )`,
  // A row without a token is a login whose token was fetched: it is not confirmed again.
  `create table web_logins (
    id text primary key,
    sealed_token bytea,
    expires_at timestamptz not null
  )`,
  // What all servers on one database sign their own short-lived words with.
  `create table shared_secrets (
    name text primary key,
    value bytea not null
  )`,
  `create table trust_rules (
    id integer generated always as identity primary key,
    scope text,
    package text,
    issuer text not null,
    repository text not null,
    workflow text not null,
    environment text,
    ref text,
    owner_id text,
    created_by text not null,
    created_at timestamptz not null,
    last_used_at timestamptz,
    check ((scope is null) <> (package is null))
  )`,
  'create index trust_rules_package on trust_rules (package)',
  'create index trust_rules_scope on trust_rules (scope)',
  `create table used_ci_tokens (
    hash text primary key,
    expires_at timestamptz not null
  )`,
  `alter table tokens add column cidrs text[] not null default '{}'`,
  `alter table tokens add column packages text[] not null default '{}'`,
  // Set for a token that continuous integration got in exchange for its own.
  `alter table tokens add column trust_rule integer`,
];
