import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Viewer } from '../domain/actor.js';
import { APPROVER_FUNCTIONS, ROLES, type Standing } from '../domain/role.js';
import { isDisabled } from './active-user.js';
import type { Database } from './database.js';

/**
 * What a user is in the project of a scope.
 * @param packageName for roles that hold for one package alone; undefined for the project as a whole
 * @returns undefined where the scope is no project
 */
export async function readStanding(
  db: Database,
  { scope, packageName, user }: { scope: string; packageName: string | undefined; user: string | undefined },
): Promise<Standing | undefined> {
  const project = await db
    .selectFrom('projects')
    .select(['scope', 'archived_at'])
    .where('scope', '=', scope)
    .executeTakeFirst();
  if (!project) return undefined;
  const rows =
    user === undefined
      ? []
      : await db
          .selectFrom('member_roles')
          .select(['role', 'functions'])
          .where('scope', '=', scope)
          .where('user_name', '=', user)
          // Nobody else acts by their rights either, in their name or in advance.
          .where(sql<SqlBool>`not ${isDisabled(sql.ref('user_name'))}`)
          .where(({ eb, or }) =>
            or([eb('package', 'is', null), ...(packageName ? [eb('package', '=', packageName)] : [])]),
          )
          .execute();
  const given = new Set(rows.map(({ role }) => role));
  const functions = new Set(rows.flatMap(({ functions: of }) => of));
  return {
    scope,
    archived: project.archived_at !== null,
    roles: ROLES.filter(role => given.has(role)),
    functions: APPROVER_FUNCTIONS.filter(name => functions.has(name)),
  };
}

/** What a user is in the project of a package's scope; undefined where that is no project. */
export async function packageStanding(
  db: Database,
  packageName: string,
  user: string | undefined,
): Promise<Standing | undefined> {
  const scope = scopeOf(packageName);
  return scope === undefined ? undefined : readStanding(db, { scope, packageName, user });
}

/** The scope in which a package is, `@bank` of `@bank/kyc`. */
export function scopeOf(packageName: string): string | undefined {
  return /^(@[^/]+)\//.exec(packageName)?.[1];
}

/**
 * Whether somebody may see a package, as SQL over its row in `packages`: a public one; of a project, its members; else its
 * owners. What is mirrored from a private uplink is for all who are signed in.
 */
export function visibleTo({ user, all }: Viewer): RawBuilder<SqlBool> {
  if (all) return sql<SqlBool>`true`;
  if (user === undefined) return sql<SqlBool>`packages.access = 'public'`;
  const scope = sql`split_part(packages.name, '/', 1)`;
  return sql<SqlBool>`(
    packages.access = 'public'
    or packages.uplink is not null
    or exists (select 1 from member_roles m
      where m.user_name = ${user} and m.scope = ${scope} and (m.package is null or m.package = packages.name))
    or (exists (select 1 from package_owners o where o.package_id = packages.id and o.user_name = ${user})
      and not exists (select 1 from projects p where p.scope = ${scope}))
  )`;
}
