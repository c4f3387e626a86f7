import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';

/** The advisory lock at which whoever is to be killed waits. */
const HOLD = 4711;
/** The database's user of the server that is killed. */
const VICTIM = 'victim';
const PATIENCE = 60_000;

export interface KillPoints {
  /** The address of the database for the server that is killed. */
  urlOf(databaseUrl: string): string;
  /** Forgets which tables were written. */
  forget(): Promise<void>;
  /** The tables that the victim wrote since, in the order in which it began to. */
  touched(): Promise<readonly string[]>;
  /** Has the victim wait when it writes a table, or for `commit` when it commits. */
  arm(table: string): Promise<void>;
  /** Waits until the victim waits there. */
  reached(): Promise<void>;
  /** Lets go, and waits until nothing of the victim's is left in the database. */
  disarm(): Promise<void>;
  /** What there is of a package, table by table. */
  look(name: string): Promise<object>;
}

/**
 * Puts a trigger on every table, at which one database user waits where it is told to. A server that is killed meanwhile
 * leaves its transaction there, as a crash at that moment would.
 */
export async function killPoints(database: pg.Client): Promise<KillPoints> {
  await database.query(`
    create role ${VICTIM} superuser login;
    create schema kill_points;
    create sequence kill_points.turns;
    create table kill_points.armed (name text primary key);
    create table kill_points.touched (name text primary key, turn bigint default nextval('kill_points.turns'));
    create function kill_points.pause() returns trigger language plpgsql as $$
    declare point text := case when tg_level = 'ROW' then 'commit' else tg_table_name end;
    begin
      if session_user <> '${VICTIM}' then return null; end if;
      if exists (select from kill_points.armed where name = point) then
        perform pg_advisory_xact_lock_shared(${HOLD});
      elsif point <> 'commit' then
        insert into kill_points.touched (name) values (point) on conflict do nothing;
      end if;
      return null;
    end $$;
    do $$
    declare one record;
    begin
      -- When tokens were last used is written now and then, whatever is done meanwhile.
      for one in select tablename from pg_tables where schemaname = 'public' and tablename <> 'tokens' loop
        execute format('create trigger kill_point after insert or update or delete on %I
          for each statement execute function kill_points.pause()', one.tablename);
      end loop;
    end $$;
    create constraint trigger kill_at_commit after insert on audit_events
      deferrable initially deferred for each row execute function kill_points.pause();
  `);
  const until = async (what: string, text: string): Promise<void> => {
    const end = Date.now() + PATIENCE;
    while (true) {
      const { rows } = await database.query<{ so: boolean }>(`select (${text}) as so`);
      if (rows[0]?.so) return;
      if (Date.now() > end) throw new Error(`it did not happen: ${what}`);
      await delay(20);
    }
  };
  return {
    urlOf: databaseUrl => databaseUrl.replace(/^postgres:\/\/[^@]*@/, `postgres://${VICTIM}@`),
    async forget() {
      await database.query('delete from kill_points.touched');
    },
    async touched() {
      const { rows } = await database.query<{ name: string }>(
        'select name from kill_points.touched order by turn',
      );
      return rows.map(({ name }) => name);
    },
    async arm(table) {
      await database.query('select pg_advisory_lock($1)', [HOLD]);
      await database.query('insert into kill_points.armed values ($1)', [table]);
    },
    reached: () =>
      until(
        'the server came to the step',
        `exists (select from pg_locks where locktype = 'advisory' and objid = ${HOLD} and not granted)`,
      ),
    async disarm() {
      await database.query('delete from kill_points.armed');
      await database.query('select pg_advisory_unlock($1)', [HOLD]);
      await until(
        'the database noticed',
        `not exists (select from pg_stat_activity where usename = '${VICTIM}')`,
      );
    },
    async look(name) {
      const { rows } = await database.query<{ look: object }>(LOOK, [name]);
      return rows[0]?.look ?? {};
    },
  };
}

const LOOK = `
  with package as (select id from packages where name = $1),
    version as (select v.id, v.status from versions v join package p on p.id = v.package_id),
    request as (select r.id, r.state from approval_requests r join package p on p.id = r.package_id)
  select json_build_object(
    'packages', (select count(*) from package),
    'versions', (select json_agg(status) from version),
    'authors', (select count(*) from version_authors where version_id in (select id from version)),
    'requests', (select json_agg(state) from request),
    'decisions', (select count(*) from approval_decisions where request_id in (select id from request)),
    'signatures', (select count(*) from version_signatures where version_id in (select id from version)),
    'log', (select count(*) from log_entries where version_id in (select id from version)),
    'tags', (select json_agg(tag order by tag) from dist_tags where package_id in (select id from package)),
    'moves', (select count(*) from dist_tag_moves where package_id in (select id from package)),
    'audit', (select json_agg(action order by seq) from audit_events where subject like '% ' || $1 || '@%'
      or subject like '% ' || $1 or subject like '% ' || $1 || ' %'),
    'events', (select count(*) from delivery_events where package = $1)
  ) as look`;
