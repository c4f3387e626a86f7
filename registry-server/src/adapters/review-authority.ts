import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Authority } from '../domain/approval.js';
import type { PackageSubject } from '../domain/authorize.js';
import { permits, type Standing } from '../domain/role.js';
import { isDisabled } from './active-user.js';
import type { Database } from './database.js';
import { readHolding } from './package-owners.js';
import { readStanding } from './standing.js';

export interface Reviewer {
  readonly scope: string;
  readonly name: string;
  readonly user: string;
  readonly onBehalfOf: string | undefined;
  readonly now: Date;
}

/**
 * By what right somebody decides about a package: by a role of their own, else by a delegation of somebody who has one at
 * this moment. A delegation reaches no further than that: who was delegated to has nothing to hand on.
 * @returns the package as authorisation sees it, with what was delegated
 */
export async function readAuthority(
  db: Database,
  { scope, name, user, onBehalfOf, now }: Reviewer,
): Promise<{ readonly subject: PackageSubject; readonly authority: Authority }> {
  const { access, owners, uplink, standing } = await readHolding(db, name, user);
  const subject: PackageSubject = { kind: 'package', name, access, owners, uplink, standing };
  const own = {
    subject,
    authority: { actor: user, onBehalfOf: undefined, functions: standing?.functions ?? [] },
  };
  if (standing === undefined || !permits(standing, 'read')) return own;
  if (onBehalfOf === undefined && permits(standing, 'approve')) return own;
  const rows = await db
    .selectFrom('delegations')
    .select('from_user')
    .where('scope', '=', scope)
    .where('to_user', '=', user)
    .where('revoked_at', 'is', null)
    .where('ends_at', '>', now)
    .$if(onBehalfOf !== undefined, query => query.where('from_user', '=', onBehalfOf ?? ''))
    .orderBy('created_at')
    .execute();
  for (const { from_user: from } of rows) {
    const theirs = await readStanding(db, { scope, packageName: name, user: from });
    if (!theirs || !permits(theirs, 'approve')) continue;
    const lent: Standing = {
      ...standing,
      roles: [...standing.roles, 'approver'],
      functions: theirs.functions,
    };
    return {
      subject: { ...subject, standing: lent },
      authority: { actor: user, onBehalfOf: from, functions: theirs.functions },
    };
  }
  // In the name of somebody who did not delegate to them, they have no right at all.
  const bare = { ...standing, roles: standing.roles.filter(role => role !== 'approver') };
  return onBehalfOf === undefined ? own : { ...own, subject: { ...subject, standing: bare } };
}

/**
 * Whether somebody may see a request, as SQL over `approval_requests` and `packages`: its reviewers and its authors, and
 * once it is approved, the members of its project. Nobody does who is no member of the project any more.
 */
export function reviewableBy(user: string, now: Date): RawBuilder<SqlBool> {
  return sql<SqlBool>`(
    (exists (select 1 from member_roles m
        where m.scope = approval_requests.scope and m.user_name = ${user}
          and (m.package is null or m.package = packages.name))
      and (approval_requests.requested_by = ${user} or approval_requests.state = 'approved'
        or exists (select 1 from version_authors a
          where a.version_id = approval_requests.version_id and a.user_name = ${user})))
    or exists (select 1 from member_roles m
      where m.scope = approval_requests.scope and m.role = 'approver' and (m.package is null or m.package = packages.name)
        and (m.user_name = ${user} or exists (select 1 from delegations d
          where d.scope = m.scope and d.from_user = m.user_name and d.to_user = ${user} and not ${isDisabled(sql.ref('d.from_user'))}
            and d.revoked_at is null and d.ends_at > ${now}
            and exists (select 1 from member_roles own where own.scope = d.scope and own.user_name = ${user}))))
  )`;
}
