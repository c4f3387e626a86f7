import { sql, type Transaction } from 'kysely';
import { projectArchived } from '../domain/authorize.js';
import {
  type Project,
  type ProjectTextChanges,
  projectChanged,
  projectTaken,
  scopeOfOthers,
} from '../domain/project.js';
import type { Standing } from '../domain/role.js';
import type {
  MadeProject,
  NewProject,
  ProjectChange,
  ProjectPage,
  ProjectRepository,
} from '../ports/project-repository.js';
import { appendAudit } from './audit-append.js';
import type { Database } from './database.js';
import type { DatabaseSchema } from './database-schema.js';
import { lockProject, lockScope } from './project-locks.js';
import { grantOf, projectOf } from './project-rows.js';
import { readStanding } from './standing.js';

type Trx = Transaction<DatabaseSchema>;

/** Packages that the answer to a new project names. */
const MAX_NAMED = 100;

export class SqlProjectRepository implements ProjectRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  standing(scope: string, user: string | undefined): Promise<Standing | undefined> {
    return readStanding(this.#db, { scope, packageName: undefined, user });
  }

  async find(scope: string): Promise<Project | undefined> {
    const row = await this.#db
      .selectFrom('projects')
      .selectAll()
      .where('scope', '=', scope)
      .executeTakeFirst();
    return row && projectOf(row);
  }

  async list({ member, limit, offset }: ProjectPage): Promise<readonly Project[]> {
    const rows = await this.#db
      .selectFrom('projects')
      .selectAll()
      .$if(member !== undefined, query =>
        query.where(({ exists, selectFrom }) =>
          exists(
            selectFrom('member_roles')
              .select('member_roles.role')
              .whereRef('member_roles.scope', '=', 'projects.scope')
              .where('member_roles.package', 'is', null)
              .where('member_roles.user_name', '=', member ?? ''),
          ),
        ),
      )
      .orderBy(sql`scope collate "C"`)
      .limit(limit)
      .offset(offset)
      .execute();
    return rows.map(projectOf);
  }

  create({ scope, text, stamp, takesOver }: NewProject): Promise<MadeProject> {
    return this.#db.transaction().execute(async trx => {
      await lockScope(trx, scope);
      const there = trx.selectFrom('projects').select('scope').where('scope', '=', scope);
      if (await there.executeTakeFirst()) throw projectTaken(scope);
      const names = await namesInScope(trx, { scope, user: stamp.actor, takesOver });
      const row = await trx
        .insertInto('projects')
        .values({
          scope,
          ...columnsOf(text),
          created_by: stamp.actor,
          created_at: stamp.now,
          updated_at: stamp.now,
          archived_at: null,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      // What is kept of its packages in memory names owners, who are none any more.
      await trx
        .updateTable('packages')
        .set({ revision: sql`revision + 1` })
        .where(sql<string>`split_part(name, '/', 1)`, '=', scope)
        .execute();
      const grants = await trx
        .insertInto('grants')
        .values(
          (['admin', 'editor'] as const).map(role => ({
            scope,
            package: null,
            subject_kind: 'user',
            subject: stamp.actor,
            role,
            granted_by: stamp.actor,
            granted_at: stamp.now,
          })),
        )
        .returningAll()
        .execute();
      const about = { chain: scope, subject: `project ${scope}` };
      await appendAudit(trx, stamp, {
        ...about,
        action: 'project.create',
        details: { ...text, packages: names.length, names: names.slice(0, MAX_NAMED) },
      });
      for (const { id, role } of grants) {
        await appendAudit(trx, stamp, {
          ...about,
          action: 'grant.add',
          subject: `user ${stamp.actor}`,
          after: role,
          details: { grant: id },
        });
      }
      return {
        project: projectOf(row),
        grants: grants.map(grantOf),
        packages: names.length,
        names: names.slice(0, MAX_NAMED),
      };
    });
  }

  change(
    scope: string,
    { text, expected }: { text: ProjectTextChanges; expected: readonly number[] | undefined },
    by: ProjectChange,
  ): Promise<Project> {
    return this.#db.transaction().execute(async trx => {
      const row = await lockProject(trx, scope, by);
      assertRevision(projectOf(row), expected);
      if (row.archived_at !== null) throw projectArchived(scope);
      const after = await trx
        .updateTable('projects')
        .set({ ...columnsOf(text), revision: row.revision + 1, updated_at: by.stamp.now })
        .where('scope', '=', scope)
        .returningAll()
        .executeTakeFirstOrThrow();
      await appendAudit(trx, by.stamp, {
        chain: scope,
        action: 'project.change',
        subject: `project ${scope}`,
        before: String(row.revision),
        after: String(after.revision),
        details: { ...text },
      });
      return projectOf(after);
    });
  }

  archive(
    scope: string,
    { archived, expected }: { archived: boolean; expected: readonly number[] | undefined },
    by: ProjectChange,
  ): Promise<Project> {
    return this.#db.transaction().execute(async trx => {
      const row = await lockProject(trx, scope, by);
      assertRevision(projectOf(row), expected);
      if ((row.archived_at !== null) === archived) return projectOf(row);
      const after = await trx
        .updateTable('projects')
        .set({
          archived_at: archived ? by.stamp.now : null,
          revision: row.revision + 1,
          updated_at: by.stamp.now,
        })
        .where('scope', '=', scope)
        .returningAll()
        .executeTakeFirstOrThrow();
      await appendAudit(trx, by.stamp, {
        chain: scope,
        action: archived ? 'project.archive' : 'project.unarchive',
        subject: `project ${scope}`,
      });
      return projectOf(after);
    });
  }
}

/**
 * The packages over which roles are to decide. Their rows are held, so that none gets another owner meanwhile.
 * @throws PrompdError EFORBIDDEN where some of them are not the user's alone
 */
async function namesInScope(
  trx: Trx,
  { scope, user, takesOver }: { scope: string; user: string; takesOver: boolean },
): Promise<string[]> {
  const rows = await trx
    .selectFrom('packages')
    .select(['id', 'name', 'uplink'])
    .where(({ fn, val }) => fn<boolean>('starts_with', ['name', val(`${scope}/`)]))
    .orderBy(sql`name collate "C"`)
    .forUpdate()
    .execute();
  if (!takesOver && rows.length > 0) {
    const owners = await trx
      .selectFrom('package_owners')
      .select(['package_id', 'user_name'])
      .where(
        'package_id',
        'in',
        rows.map(({ id }) => id),
      )
      .execute();
    const mine = new Set(owners.filter(owner => owner.user_name === user).map(owner => owner.package_id));
    const shared = owners.some(owner => owner.user_name !== user);
    if (shared || rows.some(({ id }) => !mine.has(id))) throw scopeOfOthers(scope);
  }
  return rows.filter(({ uplink }) => uplink === null).map(({ name }) => name);
}

function assertRevision({ scope, revision }: Project, expected: readonly number[] | undefined): void {
  if (expected !== undefined && !expected.includes(revision)) throw projectChanged(scope, revision);
}

function columnsOf({ complianceNotes, ...text }: ProjectTextChanges) {
  return { ...text, ...(complianceNotes === undefined ? {} : { compliance_notes: complianceNotes }) };
}
