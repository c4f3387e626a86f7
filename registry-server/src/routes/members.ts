import { PrompdError } from 'prompd/core';
import * as answers from './project-answers.js';
import {
  grantBody,
  grantParams,
  memberParams,
  pageQuery,
  projectParams,
  reasonQuery,
  teamBody,
  teamMemberParams,
  teamParams,
} from './project-schemas.js';
import { defineProjectRoute, type Route } from './route.js';

const teamRoutes: readonly Route[] = [
  defineProjectRoute({
    method: 'get',
    path: '/projects/:project/teams',
    id: 'listTeams',
    summary: 'The teams of a project',
    action: 'project.read',
    params: projectParams,
    answers: { 200: { description: 'By name', schema: answers.teams } },
    async handle({ subject: { scope } }, { services, response }) {
      response.json({ teams: (await services.members.teams(scope)).map(answers.teamDocument) });
    },
  }),
  defineProjectRoute({
    method: 'post',
    path: '/projects/:project/teams',
    id: 'createTeam',
    summary: 'Make a team, in which nobody is yet',
    action: 'project.administer',
    params: projectParams,
    body: teamBody,
    answers: { 201: { description: 'It is there', schema: answers.team } },
    async handle({ subject: { scope }, body }, { actor, services, response }) {
      await services.members.addTeam({ actor, scope }, body);
      response.status(201).json(answers.fullTeamDocument(await services.members.team(scope, body.name)));
    },
  }),
  defineProjectRoute({
    method: 'get',
    path: '/projects/:project/teams/:team',
    id: 'getTeam',
    summary: 'A team and who is in it',
    action: 'project.read',
    params: teamParams,
    answers: { 200: { description: 'The team', schema: answers.team } },
    async handle({ subject: { scope }, params: { team } }, { services, response }) {
      response.json(answers.fullTeamDocument(await services.members.team(scope, team)));
    },
  }),
  defineProjectRoute({
    method: 'put',
    path: '/projects/:project/teams/:team/members/:user',
    id: 'addTeamMember',
    summary: 'Add a user to a team',
    action: 'project.administer',
    params: teamMemberParams,
    answers: { 200: { description: 'The team after the change', schema: answers.team } },
    async handle({ subject: { scope }, params: { team, user } }, { actor, services, response }) {
      await services.members.addTeamMember({ actor, scope }, { team, user });
      response.json(answers.fullTeamDocument(await services.members.team(scope, team)));
    },
  }),
  defineProjectRoute({
    method: 'delete',
    path: '/projects/:project/teams/:team/members/:user',
    id: 'removeTeamMember',
    summary: 'Take a user out of a team',
    action: 'project.administer',
    params: teamMemberParams,
    query: reasonQuery,
    answers: { 200: { description: 'The team after the change', schema: answers.team } },
    async handle({ subject: { scope }, params, query: { reason } }, { actor, services, response }) {
      const { team, user } = params;
      await services.members.removeTeamMember({ actor, scope, reason }, { team, user });
      response.json(answers.fullTeamDocument(await services.members.team(scope, team)));
    },
  }),
  defineProjectRoute({
    method: 'delete',
    path: '/projects/:project/teams/:team',
    id: 'deleteTeam',
    summary: 'Take a team away, with the roles that it has',
    action: 'project.administer',
    params: teamParams,
    query: reasonQuery,
    answers: { 204: { description: 'It is gone' } },
    async handle({ subject: { scope }, params, query: { reason } }, { actor, services, response }) {
      await services.members.removeTeam({ actor, scope, reason }, params.team);
      response.status(204).end();
    },
  }),
];

const roleRoutes: readonly Route[] = [
  defineProjectRoute({
    method: 'get',
    path: '/projects/:project/members',
    id: 'listMembers',
    summary: 'Who has which role, by themselves or by a team',
    action: 'project.read',
    params: projectParams,
    query: pageQuery,
    answers: { 200: { description: 'By user', schema: answers.members } },
    async handle({ subject: { scope }, query }, { services, response }) {
      response.json(answers.membersDocument(await services.members.list(scope, query)));
    },
  }),
  defineProjectRoute({
    method: 'get',
    path: '/projects/:project/grants',
    id: 'listGrants',
    summary: 'The roles that were given, to users and to teams',
    action: 'project.read',
    params: projectParams,
    answers: { 200: { description: 'Oldest first', schema: answers.grants } },
    async handle({ subject: { scope } }, { services, response }) {
      response.json({ grants: (await services.members.grants(scope)).map(answers.grantDocument) });
    },
  }),
  defineProjectRoute({
    method: 'post',
    path: '/projects/:project/grants',
    id: 'grantRole',
    summary: 'Give a role to a user or a team; again, to change the functions of an approver',
    action: 'project.administer',
    params: projectParams,
    body: grantBody,
    answers: { 201: { description: 'The grant', schema: answers.grant } },
    async handle({ subject: { scope }, body }, { actor, services, response }) {
      const { user, team, role, functions, package: name = null, reason } = body;
      assertInProject(scope, name);
      const grant = await services.members.grant(
        { actor, scope, reason },
        {
          subject: team === undefined ? { kind: 'user', name: user ?? '' } : { kind: 'team', name: team },
          role,
          functions,
          package: name,
        },
      );
      response.status(201).json(answers.grantDocument(grant));
    },
  }),
  defineProjectRoute({
    method: 'delete',
    path: '/projects/:project/grants/:grant',
    id: 'revokeRole',
    summary: 'Take a role back; never the last admin',
    action: 'project.administer',
    params: grantParams,
    query: reasonQuery,
    answers: { 204: { description: 'It is gone' } },
    async handle({ subject: { scope }, params, query: { reason } }, { actor, services, response }) {
      await services.members.revoke({ actor, scope, reason }, params.grant);
      response.status(204).end();
    },
  }),
  defineProjectRoute({
    method: 'delete',
    path: '/projects/:project/members/:user',
    id: 'removeMember',
    summary: 'Take all roles of a user back, and take them out of all teams; never the last admin',
    action: 'project.administer',
    params: memberParams,
    query: reasonQuery,
    answers: { 204: { description: 'They are no member any more' } },
    async handle({ subject: { scope }, params, query: { reason } }, { actor, services, response }) {
      await services.members.remove({ actor, scope, reason }, params.user);
      response.status(204).end();
    },
  }),
];

export const memberRoutes = [...teamRoutes, ...roleRoutes];

function assertInProject(scope: string, name: string | null): void {
  if (name === null || name.startsWith(`${scope}/`)) return;
  throw new PrompdError('EUSAGE', `${name} is no package of ${scope}.`, { facts: { name, scope } });
}
