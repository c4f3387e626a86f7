import { type Kysely, type Migration, type MigrationProvider, Migrator } from 'kysely';
import { initial } from './001-initial.js';
import { owners } from './002-owners.js';
import { advisories } from './003-advisories.js';

/** In the order of their names. A migration that was released never changes. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '001-initial': initial,
  '002-owners': owners,
  '003-advisories': advisories,
};

/**
 * Brings the database to the newest form. Runs in one transaction, under an advisory lock: several servers may start
 * at once.
 */
export async function migrate<T>(db: Kysely<T>): Promise<void> {
  const provider: MigrationProvider = { getMigrations: async () => ({ ...MIGRATIONS }) };
  const { error, results } = await new Migrator({ db, provider }).migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find(({ status }) => status === 'Error')?.migrationName;
  throw new Error(`The database migration${failed ? ` ${failed}` : ''} failed.`, { cause: error });
}
