import { type Kysely, type Migration, sql } from 'kysely';

/** What is delivered to running applications: composed prompts, events, splits of channels, usage and feedback. */
export const delivery: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  // What a version says when it is delivered is decided once: packages that it is made of may get newer versions later.
  `create table delivered_prompts (
    id integer generated always as identity primary key,
    version_id integer not null references versions (id),
    path text not null,
    digest text not null,
    content text not null,
    contract text not null,
    composed_at timestamptz not null,
    unique (version_id, path)
  )`,
  `create table delivered_prompt_sources (
    delivered_id integer not null references delivered_prompts (id),
    version_id integer not null references versions (id),
    primary key (delivered_id, version_id)
  )`,
  'create index delivered_prompt_sources_version on delivered_prompt_sources (version_id)',
  'create sequence delivery_event_ids',
  `create table delivery_events (
    seq bigint generated always as identity primary key,
    id bigint unique,
    package_id integer not null references packages (id),
    package text not null,
    scope text not null,
    type text not null check (type in ('move', 'revoke', 'deprecate', 'change')),
    tag text,
    version text,
    previous text,
    message text,
    at timestamptz not null
  )`,
  'create index delivery_events_scope on delivery_events (scope, id)',
  'create index delivery_events_at on delivery_events (at)',
  // Numbered at the very end of the transaction, under a lock that lasts until its commit: whoever has seen an event has
  // seen all with smaller numbers. As the last lock that a transaction takes it can be part of no deadlock.
  `create function number_delivery_event() returns trigger language plpgsql as $$
   begin
     perform pg_advisory_xact_lock(7411206113);
     update delivery_events set id = nextval('delivery_event_ids') where seq = new.seq;
     perform pg_notify('prompd_delivery', '');
     return null;
   end
   $$`,
  `create constraint trigger delivery_event_numbered after insert on delivery_events
   deferrable initially deferred for each row execute function number_delivery_event()`,
  `create table channel_splits (
    package_id integer not null references packages (id),
    tag text not null,
    version_id integer not null references versions (id),
    weight integer not null check (weight between 1 and 99),
    primary key (package_id, tag)
  )`,
  `create table channel_split_moves (
    id integer generated always as identity primary key,
    package_id integer not null references packages (id),
    tag text not null,
    from_version text,
    from_weight integer,
    to_version text,
    to_weight integer,
    actor text not null,
    reason text,
    moved_at timestamptz not null
  )`,
  'create index channel_split_moves_package on channel_split_moves (package_id, tag, id)',
  `create table delivery_usage (
    package_id integer not null references packages (id),
    version text not null,
    prompt text not null,
    tag text not null,
    token text not null,
    day text not null,
    count bigint not null,
    primary key (package_id, version, prompt, tag, token, day)
  )`,
  `create table delivery_feedback (
    id bigint generated always as identity primary key,
    package_id integer not null references packages (id),
    version text not null,
    prompt text not null,
    outcome text not null,
    score double precision,
    note text,
    key_hash text,
    token text not null,
    at timestamptz not null
  )`,
  'create index delivery_feedback_package on delivery_feedback (package_id, version, prompt, outcome)',
  // Servers remember for seconds who may read what: they hear at once of a token that ends and of a member who goes.
  `create function announce_callers() returns trigger language plpgsql as $$
   begin
     perform pg_notify('prompd_delivery', 'callers');
     return null;
   end
   $$`,
  `create trigger token_changed after update of revoked_at, scopes, expires_at, cidrs, packages on tokens
   for each statement execute function announce_callers()`,
  `create trigger session_changed after update of ended_at on sessions
   for each statement execute function announce_callers()`,
  `create trigger user_changed after update of disabled_at on users
   for each statement execute function announce_callers()`,
  ...['grants', 'team_members', 'package_owners'].map(
    table => `create trigger ${table}_changed after insert or update or delete on ${table}
   for each statement execute function announce_callers()`,
  ),
];
