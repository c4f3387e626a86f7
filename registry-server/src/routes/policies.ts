import * as answers from './approval-answers.js';
import { delegationBody, delegationParams, policyBody } from './approval-schemas.js';
import { projectParams } from './project-schemas.js';
import { defineProjectRoute, type Route } from './route.js';

export const policyRoutes: readonly Route[] = [
  defineProjectRoute({
    method: 'get',
    path: '/projects/:project/policy',
    id: 'getPolicy',
    summary: 'By which rules a project approves',
    action: 'project.read',
    params: projectParams,
    answers: { 200: { description: 'The policy; version 0 is the default', schema: answers.policy } },
    async handle({ subject: { scope } }, { services, response }) {
      response.json(answers.policyDocumentOf(await services.approvals.policy(scope)));
    },
  }),
  defineProjectRoute({
    method: 'put',
    path: '/projects/:project/policy',
    id: 'setPolicy',
    summary:
      'Set the next version of the policy; open requests follow it, and what they had was approved by the old one',
    action: 'project.administer',
    params: projectParams,
    body: policyBody,
    answers: {
      200: { description: 'The policy after the change', schema: answers.policy },
      202: { description: 'The policy as it is; the change waits for another admin', schema: answers.policy },
    },
    async handle({ subject: { scope }, body: { policy, reason } }, { actor, services, response }) {
      const set = await services.approvals.setPolicy(actor, scope, { document: policy, reason });
      response.status(set.proposed ? 202 : 200).json(answers.policyDocumentOf(set));
    },
  }),
  defineProjectRoute({
    method: 'get',
    path: '/projects/:project/delegations',
    id: 'listDelegations',
    summary: 'Who decides in the name of whom, and until when',
    action: 'project.read',
    params: projectParams,
    answers: { 200: { description: 'Newest first', schema: answers.delegations } },
    async handle({ subject: { scope } }, { services, response }) {
      const found = await services.approvals.delegations(scope);
      response.json({ delegations: found.map(answers.delegationDocument) });
    },
  }),
  defineProjectRoute({
    method: 'post',
    path: '/projects/:project/delegations',
    id: 'delegate',
    summary: "Let a member decide in the caller's name for at most 30 days",
    action: 'project.read',
    params: projectParams,
    body: delegationBody,
    answers: { 201: { description: 'The delegation', schema: answers.delegation } },
    async handle({ subject: { scope }, body: { to, endsAt, reason } }, { actor, services, response }) {
      const made = await services.approvals.delegate(actor, scope, { to, endsAt: new Date(endsAt), reason });
      response.status(201).json(answers.delegationDocument(made));
    },
  }),
  defineProjectRoute({
    method: 'delete',
    path: '/projects/:project/delegations/:delegation',
    id: 'revokeDelegation',
    summary: "End a delegation of the caller's",
    action: 'project.read',
    params: delegationParams,
    answers: { 204: { description: 'It is over' } },
    async handle({ subject: { scope }, params: { delegation } }, { actor, services, response }) {
      await services.approvals.revokeDelegation(actor, scope, delegation);
      response.status(204).end();
    },
  }),
];
