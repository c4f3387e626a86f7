import { type Kysely, type Migration, sql } from 'kysely';

/**
 * What the registry signed about its audit, and how rows leave it: only those that stand before an anchor, which says
 * that they were written to a file, and never the newest one.
 */
export const auditCheckpoints: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table audit_checkpoints (
    chain text not null,
    size integer not null,
    hash text not null,
    at timestamptz not null,
    public_key text not null,
    signature text not null,
    primary key (chain, size)
  )`,
  `create table audit_archives (
    chain text not null,
    seq integer not null,
    hash text not null,
    at timestamptz not null,
    file_sha256 text not null,
    public_key text not null,
    signature text not null,
    primary key (chain, seq)
  )`,
  `create function refuse_audit_delete() returns trigger language plpgsql as $$
   begin
     if exists (select 1 from audit_archives a where a.chain = old.chain and a.seq >= old.seq) then
       return old;
     end if;
     raise exception 'Rows of the audit are only ever added.' using errcode = 'insufficient_privilege';
   end
   $$`,
  `create function check_audit_archive() returns trigger language plpgsql as $$
   begin
     if exists (select 1 from audit_events e where e.chain = new.chain and e.seq = new.seq and e.hash = new.hash)
       and exists (select 1 from audit_events e where e.chain = new.chain and e.seq = new.seq + 1) then
       return new;
     end if;
     raise exception 'No row of the audit has this number and this hash, or it is the newest one.'
       using errcode = 'insufficient_privilege';
   end
   $$`,
  'drop trigger audit_events_stay on audit_events',
  `create trigger audit_events_stay before update on audit_events
   for each row execute function refuse_audit_change()`,
  `create trigger audit_events_leave before delete on audit_events
   for each row execute function refuse_audit_delete()`,
  `create trigger audit_archives_fit before insert on audit_archives
   for each row execute function check_audit_archive()`,
  ...['audit_checkpoints', 'audit_archives'].flatMap(table => [
    `create trigger ${table}_stay before update or delete on ${table}
     for each row execute function refuse_audit_change()`,
    `create trigger ${table}_all_stay before truncate on ${table}
     for each statement execute function refuse_audit_change()`,
  ]),
];
