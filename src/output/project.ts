import type { GrantList, MemberList } from '../ops/registry/member.js';
import type {
  ProjectArchiving,
  ProjectCreation,
  ProjectDetails,
  ProjectList,
} from '../ops/registry/project.js';
import type { TeamDetails, TeamList } from '../ops/registry/team.js';
import type { Grant, Member } from '../registry/projects.js';
import { columns } from './columns.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** A new project, and what comes of it. */
export function createdProjectText({ project, note, packages }: ProjectCreation, style: Style): string {
  const names = packages.names.map(name => `  ${oneLine(name)}`);
  const more = packages.count > names.length ? [`  and ${packages.count - names.length} more`] : [];
  return [`${style.name(oneLine(project))} is a project now.`, oneLine(note), ...names, ...more].join('\n');
}

/** One project a line, by its scope first for scripts that read it. */
export function projectsText({ projects, registry }: ProjectList, style: Style): string {
  if (projects.length === 0) return style.dim(`You are a member of no project at ${registry}.`);
  const rows = projects.map(({ project, description, archivedAt }) => [
    oneLine(project),
    archivedAt === null ? oneLine(description) : `archived ${archivedAt.slice(0, 10)}`,
  ]);
  return columns(rows, (cell, _row, column) => (column === 0 ? style.name(cell) : cell)).join('\n');
}

export function projectText(project: ProjectDetails, style: Style): string {
  const rows = [
    ['description', project.description],
    ['author', project.author],
    ['intent', project.intent],
    ['compliance', project.complianceNotes],
    ['created', `${project.createdAt.slice(0, 10)} by ${project.createdBy}`],
    ['archived', project.archivedAt?.slice(0, 10) ?? ''],
    ['you are', rolesText(project.you.roles, project.you.functions)],
  ]
    .filter(([, value]) => value !== '')
    .map(row => row.map(oneLine));
  return [
    style.strong(oneLine(project.project)),
    ...columns(rows, (cell, _row, column) => (column === 0 ? style.dim(cell) : cell)),
  ].join('\n');
}

export function archivedProjectText({ project, archivedAt }: ProjectArchiving, style: Style): string {
  const state =
    archivedAt === null ? 'is not archived any more' : 'is archived: nothing new is written in it';
  return `${style.name(oneLine(project))} ${state}`;
}

/** One member a line. */
export function membersText({ members, project }: MemberList, style: Style): string {
  if (members.length === 0) return style.dim(`${oneLine(project)} has no members.`);
  const rows = members.map(({ user, roles }) => [oneLine(user), roles.map(memberRole).join(', ')]);
  return columns(rows, (cell, _row, column) => (column === 0 ? style.strong(cell) : cell)).join('\n');
}

/** One grant a line, by its number first for scripts that read it. */
export function grantsText({ grants, project }: GrantList, style: Style): string {
  if (grants.length === 0) return style.dim(`No role was given in ${oneLine(project)}.`);
  return columns(
    grants.map(grant => [
      String(grant.id),
      subjectText(grant, project),
      rolesText([grant.role], grant.functions),
      oneLine(grant.package ?? project),
      `since ${grant.grantedAt.slice(0, 10)}, by ${oneLine(grant.grantedBy)}`,
    ]),
  ).join('\n');
}

/** @param verb as in "now has" */
export function grantChangeText(verb: string, { grants, project }: GrantList, style: Style): string {
  return grants
    .map(grant => {
      const role = rolesText([grant.role], grant.functions);
      return `${style.strong(subjectText(grant, project))} ${verb} ${role} in ${style.name(oneLine(grant.package ?? project))}`;
    })
    .join('\n');
}

/** One team a line. */
export function teamsText({ teams, project }: TeamList, style: Style): string {
  if (teams.length === 0) return style.dim(`${oneLine(project)} has no teams.`);
  const rows = teams.map(({ name, size, description }) => [
    oneLine(`${project}:${name}`),
    `${size} ${size === 1 ? 'member' : 'members'}`,
    oneLine(description),
  ]);
  return columns(rows, (cell, _row, column) => (column === 0 ? style.name(cell) : cell)).join('\n');
}

/** One member of a team a line, by name alone for scripts that read it. */
export function teamText({ members, name, project }: TeamDetails, style: Style): string {
  if (members.length === 0) return style.dim(`Nobody is in ${oneLine(`${project}:${name}`)}.`);
  return members.map(({ user }) => style.strong(oneLine(user))).join('\n');
}

function memberRole({ role, functions, package: name, team }: Member['roles'][number]): string {
  const where = name === null ? '' : ` in ${oneLine(name)}`;
  return `${rolesText([role], functions)}${where}${team === null ? '' : ` by ${oneLine(team)}`}`;
}

function rolesText(roles: readonly string[], functions: readonly string[]): string {
  return oneLine(
    roles
      .map(role =>
        role === 'approver' && functions.length > 0 ? `${role} for ${functions.join(' and ')}` : role,
      )
      .join(', '),
  );
}

function subjectText({ user, team }: Grant, project: string): string {
  return oneLine(team === undefined ? (user ?? '') : `${project}:${team}`);
}

function oneLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ').trim();
}
