import { z } from 'zod';
import type { Grant, Member, Project, Team, TeamMember } from '../domain/project.js';
import { APPROVER_FUNCTIONS, ROLES, type Standing } from '../domain/role.js';

const roles = z.array(z.enum(ROLES));
const functions = z.array(z.enum(APPROVER_FUNCTIONS));
const nullable = z.string().nullable();

export const project = z
  .object({
    project: z.string().meta({ description: 'The scope', example: '@bank' }),
    description: z.string(),
    author: z.string(),
    intent: z.string(),
    complianceNotes: z.string(),
    revision: z.number().meta({ description: 'What the ETag holds' }),
    createdBy: z.string(),
    createdAt: z.string(),
    updatedAt: z.string(),
    archivedAt: nullable,
  })
  .meta({ id: 'Project' });
export const shownProject = project.extend({
  you: z.object({ roles, functions }).meta({ description: 'What the caller is in it' }),
});
export const grant = z
  .object({
    id: z.number(),
    user: z.string().optional(),
    team: z.string().optional(),
    role: z.enum(ROLES),
    functions,
    package: nullable.meta({ description: 'Null for the whole project' }),
    grantedBy: z.string(),
    grantedAt: z.string(),
  })
  .meta({ id: 'Grant' });
export const madeProject = project.extend({
  grants: z.array(grant),
  packages: z.object({ count: z.number(), names: z.array(z.string()) }),
  note: z.string(),
});
export const projects = z.object({ projects: z.array(project) });
export const grants = z.object({ grants: z.array(grant) });
export const members = z.object({
  members: z.array(
    z.object({
      user: z.string(),
      roles: z.array(z.object({ role: z.enum(ROLES), functions, package: nullable, team: nullable })),
    }),
  ),
});
const teamOnly = z.object({
  name: z.string(),
  description: z.string(),
  size: z.number(),
  createdBy: z.string(),
  createdAt: z.string(),
});
export const teams = z.object({ teams: z.array(teamOnly) });
export const team = teamOnly
  .extend({ members: z.array(z.object({ user: z.string(), addedBy: z.string(), addedAt: z.string() })) })
  .meta({ id: 'Team' });

export function projectDocument({ scope, createdAt, updatedAt, archivedAt, ...rest }: Project) {
  return {
    project: scope,
    ...rest,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    archivedAt: archivedAt?.toISOString() ?? null,
  };
}

export function standingDocument(standing: Standing | undefined) {
  return { roles: standing?.roles ?? [], functions: standing?.functions ?? [] };
}

export function grantDocument({ subject, grantedAt, ...rest }: Grant) {
  return { ...rest, [subject.kind]: subject.name, grantedAt: grantedAt.toISOString() };
}

export function membersDocument(found: readonly Member[]) {
  return { members: found };
}

export function teamDocument({ createdAt, ...rest }: Team) {
  return { ...rest, createdAt: createdAt.toISOString() };
}

export function fullTeamDocument({
  members: found,
  ...rest
}: Team & { readonly members: readonly TeamMember[] }) {
  const shown = found.map(({ addedAt, ...each }) => ({ ...each, addedAt: addedAt.toISOString() }));
  return { ...teamDocument(rest), members: shown };
}
