import { type RawBuilder, type SqlBool, sql, type Transaction } from 'kysely';
import {
  compareVersions,
  type Integrity,
  LATEST,
  PrompdError,
  parseIntegrity,
  parseVersion,
} from 'prompd/core';
import semver from 'semver';
import type { ApprovalRequest } from '../domain/approval.js';
import { revisionConflict } from '../domain/package-revision.js';
import { doersOf } from '../domain/people.js';
import type { Stamp } from '../domain/stamp.js';
import type { NewVersion, PackageSettings, PublishSteps } from '../ports/package-repository.js';
import { openRequest, publicationGate } from './approval-gate.js';
import { auditPackage } from './audit-append.js';
import type { DatabaseSchema } from './database-schema.js';
import { announceDelivery } from './delivery-events.js';
import { endForced, endRequestsOf } from './forced-end.js';
import { assertNotForced, forcedVersions } from './forced-versions.js';
import { lockContent, lockName, lockPackage } from './package-locks.js';
import { insertOwner, readHolding } from './package-owners.js';
import { refreshPackage } from './package-refresh.js';
import { moveTag, type TagTarget } from './package-tags.js';
import { keepScope } from './project-locks.js';
import { releaseVersion } from './version-release.js';

type Trx = Transaction<DatabaseSchema>;

/** How adding a version went. */
export type InsertedVersion =
  | { readonly kind: 'taken' }
  | { readonly kind: 'published' }
  | { readonly kind: 'pending'; readonly request: ApprovalRequest };

/**
 * Adds a version: published, or, where its project asks for approval, pending with a request for it. The package's row is
 * the lock under which all changes to a package queue.
 * @returns how it went; when name@version is taken, the transaction has changed nothing
 */
export async function insertVersion(
  trx: Trx,
  version: NewVersion,
  { authorize, placeContent, sign }: PublishSteps,
): Promise<InsertedVersion> {
  const { name, manifest, stamp } = version;
  await lockContent(trx, version.integrity);
  await keepScope(trx, name);
  const created = await trx
    .insertInto('packages')
    .values({
      name,
      access: version.access ?? 'public',
      latest_version_id: null,
      created_at: stamp.now,
      updated_at: stamp.now,
    })
    .onConflict(conflict => conflict.column('name').doNothing())
    .returning('id')
    .executeTakeFirst();
  const { id: packageId, uplink } = await lockName(trx, name);
  // Decided here, under the lock: somebody else may have taken the name, or the package, since the request began.
  const holding = await readHolding(trx, name, stamp.actor);
  authorize(created ? { ...holding, access: 'public', owners: undefined } : holding);
  if (uplink !== null) await claimName(trx, { id: packageId, name }, stamp);
  if ((created || uplink !== null) && holding.standing === undefined)
    await insertOwner(trx, packageId, { user: stamp.actor, stamp });
  const taken = await trx
    .selectFrom('versions')
    .select('id')
    .where('package_id', '=', packageId)
    .where(sameNumber(manifest.version))
    .executeTakeFirst();
  if (taken) return { kind: 'taken' };
  const gate = await publicationGate(
    trx,
    { name, manifest, integrity: version.integrity, tag: version.tag },
    stamp.now,
  );
  await placeContent();
  const { id: versionId } = await trx
    .insertInto('versions')
    .values({
      package_id: packageId,
      version: manifest.version,
      status: gate ? 'pending' : 'published',
      manifest: JSON.stringify(manifest),
      readme: version.readme,
      integrity: version.integrity,
      shasum: version.shasum,
      size: version.size,
      unpacked_size: version.unpackedSize,
      file_count: version.fileCount,
      published_by: stamp.actor,
      published_at: stamp.now,
      deprecated: null,
      deleted_at: null,
      deleted_by: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await trx
    .insertInto('version_authors')
    .values(
      [...new Set([...doersOf(stamp), ...(version.authors ?? [])])].map(user => ({
        version_id: versionId,
        user_name: user,
      })),
    )
    .execute();
  if (version.authorSignature) {
    const { keyid, key, sig } = version.authorSignature;
    await trx
      .insertInto('author_signatures')
      .values({ version_id: versionId, keyid, public_key: key, sig })
      .execute();
  }
  if (gate) {
    const request = await openRequest(
      trx,
      { ...gate, packageId, versionId, kind: 'publication', tag: version.tag, access: version.access },
      stamp,
    );
    return { kind: 'pending', request };
  }
  await releaseVersion(
    trx,
    {
      packageId,
      name,
      versionId,
      version: manifest.version,
      integrity: version.integrity,
      tag: version.tag,
      latestGoesBack: true,
      access: version.access,
    },
    { stamp, sign },
  );
  await endForced(trx, { id: packageId }, stamp);
  return { kind: 'published' };
}

/**
 * Makes a mirrored name one of this registry. What clients may have locked stays: archives that are here stay published,
 * and the numbers of all other versions stay taken, so that no number ever means other bytes.
 */
async function claimName(trx: Trx, of: { id: number; name: string }, stamp: Stamp): Promise<void> {
  const packageId = of.id;
  await trx.deleteFrom('mirrors').where('package_id', '=', packageId).execute();
  await trx.updateTable('packages').set({ uplink: null }).where('id', '=', packageId).execute();
  await trx
    .updateTable('versions')
    .set({ deleted_at: stamp.now, deleted_by: stamp.actor, manifest: '{}', readme: null })
    .where('package_id', '=', packageId)
    .where('stored', '=', false)
    .execute();
  const tags = await trx
    .selectFrom('dist_tags')
    .innerJoin('versions', 'versions.id', 'dist_tags.version_id')
    .select('dist_tags.tag')
    .where('dist_tags.package_id', '=', packageId)
    .where('versions.stored', '=', false)
    .execute();
  for (const { tag } of tags) await moveTag(trx, of, { tag, to: null, stamp });
}

/** @throws PrompdError ENOVERSION */
export async function changeSettings(
  trx: Trx,
  name: string,
  { settings, stamp }: { settings: PackageSettings; stamp: Stamp },
): Promise<void> {
  const { id } = await lockPackage(trx, name);
  const auditVersion = ({ version, ...entry }: { action: string; version: string; after?: string | null }) =>
    auditPackage(trx, stamp, { name, subject: `version ${name}@${version}`, ...entry });
  for (const [version, message] of Object.entries(settings.deprecated ?? {})) {
    const target = await publishedVersion(trx, { packageId: id, name, version });
    await trx.updateTable('versions').set({ deprecated: message }).where('id', '=', target.id).execute();
    await auditVersion({ action: 'version.deprecate', version, after: message });
    await announceDelivery(trx, {
      type: 'deprecate',
      packageId: id,
      version: target.version,
      message,
      now: stamp.now,
    });
  }
  for (const [version, yanked] of Object.entries(settings.yanked ?? {})) {
    const target = await publishedVersion(trx, { packageId: id, name, version });
    if (!yanked) await assertNotForced(trx, { name, version: target });
    await trx.updateTable('versions').set({ yanked }).where('id', '=', target.id).execute();
    await auditVersion({ action: yanked ? 'version.yank' : 'version.unyank', version });
  }
  for (const [tag, version] of Object.entries(settings.distTags ?? {})) {
    const to = version === null ? null : await publishedVersion(trx, { packageId: id, name, version });
    await moveTag(trx, { id, name }, { tag, to, stamp });
  }
  if (settings.distTags) await endForced(trx, { id }, stamp);
  if (settings.access) {
    await trx.updateTable('packages').set({ access: settings.access }).where('id', '=', id).execute();
    await auditPackage(trx, stamp, { name, action: 'package.access', after: settings.access });
  }
  if (settings.access || settings.yanked) {
    await announceDelivery(trx, { type: 'change', packageId: id, now: stamp.now });
  }
  await refreshPackage(trx, id, stamp.now);
}

/**
 * Turns a version into a tombstone. Tags on it go; `latest` moves to the highest remaining release, or pre-release
 * where there is no release.
 */
export async function removeVersion(
  trx: Trx,
  name: string,
  { version, stamp }: { version: string; stamp: Stamp },
): Promise<boolean> {
  const { id: packageId } = await lockPackage(trx, name);
  const target = await trx
    .updateTable('versions')
    .set({ deleted_at: stamp.now, deleted_by: stamp.actor, manifest: '{}', readme: null })
    .where('package_id', '=', packageId)
    .where('version', '=', version)
    .where('status', '=', 'published')
    .where('deleted_at', 'is', null)
    .returning(['id', 'integrity'])
    .executeTakeFirst();
  if (!target) return false;
  await auditPackage(trx, stamp, {
    name,
    action: 'version.unpublish',
    subject: `version ${name}@${version}`,
    before: target.integrity,
  });
  const tags = await trx
    .selectFrom('dist_tags')
    .select('tag')
    .where('package_id', '=', packageId)
    .where('version_id', '=', target.id)
    .execute();
  for (const { tag } of tags) {
    await moveTag(
      trx,
      { id: packageId, name },
      { tag, to: tag === LATEST ? await highestVersion(trx, packageId) : null, stamp },
    );
  }
  await endRequestsOf(trx, [target.id], stamp);
  await announceDelivery(trx, {
    type: 'revoke',
    packageId,
    versionId: target.id,
    version,
    reason: UNPUBLISHED,
    now: stamp.now,
  });
  await refreshPackage(trx, packageId, stamp.now);
  return true;
}

/** Why a version that is gone is not delivered. */
const UNPUBLISHED = 'It was unpublished.';

/**
 * Turns every version into a tombstone, and takes all tags away.
 * @returns the content that the versions had
 */
export async function removeAllVersions(
  trx: Trx,
  name: string,
  { stamp, seen }: { stamp: Stamp; seen: number | undefined },
): Promise<readonly Integrity[]> {
  const { id: packageId, revision } = await lockPackage(trx, name);
  if (seen !== undefined && seen !== revision) {
    throw revisionConflict(name, { expected: String(revision), found: String(seen) });
  }
  const tags = await trx.selectFrom('dist_tags').select('tag').where('package_id', '=', packageId).execute();
  for (const { tag } of tags) await moveTag(trx, { id: packageId, name }, { tag, to: null, stamp });
  const removed = await trx
    .updateTable('versions')
    .set({ deleted_at: stamp.now, deleted_by: stamp.actor, manifest: '{}', readme: null })
    .where('package_id', '=', packageId)
    .where('status', '=', 'published')
    .where('deleted_at', 'is', null)
    .returning(['id', 'version', 'integrity'])
    .execute();
  await endRequestsOf(
    trx,
    removed.map(({ id }) => id),
    stamp,
  );
  for (const { id: versionId, version } of removed) {
    await announceDelivery(trx, {
      type: 'revoke',
      packageId,
      versionId,
      version,
      reason: UNPUBLISHED,
      now: stamp.now,
    });
  }
  await refreshPackage(trx, packageId, stamp.now);
  await auditPackage(trx, stamp, {
    name,
    action: 'package.unpublish',
    details: { versions: removed.length },
  });
  return [...new Set(removed.map(({ integrity }) => parseIntegrity(integrity)))];
}

/** Rows of a version, whatever its build metadata. */
export function sameNumber(version: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`split_part(versions.version, '+', 1) = split_part(${version}, '+', 1)`;
}

async function publishedVersion(
  trx: Trx,
  { packageId, name, version }: { packageId: number; name: string; version: string },
): Promise<TagTarget> {
  const row = await trx
    .selectFrom('published_versions')
    .select(['id', 'version'])
    .where('package_id', '=', packageId)
    .where('version', '=', version)
    .executeTakeFirst();
  if (row) return row;
  throw new PrompdError('ENOVERSION', `${name} has no version ${version}.`, { facts: { name, version } });
}

/** The highest release that is left and was not forced, or the highest pre-release where there is none. */
export async function highestVersion(trx: Trx, packageId: number): Promise<TagTarget | null> {
  const rows = await trx
    .selectFrom('published_versions')
    .select(['id', 'version'])
    .where('package_id', '=', packageId)
    .where('id', 'not in', forcedVersions(trx).select('version_id'))
    .execute();
  const versions = rows.map(row => ({ ...row, version: parseVersion(row.version) }));
  const releases = versions.filter(({ version }) => semver.prerelease(version) === null);
  return (
    (releases.length > 0 ? releases : versions).sort((a, b) => compareVersions(b.version, a.version))[0] ??
    null
  );
}
