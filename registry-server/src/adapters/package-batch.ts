import { parseIntegrity, parsePackageName, parseVersion, type Version } from 'prompd/core';
import type {
  BatchOptions,
  NamedArchive,
  NamedVersion,
  PackageBatch,
  PackageRevision,
  ResolvablePackage,
} from '../ports/package-batch.js';
import type { Database } from './database.js';
import { versionRows } from './package-repository.js';
import { versionOf } from './package-rows.js';
import { visibleTo } from './standing.js';

/** Parameters of one query; PostgreSQL takes 65,535. */
const CHUNK = 1000;

export class SqlPackageBatch implements PackageBatch {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async revisions(names: readonly string[], options: BatchOptions): Promise<readonly PackageRevision[]> {
    const found: PackageRevision[] = [];
    for (const chunk of chunks(names)) {
      const rows = await this.#visible(options)
        .select(['packages.id', 'packages.name', 'packages.revision'])
        .where('packages.name', 'in', chunk)
        .execute();
      found.push(...rows.map(row => ({ ...row, name: parsePackageName(row.name) })));
    }
    return found;
  }

  async resolvable(ids: readonly number[]): Promise<readonly ResolvablePackage[]> {
    const found: ResolvablePackage[] = [];
    for (const chunk of chunks(ids)) found.push(...(await this.#read(chunk)));
    return found;
  }

  async archives(wanted: readonly NamedVersion[], options: BatchOptions): Promise<readonly NamedArchive[]> {
    const asked = new Set(wanted.map(({ name, version }) => `${name}@${version}`));
    const found: NamedArchive[] = [];
    for (const chunk of chunks(wanted)) {
      const rows = await this.#visible(options)
        .innerJoin('published_versions as v', 'v.package_id', 'packages.id')
        .select(['packages.name', 'v.id', 'v.version', 'v.integrity', 'v.size', 'v.stored'])
        .where('packages.name', 'in', [...new Set(chunk.map(({ name }) => name))])
        .where('v.version', 'in', [...new Set(chunk.map(({ version }) => version))])
        .execute();
      for (const row of rows) {
        if (!asked.delete(`${row.name}@${row.version}`)) continue;
        found.push({
          ...row,
          name: parsePackageName(row.name),
          version: parseVersion(row.version),
          integrity: parseIntegrity(row.integrity),
        });
      }
    }
    return found;
  }

  async revoked(wanted: readonly NamedVersion[], { viewer }: BatchOptions): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (const chunk of chunks(wanted)) {
      const rows = await this.#db
        .selectFrom('packages')
        .innerJoin('versions as v', 'v.package_id', 'packages.id')
        .select(['packages.name', 'v.version'])
        .where(visibleTo(viewer))
        .where('packages.name', 'in', [...new Set(chunk.map(({ name }) => name))])
        .where('v.version', 'in', [...new Set(chunk.map(({ version }) => version))])
        .where('v.revoked_at', 'is not', null)
        .where('v.deleted_at', 'is', null)
        .execute();
      for (const { name, version } of rows) found.add(`${name}@${version}`);
    }
    return found;
  }

  #visible({ viewer }: BatchOptions) {
    return this.#db
      .selectFrom('packages')
      .innerJoin('published_versions as latest', 'latest.id', 'packages.latest_version_id')
      .where(visibleTo(viewer));
  }

  #read(ids: readonly number[]): Promise<readonly ResolvablePackage[]> {
    return this.#db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async trx => {
        const packages = await trx
          .selectFrom('packages')
          .select(['id', 'name', 'revision', 'description', 'created_at', 'updated_at'])
          .where('id', 'in', ids)
          .execute();
        const versions = await versionRows(trx)
          .select('package_id')
          .where('package_id', 'in', ids)
          .orderBy('id')
          .execute();
        const tags = await trx
          .selectFrom('dist_tags')
          .innerJoin('published_versions', 'published_versions.id', 'dist_tags.version_id')
          .select(['dist_tags.package_id', 'dist_tags.tag', 'published_versions.version'])
          .where('dist_tags.package_id', 'in', ids)
          .execute();
        const versionsOf = byPackage(versions);
        const tagsOf = byPackage(tags);
        return packages.map(row => ({
          id: row.id,
          name: parsePackageName(row.name),
          revision: row.revision,
          description: row.description,
          createdAt: row.created_at,
          updatedAt: row.updated_at,
          versions: (versionsOf.get(row.id) ?? []).map(versionOf),
          distTags: tagMap(tagsOf.get(row.id) ?? []),
        }));
      });
  }
}

function byPackage<Row extends { package_id: number }>(rows: readonly Row[]): Map<number, Row[]> {
  const groups = new Map<number, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.package_id);
    if (group) group.push(row);
    else groups.set(row.package_id, [row]);
  }
  return groups;
}

function tagMap(rows: readonly { tag: string; version: string }[]): Readonly<Record<string, Version>> {
  const sorted = [...rows].sort((a, b) => (a.tag < b.tag ? -1 : 1));
  return Object.fromEntries(sorted.map(({ tag, version }) => [tag, parseVersion(version)]));
}

function* chunks<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += CHUNK) yield all.slice(at, at + CHUNK);
}
