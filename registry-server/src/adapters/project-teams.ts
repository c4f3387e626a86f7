import { sql, type Transaction } from 'kysely';
import {
  notAMember,
  PROJECT_LIMITS,
  projectFull,
  type Team,
  type TeamMember,
  teamNotFound,
  teamTaken,
} from '../domain/project.js';
import type { Stamp } from '../domain/stamp.js';
import { appendAudit } from './audit-append.js';
import type { Database } from './database.js';
import type { DatabaseSchema } from './database-schema.js';
import { keepingAnAdmin } from './project-locks.js';

type Trx = Transaction<DatabaseSchema>;

/** By name. */
export async function readTeams(db: Database, scope: string): Promise<readonly Team[]> {
  const rows = await db
    .selectFrom('teams')
    .select(['name', 'description', 'created_by', 'created_at'])
    .select(({ selectFrom }) =>
      selectFrom('team_members')
        .select(({ fn }) => fn.countAll<string>().as('size'))
        .whereRef('team_members.scope', '=', 'teams.scope')
        .whereRef('team_members.team', '=', 'teams.name')
        .as('size'),
    )
    .where('scope', '=', scope)
    .orderBy(sql`name collate "C"`)
    .execute();
  return rows.map(({ name, description, created_by, created_at, size }) => ({
    name,
    description,
    createdBy: created_by,
    createdAt: created_at,
    size: Number(size ?? 0),
  }));
}

/** @returns undefined where there is no such team */
export async function readTeamMembers(
  db: Database,
  scope: string,
  team: string,
): Promise<readonly TeamMember[] | undefined> {
  if (!(await hasTeam(db, scope, team))) return undefined;
  const rows = await db
    .selectFrom('team_members')
    .select(['user_name', 'added_by', 'added_at'])
    .where('scope', '=', scope)
    .where('team', '=', team)
    .orderBy(sql`user_name collate "C"`)
    .execute();
  return rows.map(row => ({ user: row.user_name, addedBy: row.added_by, addedAt: row.added_at }));
}

export async function hasTeam(db: Database, scope: string, team: string): Promise<boolean> {
  const found = await db
    .selectFrom('teams')
    .select('name')
    .where('scope', '=', scope)
    .where('name', '=', team)
    .executeTakeFirst();
  return found !== undefined;
}

/** Under the lock on the project, as all that follows. @throws PrompdError ETAKEN, EUSAGE */
export async function addTeam(
  trx: Trx,
  { scope, name, description }: { scope: string; name: string; description: string },
  stamp: Stamp,
): Promise<void> {
  if (await hasTeam(trx, scope, name)) throw teamTaken(scope, name);
  const { teams } = await trx
    .selectFrom('teams')
    .select(({ fn }) => fn.countAll<string>().as('teams'))
    .where('scope', '=', scope)
    .executeTakeFirstOrThrow();
  if (Number(teams) >= PROJECT_LIMITS.teams) throw projectFull(scope, 'teams');
  await trx
    .insertInto('teams')
    .values({ scope, name, description, created_by: stamp.actor, created_at: stamp.now })
    .execute();
  await appendAudit(trx, stamp, { chain: scope, action: 'team.create', subject: `team ${scope}:${name}` });
}

/** Takes a team away, with the roles that it has. @throws PrompdError ENOTFOUND, EUSAGE for the last admin */
export async function removeTeam(
  trx: Trx,
  { scope, team }: { scope: string; team: string },
  stamp: Stamp,
): Promise<void> {
  if (!(await hasTeam(trx, scope, team))) throw teamNotFound(scope, team);
  await keepingAnAdmin(trx, { scope, now: stamp.now }, async () => {
    const members = await trx
      .deleteFrom('team_members')
      .where('scope', '=', scope)
      .where('team', '=', team)
      .returning('user_name')
      .execute();
    const grants = await trx
      .deleteFrom('grants')
      .where('scope', '=', scope)
      .where('subject_kind', '=', 'team')
      .where('subject', '=', team)
      .returning(['id', 'role', 'package'])
      .execute();
    await trx.deleteFrom('teams').where('scope', '=', scope).where('name', '=', team).execute();
    await appendAudit(trx, stamp, {
      chain: scope,
      action: 'team.delete',
      subject: `team ${scope}:${team}`,
      details: { members: members.map(({ user_name }) => user_name), grants },
    });
  });
}

/** Adds somebody to a team; who is in it stays as they are. @throws PrompdError ENOTFOUND, EUSAGE */
export async function addTeamMember(
  trx: Trx,
  { scope, team, user }: { scope: string; team: string; user: string },
  stamp: Stamp,
): Promise<void> {
  const members = await readTeamMembers(trx, scope, team);
  if (members === undefined) throw teamNotFound(scope, team);
  if (members.some(member => member.user === user)) return;
  if (members.length >= PROJECT_LIMITS.teamMembers) throw projectFull(scope, 'teamMembers');
  await trx
    .insertInto('team_members')
    .values({ scope, team, user_name: user, added_by: stamp.actor, added_at: stamp.now })
    .execute();
  await appendAudit(trx, stamp, {
    chain: scope,
    action: 'team.member.add',
    subject: `team ${scope}:${team}`,
    after: user,
  });
}

/** @throws PrompdError ENOTFOUND, ENOUSER, EUSAGE for the last admin */
export async function removeTeamMember(
  trx: Trx,
  { scope, team, user }: { scope: string; team: string; user: string },
  stamp: Stamp,
): Promise<void> {
  if (!(await hasTeam(trx, scope, team))) throw teamNotFound(scope, team);
  await keepingAnAdmin(trx, { scope, now: stamp.now }, async () => {
    const gone = await trx
      .deleteFrom('team_members')
      .where('scope', '=', scope)
      .where('team', '=', team)
      .where('user_name', '=', user)
      .returning('user_name')
      .executeTakeFirst();
    if (!gone) throw notAMember(user, `the team ${team} of ${scope}`);
    await appendAudit(trx, stamp, {
      chain: scope,
      action: 'team.member.remove',
      subject: `team ${scope}:${team}`,
      before: user,
    });
  });
}
