import { sql } from 'kysely';
import type { Viewer } from '../domain/actor.js';
import type { ProjectUsageRepository, ProjectUse } from '../ports/project-usage.js';
import type { Database } from './database.js';
import { visibleTo } from './standing.js';

const MAX_PACKAGES = 250;

export class SqlProjectUsage implements ProjectUsageRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async read(scope: string, viewer: Viewer, since: string): Promise<ProjectUse> {
    const seen = sql`select packages.id, packages.name, packages.latest_version_id from packages
      where split_part(packages.name, '/', 1) = ${scope} and packages.uplink is null and ${visibleTo(viewer)}`;
    const { rows: days } = await sql<{ day: string; downloads: string; deliveries: string }>`
      with seen as (${seen})
      select day, sum(downloads) as downloads, sum(deliveries) as deliveries from (
        select d.day, d.count as downloads, 0 as deliveries from downloads d
          join versions v on v.id = d.version_id where v.package_id in (select id from seen) and d.day >= ${since}
        union all
        select u.day, 0, u.count from delivery_usage u
          where u.package_id in (select id from seen) and u.day >= ${since}
      ) taken group by day order by day`.execute(this.#db);
    const { rows: packages } = await sql<{
      name: string;
      latest: string;
      published_at: Date;
      downloads: string;
      deliveries: string;
      feedback: string;
    }>`
      with seen as (${seen})
      select * from (
        select seen.name, latest.version as latest, latest.published_at,
          (select coalesce(sum(d.count), 0) from downloads d join versions v on v.id = d.version_id
            where v.package_id = seen.id and d.day >= ${since}) as downloads,
          (select coalesce(sum(u.count), 0) from delivery_usage u
            where u.package_id = seen.id and u.day >= ${since}) as deliveries,
          (select count(*) from delivery_feedback f
            where f.package_id = seen.id and f.at >= ${new Date(since)}) as feedback
        from seen join versions latest on latest.id = seen.latest_version_id
      ) used order by deliveries + downloads desc, name collate "C" limit ${MAX_PACKAGES}`.execute(this.#db);
    return {
      days: days.map(({ day, downloads, deliveries }) => ({
        day,
        downloads: Number(downloads),
        deliveries: Number(deliveries),
      })),
      packages: packages.map(({ name, latest, published_at: publishedAt, ...counts }) => ({
        package: name,
        latest,
        publishedAt,
        downloads: Number(counts.downloads),
        deliveries: Number(counts.deliveries),
        feedback: Number(counts.feedback),
      })),
    };
  }
}
