import { resolve } from 'node:path';
import type { Clock } from 'prompd/core';
import { lockDataFolder } from './adapters/data-lock.js';
import { type Database, type OpenDatabase, openDatabase } from './adapters/database.js';
import type { TracedQuery } from './observe/tracing.js';

/** Where a registry keeps what it has. */
export interface DataPlace {
  /** Folder of the archives, of the signing keys, and of the embedded database; made when it is missing. */
  readonly dataDir: string;
  /** `postgres://…` instead of the embedded database. */
  readonly databaseUrl?: string | undefined;
  /** `postgres://…` of who owns the tables, when the server's user only works with them. */
  readonly migrationUrl?: string | undefined;
  /** Most connections to PostgreSQL at once. */
  readonly connections?: number | undefined;
  readonly now?: Clock | undefined;
  /** Migrations to bring a database to, instead of all. */
  readonly migrations?: readonly string[] | undefined;
}

/** The time of this machine, where no other clock is handed in. */
export const systemClock: Clock = () => new Date();

/** Told of what happens to the data while it is open. */
export interface DataWatch {
  /** Another process took the folder. */
  readonly onLost: (error: Error) => void;
  /** A connection to the database broke while nobody used it. */
  readonly onBroken: (error: Error) => void;
  /** The database answered a statement. */
  readonly onQuery?: ((query: TracedQuery) => void) | undefined;
}

/**
 * Takes the data for this process: two processes on one embedded database would destroy it.
 * @param undo gets what gives it back
 * @throws PrompdError ELOCKED when another process uses the embedded database; ECONFIG, EIO
 */
export async function openData(
  { dataDir, databaseUrl, migrationUrl, connections, migrations }: DataPlace,
  undo: Array<() => Promise<void>>,
  { onLost, onBroken, onQuery }: DataWatch,
): Promise<OpenDatabase> {
  const folder = resolve(dataDir);
  if (databaseUrl === undefined) undo.push(await lockDataFolder(folder, onLost));
  const opened = await openDatabase({
    dataDir: folder,
    databaseUrl,
    migrationUrl,
    connections,
    migrations,
    onError: onBroken,
    onQuery,
  });
  undo.push(() => opened.database.destroy());
  return opened;
}

/** The place as who owns the tables: for what the server's user may not do. */
export function asOwner<P extends DataPlace>(place: P): P {
  return { ...place, databaseUrl: place.migrationUrl ?? place.databaseUrl, migrationUrl: undefined };
}

/**
 * Opens the data for one piece of work, and gives it back.
 * @throws PrompdError as `openData` does
 */
export async function withData<T>(place: DataPlace, work: (database: Database) => Promise<T>): Promise<T> {
  const undo: Array<() => Promise<void>> = [];
  try {
    const nobody = { onLost: () => undefined, onBroken: () => undefined };
    return await work((await openData(place, undo, nobody)).database);
  } finally {
    await unwind(undo);
  }
}

/** Last in, first out; a step that fails does not keep the others from being undone. */
export async function unwind(undo: Array<() => Promise<void>>): Promise<void> {
  const errors: unknown[] = [];
  for (let step = undo.pop(); step; step = undo.pop())
    await step().catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw new AggregateError(errors, 'The registry did not stop cleanly.');
}
