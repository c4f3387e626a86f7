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

  /**
   * Rows are locked in the order of their ids, so that two servers that flush at once never wait for each other. One
   * statement a table: an install of thousands of packages is one flush.
   */
  async add(counts: readonly DownloadCount[]): Promise<void> {
    if (counts.length === 0) return;
    const rows = sql`unnest(
      ${counts.map(({ versionId }) => versionId)}::integer[], ${counts.map(({ day }) => day)}::text[],
      ${counts.map(({ client }) => client)}::text[], ${counts.map(({ count }) => count)}::integer[]
    ) as counted (version_id, day, client, count)`;
    await this.#db.transaction().execute(async trx => {
      await sql`insert into downloads (version_id, day, count)
        select version_id, day, sum(count)::integer from ${rows} group by version_id, day order by version_id, day
        on conflict (version_id, day) do update set count = downloads.count + excluded.count`.execute(trx);
      await sql`insert into download_clients (version_id, day, client, count)
        select version_id, day, client, count from ${rows} order by version_id, day, client
        on conflict (version_id, day, client) do update set count = download_clients.count + excluded.count`.execute(
        trx,
      );
      await sql`with sums as (
          select versions.package_id as id, sum(counted.count)::integer as count
          from ${rows} join versions on versions.id = counted.version_id group by versions.package_id
        ), locked as (
          select packages.id from packages where packages.id in (select id from sums) order by id for no key update
        )
        update packages set downloads = packages.downloads + sums.count
        from locked join sums on sums.id = locked.id where packages.id = locked.id`.execute(trx);
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
