import { z } from 'zod';
import type { HttpClient } from './http.js';
import { readAnswer } from './json-answer.js';
import type { Member, ProjectInfo, RegistryProjects } from './projects.js';
import { asker, queryOf } from './prompd-ask.js';

/** More than a registry lists at once. */
const PAGE = 250;
/** More pages than this are no list that anybody reads. */
const MAX_PAGES = 400;

const word = z.string().max(300);
const words = z.array(word).max(100);
const time = z.string().max(40);
const projectSchema = z.object({
  project: word.min(1),
  description: z.string().max(10_000),
  author: word,
  intent: z.string().max(10_000),
  complianceNotes: z.string().max(50_000),
  createdBy: word,
  createdAt: time,
  archivedAt: time.nullable(),
});
const shownSchema = projectSchema.extend({ you: z.object({ roles: words, functions: words }) });
const madeSchema = projectSchema.extend({
  packages: z.object({ count: z.int().nonnegative(), names: z.array(word).max(1000) }),
  note: z.string().max(2000),
});
const listSchema = z.object({ projects: z.array(projectSchema).max(PAGE) });
const roleShape = { role: word, functions: words, package: word.nullable() };
const grantSchema = z.object({
  ...roleShape,
  id: z.int().positive(),
  user: word.optional(),
  team: word.optional(),
  grantedBy: word,
  grantedAt: time,
});
const grantsSchema = z.object({ grants: z.array(grantSchema).max(10_000) });
const membersSchema = z.object({
  members: z
    .array(
      z.object({
        user: word,
        roles: z.array(z.object({ ...roleShape, team: word.nullable() })).max(10_000),
      }),
    )
    .max(PAGE),
});
const teamSchema = z.object({ name: word, description: z.string().max(10_000), size: z.int().nonnegative() });
const teamsSchema = z.object({ teams: z.array(teamSchema).max(10_000) });
const shownTeamSchema = teamSchema.extend({
  members: z.array(z.object({ user: word, addedBy: word, addedAt: time })).max(10_000),
});

/** The projects of a registry that speaks prompd's own protocol. */
export function prompdProjects(http: HttpClient, registryUrl: string): RegistryProjects {
  const ask = asker(http, registryUrl, 'the projects');
  const at = (project: string, ...rest: string[]) =>
    ['projects', ...[project, ...rest].map(encodeURIComponent)].join('/');
  const about = (project: string, body?: object) => ({
    subject: `the project ${project.slice(0, 100)}`,
    ...(body && { body }),
  });
  return {
    create: async draft => readAnswer(await ask('POST', 'projects', about(draft.project, draft)), madeSchema),
    list: () =>
      allPages<ProjectInfo>(async offset => {
        const answer = await ask('GET', `projects${queryOf({ limit: PAGE, offset })}`);
        return readAnswer(answer, listSchema).projects;
      }),
    show: async project => readAnswer(await ask('GET', at(project), about(project)), shownSchema),
    archive: async (project, { archived, reason }) => {
      const path = at(project, archived ? 'archive' : 'unarchive');
      return readAnswer(await ask('POST', path, about(project, { reason })), projectSchema);
    },
    members: project =>
      allPages<Member>(async offset => {
        const path = `${at(project, 'members')}${queryOf({ limit: PAGE, offset })}`;
        return readAnswer(await ask('GET', path, about(project)), membersSchema).members;
      }),
    async removeMember(project, user, reason) {
      await ask('DELETE', `${at(project, 'members', user)}${queryOf({ reason })}`, about(project));
    },
    grants: async project =>
      readAnswer(await ask('GET', at(project, 'grants'), about(project)), grantsSchema).grants,
    grant: async (project, grant) =>
      readAnswer(await ask('POST', at(project, 'grants'), about(project, grant)), grantSchema),
    async revoke(project, id, reason) {
      await ask('DELETE', `${at(project, 'grants', String(id))}${queryOf({ reason })}`, about(project));
    },
    teams: async project =>
      readAnswer(await ask('GET', at(project, 'teams'), about(project)), teamsSchema).teams,
    team: async (project, team) =>
      readAnswer(await ask('GET', at(project, 'teams', team), about(project)), shownTeamSchema),
    async addTeam(project, team) {
      await ask('POST', at(project, 'teams'), about(project, team));
    },
    async removeTeam(project, team) {
      await ask('DELETE', at(project, 'teams', team), about(project));
    },
    addTeamMember: async (project, { team, user }) =>
      readAnswer(
        await ask('PUT', at(project, 'teams', team, 'members', user), about(project)),
        shownTeamSchema,
      ),
    removeTeamMember: async (project, { team, user }) =>
      readAnswer(
        await ask('DELETE', at(project, 'teams', team, 'members', user), about(project)),
        shownTeamSchema,
      ),
  };
}

async function allPages<T>(read: (offset: number) => Promise<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = [];
  for (let page = 0; page < MAX_PAGES; page++) {
    const some = await read(page * PAGE);
    all.push(...some);
    if (some.length < PAGE) break;
  }
  return all;
}
