import { sql } from 'kysely';
import type { Subtree } from 'prompd/verify';
import type { Viewer } from '../domain/actor.js';
import type { LogEntry, LoggedVersion } from '../domain/transparency-log.js';
import type { TransparencyLogRepository } from '../ports/transparency-log-repository.js';
import type { Database } from './database.js';
import { visibleTo } from './standing.js';
import { appendToLog, lockLog, logSize, readSubtrees } from './transparency-log-append.js';

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
    { viewer }: { readonly viewer: Viewer },
  ): Promise<readonly LoggedVersion[]> {
    const found = await this.#wanted(versions, viewer);
    const unlogged = found.filter(({ position, deleted_at }) => position === null && deleted_at === null);
    if (unlogged.length > 0) await this.#append(unlogged.map(({ id }) => id));
    const all = unlogged.length > 0 ? await this.#wanted(versions, viewer) : found;
    return all.flatMap(row => {
      const { position, nonce } = row;
      return position === null || nonce === null ? [] : [loggedVersion({ ...row, position, nonce })];
    });
  }

  async #wanted(versions: readonly { readonly name: string; readonly version: string }[], viewer: Viewer) {
    if (versions.length === 0) return [];
    const names = versions.map(({ name }) => name);
    const numbers = versions.map(({ version }) => version);
    return this.#db
      .selectFrom('versions')
      .innerJoin('packages', 'packages.id', 'versions.package_id')
      .innerJoin(
        sql<{ name: string; version: string }>`(
          select distinct name, version from unnest(${names}::text[], ${numbers}::text[]) as w (name, version)
        )`.as('wanted'),
        join =>
          join.onRef('wanted.name', '=', 'packages.name').onRef('wanted.version', '=', 'versions.version'),
      )
      .leftJoin('log_entries', 'log_entries.version_id', 'versions.id')
      .select(LEAF_COLUMNS)
      .select(['versions.id', 'versions.deleted_at'])
      .where('versions.status', '=', 'published')
      .where(visibleTo(viewer))
      .execute();
  }

  /** Appends versions that have no leaf; another server may have appended some of them meanwhile. */
  async #append(ids: readonly number[]): Promise<void> {
    await this.#db.transaction().execute(async trx => {
      await lockLog(trx);
      const rows = await trx
        .selectFrom('versions')
        .innerJoin('packages', 'packages.id', 'versions.package_id')
        .leftJoin('log_entries', 'log_entries.version_id', 'versions.id')
        .select([
          'versions.id',
          'packages.name',
          'versions.version',
          'versions.integrity',
          'versions.published_at',
        ])
        .where('versions.id', 'in', ids)
        .where('log_entries.position', 'is', null)
        .orderBy('versions.id')
        .execute();
      for (const { id, name, version, integrity, published_at } of rows)
        await appendToLog(trx, { versionId: id, name, version, integrity, publishedAt: published_at });
    });
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
    viewer,
  }: {
    readonly start: number;
    readonly limit: number;
    readonly viewer: Viewer;
  }): Promise<readonly LogEntry[]> {
    const rows = await this.#leaves()
      .select(LEAF_COLUMNS)
      .select('log_entries.leaf_hash')
      .select(visibleTo(viewer).as('visible'))
      .where('log_entries.position', '>=', start)
      .orderBy('log_entries.position')
      .limit(limit)
      .execute();
    return rows.map(row => ({
      index: row.position,
      leafHash: Buffer.from(row.leaf_hash),
      leaf: row.visible ? leafOf(row) : undefined,
    }));
  }

  async publicKey(): Promise<string | undefined> {
    return (await this.#db.selectFrom('log_key').select('public_key').executeTakeFirst())?.public_key;
  }

  async keepPublicKey(publicKey: string, now: Date): Promise<string> {
    await this.#db
      .insertInto('log_key')
      .values({ id: 1, public_key: publicKey, created_at: now })
      .onConflict(conflict => conflict.column('id').doNothing())
      .execute();
    return (await this.publicKey()) ?? publicKey;
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
