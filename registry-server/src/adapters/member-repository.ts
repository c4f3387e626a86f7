import { sql, type Transaction } from 'kysely';
import { z } from 'zod';
import type { Grant, Member, MemberRole, Team, TeamMember } from '../domain/project.js';
import type { MemberRepository, NewGrant, ProjectChange } from '../ports/project-repository.js';
import type { Database } from './database.js';
import type { DatabaseSchema } from './database-schema.js';
import { addGrant, removeGrant, removeMember } from './project-grants.js';
import { lockProject } from './project-locks.js';
import { functionsFrom, grantOf, roleFrom } from './project-rows.js';
import {
  addTeam,
  addTeamMember,
  readTeamMembers,
  readTeams,
  removeTeam,
  removeTeamMember,
} from './project-teams.js';

type Trx = Transaction<DatabaseSchema>;

const rolesColumn = z.array(
  z.object({
    role: z.string(),
    functions: z.array(z.string()),
    package: z.string().nullable(),
    team: z.string().nullable(),
  }),
);

export class SqlMemberRepository implements MemberRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async members(
    scope: string,
    { limit, offset }: { readonly limit: number; readonly offset: number },
  ): Promise<readonly Member[]> {
    const rows = await this.#db
      .selectFrom('member_roles')
      .select([
        'user_name',
        sql<unknown>`json_agg(json_build_object('role', role, 'functions', functions, 'package', package, 'team', team)
          order by package nulls first, role, team nulls first)`.as('roles'),
      ])
      .where('scope', '=', scope)
      .groupBy('user_name')
      .orderBy(sql`user_name collate "C"`)
      .limit(limit)
      .offset(offset)
      .execute();
    return rows.map(({ user_name: user, roles }) => ({ user, roles: rolesColumn.parse(roles).map(roleOf) }));
  }

  teams(scope: string): Promise<readonly Team[]> {
    return readTeams(this.#db, scope);
  }

  teamMembers(scope: string, team: string): Promise<readonly TeamMember[] | undefined> {
    return readTeamMembers(this.#db, scope, team);
  }

  async grants(scope: string): Promise<readonly Grant[]> {
    const rows = await this.#db
      .selectFrom('grants')
      .selectAll()
      .where('scope', '=', scope)
      .orderBy('id')
      .execute();
    return rows.map(grantOf);
  }

  addTeam(scope: string, team: { name: string; description: string }, by: ProjectChange): Promise<void> {
    return this.#locked(scope, by, trx => addTeam(trx, { ...team, scope }, by.stamp));
  }

  removeTeam(scope: string, team: string, by: ProjectChange): Promise<void> {
    return this.#locked(scope, by, trx => removeTeam(trx, { scope, team }, by.stamp));
  }

  addTeamMember(scope: string, to: { team: string; user: string }, by: ProjectChange): Promise<void> {
    return this.#locked(scope, by, trx => addTeamMember(trx, { ...to, scope }, by.stamp));
  }

  removeTeamMember(scope: string, from: { team: string; user: string }, by: ProjectChange): Promise<void> {
    return this.#locked(scope, by, trx => removeTeamMember(trx, { ...from, scope }, by.stamp));
  }

  grant(scope: string, grant: NewGrant, by: ProjectChange): Promise<Grant> {
    return this.#locked(scope, by, trx => addGrant(trx, { ...grant, scope }, by.stamp));
  }

  revoke(scope: string, id: number, by: ProjectChange): Promise<void> {
    return this.#locked(scope, by, trx => removeGrant(trx, { scope, id }, by.stamp));
  }

  removeMember(scope: string, user: string, by: ProjectChange): Promise<void> {
    return this.#locked(scope, by, trx => removeMember(trx, { scope, user }, by.stamp));
  }

  #locked<T>(scope: string, by: ProjectChange, work: (trx: Trx) => Promise<T>): Promise<T> {
    return this.#db.transaction().execute(async trx => {
      await lockProject(trx, scope, by);
      return work(trx);
    });
  }
}

function roleOf({ role, functions, ...rest }: z.infer<typeof rolesColumn>[number]): MemberRole {
  return { ...rest, role: roleFrom(role), functions: functionsFrom(functions) };
}
