import { type Kysely, type Migration, sql } from 'kysely';

/** What was done, by whom: rows that are only ever added, each holding the hash of the one before it. */
export const audit: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table audit_events (
    chain text not null,
    seq integer not null,
    at timestamptz not null,
    actor text not null,
    token text not null,
    action text not null,
    subject text not null,
    before text,
    after text,
    reason text,
    request_id text not null,
    details text not null,
    prev_hash text not null,
    hash text not null,
    primary key (chain, seq)
  )`,
  'create index audit_events_subject on audit_events (chain, subject, seq)',
  'create index audit_events_actor on audit_events (chain, actor, seq)',
  `create function refuse_audit_change() returns trigger language plpgsql as $$
   begin
     raise exception 'Rows of the audit are only ever added.' using errcode = 'insufficient_privilege';
   end
   $$`,
  `create trigger audit_events_stay before update or delete on audit_events
   for each row execute function refuse_audit_change()`,
  `create trigger audit_events_all_stay before truncate on audit_events
   for each statement execute function refuse_audit_change()`,
];
