import path from 'node:path';
import type { Context } from '../context.js';
import { dataFolder, loadServer, rethrow } from './registry-server.js';

export interface BackupOptions {
  /** Of the backup, relative to the folder that the user works in. */
  readonly file: string;
  /** Folder of the registry's data, relative to the folder that the user works in. */
  readonly data?: string | undefined;
}

/** What a backup holds. */
export interface RegistryBackup {
  readonly file: string;
  /** ISO time of the moment whose state it holds. */
  readonly createdAt: string;
  readonly tables: number;
  readonly rows: number;
  readonly archives: number;
  /** Private keys that lay in the data folder. */
  readonly keys: number;
  /** Size of the file. */
  readonly bytes: number;
}

/**
 * Writes everything of a registry into one file: of one that is not running, or that runs on PostgreSQL.
 * @throws PrompdError EEXISTS for a file that is there; EINTEGRITY for an archive that is damaged; ENOSERVER, ELOCKED, EIO
 */
export async function backupRegistry(context: Context, options: BackupOptions): Promise<RegistryBackup> {
  const server = await loadServer();
  return run(context, options, place => server.backupRegistry(place));
}

/**
 * Brings a backup back into a registry that has nothing yet, of whichever kind of database either is.
 * @throws PrompdError EBACKUP for a file that is no whole backup; EEXISTS for a registry with data; ECONFIG for a backup
 *   of a newer server; ENOSERVER, ELOCKED, EIO
 */
export async function restoreRegistry(context: Context, options: BackupOptions): Promise<RegistryBackup> {
  const server = await loadServer();
  return run(context, options, place => server.restoreRegistry(place));
}

type Server = Awaited<ReturnType<typeof loadServer>>;

async function run(
  context: Context,
  { file: named, data }: BackupOptions,
  work: Server['backupRegistry'],
): Promise<RegistryBackup> {
  const file = path.resolve(context.cwd, named);
  const server = await loadServer();
  const { options } = server.readEnvironment(context.env);
  const report = await work({ ...options, dataDir: dataFolder(context, data), file }).catch(rethrow);
  return { file, ...report, createdAt: report.createdAt.toISOString() };
}
