import type { Transaction } from 'kysely';
import {
  type Grant,
  grantNotFound,
  notAMember,
  PROJECT_LIMITS,
  projectFull,
  teamNotFound,
} from '../domain/project.js';
import type { Stamp } from '../domain/stamp.js';
import type { NewGrant } from '../ports/project-repository.js';
import { appendAudit } from './audit-append.js';
import type { DatabaseSchema } from './database-schema.js';
import { keepingAnAdmin } from './project-locks.js';
import { grantOf } from './project-rows.js';
import { hasTeam } from './project-teams.js';

type Trx = Transaction<DatabaseSchema>;

/**
 * Gives a role, under the lock on the project as all that follows. Who has it already gets the functions in place of
 * those that they had.
 * @throws PrompdError ENOTFOUND for a team that there is not, EUSAGE
 */
export async function addGrant(trx: Trx, grant: NewGrant & { scope: string }, stamp: Stamp): Promise<Grant> {
  const { scope, subject, role, functions } = grant;
  if (subject.kind === 'team' && !(await hasTeam(trx, scope, subject.name)))
    throw teamNotFound(scope, subject.name);
  const all = await trx.selectFrom('grants').selectAll().where('scope', '=', scope).execute();
  const same = all.find(
    row =>
      row.subject_kind === subject.kind &&
      row.subject === subject.name &&
      row.role === role &&
      row.package === grant.package,
  );
  if (same === undefined && all.length >= PROJECT_LIMITS.grants) throw projectFull(scope, 'grants');
  const before = same && grantOf(same);
  const isUnchanged =
    before?.functions.length === functions.length && before.functions.every(one => functions.includes(one));
  if (before && isUnchanged) return before;
  const row = same
    ? await trx
        .updateTable('grants')
        .set({ functions: [...functions], granted_by: stamp.actor, granted_at: stamp.now })
        .where('id', '=', same.id)
        .returningAll()
        .executeTakeFirstOrThrow()
    : await trx
        .insertInto('grants')
        .values({
          scope,
          package: grant.package,
          subject_kind: subject.kind,
          subject: subject.name,
          role,
          functions: [...functions],
          granted_by: stamp.actor,
          granted_at: stamp.now,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
  const made = grantOf(row);
  await appendAudit(trx, stamp, {
    chain: scope,
    action: before ? 'grant.change' : 'grant.add',
    subject: subjectText(made, scope),
    before: before ? roleText(before) : null,
    after: roleText(made),
    details: { grant: made.id, package: made.package },
  });
  return made;
}

/** @throws PrompdError ENOTFOUND, EUSAGE for the last admin */
export async function removeGrant(
  trx: Trx,
  { scope, id }: { scope: string; id: number },
  stamp: Stamp,
): Promise<void> {
  await keepingAnAdmin(trx, { scope, now: stamp.now }, async () => {
    const row = await trx
      .deleteFrom('grants')
      .where('scope', '=', scope)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst();
    if (!row) throw grantNotFound(scope, id);
    const gone = grantOf(row);
    await appendAudit(trx, stamp, {
      chain: scope,
      action: 'grant.remove',
      subject: subjectText(gone, scope),
      before: roleText(gone),
      details: { grant: id, package: gone.package },
    });
  });
}

/** Takes away all that somebody has in a project. @throws PrompdError ENOUSER, EUSAGE for the last admin */
export async function removeMember(
  trx: Trx,
  { scope, user }: { scope: string; user: string },
  stamp: Stamp,
): Promise<void> {
  await keepingAnAdmin(trx, { scope, now: stamp.now }, async () => {
    const grants = await trx
      .deleteFrom('grants')
      .where('scope', '=', scope)
      .where('subject_kind', '=', 'user')
      .where('subject', '=', user)
      .returning(['id', 'role', 'package'])
      .execute();
    const teams = await trx
      .deleteFrom('team_members')
      .where('scope', '=', scope)
      .where('user_name', '=', user)
      .returning('team')
      .execute();
    if (grants.length + teams.length === 0) throw notAMember(user, scope);
    await appendAudit(trx, stamp, {
      chain: scope,
      action: 'member.remove',
      subject: `user ${user}`,
      details: { grants, teams: teams.map(({ team }) => team) },
    });
  });
}

function subjectText({ subject: { kind, name } }: Grant, scope: string): string {
  return kind === 'team' ? `team ${scope}:${name}` : `user ${name}`;
}

function roleText({ role, functions }: Grant): string {
  return functions.length === 0 ? role : `${role} (${functions.join(', ')})`;
}
