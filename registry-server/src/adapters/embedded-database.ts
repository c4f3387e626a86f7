import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { startPostgres } from './embedded-postgres.js';
import { layTemplate } from './embedded-template.js';

/** Takes away the tables that a new folder comes with. */
const EMPTY = 'drop schema public cascade; create schema public authorization pg_database_owner';

export interface EmbeddedOptions {
  /** Whether a new folder comes with the newest tables; else it is empty. */
  readonly tables?: boolean | undefined;
}

/**
 * Opens the embedded PostgreSQL of a folder, which it makes when there is none. Every commit is in the operating
 * system's hands before a query returns, so the end of the process loses nothing.
 */
export async function openEmbeddedDatabase(
  folder: string,
  { tables = true }: EmbeddedOptions = {},
): Promise<PGlite> {
  const laid = !(await exists(join(folder, 'PG_VERSION'))) && (await layTemplate(folder));
  const database = await startPostgres(folder);
  if (laid && !tables) await database.exec(EMPTY);
  return database;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
