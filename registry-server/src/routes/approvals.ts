import { pipeline } from 'node:stream/promises';
import { systemCode } from 'prompd/core';
import type { ApprovalRequest } from '../domain/approval.js';
import * as answers from './approval-answers.js';
import { decisionBody, requestParams, requestsQuery, tierBody, withdrawalBody } from './approval-schemas.js';
import { comparison, comparisonDocument } from './module-answers.js';
import { type Call, defineRoute, type Route } from './route.js';

/**
 * Requests for approval. They are there for those who review them and who wrote what they are about; for everybody else
 * they do not exist. What a request is about is decided in its transaction, where roles are looked at anew.
 */
export const approvalRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/approvals',
    id: 'listApprovals',
    summary: 'The requests that the caller reviews or wrote, newest first',
    action: 'approval.read',
    query: requestsQuery,
    answers: { 200: { description: 'The requests', schema: answers.approvals } },
    async handle({ query: { project, ...query } }, { actor, services, response }) {
      const found = await services.approvals.list(actor, { ...query, scope: project });
      response.json({ approvals: found.map(answers.requestDocument) });
    },
  }),
  defineRoute({
    method: 'get',
    path: '/approvals/:id',
    id: 'getApproval',
    summary: 'A request with the manifest, what is open, and what was decided',
    action: 'approval.read',
    params: requestParams,
    answers: { 200: { description: 'The request', schema: answers.approvalDetails } },
    async handle({ params: { id } }, { actor, services, response }) {
      const found = await services.approvals.find(actor, id);
      response.set('cache-control', 'no-store').json(answers.detailsDocument(found, services.approvals.now));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/approvals/:id/archive',
    id: 'getApprovalArchive',
    summary: 'The archive that a request is about, for its reviewers and authors',
    action: 'approval.read',
    params: requestParams,
    answers: { 200: { description: 'The bytes', contentType: 'application/gzip' } },
    async handle({ params: { id } }, { actor, services, response }) {
      const { request } = await services.approvals.reviewable(actor, id);
      const blob = await services.approvals.archive(request);
      response
        .set('cache-control', 'no-store')
        .set('content-type', 'application/gzip')
        .set('content-length', String(blob.size));
      await pipeline(blob.stream, response).catch((error: unknown) => {
        // A client that goes away in the middle is no failure of the server's.
        if (systemCode(error) !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
      });
    },
  }),
  defineRoute({
    method: 'get',
    path: '/approvals/:id/comparison',
    id: 'compareApproval',
    summary: 'How what a request is about differs from the version that it follows',
    action: 'approval.read',
    params: requestParams,
    answers: { 200: { description: 'Contracts, manifest and texts', schema: comparison } },
    async handle({ params: { id } }, { actor, services, response }) {
      const found = await services.history.compareRequested(
        actor,
        await services.approvals.reviewable(actor, id),
      );
      response.set('cache-control', 'no-store').json(comparisonDocument(found));
    },
  }),
  defineRoute({
    method: 'post',
    path: '/approvals/:id/decisions',
    id: 'decideApproval',
    summary: 'Approve or decline, by the digest of what was looked at',
    action: 'approval.decide',
    params: requestParams,
    body: decisionBody,
    answers: { 201: { description: 'The request after the decision', schema: answers.approval } },
    async handle({ params: { id }, body }, call) {
      const { decision, digest, function: named, onBehalfOf, reason } = body;
      const input = { decision, digest, function: named, onBehalfOf, reason };
      sendChanged(call, 201, await call.services.approvals.decide(call.actor, id, input));
    },
  }),
  defineRoute({
    method: 'put',
    path: '/approvals/:id/tier',
    id: 'changeApprovalTier',
    summary: 'Raise the tier; for approvers of risk, with evidence, lower it',
    action: 'approval.decide',
    params: requestParams,
    body: tierBody,
    answers: { 200: { description: 'The request after the change', schema: answers.approval } },
    async handle({ params: { id }, body: { tier, reason, evidence } }, call) {
      const input = { tier, reason, evidence };
      sendChanged(call, 200, await call.services.approvals.changeTier(call.actor, id, input));
    },
  }),
  defineRoute({
    method: 'post',
    path: '/approvals/:id/withdrawal',
    id: 'withdrawApproval',
    summary: 'Take a request back, for those who wrote the version; it stays, as withdrawn',
    action: 'approval.decide',
    params: requestParams,
    body: withdrawalBody,
    answers: { 200: { description: 'The request after that', schema: answers.approval } },
    async handle({ params: { id }, body: { reason } }, call) {
      sendChanged(call, 200, await call.services.approvals.withdraw(call.actor, id, reason));
    },
  }),
];

/** Who has the answer gets nothing from this server's memory any more that the change took away. */
function sendChanged({ services, response }: Call, status: 200 | 201, request: ApprovalRequest): void {
  services.delivery.deliveries.changed(request.name);
  response.status(status).json(answers.requestDocument(request));
}
