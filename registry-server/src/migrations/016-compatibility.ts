import { type Kysely, type Migration, sql } from 'kysely';

/** Runs of packages' tests, as a queue, and what they and the users' own runs found. */
export const compatibility: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  // `next_at` is when a queued run is due, and when the lease of a running one ends.
  `create table compatibility_runs (
    id text primary key,
    package_id integer not null references packages (id),
    version_id integer not null references versions (id),
    models text not null,
    requested_by text not null,
    requested_at timestamptz not null,
    state text not null check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
    attempts integer not null default 0,
    next_at timestamptz not null,
    cancelled_by text,
    total integer,
    done integer not null default 0,
    outcome text,
    error text,
    revision integer not null default 1,
    started_at timestamptz,
    finished_at timestamptz
  )`,
  `create index compatibility_runs_due on compatibility_runs (next_at) where state in ('queued', 'running')`,
  'create index compatibility_runs_version on compatibility_runs (version_id, requested_at)',
  // The tests are text: they hold answers, and what answers hold is not for the database to understand.
  `create table compatibility_evidence (
    id integer generated always as identity primary key,
    package_id integer not null references packages (id),
    version_id integer not null references versions (id),
    prompt text not null,
    prompt_digest text not null,
    suite_digest text not null,
    provider text not null,
    asked text not null,
    model text not null,
    status text not null check (status in ('works', 'needs-tuning', 'not-supported')),
    score double precision not null,
    tests text not null,
    source text not null check (source in ('server', 'reported')),
    tested_by text not null,
    run_id text references compatibility_runs (id),
    tested_at timestamptz not null,
    expires_at timestamptz not null
  )`,
  `create index compatibility_evidence_prompt on compatibility_evidence
    (package_id, prompt_digest, suite_digest, tested_at)`,
];
