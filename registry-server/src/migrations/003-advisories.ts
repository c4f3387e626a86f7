import { type Kysely, type Migration, sql } from 'kysely';

/** Advisories about packages. */
export const advisories: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  // A row is never deleted: what was said stays readable, as withdrawn.
  `create table advisories (
    id text primary key,
    package_id integer not null references packages (id),
    vulnerable text not null,
    severity text not null check (severity in ('info', 'low', 'moderate', 'high', 'critical')),
    title text not null,
    body text not null default '',
    patched text,
    url text,
    published_by text not null,
    published_at timestamptz not null,
    updated_at timestamptz not null,
    withdrawn_at timestamptz
  )`,
  'create index advisories_package on advisories (package_id, published_at)',
];
