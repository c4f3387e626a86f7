import { type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import {
  type FacetQuery,
  type Facets,
  type FacetValue,
  type SearchHit,
  type SearchPage,
  type SearchQuery,
  searchTerms,
} from '../domain/search-query.js';
import type { Database } from './database.js';
import type { DatabaseSchema } from './database-schema.js';
import { ownersColumn } from './package-owners.js';
import { visibleTo } from './standing.js';

/**
 * What a word weighs by where it stands: README, description, keywords, name. Each is so much larger than the one
 * before it that many hits in a README never outweigh one in a description.
 */
const WEIGHTS = '{0.02, 0.1, 0.4, 1.0}';
/** A README beyond this is not indexed: a tsvector is limited to 1 MB. */
const INDEXED_README = 100_000;
/** Values of a kind that are told. */
const MAX_VALUES = 30;

/** The index entry of a package, as SQL over its row and the README of its latest version. */
export function searchVector(readme: RawBuilder<string | null>): RawBuilder<string> {
  return sql<string>`
    setweight(to_tsvector('simple', ${nameWords}) || to_tsvector('english', ${nameWords}), 'A') ||
    setweight(to_tsvector('simple', array_to_string(keywords, ' ')) || to_tsvector('english', array_to_string(keywords, ' ')), 'B') ||
    setweight(to_tsvector('english', description), 'C') ||
    setweight(to_tsvector('english', left(coalesce(${readme}, ''), ${sql.lit(INDEXED_README)})), 'D')`;
}

/** `@bank/kyc-summary` as the words bank, kyc, summary. */
const nameWords = sql`regexp_replace(name, '[^[:alnum:]]+', ' ', 'g')`;

/** Finds packages that have a published latest version. */
export async function searchPackages(db: Database, query: SearchQuery): Promise<SearchPage> {
  const { rank } = matching(query.text);
  const found = foundBy(db, query);
  const { total } = await found.select(sql<number>`count(*)::integer`.as('total')).executeTakeFirstOrThrow();
  const first = {
    relevance: sql`${rank} desc, packages.downloads desc`,
    downloads: sql`packages.downloads desc`,
    recency: sql`packages.updated_at desc`,
  }[query.sort];
  const rows = await hitColumns(found)
    .orderBy(sql`${first}, packages.name collate "C"`)
    .limit(query.limit)
    .offset(query.offset)
    .execute();
  return { total, hits: rows.map(hitOf) };
}

/** Asks for what is shown of each package. */
export function hitColumns(
  found: SelectQueryBuilder<DatabaseSchema, 'packages' | 'published_versions', object>,
) {
  return found
    .select([
      'packages.name',
      'published_versions.version',
      'packages.description',
      'packages.author',
      'packages.category',
      'packages.keywords',
      'packages.downloads',
      'packages.uplink',
      'packages.updated_at',
    ])
    .select(({ ref }) => ownersColumn(ref('packages.id')).as('owners'));
}

interface HitRow extends Omit<SearchHit, 'uplink' | 'updated'> {
  readonly uplink: string | null;
  readonly updated_at: Date;
}

export function hitOf({ updated_at, uplink, ...hit }: HitRow): SearchHit {
  return { ...hit, ...(uplink === null ? {} : { uplink }), updated: updated_at };
}

/** What the packages that a search finds can be told apart by. */
export async function searchFacets(db: Database, query: FacetQuery): Promise<Facets> {
  const found = foundBy(db, query);
  const counted = async (value: RawBuilder<string>): Promise<readonly FacetValue[]> => {
    const values = found.select(value.as('value'));
    const { rows } = await sql<FacetValue>`
      select value, count(*)::integer as count from (${values}) as found
      where value <> '' group by value order by count desc, value collate "C" limit ${sql.lit(MAX_VALUES)}`.execute(
      db,
    );
    return rows;
  };
  return {
    categories: await counted(sql`packages.category`),
    authors: await counted(sql`packages.author`),
    keywords: await counted(sql`unnest(packages.keywords)`),
  };
}

function foundBy(db: Database, query: FacetQuery) {
  let found = db
    .selectFrom('packages')
    .innerJoin('published_versions', 'published_versions.id', 'packages.latest_version_id')
    .where(matching(query.text).condition)
    .where(visibleTo(query.viewer));
  if (query.category !== undefined)
    found = found.where(sql`lower(packages.category)`, '=', query.category.toLowerCase());
  if (query.author !== undefined)
    found = found.where(sql`lower(packages.author)`, '=', query.author.toLowerCase());
  if (query.keyword !== undefined) {
    found = found.where(sql<SqlBool>`packages.keywords @> array[${query.keyword.toLowerCase()}]::text[]`);
  }
  if (query.scope !== undefined)
    found = found.where(sql<SqlBool>`starts_with(packages.name, ${`${query.scope}/`})`);
  return found;
}

function matching(text: string): { condition: RawBuilder<SqlBool>; rank: RawBuilder<number> } {
  const { web, namePrefix } = searchTerms(text);
  // Nothing asked for lists everything; something without a letter or digit is in no package.
  if (web === '') return { condition: text.trim() === '' ? sql`true` : sql`false`, rank: sql`0::real` };
  const weights = sql`${sql.lit(WEIGHTS)}::real[]`;
  // Names and keywords are indexed as written too, so words that the English dictionary drops are found there.
  const query = sql`(websearch_to_tsquery('english', ${web}) || websearch_to_tsquery('simple', ${web}))`;
  const prefix = sql`to_tsquery('simple', ${namePrefix})`;
  if (namePrefix === '') {
    return {
      condition: sql<SqlBool>`packages.search @@ ${query}`,
      rank: sql<number>`ts_rank(${weights}, packages.search, ${query})`,
    };
  }
  return {
    condition: sql<SqlBool>`(packages.search @@ ${query} or packages.search @@ ${prefix})`,
    rank: sql<number>`greatest(ts_rank(${weights}, packages.search, ${query}), ts_rank(${weights}, packages.search, ${prefix}))`,
  };
}
