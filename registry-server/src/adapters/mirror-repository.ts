import { sql, type Transaction } from 'kysely';
import type { PackageName } from 'prompd/core';
import type { Access } from '../domain/authorize.js';
import type {
  ChangedVersion,
  MirrorRepository,
  MirrorState,
  MirrorUpdate,
  ProvenArchive,
} from '../ports/mirror-repository.js';
import type { Database } from './database.js';
import type { DatabaseSchema } from './database-schema.js';
import { applyListing, followTags, provenColumns } from './mirror-versions.js';
import { lockContent } from './package-locks.js';
import { refreshMirror } from './package-refresh.js';

type Trx = Transaction<DatabaseSchema>;

export class SqlMirrorRepository implements MirrorRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async state(packageId: number): Promise<MirrorState | undefined> {
    const row = await this.#db
      .selectFrom('mirrors')
      .select(['etag', 'checked_at'])
      .where('package_id', '=', packageId)
      .executeTakeFirst();
    return row && { etag: row.etag ?? undefined, checkedAt: row.checked_at };
  }

  async confirm(name: string, { uplink, now }: { uplink: string; now: Date }): Promise<void> {
    await this.#db
      .updateTable('mirrors')
      .set({ checked_at: now })
      .where('package_id', 'in', query =>
        query.selectFrom('packages').select('id').where('name', '=', name).where('uplink', '=', uplink),
      )
      .execute();
  }

  update(name: PackageName, update: MirrorUpdate): Promise<readonly ChangedVersion[] | undefined> {
    return this.#db.transaction().execute(async trx => {
      if (update.proof) await lockContent(trx, update.proof.integrity);
      const held = await holdName(trx, name, update);
      if (!held) return undefined;
      const { changes, refused } = await applyListing(trx, held.id, update);
      const moved = update.listing ? await followTags(trx, held.id, update) : 0;
      if (changes + moved > 0 || !held.isListed) await refreshMirror(trx, held.id, update.now);
      await trx
        .insertInto('mirrors')
        .values({ package_id: held.id, etag: update.etag ?? null, checked_at: update.now })
        .onConflict(conflict =>
          conflict.column('package_id').doUpdateSet({ etag: update.etag ?? null, checked_at: update.now }),
        )
        .execute();
      return refused;
    });
  }

  async tarball(versionId: number): Promise<string | null> {
    const row = await this.#db
      .selectFrom('mirrored_versions')
      .select('tarball')
      .where('version_id', '=', versionId)
      .executeTakeFirst();
    return row?.tarball ?? null;
  }

  async store(versionId: number, name: string, proof: ProvenArchive, now: Date): Promise<void> {
    await this.#db.transaction().execute(async trx => {
      await lockContent(trx, proof.integrity);
      const id = await lockMirror(trx, name);
      if (id === undefined) return;
      const found = await trx
        .selectFrom('versions')
        .select('id')
        .where('id', '=', versionId)
        .where('package_id', '=', id)
        .where('integrity', '=', proof.integrity)
        .where('stored', '=', false)
        .executeTakeFirst();
      if (!found) return;
      await proof.placeContent();
      await trx.updateTable('versions').set(provenColumns(proof)).where('id', '=', versionId).execute();
      await refreshMirror(trx, id, now);
    });
  }

  async refuse(versionId: number, name: string, now: Date): Promise<void> {
    await this.#db.transaction().execute(async trx => {
      const id = await lockMirror(trx, name);
      if (id === undefined) return;
      await trx
        .updateTable('versions')
        .set({ status: 'refused' })
        .where('id', '=', versionId)
        .where('package_id', '=', id)
        .where('stored', '=', false)
        .execute();
      await refreshMirror(trx, id, now);
    });
  }

  async reconcile(accessOf: (name: string, uplink: string) => Access | undefined): Promise<void> {
    const rows = await this.#db
      .selectFrom('packages')
      .select(['id', 'name', 'uplink', 'access', 'latest_version_id'])
      .where('uplink', 'is not', null)
      .execute();
    for (const { id, name, uplink, access, latest_version_id } of rows) {
      const wanted = accessOf(name, uplink ?? '');
      // A package without a latest version is as good as none; the next request for its name asks the uplink again.
      const set = wanted === undefined ? { latest_version_id: null } : { access: wanted };
      if (wanted === undefined ? latest_version_id === null : wanted === access) continue;
      await this.#db
        .updateTable('packages')
        .set({ ...set, revision: sql`revision + 1` })
        .where('id', '=', id)
        .where('uplink', 'is not', null)
        .execute();
    }
  }
}

interface HeldName {
  readonly id: number;
  /** Whether readers see the package. */
  readonly isListed: boolean;
}

/** Locks a mirrored package's row, which is made when the name is new; undefined for a name of this registry. */
async function holdName(
  trx: Trx,
  name: PackageName,
  { uplink, access, now, listing }: MirrorUpdate,
): Promise<HeldName | undefined> {
  if (listing) {
    await trx
      .insertInto('packages')
      .values({ name, uplink, access, latest_version_id: null, created_at: now, updated_at: now })
      .onConflict(conflict => conflict.column('name').doNothing())
      .execute();
  }
  const row = await trx
    .selectFrom('packages')
    .select(['id', 'uplink', 'latest_version_id'])
    .where('name', '=', name)
    .forUpdate()
    .executeTakeFirst();
  if (!row || row.uplink === null) return undefined;
  await trx.updateTable('packages').set({ uplink, access }).where('id', '=', row.id).execute();
  return { id: row.id, isListed: row.latest_version_id !== null };
}

async function lockMirror(trx: Trx, name: string): Promise<number | undefined> {
  const row = await trx
    .selectFrom('packages')
    .select('id')
    .where('name', '=', name)
    .where('uplink', 'is not', null)
    .forUpdate()
    .executeTakeFirst();
  return row?.id;
}
