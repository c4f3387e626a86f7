import { sql } from 'kysely';
import type { DownloadCount, DownloadRepository } from '../ports/download-repository.js';
import type { Database } from './database.js';

export class SqlDownloadRepository implements DownloadRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Rows are locked in the order of their ids, so that two servers that flush at once never wait for each other. */
  async add(counts: readonly DownloadCount[]): Promise<void> {
    if (counts.length === 0) return;
    const ordered = [...counts].sort((a, b) => a.versionId - b.versionId || (a.day < b.day ? -1 : 1));
    await this.#db.transaction().execute(async trx => {
      for (const { versionId, day, count } of ordered) {
        await trx
          .insertInto('downloads')
          .values({ version_id: versionId, day, count })
          .onConflict(conflict =>
            conflict
              .columns(['version_id', 'day'])
              .doUpdateSet({ count: sql`downloads.count + excluded.count` }),
          )
          .execute();
      }
      const versions = await trx
        .selectFrom('versions')
        .select(['id', 'package_id'])
        .where('id', 'in', [...new Set(ordered.map(({ versionId }) => versionId))])
        .orderBy('package_id')
        .execute();
      for (const { id, package_id } of versions) {
        const count = ordered.reduce((sum, item) => sum + (item.versionId === id ? item.count : 0), 0);
        await trx
          .updateTable('packages')
          .set({ downloads: sql`downloads + ${count}` })
          .where('id', '=', package_id)
          .execute();
      }
    });
  }
}
