import { sql } from 'kysely';
import { type Integrity, parseIntegrity, parseVersion, type Version } from 'prompd/core';
import type { DistTagMove } from '../domain/dist-tag.js';
import type { PackageOwner } from '../domain/package-owner.js';
import type { Package, PackageVersion } from '../domain/package-version.js';
import type { Standing } from '../domain/role.js';
import type { FacetQuery, Facets, SearchPage, SearchQuery } from '../domain/search-query.js';
import type { Stamp } from '../domain/stamp.js';
import type {
  DependentsPage,
  DependentsQuery,
  Holding,
  NewVersion,
  PackageDocument,
  PackageRepository,
  PackageSettings,
  PublishOutcome,
  PublishSteps,
  VersionTrace,
} from '../ports/package-repository.js';
import { auditPackage } from './audit-append.js';
import type { Database } from './database.js';
import {
  changeSettings,
  insertVersion,
  removeAllVersions,
  removeVersion,
  sameNumber,
} from './package-changes.js';
import { findDependents } from './package-dependents.js';
import { lockContent, lockPackage } from './package-locks.js';
import { deleteOwner, insertOwner, ownersColumn, readHolding, readOwners } from './package-owners.js';
import { type PackageRow, packageOf, VERSION_COLUMNS, versionOf } from './package-rows.js';
import { searchFacets, searchPackages } from './package-search.js';
import { authorSignaturesColumn, signaturesColumn } from './signing-key-repository.js';
import { packageStanding } from './standing.js';

const PACKAGE_COLUMNS = [
  'packages.id',
  'packages.name',
  'packages.access',
  'packages.uplink',
  'packages.revision',
  'packages.latest_version_id',
  'packages.description',
  'packages.author',
  'packages.category',
  'packages.keywords',
  'packages.downloads',
  'packages.created_at',
  'packages.updated_at',
] as const;

export class SqlPackageRepository implements PackageRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async find(name: string): Promise<Package | undefined> {
    const row = await findRow(this.#db, name);
    return row && packageOf(row);
  }

  async document(name: string): Promise<PackageDocument | undefined> {
    return this.#db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async trx => {
        const row = await findRow(trx, name);
        if (!row) return undefined;
        const versions = await versionRows(trx).where('package_id', '=', row.id).orderBy('id').execute();
        const latest = await trx
          .selectFrom('published_versions')
          .select('readme')
          .where('id', '=', row.latest_version_id)
          .executeTakeFirst();
        return {
          package: packageOf(row),
          versions: versions.map(versionOf),
          distTags: await tagsOf(trx, row.id),
          readme: latest?.readme ?? null,
        };
      });
  }

  async version(name: string, version: string): Promise<PackageVersion | undefined> {
    const row = await versionRows(this.#db)
      .where('package_id', '=', this.#db.selectFrom('packages').select('id').where('name', '=', name))
      .where('version', '=', version)
      .executeTakeFirst();
    return row && versionOf(row);
  }

  async readme(versionId: number): Promise<string | null> {
    const row = await this.#db
      .selectFrom('published_versions')
      .select('readme')
      .where('id', '=', versionId)
      .executeTakeFirst();
    return row?.readme ?? null;
  }

  async distTags(name: string): Promise<Readonly<Record<string, Version>>> {
    const row = await findRow(this.#db, name);
    return row ? tagsOf(this.#db, row.id) : {};
  }

  async moves(name: string): Promise<readonly DistTagMove[]> {
    const rows = await this.#db
      .selectFrom('dist_tag_moves')
      .select(['tag', 'from_version', 'to_version', 'actor', 'moved_at'])
      .where('package_id', '=', this.#db.selectFrom('packages').select('id').where('name', '=', name))
      .orderBy('id')
      .execute();
    return rows.map(row => ({
      tag: row.tag,
      from: row.from_version,
      to: row.to_version,
      actor: row.actor,
      movedAt: row.moved_at,
    }));
  }

  search(query: SearchQuery): Promise<SearchPage> {
    return searchPackages(this.#db, query);
  }

  facets(query: FacetQuery): Promise<Facets> {
    return searchFacets(this.#db, query);
  }

  async trace(name: string, version: string): Promise<VersionTrace | undefined> {
    const row = await this.#db
      .selectFrom('versions')
      .select(['version', 'integrity', 'deleted_at', 'status'])
      .where('package_id', '=', this.#db.selectFrom('packages').select('id').where('name', '=', name))
      .where(sameNumber(version))
      .executeTakeFirst();
    return (
      row && {
        version: parseVersion(row.version),
        integrity: parseIntegrity(row.integrity),
        deleted: row.deleted_at !== null,
        status: row.status,
      }
    );
  }

  holding(name: string, user: string | undefined): Promise<Holding> {
    return readHolding(this.#db, name, user);
  }

  standing(name: string, user: string | undefined): Promise<Standing | undefined> {
    return packageStanding(this.#db, name, user);
  }

  async publish(version: NewVersion, steps: PublishSteps): Promise<PublishOutcome> {
    const added = await this.#db.transaction().execute(trx => insertVersion(trx, version, steps));
    if (added.kind !== 'taken') return added;
    const trace = await this.trace(version.name, version.manifest.version);
    if (!trace) throw new TypeError('a version that was there is gone');
    return { kind: 'taken', trace };
  }

  async configure(name: string, settings: PackageSettings, stamp: Stamp): Promise<void> {
    await this.#db.transaction().execute(trx => changeSettings(trx, name, { settings, stamp }));
  }

  async unpublish(name: string, version: string, stamp: Stamp): Promise<boolean> {
    return this.#db.transaction().execute(trx => removeVersion(trx, name, { version, stamp }));
  }

  async unpublishAll(name: string, stamp: Stamp, seen?: number): Promise<readonly Integrity[]> {
    return this.#db.transaction().execute(trx => removeAllVersions(trx, name, { stamp, seen }));
  }

  owners(name: string): Promise<readonly PackageOwner[]> {
    return readOwners(this.#db, name);
  }

  async addOwner(name: string, user: string, stamp: Stamp): Promise<void> {
    await this.#db.transaction().execute(async trx => {
      const { id } = await lockPackage(trx, name);
      await insertOwner(trx, id, { user, stamp });
      await auditPackage(trx, stamp, { name, action: 'owner.add', after: user });
    });
  }

  async removeOwner(name: string, user: string, stamp: Stamp): Promise<'removed' | 'unknown' | 'last'> {
    return this.#db.transaction().execute(trx => deleteOwner(trx, name, { user, stamp }));
  }

  dependents(name: string, query: DependentsQuery): Promise<DependentsPage> {
    return findDependents(this.#db, name, query);
  }

  async ifUnused(integrity: Integrity, remove: () => Promise<void>): Promise<void> {
    await this.#db.transaction().execute(async trx => {
      await lockContent(trx, integrity);
      const used = await trx
        .selectFrom('versions')
        .select('id')
        .where('integrity', '=', integrity)
        .where('deleted_at', 'is', null)
        .where('stored', '=', true)
        .executeTakeFirst();
      if (!used) await remove();
    });
  }

  async deletedContent(): Promise<readonly Integrity[]> {
    const rows = await this.#db
      .selectFrom('versions')
      .select('integrity')
      .where('stored', '=', true)
      .groupBy('integrity')
      .having(sql<boolean>`bool_and(deleted_at is not null)`)
      .execute();
    return rows.map(({ integrity }) => parseIntegrity(integrity));
  }
}

/** Published versions with all that a packument shows of them. */
export function versionRows(db: Database) {
  return db
    .selectFrom('published_versions')
    .select(VERSION_COLUMNS)
    .select(({ ref }) => [
      signaturesColumn(ref('published_versions.id')).as('signatures'),
      authorSignaturesColumn(ref('published_versions.id')).as('author_signatures'),
    ]);
}

/**
 * A package without a published version is as good as none. One without a latest version is there all the same: where that
 * is a protected channel, and where all that is left was forced to a channel. What is mirrored no more has none either.
 */
function findRow(db: Database, name: string): Promise<PackageRow | undefined> {
  return db
    .selectFrom('packages')
    .select(PACKAGE_COLUMNS)
    .select(({ ref }) => ownersColumn(ref('packages.id')).as('owners'))
    .where('packages.name', '=', name)
    .where(({ and, eb, exists, or, selectFrom }) => {
      const published = selectFrom('published_versions').select('published_versions.id');
      return or([
        exists(published.whereRef('published_versions.id', '=', 'packages.latest_version_id')),
        and([
          eb('packages.uplink', 'is', null),
          exists(published.whereRef('published_versions.package_id', '=', 'packages.id')),
        ]),
      ]);
    })
    .executeTakeFirst();
}

async function tagsOf(db: Database, packageId: number): Promise<Readonly<Record<string, Version>>> {
  const rows = await db
    .selectFrom('dist_tags')
    .innerJoin('published_versions', 'published_versions.id', 'dist_tags.version_id')
    .select(['dist_tags.tag', 'published_versions.version'])
    .where('dist_tags.package_id', '=', packageId)
    .orderBy(sql`dist_tags.tag collate "C"`)
    .execute();
  return Object.fromEntries(rows.map(({ tag, version }) => [tag, parseVersion(version)]));
}
