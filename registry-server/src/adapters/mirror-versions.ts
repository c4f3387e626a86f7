import type { Insertable, Selectable, Transaction } from 'kysely';
import { type Integrity, parseIntegrity, type Version } from 'prompd/core';
import type { ListedVersion } from '../domain/upstream-listing.js';
import type { ChangedVersion, MirrorUpdate, ProvenArchive } from '../ports/mirror-repository.js';
import type { DatabaseSchema, VersionsTable } from './database-schema.js';
import { pointTag } from './package-tags.js';

type Trx = Transaction<DatabaseSchema>;

/** Rows in one statement: PostgreSQL takes 65,535 parameters. */
const CHUNK = 500;
/** The status of a version that its uplink lists no more and whose archive never came. */
const WITHDRAWN = 'withdrawn';

type Known = Pick<
  Selectable<VersionsTable>,
  'id' | 'version' | 'integrity' | 'stored' | 'status' | 'deprecated' | 'yanked' | 'deleted_at'
>;

/**
 * Brings the versions of a mirrored package to what its uplink lists.
 * @returns how many rows changed, and the versions whose integrity the uplink contradicts
 */
export async function applyListing(
  trx: Trx,
  packageId: number,
  update: MirrorUpdate,
): Promise<{ changes: number; refused: readonly ChangedVersion[] }> {
  const listed = update.listing?.versions ?? [];
  const known = new Map<string, Known>();
  for (const row of await knownVersions(trx, packageId)) known.set(numberOf(row.version), row);
  const refused: ChangedVersion[] = [];
  const fresh: ListedVersion[] = [];
  let changes = 0;
  for (const version of listed) {
    const row = known.get(numberOf(version.version));
    known.delete(numberOf(version.version));
    if (!row) fresh.push(version);
    else if (row.integrity === version.integrity) changes += await follow(trx, row, version);
    else
      refused.push({
        version: version.version,
        known: parseIntegrity(row.integrity),
        found: version.integrity,
      });
  }
  for (const gone of known.values()) changes += await withdraw(trx, gone);
  for (let from = 0; from < fresh.length; from += CHUNK) {
    await insert(trx, packageId, { versions: fresh.slice(from, from + CHUNK), update });
  }
  return { changes: changes + fresh.length, refused };
}

/** Moves the package's tags to where the uplink has them. @returns how many moved */
export async function followTags(
  trx: Trx,
  packageId: number,
  { listing, uplink, now }: MirrorUpdate,
): Promise<number> {
  const wanted = listing?.distTags ?? {};
  const stamp = { actor: `uplink ${uplink}`, now };
  const visible = await trx
    .selectFrom('published_versions')
    .select(['id', 'version'])
    .where('package_id', '=', packageId)
    .where('version', 'in', [...new Set<string>(Object.values(wanted)), ''])
    .execute();
  const ids = new Map(visible.map(({ id, version }) => [version, id]));
  const tags = await trx
    .selectFrom('dist_tags')
    .select(['tag', 'version_id'])
    .where('package_id', '=', packageId)
    .execute();
  const standing = new Map(tags.map(({ tag, version_id }) => [tag, version_id]));
  let moved = 0;
  for (const [tag, version] of Object.entries(wanted)) {
    const id = ids.get(version);
    if (id === undefined || standing.get(tag) === id) continue;
    await pointTag(trx, packageId, { tag, to: { id, version }, stamp });
    moved++;
  }
  for (const { tag } of tags) {
    if (Object.hasOwn(wanted, tag)) continue;
    await pointTag(trx, packageId, { tag, to: null, stamp });
    moved++;
  }
  return moved;
}

/** What an archive proved of its version. */
export function provenColumns({ shasum, size, checked }: ProvenArchive) {
  return {
    stored: true,
    manifest: JSON.stringify(checked.manifest),
    readme: checked.readme,
    shasum,
    size,
    unpacked_size: checked.unpackedSize,
    file_count: checked.fileCount,
  };
}

function knownVersions(trx: Trx, packageId: number): Promise<Known[]> {
  return trx
    .selectFrom('versions')
    .select(['id', 'version', 'integrity', 'stored', 'status', 'deprecated', 'yanked', 'deleted_at'])
    .where('package_id', '=', packageId)
    .execute();
}

async function follow(trx: Trx, row: Known, { deprecated, yanked }: ListedVersion): Promise<number> {
  const status = row.status === WITHDRAWN ? 'published' : row.status;
  if (row.deprecated === deprecated && row.yanked === yanked && row.status === status) return 0;
  await trx.updateTable('versions').set({ deprecated, yanked, status }).where('id', '=', row.id).execute();
  return 1;
}

async function withdraw(trx: Trx, row: Known): Promise<number> {
  if (row.stored ? row.yanked : row.status !== 'published') return 0;
  const set = row.stored ? { yanked: true } : { status: WITHDRAWN };
  await trx.updateTable('versions').set(set).where('id', '=', row.id).execute();
  return 1;
}

async function insert(
  trx: Trx,
  packageId: number,
  { versions, update }: { versions: readonly ListedVersion[]; update: MirrorUpdate },
): Promise<void> {
  const { proof, uplink } = update;
  if (proof && versions.some(listed => isProven(listed, proof))) await proof.placeContent();
  const rows = await trx
    .insertInto('versions')
    .values(versions.map(listed => rowOf(packageId, listed, { uplink, proof })))
    .returning(['id', 'version'])
    .execute();
  const ids = new Map(rows.map(({ id, version }) => [version, id]));
  await trx
    .insertInto('mirrored_versions')
    .values(
      versions.flatMap(({ version, tarball, signatures }) => {
        const id = ids.get(version);
        return id === undefined ? [] : [{ version_id: id, tarball, signatures: JSON.stringify(signatures) }];
      }),
    )
    .execute();
}

function rowOf(
  packageId: number,
  listed: ListedVersion,
  { uplink, proof }: { uplink: string; proof: ProvenArchive | undefined },
): Insertable<VersionsTable> {
  return {
    package_id: packageId,
    version: listed.version,
    status: 'published',
    manifest: JSON.stringify(listed.manifest),
    readme: null,
    integrity: listed.integrity,
    shasum: listed.shasum,
    size: listed.size,
    unpacked_size: listed.unpackedSize,
    file_count: listed.fileCount,
    published_by: `uplink ${uplink}`,
    published_at: listed.publishedAt,
    deprecated: listed.deprecated,
    yanked: listed.yanked,
    deleted_at: null,
    deleted_by: null,
    stored: false,
    ...(proof && isProven(listed, proof) ? provenColumns(proof) : {}),
  };
}

function isProven(
  { version, integrity }: { version: Version; integrity: Integrity },
  proof: ProvenArchive,
): boolean {
  return version === proof.version && integrity === proof.integrity;
}

function numberOf(version: string): string {
  return version.replace(/\+.*$/s, '');
}
