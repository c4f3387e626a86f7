import { sql } from 'kysely';
import type { Subtree } from 'prompd/verify';
import type { LogEntry, LoggedVersion } from '../domain/transparency-log.js';
import type { TransparencyLogRepository } from '../ports/transparency-log-repository.js';
import type { Database } from './database.js';
import { logSize, readSubtrees } from './transparency-log-append.js';

const LEAF_COLUMNS = [
  'log_entries.position',
  'log_entries.nonce',
  'packages.name',
  'versions.version',
  'versions.integrity',
  'versions.published_at',
] as const;

interface LeafRow {
  readonly position: number;
  readonly nonce: string;
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
  readonly published_at: Date;
}

export class SqlTransparencyLogRepository implements TransparencyLogRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  size(): Promise<number> {
    return logSize(this.#db);
  }

  subtrees(wanted: readonly Subtree[]): Promise<(subtree: Subtree) => Uint8Array> {
    return readSubtrees(this.#db, wanted);
  }

  async find(
    versions: readonly { readonly name: string; readonly version: string }[],
    { includePrivate }: { readonly includePrivate: boolean },
  ): Promise<readonly LoggedVersion[]> {
    if (versions.length === 0) return [];
    const names = versions.map(({ name }) => name);
    const numbers = versions.map(({ version }) => version);
    const rows = await this.#leaves()
      .select(LEAF_COLUMNS)
      .innerJoin(
        sql<{ name: string; version: string }>`(
          select distinct name, version from unnest(${names}::text[], ${numbers}::text[]) as w (name, version)
        )`.as('wanted'),
        join =>
          join.onRef('wanted.name', '=', 'packages.name').onRef('wanted.version', '=', 'versions.version'),
      )
      .$if(!includePrivate, query => query.where('packages.access', '=', 'public'))
      .execute();
    return rows.map(loggedVersion);
  }

  async indexOf(leafHash: Uint8Array): Promise<number | undefined> {
    const row = await this.#db
      .selectFrom('log_entries')
      .select('position')
      .where('leaf_hash', '=', leafHash)
      .executeTakeFirst();
    return row?.position;
  }

  async entries({
    start,
    limit,
    includePrivate,
  }: {
    readonly start: number;
    readonly limit: number;
    readonly includePrivate: boolean;
  }): Promise<readonly LogEntry[]> {
    const rows = await this.#leaves()
      .select(LEAF_COLUMNS)
      .select(['log_entries.leaf_hash', 'packages.access'])
      .where('log_entries.position', '>=', start)
      .orderBy('log_entries.position')
      .limit(limit)
      .execute();
    return rows.map(row => ({
      index: row.position,
      leafHash: Buffer.from(row.leaf_hash),
      leaf: includePrivate || row.access === 'public' ? leafOf(row) : undefined,
    }));
  }

  async key(make: () => string, now: Date): Promise<string> {
    await this.#db
      .insertInto('log_key')
      .values({ id: 1, private_key: make(), created_at: now })
      .onConflict(conflict => conflict.column('id').doNothing())
      .execute();
    const row = await this.#db.selectFrom('log_key').select('private_key').executeTakeFirstOrThrow();
    return row.private_key;
  }

  #leaves() {
    return this.#db
      .selectFrom('log_entries')
      .innerJoin('versions', 'versions.id', 'log_entries.version_id')
      .innerJoin('packages', 'packages.id', 'versions.package_id');
  }
}

function loggedVersion(row: LeafRow): LoggedVersion {
  return { index: row.position, ...leafOf(row) };
}

/** What a leaf says stands in the version's own row: were that changed, the leaf's hash would no longer be its own. */
function leafOf({ name, version, integrity, published_at, nonce }: LeafRow) {
  return { name, version, integrity, publishedAt: published_at.toISOString(), nonce };
}
