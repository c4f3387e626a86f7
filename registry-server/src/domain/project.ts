import { isPackageName, PrompdError } from 'prompd/core';
import type { ApproverFunction, Role } from './role.js';

/** What people write about a project. */
export interface ProjectText {
  readonly description: string;
  /** Who answers for it, in words. */
  readonly author: string;
  /** What its prompts are for. */
  readonly intent: string;
  readonly complianceNotes: string;
}

/** What is named is changed. */
export type ProjectTextChanges = { readonly [Field in keyof ProjectText]?: string | undefined };

/** A scope that has members: roles decide over its packages, not owners. */
export interface Project extends ProjectText {
  /** `@bank` */
  readonly scope: string;
  /** Grows with each change of what stands here. */
  readonly revision: number;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly archivedAt: Date | null;
}

export interface Team {
  readonly name: string;
  readonly description: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  /** How many are in it. */
  readonly size: number;
}

export interface TeamMember {
  readonly user: string;
  readonly addedBy: string;
  readonly addedAt: Date;
}

/** To whom a role is given. */
export interface GrantSubject {
  readonly kind: 'user' | 'team';
  readonly name: string;
}

export interface Grant {
  readonly id: number;
  readonly subject: GrantSubject;
  readonly role: Role;
  /** For whom an approver speaks. */
  readonly functions: readonly ApproverFunction[];
  /** Null for the whole project. */
  readonly package: string | null;
  readonly grantedBy: string;
  readonly grantedAt: Date;
}

/** A role that somebody has, and from where. */
export interface MemberRole extends Pick<Grant, 'role' | 'functions' | 'package'> {
  /** The team by which they have it; null for their own. */
  readonly team: string | null;
}

export interface Member {
  readonly user: string;
  readonly roles: readonly MemberRole[];
}

/** What one project holds at most. */
export const PROJECT_LIMITS = { teams: 200, teamMembers: 1000, grants: 2000 } as const;

/** Whether a text is the scope of packages, `@bank`. */
export function isScope(raw: string): boolean {
  return raw.startsWith('@') && raw.length <= 200 && isPackageName(`${raw}/x`);
}

export function isTeamName(raw: string): boolean {
  return /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/.test(raw);
}

/** Roles that only approvers have functions in. @throws PrompdError EUSAGE */
export function assertFunctions(role: Role, functions: readonly ApproverFunction[]): void {
  if (functions.length === 0 || role === 'approver') return;
  throw new PrompdError('EUSAGE', `A function is one of an approver: the role ${role} has none.`, {
    facts: { role, functions },
    hint: 'Give the role approver, or leave the function out.',
  });
}

export function lastAdmin(scope: string): PrompdError {
  return new PrompdError('EUSAGE', `${scope} would be left without an admin.`, {
    facts: { scope },
    hint: 'Make somebody else an admin of the whole project first.',
  });
}

export function projectTaken(scope: string): PrompdError {
  return new PrompdError('ETAKEN', `There is a project ${scope} already.`, {
    facts: { scope },
    hint: 'Ask one of its admins, or an admin of the registry, to make you a member.',
  });
}

/** Whose packages they are is not said: some may be private. */
export function scopeOfOthers(scope: string): PrompdError {
  return new PrompdError('EFORBIDDEN', `The scope ${scope} has packages that belong to others.`, {
    facts: { scope },
    hint: 'Ask an admin of the registry to make the project.',
  });
}

export function projectChanged(scope: string, revision: number): PrompdError {
  return new PrompdError('ECHANGED', `The project ${scope} was changed since it was read.`, {
    facts: { scope, revision },
    hint: 'Read it again, and decide anew: nothing was changed.',
  });
}

export function teamNotFound(scope: string, team: string): PrompdError {
  return new PrompdError('ENOTFOUND', `${scope} has no team ${team}.`, { facts: { scope, team } });
}

export function teamTaken(scope: string, team: string): PrompdError {
  return new PrompdError('ETAKEN', `${scope} has a team ${team} already.`, { facts: { scope, team } });
}

export function grantNotFound(scope: string, id: number): PrompdError {
  return new PrompdError('ENOTFOUND', `${scope} has no grant ${id}.`, { facts: { scope, grant: id } });
}

export function notAMember(user: string, of: string): PrompdError {
  return new PrompdError('ENOUSER', `${user} is no member of ${of}.`, { facts: { user, of } });
}

export function projectFull(scope: string, what: keyof typeof PROJECT_LIMITS): PrompdError {
  const most = PROJECT_LIMITS[what];
  const named = { teams: 'teams', teamMembers: 'members of one team', grants: 'grants' }[what];
  return new PrompdError('EUSAGE', `${scope} cannot have more than ${most} ${named}.`, {
    facts: { scope, most },
  });
}
