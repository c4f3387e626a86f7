import { sql, type Transaction } from 'kysely';
import { LATEST } from 'prompd/core';
import { authorName } from '../domain/package-version.js';
import type { DatabaseSchema } from './database-schema.js';
import { manifestFrom } from './package-rows.js';
import { searchVector } from './package-search.js';

type Trx = Transaction<DatabaseSchema>;

/**
 * Makes everything that is kept of a package old. Where another version is its latest now, what search and listings show
 * comes from that: a published version itself never changes.
 */
export async function refreshPackage(trx: Trx, packageId: number, now: Date): Promise<void> {
  const { listed, latest } = await renew(trx, packageId, now);
  if (latest !== listed) await listVersion(trx, packageId, latest);
}

/** As {@link refreshPackage} for a mirrored package, of whose versions more is known once their archives are here. */
export async function refreshMirror(trx: Trx, packageId: number, now: Date): Promise<void> {
  const { latest } = await renew(trx, packageId, now);
  await listVersion(trx, packageId, latest);
}

/** @returns the versions that the package's listing is about, and should be */
function renew(
  trx: Trx,
  packageId: number,
  now: Date,
): Promise<{ listed: number | null; latest: number | null }> {
  return trx
    .updateTable('packages')
    .set({ revision: sql`revision + 1`, updated_at: now })
    .where('id', '=', packageId)
    .returning(of => [
      'latest_version_id as listed',
      of
        .selectFrom('dist_tags')
        .innerJoin('published_versions', 'published_versions.id', 'dist_tags.version_id')
        .select('published_versions.id')
        .whereRef('dist_tags.package_id', '=', 'packages.id')
        .where('dist_tags.tag', '=', LATEST)
        .as('latest'),
    ])
    .executeTakeFirstOrThrow();
}

/** Copies what search and listings show from a version to its package, and renews the search index. */
async function listVersion(trx: Trx, packageId: number, versionId: number | null): Promise<void> {
  const version = await trx
    .selectFrom('published_versions')
    .select('manifest')
    .where('id', '=', versionId)
    .executeTakeFirst();
  const manifest = version && manifestFrom(version.manifest);
  await trx
    .updateTable('packages')
    .set({
      latest_version_id: versionId,
      description: manifest?.description ?? '',
      author: authorName(manifest?.author),
      category: manifest?.category ?? '',
      keywords: [...new Set((manifest?.keywords ?? []).map(word => word.toLowerCase()))],
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
