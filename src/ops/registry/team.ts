import { PrompdError } from '../../core/errors.js';
import type { ShownTeam, Team } from '../../registry/index.js';
import type { Context } from '../context.js';
import { openProject, readProjectOf, scopeNamed } from './project.js';

export interface TeamList {
  readonly project: string;
  readonly teams: readonly Team[];
}

export interface TeamDetails extends ShownTeam {
  readonly project: string;
}

export interface TeamChange {
  readonly project: string;
  readonly team: string;
}

export interface TeamMembership extends TeamDetails {
  readonly user: string;
}

/** A team as it is written, `@bank:risk`. @throws PrompdError EUSAGE, EBADNAME */
export function teamNamed(written: string): { readonly project: string; readonly team: string } {
  const [, scope = '', team = ''] = /^([^:]+):([^:]+)$/.exec(written) ?? [];
  if (team !== '') return { project: scopeNamed(scope), team };
  throw new PrompdError('EUSAGE', `"${written.slice(0, 100)}" is not a team.`, {
    facts: { found: written.slice(0, 100) },
    hint: 'Write the project and the team, as in "@bank:risk".',
  });
}

/** Makes a team. @throws PrompdError ETAKEN, EUSAGE, ENOTFOUND, EFORBIDDEN */
export async function createTeam(
  context: Context,
  written: string,
  { description }: { readonly description: string },
): Promise<TeamChange> {
  const { project, team } = teamNamed(written);
  await (await openProject(context, project)).projects.addTeam(project, { name: team, description });
  return { project, team };
}

/** The teams of a project. @throws PrompdError ENOTFOUND */
export async function listTeams(context: Context, named: string): Promise<TeamList> {
  const project = scopeNamed(named);
  return { project, teams: await (await readProjectOf(context, project)).projects.teams(project) };
}

/** Who is in a team. @throws PrompdError ENOTFOUND */
export async function showTeam(context: Context, written: string): Promise<TeamDetails> {
  const { project, team } = teamNamed(written);
  return { project, ...(await (await readProjectOf(context, project)).projects.team(project, team)) };
}

/** @throws PrompdError ENOUSER, ENOTFOUND, EFORBIDDEN */
export async function addToTeam(context: Context, written: string, user: string): Promise<TeamMembership> {
  const { project, team } = teamNamed(written);
  const { projects } = await openProject(context, project);
  return { project, user, ...(await projects.addTeamMember(project, { team, user })) };
}

/** @throws PrompdError ENOUSER, ENOTFOUND, EFORBIDDEN; EUSAGE when no admin would be left */
export async function removeFromTeam(
  context: Context,
  written: string,
  user: string,
): Promise<TeamMembership> {
  const { project, team } = teamNamed(written);
  const { projects } = await openProject(context, project);
  return { project, user, ...(await projects.removeTeamMember(project, { team, user })) };
}

/** Takes a team away, with the roles that it has. @throws PrompdError ENOTFOUND, EFORBIDDEN, EUSAGE */
export async function deleteTeam(context: Context, written: string): Promise<TeamChange> {
  const { project, team } = teamNamed(written);
  await (await openProject(context, project)).projects.removeTeam(project, team);
  return { project, team };
}
