import { sql } from 'kysely';
import type {
  DayRange,
  DownloadCount,
  DownloadRepository,
  DownloadStatistics,
} from '../ports/download-repository.js';
import type { Database } from './database.js';

export class SqlDownloadRepository implements DownloadRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Rows are locked in the order of their ids, so that two servers that flush at once never wait for each other. */
  async add(counts: readonly DownloadCount[]): Promise<void> {
    if (counts.length === 0) return;
    const ordered = [...counts].sort((a, b) => a.versionId - b.versionId || (keyOf(a) < keyOf(b) ? -1 : 1));
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
      for (const { versionId, day, client, count } of ordered) {
        await trx
          .insertInto('download_clients')
          .values({ version_id: versionId, day, client, count })
          .onConflict(conflict =>
            conflict
              .columns(['version_id', 'day', 'client'])
              .doUpdateSet({ count: sql`download_clients.count + excluded.count` }),
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

  async statistics(packageId: number, range: DayRange, version?: string): Promise<DownloadStatistics> {
    const sum = sql<number>`sum(count)::integer`.as('count');
    const of = (table: 'downloads' | 'download_clients') => {
      const rows = this.#db
        .selectFrom(table)
        .innerJoin('published_versions', 'published_versions.id', `${table}.version_id`)
        .where('published_versions.package_id', '=', packageId)
        .where('day', '>=', range.from)
        .where('day', '<=', range.to);
      return version === undefined ? rows : rows.where('published_versions.version', '=', version);
    };
    const days = await of('downloads').select(['day', sum]).groupBy('day').orderBy('day').execute();
    const versions = await of('downloads')
      .select(['published_versions.version', sum])
      .groupBy('published_versions.version')
      .orderBy('count', 'desc')
      .orderBy('published_versions.version')
      .execute();
    const clients = await of('download_clients')
      .select([sql<string>`client`.as('client'), sum])
      .groupBy(sql`client`)
      .orderBy('count', 'desc')
      .orderBy(sql`client`)
      .execute();
    return { total: days.reduce((all, { count }) => all + count, 0), days, versions, clients };
  }
}

function keyOf({ day, client }: DownloadCount): string {
  return `${day} ${client}`;
}
