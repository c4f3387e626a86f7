import type { MadeProject } from '../ports/project-repository.js';
import { expectedRevisions, setRevision } from './conditional.js';
import * as answers from './project-answers.js';
import { newProjectBody, pageQuery, projectBody, projectParams, reasonBody } from './project-schemas.js';
import { type Call, defineProjectRoute, defineRoute, type Route } from './route.js';

export const projectRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/projects',
    id: 'listProjects',
    summary: 'The projects of which the caller is a member; for admins of the registry all',
    action: 'project.list',
    query: pageQuery,
    answers: { 200: { description: 'By scope', schema: answers.projects } },
    async handle({ query }, { actor, services, response }) {
      const found = await services.projects.list(actor, query);
      response.json({ projects: found.map(answers.projectDocument) });
    },
  }),
  defineRoute({
    method: 'post',
    path: '/projects',
    id: 'createProject',
    summary: 'Make a project of a scope; who does becomes its admin and its editor',
    action: 'project.create',
    body: newProjectBody,
    answers: { 201: { description: 'It is there', schema: answers.madeProject } },
    async handle({ body: { project: scope, ...text } }, { actor, services, response, baseUrl }) {
      const made = await services.projects.create(actor, scope, text);
      setRevision(response, made.project.revision)
        .status(201)
        .set('location', `${baseUrl}/projects/${encodeURIComponent(scope)}`)
        .json({
          ...answers.projectDocument(made.project),
          grants: made.grants.map(answers.grantDocument),
          packages: { count: made.packages, names: made.names },
          note: noteOn(made),
        });
    },
  }),
  defineProjectRoute({
    method: 'get',
    path: '/projects/:project',
    id: 'getProject',
    summary: 'A project, and what the caller is in it',
    action: 'project.read',
    params: projectParams,
    answers: { 200: { description: 'The project', schema: answers.shownProject } },
    async handle({ subject: { scope, standing } }, { services, response }) {
      const project = await services.projects.find(scope);
      setRevision(response, project.revision).json({
        ...answers.projectDocument(project),
        you: answers.standingDocument(standing),
      });
    },
  }),
  defineProjectRoute({
    method: 'put',
    path: '/projects/:project',
    id: 'changeProject',
    summary: 'Change what is written about a project; with If-Match, unless somebody else did meanwhile',
    action: 'project.administer',
    params: projectParams,
    body: projectBody,
    answers: {
      200: { description: 'The project after the change', schema: answers.project },
      412: { description: 'It was changed since it was read' },
    },
    async handle({ subject: { scope }, body }, { actor, services, request, response }) {
      const expected = expectedRevisions(request);
      const project = await services.projects.change(actor, scope, { text: body, expected });
      setRevision(response, project.revision).json(answers.projectDocument(project));
    },
  }),
  archiveRoute('archive', {
    archived: true,
    summary: 'Archive a project: nothing new is written or published in it; what was is still served',
  }),
  archiveRoute('unarchive', { archived: false, summary: 'Take a project out of the archive' }),
];

function archiveRoute(
  verb: 'archive' | 'unarchive',
  { archived, summary }: { archived: boolean; summary: string },
): Route {
  return defineProjectRoute({
    method: 'post',
    path: `/projects/:project/${verb}`,
    id: `${verb}Project`,
    summary,
    action: 'project.administer',
    params: projectParams,
    body: reasonBody,
    answers: {
      200: { description: 'The project after the change', schema: answers.project },
      412: { description: 'It was changed since it was read' },
    },
    async handle({ subject: { scope }, body: { reason } }, { actor, services, request, response }: Call) {
      const expected = expectedRevisions(request);
      const project = await services.projects.archive(actor, scope, { archived, expected, reason });
      setRevision(response, project.revision).json(answers.projectDocument(project));
    },
  });
}

function noteOn({ project: { scope, createdBy }, packages }: MadeProject): string {
  const who = `${createdBy} is its admin and its editor.`;
  if (packages === 0) return who;
  const those = packages === 1 ? '1 package' : `${packages} packages`;
  return `${who} Roles decide over ${those} of ${scope} from now on: their owners no longer count.`;
}
