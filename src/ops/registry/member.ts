import { PrompdError } from '../../core/errors.js';
import { parsePackageName } from '../../core/name.js';
import type { Grant, GrantSubject, Member } from '../../registry/index.js';
import type { Context } from '../context.js';
import { openProject, readProjectOf, scopeNamed } from './project.js';
import { teamNamed } from './team.js';

export interface MemberList {
  readonly project: string;
  readonly members: readonly Member[];
}

export interface MemberRemoval {
  readonly project: string;
  readonly user: string;
}

export interface GrantList {
  readonly project: string;
  readonly grants: readonly Grant[];
}

/** The roles of users, by themselves and by teams. @throws PrompdError ENOTFOUND, EAUTH, EUNSUPPORTED */
export async function listMembers(context: Context, named: string): Promise<MemberList> {
  const project = scopeNamed(named);
  return { project, members: await (await readProjectOf(context, project)).projects.members(project) };
}

/**
 * Takes all that a user has in a project.
 * @throws PrompdError ENOUSER, ENOTFOUND, EFORBIDDEN; EUSAGE when no admin would be left
 */
export async function removeMember(
  context: Context,
  named: string,
  { user, reason }: { readonly user: string; readonly reason: string | undefined },
): Promise<MemberRemoval> {
  const project = scopeNamed(named);
  await (await openProject(context, project)).projects.removeMember(project, user, reason);
  return { project, user };
}

/** The roles that were given. @throws PrompdError ENOTFOUND, EAUTH, EUNSUPPORTED */
export async function listGrants(context: Context, named: string): Promise<GrantList> {
  const project = scopeNamed(named);
  return { project, grants: await (await readProjectOf(context, project)).projects.grants(project) };
}

export interface RoleRequest {
  /** A user, or a team as `@bank:risk`. */
  readonly subject: string;
  readonly roles: readonly string[];
  /** For whom an approver speaks. */
  readonly functions: readonly string[];
  /** For this package alone. */
  readonly package: string | undefined;
  readonly reason: string | undefined;
}

/**
 * Gives roles to a user or a team.
 * @throws PrompdError ENOUSER, ENOTFOUND, EFORBIDDEN; EUSAGE for functions of who does not approve, and a team of another project
 */
export async function grantRoles(
  context: Context,
  named: string,
  { subject, roles, functions, package: name, reason }: RoleRequest,
): Promise<GrantList> {
  const project = scopeNamed(named);
  const to = subjectNamed(project, subject);
  const only = name === undefined ? undefined : parsePackageName(name);
  if (functions.length > 0 && !roles.includes('approver')) {
    throw new PrompdError('EUSAGE', 'A function is one of an approver.', {
      facts: { functions, roles },
      hint: 'Add "--role approver", or leave "--function" out.',
    });
  }
  const { projects } = await openProject(context, project);
  const grants: Grant[] = [];
  for (const role of roles) {
    const spoken = role === 'approver' ? functions : [];
    grants.push(await projects.grant(project, { ...to, role, functions: spoken, package: only, reason }));
  }
  return { project, grants };
}

/**
 * Takes roles of a user or a team back: those that are named, or all that they have there.
 * @throws PrompdError ENOTFOUND where there is none of them; EFORBIDDEN; EUSAGE when no admin would be left
 */
export async function revokeRoles(
  context: Context,
  named: string,
  {
    subject,
    roles,
    package: name = null,
    reason,
  }: Omit<RoleRequest, 'functions' | 'package'> & {
    readonly package: string | null | undefined;
  },
): Promise<GrantList> {
  const project = scopeNamed(named);
  const { user, team } = subjectNamed(project, subject);
  const { projects } = await openProject(context, project);
  const grants = (await projects.grants(project)).filter(
    grant =>
      grant.user === user &&
      grant.team === team &&
      grant.package === name &&
      (roles.length === 0 || roles.includes(grant.role)),
  );
  if (grants.length === 0) {
    throw new PrompdError('ENOTFOUND', `${subject} was given no such role in ${name ?? project}.`, {
      facts: { project, subject, roles },
      hint: `"prompd access list ${project}" tells what was given.`,
    });
  }
  for (const { id } of grants) await projects.revoke(project, id, reason);
  return { project, grants };
}

function subjectNamed(project: string, subject: string): GrantSubject {
  if (!subject.includes(':') || subject.startsWith('ci:')) return { user: subject };
  const named = teamNamed(subject);
  if (named.project === project) return { team: named.team };
  throw new PrompdError('EUSAGE', `${subject} is no team of ${project}.`, {
    facts: { project, subject },
    hint: 'A team has roles in its own project.',
  });
}
