import { type Kysely, type Migration, sql } from 'kysely';

/** Policies, requests for approval and what was decided, delegations, promotions that are to come. */
export const approvals: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table policies (
    scope text not null references projects (scope),
    version integer not null,
    document text not null,
    set_by text not null,
    set_at timestamptz not null,
    primary key (scope, version)
  )`,
  `create table version_authors (
    version_id integer not null references versions (id),
    user_name text not null,
    primary key (version_id, user_name)
  )`,
  // Never deleted: who asked cannot take back that they did.
  `create table approval_requests (
    id text primary key,
    kind text not null check (kind in ('publication', 'promotion', 'break-glass')),
    scope text not null,
    package_id integer not null references packages (id),
    version_id integer not null references versions (id),
    tag text not null,
    access text,
    tier integer not null check (tier between 1 and 3),
    computed_tier integer not null check (computed_tier between 1 and 3),
    tier_reason text,
    policy_version integer not null,
    approvals integer not null,
    functions text[] not null,
    digest text not null,
    state text not null check (state in ('pending', 'approved', 'declined', 'withdrawn', 'expired')),
    requested_by text not null,
    requested_at timestamptz not null,
    expires_at timestamptz not null,
    closed_at timestamptz,
    previous_version_id integer references versions (id),
    was_pending boolean not null default false
  )`,
  `create unique index approval_requests_open on approval_requests (version_id, kind, tag) where state = 'pending'`,
  'create index approval_requests_scope on approval_requests (scope, requested_at)',
  'create index approval_requests_version on approval_requests (version_id)',
  `create index approval_requests_expiry on approval_requests (expires_at) where state = 'pending'`,
  `create table approval_decisions (
    id integer generated always as identity primary key,
    request_id text not null references approval_requests (id),
    decision text not null check (decision in ('approve', 'decline')),
    actor text not null,
    on_behalf_of text,
    function text,
    digest text not null,
    token text not null,
    reason text,
    decided_at timestamptz not null,
    unique (request_id, digest, actor)
  )`,
  `create function refuse_decision_change() returns trigger language plpgsql as $$
   begin
     raise exception 'Decisions are only ever added.' using errcode = 'insufficient_privilege';
   end
   $$`,
  `create trigger approval_decisions_stay before update or delete on approval_decisions
   for each row execute function refuse_decision_change()`,
  `create table delegations (
    id text primary key,
    scope text not null references projects (scope),
    from_user text not null,
    to_user text not null,
    reason text not null,
    created_at timestamptz not null,
    ends_at timestamptz not null,
    revoked_at timestamptz,
    check (from_user <> to_user)
  )`,
  'create index delegations_to on delegations (to_user, scope)',
  `create table scheduled_promotions (
    id text primary key,
    package_id integer not null references packages (id),
    version_id integer not null references versions (id),
    tag text not null,
    run_at timestamptz not null,
    reason text,
    requested_by text not null,
    requested_at timestamptz not null,
    state text not null default 'scheduled' check (state in ('scheduled', 'done', 'failed', 'cancelled')),
    outcome text,
    finished_at timestamptz
  )`,
  `create index scheduled_promotions_due on scheduled_promotions (run_at) where state = 'scheduled'`,
];
