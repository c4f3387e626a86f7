import { sql } from 'kysely';
import type { Viewer } from '../domain/actor.js';
import type { SearchHit } from '../domain/search-query.js';
import type { SearchDocument, SearchSource } from '../ports/search-engine.js';
import type { Database } from './database.js';
import { hitColumns, hitOf } from './package-search.js';
import { visibleTo } from './standing.js';

/** Packages that are read at once. */
const PAGE = 200;
/** Characters of a README that are indexed, as in the database. */
const INDEXED_README = 100_000;

export class SqlSearchSource implements SearchSource {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async *documents(): AsyncGenerator<SearchDocument> {
    let after = '';
    while (true) {
      const rows = await this.#rows().where('packages.name', '>', after).limit(PAGE).execute();
      yield* rows;
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE) return;
      after = last.name;
    }
  }

  async documentsOf(names: readonly string[]): Promise<readonly SearchDocument[]> {
    return names.length === 0 ? [] : this.#rows().where('packages.name', 'in', names).execute();
  }

  /** Private packages that a viewer may see. @returns undefined when there are more than `limit` */
  async visiblePrivate(viewer: Viewer, limit: number): Promise<readonly string[] | undefined> {
    if (viewer.user === undefined) return [];
    const rows = await this.#db
      .selectFrom('packages')
      .select('packages.name')
      .where('packages.access', '=', 'private')
      .where(visibleTo(viewer))
      .limit(limit + 1)
      .execute();
    return rows.length > limit ? undefined : rows.map(({ name }) => name);
  }

  /** What is shown of packages, so far as a viewer may see them, in the order of their names here. */
  async hits(names: readonly string[], viewer: Viewer): Promise<readonly SearchHit[]> {
    if (names.length === 0) return [];
    const rows = await hitColumns(
      this.#db
        .selectFrom('packages')
        .innerJoin('published_versions', 'published_versions.id', 'packages.latest_version_id')
        .where('packages.name', 'in', names)
        .where(visibleTo(viewer)),
    ).execute();
    const found = new Map(rows.map(row => [row.name, hitOf(row)]));
    return names.flatMap(name => found.get(name) ?? []);
  }

  #rows() {
    return this.#db
      .selectFrom('packages')
      .innerJoin('published_versions', 'published_versions.id', 'packages.latest_version_id')
      .select(['packages.name', 'packages.access', 'packages.keywords', 'packages.description'])
      .select([
        sql<string>`left(coalesce(published_versions.readme, ''), ${sql.lit(INDEXED_README)})`.as('readme'),
        sql<string>`lower(packages.category)`.as('category'),
        sql<string>`lower(packages.author)`.as('author'),
      ])
      .orderBy('packages.name');
  }
}
