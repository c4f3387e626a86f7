import { type Kysely, type Migration, sql } from 'kysely';

/** Webhooks, what happened that they may have to hear of, and the queue of what is sent to them. */
export const webhooks: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table webhooks (
    id text primary key,
    owner text not null,
    url text not null,
    events text[] not null,
    packages text[] not null,
    follow text[] not null,
    sealed_secret bytea not null,
    created_at timestamptz not null,
    disabled_at timestamptz,
    disabled_reason text
  )`,
  'create index webhooks_owner on webhooks (owner)',
  // A row is written in the transaction of what happened, and taken away in the one that finds out whom to tell.
  `create table webhook_events (
    id text primary key,
    type text not null,
    package_id integer not null references packages (id),
    affected text,
    data text not null,
    occurred_at timestamptz not null
  )`,
  'create index webhook_events_time on webhook_events (occurred_at)',
  // The payload is text: a repeated delivery has the same bytes.
  `create table webhook_deliveries (
    webhook_id text not null references webhooks (id) on delete cascade,
    event_id text not null,
    type text not null,
    payload text not null,
    state text not null default 'pending' check (state in ('pending', 'delivered', 'failed')),
    attempts integer not null default 0,
    next_at timestamptz not null,
    last_status integer,
    last_error text,
    created_at timestamptz not null,
    last_attempt_at timestamptz,
    finished_at timestamptz,
    primary key (webhook_id, event_id)
  )`,
  `create index webhook_deliveries_due on webhook_deliveries (next_at) where state = 'pending'`,
  `create index webhook_deliveries_finished on webhook_deliveries (finished_at) where state <> 'pending'`,
];
