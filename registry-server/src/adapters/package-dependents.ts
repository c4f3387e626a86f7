import { type SqlBool, sql } from 'kysely';
import type { DependentsPage, DependentsQuery } from '../ports/package-repository.js';
import type { Database } from './database.js';
import { visibleTo } from './standing.js';

/** Packages whose latest version names this one among its dependencies, by name. */
export async function findDependents(
  db: Database,
  name: string,
  { viewer, limit }: DependentsQuery,
): Promise<DependentsPage> {
  const found = db
    .selectFrom('packages')
    .innerJoin('published_versions', 'published_versions.id', 'packages.latest_version_id')
    .where(sql<SqlBool>`published_versions.manifest -> 'dependencies' ? ${name}`)
    .where(visibleTo(viewer));
  const { total } = await found.select(sql<number>`count(*)::integer`.as('total')).executeTakeFirstOrThrow();
  const rows = await found
    .select(['packages.name', 'published_versions.version'])
    .select(sql<string>`published_versions.manifest -> 'dependencies' ->> ${name}`.as('range'))
    .orderBy(sql`packages.name collate "C"`)
    .limit(limit)
    .execute();
  return { total, dependents: rows };
}
