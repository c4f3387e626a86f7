import { sql } from 'kysely';
import { type PackageName, parseIntegrity, parseVersion } from 'prompd/core';
import type { HistoricVersion, ModuleHistory } from '../ports/module-history.js';
import type { Database } from './database.js';

export class SqlModuleHistory implements ModuleHistory {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async versions(name: PackageName): Promise<readonly HistoricVersion[]> {
    const rows = await this.#db
      .selectFrom('versions')
      .innerJoin('packages', 'packages.id', 'versions.package_id')
      .select([
        'versions.id',
        'versions.version',
        'versions.status',
        'versions.integrity',
        'versions.published_by',
        'versions.published_at',
        'versions.deprecated',
        'versions.yanked',
        'versions.deleted_at',
        'versions.revoked_at',
      ])
      .select(
        sql<string[]>`array(
          select tag from dist_tags where dist_tags.version_id = versions.id order by tag collate "C"
        )`.as('tags'),
      )
      .where('packages.name', '=', name)
      .orderBy('versions.id')
      .execute();
    return rows.map(row => ({
      id: row.id,
      version: parseVersion(row.version),
      status: row.status,
      integrity: parseIntegrity(row.integrity),
      publishedBy: row.published_by,
      publishedAt: row.published_at,
      deprecated: row.deprecated,
      yanked: row.yanked,
      deletedAt: row.deleted_at,
      revokedAt: row.revoked_at,
      tags: row.tags,
    }));
  }

  async digests(versionIds: readonly number[]): Promise<ReadonlyMap<number, ReadonlyMap<string, string>>> {
    if (versionIds.length === 0) return new Map();
    const rows = await this.#db
      .selectFrom('version_prompts')
      .selectAll()
      .where('version_id', 'in', versionIds)
      .execute();
    const found = new Map<number, Map<string, string>>();
    for (const { version_id, prompt, digest } of rows) {
      const prompts = found.get(version_id) ?? new Map<string, string>();
      found.set(version_id, prompts.set(prompt, digest));
    }
    return found;
  }

  async keepDigests(versionId: number, digests: Readonly<Record<string, string>>): Promise<void> {
    const rows = Object.entries(digests).map(([prompt, digest]) => ({
      version_id: versionId,
      prompt,
      digest,
    }));
    if (rows.length === 0) return;
    await this.#db
      .insertInto('version_prompts')
      .values(rows)
      .onConflict(conflict => conflict.columns(['version_id', 'prompt']).doNothing())
      .execute();
  }
}
