import path from 'node:path';
import { parseMoment } from '../../config/resolution.js';
import { PrompdError } from '../../core/errors.js';
import type { Context } from '../context.js';
import { dataFolder, loadServer, rethrow } from './registry-server.js';

export interface DataOptions {
  /** Folder of the registry's data, relative to the folder that the user works in. */
  readonly data?: string | undefined;
}

export interface MigratedRegistry {
  /** The user of the server who got what it needs; null where one user does both. */
  readonly user: string | null;
  /** Names of all that the tables have, in order. */
  readonly migrations: readonly string[];
}

/**
 * Brings the tables of a registry up to date. With DATABASE_MIGRATION_URL as that user, who gives the user of DATABASE_URL
 * what a server needs.
 * @throws PrompdError ENOSERVER, ECONFIG, ELOCKED, EIO
 */
export async function migrateRegistry(context: Context, { data }: DataOptions): Promise<MigratedRegistry> {
  const server = await loadServer();
  const { user, migrations } = await server.migrateRegistry(placeOf(context, data)).catch(rethrow);
  return { user: user ?? null, migrations };
}

export interface ArchiveOptions extends DataOptions {
  /** A scope, `@bank` or `bank`; undefined for what belongs to no project. */
  readonly project?: string | undefined;
  /** A date or time: rows that are older go. */
  readonly before: string;
  /** Relative to the folder that the user works in. */
  readonly file: string;
}

export interface ArchivedAudit {
  readonly chain: string;
  readonly file: string;
  readonly rows: number;
  /** Number of the last row that went. */
  readonly seq: number;
  readonly hash: string;
  /** SHA-256 of the file, in hex. */
  readonly sha256: string;
}

/**
 * Moves old rows of an audit to a file, and leaves a signed note of what went: of a registry that is not running, or that
 * runs on PostgreSQL.
 * @throws PrompdError EUSAGE for a moment that is none; EINTEGRITY for a chain that does not verify; EEXISTS, ENOTFOUND,
 *   ENOSERVER, ELOCKED, EIO
 */
export async function archiveAudit(
  context: Context,
  { project, before: raw, file: named, data }: ArchiveOptions,
): Promise<ArchivedAudit> {
  const before = parseMoment(raw);
  if (before === undefined) {
    throw new PrompdError('EUSAGE', `--before cannot be "${raw.slice(0, 100)}".`, {
      facts: { found: raw.slice(0, 100) },
      hint: 'Write a date, as in "2026-01-31", or a time with its zone, as in "2026-01-31T12:00:00Z".',
    });
  }
  const file = path.resolve(context.cwd, named);
  const chain = project === undefined ? 'registry' : project.startsWith('@') ? project : `@${project}`;
  const server = await loadServer();
  const logKey = context.env['PROMPD_LOG_KEY'] || undefined;
  const report = await server
    .archiveAudit({ ...placeOf(context, data), logKey, chain, before, file, now: context.now })
    .catch(rethrow);
  return { chain, file, ...report };
}

function placeOf(context: Context, data: string | undefined) {
  const { DATABASE_URL: databaseUrl, DATABASE_MIGRATION_URL: migrationUrl } = context.env;
  return {
    dataDir: dataFolder(context, data),
    databaseUrl: databaseUrl || undefined,
    migrationUrl: migrationUrl || undefined,
  };
}
