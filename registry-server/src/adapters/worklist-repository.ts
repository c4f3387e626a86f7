import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type {
  DueReview,
  EndingEvidence,
  OpenDraft,
  WorklistRepository,
} from '../ports/worklist-repository.js';
import type { Database } from './database.js';

const MAX_ITEMS = 100;

export class SqlWorklistRepository implements WorklistRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async drafts(user: string): Promise<readonly OpenDraft[]> {
    const { rows } = await sql<OpenDraft>`
      select d.package, d.updated_by as "updatedBy", d.updated_at as "updatedAt"
      from drafts d join modules on modules.package = d.package
      join projects on projects.scope = modules.scope
      where modules.archived_at is null and projects.archived_at is null
        and ${isMember(user, { name: sql`d.package`, role: 'editor' })}
      order by d.updated_at desc limit ${MAX_ITEMS}`.execute(this.#db);
    return rows;
  }

  async reviews(user: string, until: string): Promise<readonly DueReview[]> {
    const { rows } = await sql<DueReview>`
      select p.name as package, v.version, array_agg(t.tag order by t.tag) as tags,
        v.manifest -> 'feat' ->> 'reviewBy' as "reviewBy"
      from dist_tags t join published_versions v on v.id = t.version_id join packages p on p.id = v.package_id
      where v.manifest -> 'feat' ->> 'reviewBy' <= ${until} and ${isMember(user, { name: sql`p.name` })}
      group by p.name, v.version, v.manifest
      order by v.manifest -> 'feat' ->> 'reviewBy', p.name limit ${MAX_ITEMS}`.execute(this.#db);
    return rows;
  }

  /** Of the same prompt, tests and model the newest alone counts, whichever version it was made with. */
  async evidence(user: string, until: Date): Promise<readonly EndingEvidence[]> {
    const { rows } = await sql<EndingEvidence>`
      select package, version, prompt, model, expires_at as "expiresAt" from (
        select distinct on (e.package_id, e.prompt_digest, e.suite_digest, e.provider, e.model)
          p.name as package, v.version, v.id as version_id, e.prompt, e.model, e.expires_at
        from compatibility_evidence e join packages p on p.id = e.package_id
        join published_versions v on v.id = e.version_id
        where ${isMember(user, { name: sql`p.name` })}
        order by e.package_id, e.prompt_digest, e.suite_digest, e.provider, e.model, e.tested_at desc
      ) newest
      where expires_at <= ${until} and exists (select 1 from dist_tags t where t.version_id = newest.version_id)
      order by expires_at, package, prompt, model limit ${MAX_ITEMS}`.execute(this.#db);
    return rows;
  }
}

/** Whether somebody has a role, or the role that is named, in the project of a package. */
function isMember(
  user: string,
  { name, role }: { name: RawBuilder<unknown>; role?: string },
): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (select 1 from member_roles m where m.user_name = ${user}
    and m.scope = split_part(${name}, '/', 1) and (m.package is null or m.package = ${name})
    ${role === undefined ? sql`` : sql`and m.role = ${role}`})`;
}
