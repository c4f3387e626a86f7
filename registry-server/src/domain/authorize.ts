import { PrompdError } from 'prompd/core';
import { type Actor, coversPackage, hasScope, type Scope, userOf } from './actor.js';
import { assertCovered } from './credential-limits.js';
import { mirroredName } from './mirrored-name.js';
import { type Permission, permits, rolesFor, type Standing } from './role.js';
import { webhookNotFound } from './webhook.js';

/** Everything that can be asked of the registry. */
export type Action =
  | 'registry.describe'
  | 'registry.search'
  | 'registry.whoami'
  | 'registry.audit'
  | 'registry.watch'
  | 'package.read'
  | 'package.publish'
  | 'package.configure'
  | 'package.tag'
  | 'package.split'
  | 'package.unpublish'
  | 'package.test'
  | 'advisory.read'
  | 'advisory.publish'
  | 'package.own'
  | 'package.trust'
  | 'package.approve'
  | 'package.promote'
  | 'package.revoke'
  | 'approval.read'
  | 'approval.decide'
  | 'project.create'
  | 'project.list'
  | 'project.read'
  | 'project.edit'
  | 'project.administer'
  | 'audit.read'
  | 'log.read'
  | 'delivery.report'
  | 'usage.read'
  | 'token.manage'
  | 'identity.sign-in'
  | 'identity.read'
  | 'identity.change'
  | 'identity.edit'
  | 'user.manage'
  | 'webhook.manage';

export type Access = 'public' | 'private';

/** What an action is done to: the registry as a whole, one project, package or webhook. */
export type Subject = { readonly kind: 'registry' } | ProjectSubject | PackageSubject | WebhookSubject;

export interface ProjectSubject {
  readonly kind: 'project';
  /** `@bank` */
  readonly scope: string;
  /** What who asks is in it; undefined where there is no such project. */
  readonly standing: Standing | undefined;
}

export interface WebhookSubject {
  readonly kind: 'webhook';
  readonly id: string;
  /** The user whose it is. */
  readonly owner: string;
}

export interface PackageSubject {
  readonly kind: 'package';
  readonly name: string;
  readonly access: Access;
  /** The users to whom it belongs; undefined for a name that nobody has published under. */
  readonly owners: readonly string[] | undefined;
  /** The uplink that it is mirrored from. */
  readonly uplink?: string | undefined;
  /** What who asks is in its project; undefined for a package of no project, which belongs to its owners. */
  readonly standing?: Standing | undefined;
}

export const REGISTRY: Subject = { kind: 'registry' };

/**
 * Lets the actor do the action, or throws. Each request asks at least once.
 * @throws PrompdError EAUTH when credentials are missing; EFORBIDDEN when they do not suffice; ENOTFOUND for a
 *   private package and another user's webhook, so that nobody learns that it exists
 */
export type Authorize = (actor: Actor, action: Action, subject: Subject) => void;

/** What an action takes. */
interface Rule {
  /** The scope that the token must have; undefined where nobody has to sign in. */
  readonly scope: Scope | undefined;
  /** Whether a package that belongs to somebody takes one of its owners, or an admin of the registry. */
  readonly owner?: true;
  /** What it takes in a project. */
  readonly permission?: Permission;
  /** Whether an admin of the registry may without being a member: what has to do with approval, never. */
  readonly operator?: true;
}

const RULES: Readonly<Record<Action, Rule>> = {
  'registry.describe': { scope: undefined },
  'registry.search': { scope: undefined },
  'registry.whoami': { scope: 'read' },
  'registry.audit': { scope: 'admin' },
  'registry.watch': { scope: 'admin' },
  'package.read': { scope: undefined },
  'package.publish': { scope: 'publish', owner: true, permission: 'edit' },
  'package.configure': { scope: 'publish', owner: true, permission: 'edit' },
  'package.tag': { scope: 'publish', owner: true, permission: 'edit' },
  // Of a protected channel approvers alone, which its transaction sees to.
  'package.split': { scope: 'publish', owner: true, permission: 'steer' },
  'package.unpublish': { scope: 'publish', owner: true, permission: 'administer', operator: true },
  'package.own': { scope: 'publish', owner: true },
  'package.trust': { scope: 'publish', owner: true, permission: 'administer', operator: true },
  'package.approve': { scope: 'publish', owner: true, permission: 'approve' },
  'package.promote': { scope: 'publish', owner: true, permission: 'approve' },
  'package.revoke': { scope: 'publish', owner: true, permission: 'approve', operator: true },
  'approval.read': { scope: 'read' },
  'approval.decide': { scope: 'publish' },
  'project.create': { scope: 'publish' },
  'project.list': { scope: 'read' },
  'project.read': { scope: 'read', permission: 'read', operator: true },
  'project.edit': { scope: 'publish', permission: 'edit' },
  'project.administer': { scope: 'publish', permission: 'administer', operator: true },
  'audit.read': { scope: 'read', permission: 'read', operator: true },
  'package.test': { scope: 'publish', owner: true, permission: 'edit' },
  'advisory.read': { scope: undefined },
  'advisory.publish': { scope: 'publish', owner: true, permission: 'administer', operator: true },
  'log.read': { scope: undefined },
  'delivery.report': { scope: 'read' },
  'usage.read': { scope: 'read', owner: true, permission: 'read', operator: true },
  'token.manage': { scope: 'admin' },
  'identity.sign-in': { scope: undefined },
  'identity.read': { scope: 'read' },
  'identity.change': { scope: 'read' },
  // A token that only reads is in many hands.
  'identity.edit': { scope: 'publish' },
  'user.manage': { scope: 'admin' },
  'webhook.manage': { scope: 'publish' },
};

export const authorize: Authorize = (actor, action, subject) => {
  const rule = RULES[action];
  if (subject.kind === 'package' && !maySee(actor, subject) && !isPublication(action, subject)) {
    throw packageNotFound(subject.name);
  }
  assertCovered(actor, action, subject.kind === 'package' ? subject.name : undefined);
  if (rule.scope !== undefined && !hasScope(actor, rule.scope)) throw scopeMissing(actor, action, rule.scope);
  if (subject.kind === 'webhook' && userOf(actor) !== subject.owner && !hasScope(actor, 'admin')) {
    throw webhookNotFound(subject.id);
  }
  if (subject.kind === 'project') authorizeInProject(actor, action, subject);
  if (subject.kind === 'package' && rule.owner) authorizeForPackage(actor, action, subject);
};

function authorizeForPackage(actor: Actor, action: Action, subject: PackageSubject): void {
  const { name, uplink, standing } = subject;
  if (uplink !== undefined) throw mirroredName(name, uplink);
  if (actor.kind === 'ci') {
    // What it may publish, and that it may do nothing else, was decided when it got its token.
    if (standing?.archived) throw projectArchived(standing.scope);
    return;
  }
  if (standing === undefined) {
    if (!owns(actor, subject)) throw notAnOwner(actor, action, subject);
    return;
  }
  if (RULES[action].permission === undefined) throw ownedByProject(name, standing.scope);
  assertPermitted(actor, action, standing);
}

function authorizeInProject(actor: Actor, action: Action, { scope, standing }: ProjectSubject): void {
  if (standing === undefined) throw projectNotFound(scope);
  if (standing.roles.length === 0 && !hasScope(actor, 'admin')) throw projectNotFound(scope);
  assertPermitted(actor, action, standing);
}

function assertPermitted(actor: Actor, action: Action, standing: Standing): void {
  const { permission, operator } = RULES[action];
  if ((permission === 'edit' || permission === 'steer') && standing.archived)
    throw projectArchived(standing.scope);
  if (permission === undefined || permits(standing, permission)) return;
  if (operator && hasScope(actor, 'admin')) return;
  throw roleMissing(actor, action, { standing, permission });
}

/** A private package is seen by the members of its project, or by its owners; from an uplink, by all who are signed in. */
function maySee(actor: Actor, { name, access, owners, uplink, standing }: PackageSubject): boolean {
  if (access === 'public') return true;
  if (!isSignedIn(actor) || !coversPackage(actor, name)) return false;
  if (hasScope(actor, 'admin') || actor.kind === 'ci') return true;
  if (uplink !== undefined) return true;
  return standing ? permits(standing, 'read') : (owners?.includes(userOf(actor)) ?? false);
}

/**
 * Whether a version is brought to a project. Whoever may not publish there is told so for every name in its scope: were it
 * said of those alone that are free, the others would be known.
 */
function isPublication(action: Action, { standing }: PackageSubject): boolean {
  return action === 'package.publish' && standing !== undefined;
}

/** Whether a valid credential came along. */
export function isSignedIn(actor: Actor): boolean {
  return hasScope(actor, 'read');
}

/** The same answer for a project that does not exist and one that the caller is no member of. */
export function projectNotFound(scope: string): PrompdError {
  return new PrompdError('ENOTFOUND', `There is no project ${scope}.`, { facts: { scope } });
}

/** The same answer for a package that does not exist and one that the caller may not see. */
export function packageNotFound(name: string): PrompdError {
  return new PrompdError('ENOTFOUND', `There is no package ${name}.`, { facts: { name } });
}

/** A name that nobody has belongs to whoever publishes under it first. */
function owns(actor: Actor, { owners }: PackageSubject): boolean {
  if (owners === undefined || hasScope(actor, 'admin')) return true;
  return owners.includes(userOf(actor));
}

function ownedByProject(name: string, scope: string): PrompdError {
  return new PrompdError(
    'EFORBIDDEN',
    `${name} belongs to the project ${scope}, and has no owners of its own.`,
    {
      facts: { name, scope },
      hint: `Say who may do what with "prompd access grant ${scope} <user> --role editor --package ${name}".`,
    },
  );
}

/** The error for a change of what is archived. */
export function projectArchived(scope: string): PrompdError {
  return new PrompdError('EFORBIDDEN', `The project ${scope} is archived: nothing in it changes any more.`, {
    facts: { scope },
    hint: 'An admin of the project can take it out of the archive.',
  });
}

function roleMissing(
  actor: Actor,
  action: Action,
  { standing, permission }: { standing: Standing; permission: Permission },
): PrompdError {
  const { scope, roles } = standing;
  const needed = rolesFor(permission);
  return new PrompdError('EFORBIDDEN', `${userOf(actor)} does not have the role for this in ${scope}.`, {
    facts: { action, scope, roles, needed },
    hint: `It takes the role ${needed.join(' or ')}: ask an admin of ${scope}.`,
  });
}

function scopeMissing(actor: Actor, action: Action, scope: Scope): PrompdError {
  if (actor.kind === 'anonymous') {
    return new PrompdError('EAUTH', 'This needs a token.', {
      facts: { action, scope },
      hint: 'Send the header "Authorization: Bearer <token>", or run "prompd login".',
    });
  }
  return new PrompdError('EFORBIDDEN', `The token "${actor.name}" does not have the scope "${scope}".`, {
    facts: { action, scope, scopes: actor.scopes },
    hint: `Use a token that has the scope "${scope}".`,
  });
}

/** Named in an error at most, of a package that a crowd owns. */
const MAX_NAMED = 10;

function notAnOwner(actor: Actor, action: Action, { name, owners = [] }: PackageSubject): PrompdError {
  const user = userOf(actor);
  const some = owners.slice(0, MAX_NAMED);
  const hint =
    some.length === 0
      ? 'It belongs to nobody: ask an admin of the registry.'
      : `It belongs to ${some.join(', ')}: ask for "prompd owner add ${user} ${name}".`;
  return new PrompdError('EFORBIDDEN', `${user} is no owner of ${name}.`, {
    facts: { action, name, user, owners: some },
    hint,
  });
}
