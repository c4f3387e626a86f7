import { existsSync } from 'node:fs';
import { z } from 'zod';
import { PROTOCOLS, type Protocol } from '../config/config.js';
import type { Integrity } from '../core/integrity.js';
import { isPackageName, type PackageName } from '../core/name.js';
import { isVersion, type Version } from '../core/version.js';
import { layoutOf } from './home-folders.js';
import { openDatabase } from './metadata-schema.js';
import type { SqliteDatabase, SqliteStatement, SqliteTransaction } from './sqlite.js';

/** A packument as a registry sent it. */
export interface CachedPackument {
  readonly body: string;
  readonly etag: string | undefined;
  /** Milliseconds since the epoch of the last time the registry confirmed it. */
  readonly fetchedAt: number;
}

export interface PackumentEntry extends CachedPackument {
  /** Address of the registry. */
  readonly registry: string;
  readonly name: PackageName;
}

export interface InstalledEntry {
  readonly name: PackageName;
  readonly version: Version;
  readonly integrity: Integrity;
  /** Registry alias, `file:` path or https address. */
  readonly source: string;
}

export interface PackumentSize {
  /** Address of the registry. */
  readonly registry: string;
  readonly name: string;
  readonly size: number;
}

/** What a diary entry can be about. */
const ACTIONS = ['install', 'ci', 'uninstall', 'update', 'dedupe', 'prune'] as const;

export interface HistoryEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Absolute path of the project. */
  readonly project: string;
  readonly action: (typeof ACTIONS)[number];
  /** Package keys. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** `$PROMPD_HOME/metadata.db`: what registries said, what was placed, and a diary of both. Everything in it can be lost. */
export interface Metadata {
  packument(registry: string, name: PackageName): CachedPackument | undefined;
  savePackuments(entries: readonly PackumentEntry[]): void;
  /** One transaction an operation: what was placed and what the project gained and lost. */
  record(entry: HistoryEntry, placed: readonly InstalledEntry[]): void;
  /** Every package that was ever placed. */
  installed(): InstalledEntry[];
  /** What each remembered packument is of, and its size in bytes. */
  packuments(): PackumentSize[];
  /** Forgets packuments. @param names of packages; undefined for all */
  forgetPackuments(names: readonly PackageName[] | undefined): void;
  /** Forgets packages that were removed from the store. */
  forgetInstalled(removed: readonly Pick<InstalledEntry, 'name' | 'version' | 'integrity'>[]): void;
  /** What a registry was found to speak. */
  protocol(registry: string): Protocol | undefined;
  /** @param protocol undefined forgets what the registry spoke */
  saveProtocol(registry: string, protocol: Protocol | undefined): void;
  /** Runs what writes here in one transaction, which a failure rolls back. */
  together(run: () => void): void;
  /** Newest first. */
  history(project: string, limit: number): HistoryEntry[];
  close(): void;
}

const packumentRow = z.object({ body: z.string(), etag: z.string().nullable(), fetched_at: z.number() });
const historyRow = z.object({
  at: z.number(),
  project: z.string(),
  action: z.enum(ACTIONS),
  added: z.string(),
  removed: z.string(),
});
const installedRow = z.object({
  name: z.string().refine(isPackageName),
  version: z.string().refine(isVersion),
  integrity: z.string(),
  source: z.string(),
});
const sizeRow = z.object({ registry: z.string(), name: z.string(), size: z.number() });
const keys = z.array(z.string());
const protocolRow = z.object({ protocol: z.enum(PROTOCOLS) });

/**
 * Opens the metadata on first use. A database that cannot be used is reported once through `warn` and then does
 * nothing: every operation works without it.
 * @param home absolute path of `$PROMPD_HOME`
 * @param create false: a database that is not there is not made, and counts as an empty one
 */
export function openMetadata(
  home: string,
  warn: (message: string) => void,
  { create = true }: { create?: boolean } = {},
): Metadata {
  const isAbsent = !create && !existsSync(layoutOf(home).metadata);
  let state: { readonly queries: Queries | undefined } | undefined = isAbsent
    ? { queries: undefined }
    : undefined;
  const use = <T>(fallback: T, run: (queries: Queries) => T): T => {
    try {
      if (!state) {
        const database = openDatabase(layoutOf(home).metadata, warn);
        state = { queries: database && prepare(database) };
      }
      return state.queries ? run(state.queries) : fallback;
    } catch (error) {
      // What is within a transaction tells of its failure before the transaction does.
      if (state && !state.queries) return fallback;
      warn(`The metadata cache cannot be used: ${error instanceof Error ? error.message : String(error)}`);
      state?.queries?.database.close();
      state = { queries: undefined };
      return fallback;
    }
  };
  return {
    packument: (registry, name) =>
      use(undefined, queries => {
        const row = packumentRow.safeParse(queries.packument.get(registry, name));
        if (!row.success) return undefined;
        const { body, etag, fetched_at: fetchedAt } = row.data;
        return { body, etag: etag ?? undefined, fetchedAt };
      }),
    savePackuments: entries => {
      if (entries.length > 0) use(undefined, queries => queries.savePackuments.immediate(entries));
    },
    record: (entry, placed) => use(undefined, queries => queries.record.immediate(entry, placed)),
    installed: () =>
      use([], queries =>
        queries.installed.all().flatMap(raw => {
          const row = installedRow.safeParse(raw);
          return row.success ? [row.data as InstalledEntry] : [];
        }),
      ),
    packuments: () => use([], queries => queries.sizes.all().map(raw => sizeRow.parse(raw))),
    forgetPackuments: names =>
      use(undefined, queries => {
        if (names === undefined) queries.database.exec('DELETE FROM packuments; VACUUM;');
        else for (const name of names) queries.forget.run(name);
      }),
    forgetInstalled: removed => use(undefined, queries => queries.forgetInstalled.immediate(removed)),
    protocol: registry =>
      use(undefined, queries => protocolRow.safeParse(queries.protocol.get(registry)).data?.protocol),
    saveProtocol: (registry, protocol) =>
      use(undefined, queries => {
        if (protocol === undefined) queries.forgetProtocol.run(registry);
        else queries.saveProtocol.run(registry, protocol);
      }),
    together: run => use(undefined, ({ database }) => database.transaction(run).immediate()),
    history: (project, limit) => use([], queries => queries.history.all(project, limit).map(historyEntry)),
    close() {
      state?.queries?.database.close();
      state = { queries: undefined };
    },
  };
}

interface Queries {
  readonly database: SqliteDatabase;
  readonly packument: SqliteStatement;
  readonly history: SqliteStatement;
  readonly installed: SqliteStatement;
  readonly sizes: SqliteStatement;
  readonly forget: SqliteStatement;
  readonly protocol: SqliteStatement;
  readonly saveProtocol: SqliteStatement;
  readonly forgetProtocol: SqliteStatement;
  readonly savePackuments: SqliteTransaction<(entries: readonly PackumentEntry[]) => void>;
  readonly record: SqliteTransaction<(entry: HistoryEntry, placed: readonly InstalledEntry[]) => void>;
  readonly forgetInstalled: SqliteTransaction<
    (removed: readonly Pick<InstalledEntry, 'name' | 'version' | 'integrity'>[]) => void
  >;
}

function prepare(database: SqliteDatabase): Queries {
  const savePackument = database.prepare(
    `INSERT INTO packuments (registry, name, etag, body, fetched_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (registry, name) DO UPDATE
     SET etag = excluded.etag, body = excluded.body, fetched_at = excluded.fetched_at`,
  );
  const saveInstalled = database.prepare(
    `INSERT INTO installed (name, version, integrity, source, installed_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );
  const forgetInstalled = database.prepare(
    'DELETE FROM installed WHERE name = ? AND version = ? AND integrity = ?',
  );
  const saveHistory = database.prepare(
    'INSERT INTO history (at, project, action, added, removed) VALUES (?, ?, ?, ?, ?)',
  );
  return {
    database,
    packument: database.prepare(
      'SELECT body, etag, fetched_at FROM packuments WHERE registry = ? AND name = ?',
    ),
    history: database.prepare(
      'SELECT at, project, action, added, removed FROM history WHERE project = ? ORDER BY id DESC LIMIT ?',
    ),
    installed: database.prepare('SELECT name, version, integrity, source FROM installed'),
    sizes: database.prepare(
      'SELECT registry, name, length(CAST(body AS BLOB)) AS size FROM packuments ORDER BY registry, name',
    ),
    forget: database.prepare('DELETE FROM packuments WHERE name = ?'),
    protocol: database.prepare('SELECT protocol FROM registries WHERE url = ?'),
    saveProtocol: database.prepare('INSERT OR REPLACE INTO registries (url, protocol) VALUES (?, ?)'),
    forgetProtocol: database.prepare('DELETE FROM registries WHERE url = ?'),
    savePackuments: database.transaction((entries: readonly PackumentEntry[]) => {
      for (const { registry, name, etag, body, fetchedAt } of entries)
        savePackument.run(registry, name, etag ?? null, body, fetchedAt);
    }),
    forgetInstalled: database.transaction(
      (removed: readonly Pick<InstalledEntry, 'name' | 'version' | 'integrity'>[]) => {
        for (const { name, version, integrity } of removed) forgetInstalled.run(name, version, integrity);
      },
    ),
    record: database.transaction((entry: HistoryEntry, placed: readonly InstalledEntry[]) => {
      const { at, project, action, added, removed } = entry;
      for (const { name, version, integrity, source } of placed)
        saveInstalled.run(name, version, integrity, source, at);
      saveHistory.run(at, project, action, JSON.stringify(added), JSON.stringify(removed));
    }),
  };
}

function historyEntry(raw: unknown): HistoryEntry {
  const row = historyRow.parse(raw);
  return { ...row, added: keys.parse(JSON.parse(row.added)), removed: keys.parse(JSON.parse(row.removed)) };
}
