import { sql, type Transaction } from 'kysely';
import { LATEST } from 'prompd/core';
import { authorName } from '../domain/package-version.js';
import type { DatabaseSchema } from './database-schema.js';
import { manifestFrom } from './package-rows.js';
import { searchVector } from './package-search.js';

type Trx = Transaction<DatabaseSchema>;

/** Copies what search and listings show from the latest version to the package, and renews the search index. */
export async function refreshPackage(trx: Trx, packageId: number, now: Date): Promise<void> {
  const latest = await trx
    .selectFrom('dist_tags')
    .innerJoin('published_versions', 'published_versions.id', 'dist_tags.version_id')
    .select(['published_versions.id', 'published_versions.manifest'])
    .where('dist_tags.package_id', '=', packageId)
    .where('dist_tags.tag', '=', LATEST)
    .executeTakeFirst();
  const manifest = latest ? manifestFrom(latest.manifest) : undefined;
  await trx
    .updateTable('packages')
    .set({
      latest_version_id: latest?.id ?? null,
      description: manifest?.description ?? '',
      author: authorName(manifest?.author),
      category: manifest?.category ?? '',
      keywords: [...new Set((manifest?.keywords ?? []).map(word => word.toLowerCase()))],
      revision: sql`revision + 1`,
      updated_at: now,
    })
    .where('id', '=', packageId)
    .execute();
  const readme = sql<
    string | null
  >`(select readme from published_versions v where v.id = packages.latest_version_id)`;
  await trx
    .updateTable('packages')
    .set({ search: searchVector(readme) })
    .where('id', '=', packageId)
    .execute();
}
