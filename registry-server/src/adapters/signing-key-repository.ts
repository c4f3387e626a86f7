import { type Expression, type RawBuilder, sql } from 'kysely';
import { type AuthorSignature, parseIntegrity, type RegistrySignature } from 'prompd/core';
import type { SigningKey } from '../domain/signing-key.js';
import type { SigningKeyRepository, UnsignedVersion } from '../ports/signing-key-repository.js';
import type { Database } from './database.js';

export class SqlSigningKeyRepository implements SigningKeyRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  list(): Promise<readonly SigningKey[]> {
    return readSigningKeys(this.#db);
  }

  async add({
    keyid,
    publicKey,
    createdAt,
  }: Pick<SigningKey, 'keyid' | 'publicKey' | 'createdAt'>): Promise<void> {
    await this.#db
      .insertInto('signing_keys')
      .values({ keyid, public_key: publicKey, created_at: createdAt, expires_at: null })
      .onConflict(conflict => conflict.column('keyid').doNothing())
      .execute();
  }

  async expire(keyid: string, at: Date | undefined, now: Date): Promise<Date | undefined> {
    return this.#db.transaction().execute(async trx => {
      // Publications hold the key they sign with until they are through.
      const found = await trx
        .selectFrom('signing_keys')
        .select('expires_at')
        .where('keyid', '=', keyid)
        .forUpdate()
        .executeTakeFirst();
      if (!found) return undefined;
      const last = await trx
        .selectFrom('version_signatures')
        .innerJoin('versions', 'versions.id', 'version_signatures.version_id')
        .select(({ fn }) => fn.max('versions.published_at').as('at'))
        .where('version_signatures.keyid', '=', keyid)
        .executeTakeFirst();
      // A publication may have come from a server whose clock is ahead.
      const wanted = at ?? new Date(Math.max(now.getTime(), (last?.at?.getTime() ?? 0) + 1));
      // A key that expired covers nothing more: clients refuse one that comes back to life.
      const expires = found.expires_at !== null && found.expires_at < wanted ? found.expires_at : wanted;
      await trx.updateTable('signing_keys').set({ expires_at: expires }).where('keyid', '=', keyid).execute();
      const lost = await trx
        .deleteFrom('version_signatures')
        .where('keyid', '=', keyid)
        .where('version_id', 'in', query =>
          query.selectFrom('versions').select('id').where('published_at', '>=', expires),
        )
        .returning('version_id')
        .execute();
      await raiseRevisions(
        trx,
        lost.map(({ version_id }) => version_id),
      );
      return expires;
    });
  }

  async unsigned(limit: number): Promise<readonly UnsignedVersion[]> {
    const rows = await this.#db
      .selectFrom('published_versions')
      .innerJoin('packages', 'packages.id', 'published_versions.package_id')
      .select(['published_versions.id', 'packages.name', 'version', 'integrity', 'published_at'])
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('version_signatures')
              .select('version_id')
              .whereRef('version_signatures.version_id', '=', 'published_versions.id'),
          ),
        ),
      )
      // What is mirrored keeps the signatures of the registry that it comes from.
      .where('packages.uplink', 'is', null)
      .orderBy('published_versions.id')
      .limit(limit)
      .execute();
    return rows.map(({ published_at: publishedAt, ...row }) => ({
      ...row,
      integrity: parseIntegrity(row.integrity),
      publishedAt,
    }));
  }

  async addSignatures(signatures: ReadonlyMap<number, RegistrySignature>): Promise<void> {
    await this.#db.transaction().execute(async trx => {
      await raiseRevisions(trx, [...signatures.keys()]);
      await trx
        .insertInto('version_signatures')
        .values([...signatures].map(([version_id, { keyid, sig }]) => ({ version_id, keyid, sig })))
        .onConflict(conflict => conflict.columns(['version_id', 'keyid']).doNothing())
        .execute();
    });
  }
}

/**
 * Every key there ever was, oldest first.
 * @param hold inside of a transaction that signs: keeps the keys from expiring until it ends
 */
export async function readSigningKeys(db: Database, { hold = false } = {}): Promise<SigningKey[]> {
  const rows = await db
    .selectFrom('signing_keys')
    .selectAll()
    .orderBy('created_at')
    .orderBy('keyid')
    .$if(hold, query => query.forShare())
    .execute();
  return rows.map(row => ({
    keyid: row.keyid,
    publicKey: row.public_key,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }));
}

/** The registry's signatures of a version, or those of the registry it is mirrored from, as SQL over the id of its row. */
export function signaturesColumn(versionId: Expression<number>): RawBuilder<RegistrySignature[]> {
  return sql<RegistrySignature[]>`coalesce((
    select json_agg(json_build_object('keyid', s.keyid, 'sig', s.sig) order by s.keyid collate "C")
    from version_signatures s where s.version_id = ${versionId}
  ), (
    select m.signatures::json from mirrored_versions m where m.version_id = ${versionId}
  ), '[]')`;
}

/** The authors' signatures of a version, as SQL over the id of its row. */
export function authorSignaturesColumn(versionId: Expression<number>): RawBuilder<AuthorSignature[]> {
  return sql<AuthorSignature[]>`coalesce((
    select json_agg(json_build_object('keyid', a.keyid, 'key', a.public_key, 'sig', a.sig))
    from author_signatures a where a.version_id = ${versionId}
  ), '[]')`;
}

/** Packuments change with their signatures. Rows are locked in one order, so that two servers never wait for each other. */
async function raiseRevisions(trx: Database, versionIds: readonly number[]): Promise<void> {
  if (versionIds.length === 0) return;
  const packages = await trx
    .selectFrom('packages')
    .select('id')
    .where('id', 'in', query =>
      query.selectFrom('versions').select('package_id').where('id', 'in', versionIds),
    )
    .orderBy('id')
    .forUpdate()
    .execute();
  await trx
    .updateTable('packages')
    .set({ revision: sql`revision + 1` })
    .where(
      'id',
      'in',
      packages.map(({ id }) => id),
    )
    .execute();
}
