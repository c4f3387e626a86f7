import { type Kysely, type Migration, sql } from 'kysely';

/** Changes of packages are announced with their commit, so that servers know what they may not answer any more. */
export const changeFeed: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create function announce_package() returns trigger language plpgsql as $$
   begin
     perform pg_notify('prompd_package', new.name);
     return null;
   end
   $$`,
  // Counts of downloads change all the time and are no reason.
  `create trigger package_changed after insert or update of revision, access, latest_version_id on packages
   for each row execute function announce_package()`,
];
