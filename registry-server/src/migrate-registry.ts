import { prepareForServer } from './adapters/server-role.js';
import { migrationsOf } from './adapters/table-dump.js';
import { type DataPlace, withData } from './open-data.js';

export interface Migrated {
  /** The user of the server who got what it needs; undefined where who migrates is who works with the tables. */
  readonly user: string | undefined;
  /** Names of all that the tables have, in order. */
  readonly migrations: readonly string[];
}

/**
 * Brings the tables of a registry up to date, without a server.
 * @param place with `migrationUrl`, as that user, who gives the user of `databaseUrl` what a server needs
 * @throws PrompdError ECONFIG, EIO, ELOCKED
 */
export async function migrateRegistry(place: DataPlace): Promise<Migrated> {
  const { databaseUrl, migrationUrl } = place;
  const user =
    databaseUrl !== undefined && migrationUrl !== undefined
      ? await prepareForServer({ databaseUrl, migrationUrl })
      : undefined;
  const migrations = await withData({ ...place, migrationUrl: undefined }, migrationsOf);
  return { user, migrations };
}
