import type { Response } from 'express';
import { z } from 'zod';
import { type CompatibilityRun, isRunId } from '../domain/compatibility.js';
import { requestParams } from './approval-schemas.js';
import * as answers from './compatibility-answers.js';
import { sendRunEvents } from './compatibility-events.js';
import { reportBody } from './compatibility-report.js';
import { definePackageRoute, defineRoute } from './route.js';
import { count, selectorParams, versionParams } from './schemas.js';

const runParams = z.strictObject({
  id: z
    .string()
    .refine(isRunId, { message: 'is not the id of a run', params: { problem: 'ENOTFOUND' } })
    .meta({ example: 'cr_5f0c1d2e3a4b5c6d7e8f9a0b' }),
});

/** Of a report, in bytes: it holds the beginnings of answers. */
const REPORT_BYTES = 8 * 1024 * 1024;

export const compatibilityRoutes = [
  definePackageRoute({
    method: 'get',
    path: '/packages/:name/:version/compatibility',
    id: 'getCompatibility',
    summary: 'Which prompts of a version work with which models, by evidence',
    action: 'package.read',
    params: selectorParams,
    query: answers.testsQuery,
    answers: { 200: { description: 'The matrix', schema: answers.matrix } },
    async handle({ params: { version }, query: { tests }, subject }, { services, response }) {
      const { compatibility } = services;
      const found = await compatibility.matrix(await compatibility.published(subject, version));
      response.json(answers.matrixDocument(found, tests));
    },
  }),
  definePackageRoute({
    method: 'post',
    path: '/packages/:name/:version/compatibility',
    id: 'reportCompatibility',
    summary: 'Report what a run of your own found about exactly this version; it stands as your word',
    action: 'package.test',
    params: versionParams,
    body: reportBody,
    bodyBytes: REPORT_BYTES,
    answers: { 201: { description: 'What was recorded', schema: answers.receipt } },
    async handle({ params: { version }, body: { models }, subject }, { actor, services, response }) {
      const { compatibility } = services;
      const tested = await compatibility.published(subject, version);
      response.status(201).json(answers.receiptDocument(await compatibility.report(actor, tested, models)));
    },
  }),
  definePackageRoute({
    method: 'post',
    path: '/packages/:name/:version/compatibility-runs',
    id: 'startCompatibilityRun',
    summary: 'Have the tests of a version run; the answer is the job',
    action: 'package.test',
    params: selectorParams,
    body: answers.runBody,
    answers: { 202: { description: 'The run, or the one that does the same already', schema: answers.run } },
    async handle({ params: { version }, body: { models, prompts }, subject }, { actor, services, response }) {
      const { compatibility } = services;
      const tested = await compatibility.published(subject, version);
      sendStarted(response, await compatibility.start(actor, tested, { models, prompts }));
    },
  }),
  definePackageRoute({
    method: 'get',
    path: '/packages/:name/:version/compatibility-runs',
    id: 'listCompatibilityRuns',
    summary: 'The runs of a version, newest first',
    action: 'package.read',
    params: selectorParams,
    query: z.strictObject({ limit: count(100, 20) }),
    answers: { 200: { description: 'The runs', schema: answers.runs } },
    async handle({ params: { version }, query: { limit }, subject }, { services, response }) {
      const { compatibility } = services;
      const runs = await compatibility.runs(await compatibility.published(subject, version), limit);
      response.json({ runs: runs.map(answers.runDocument) });
    },
  }),
  defineRoute({
    method: 'get',
    path: '/compatibility-runs/:id',
    id: 'getCompatibilityRun',
    summary: 'How far a run is, and what came of it',
    action: 'package.read',
    params: runParams,
    answers: { 200: { description: 'The run', schema: answers.run } },
    async handle({ params: { id } }, { actor, services, response }) {
      response
        .set('cache-control', 'no-store')
        .json(answers.runDocument(await services.compatibility.run(actor, id)));
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/compatibility-runs/:id',
    id: 'cancelCompatibilityRun',
    summary: 'Stop a run, or keep it from starting',
    action: 'package.test',
    params: runParams,
    answers: { 202: { description: 'The run, which stops', schema: answers.run } },
    async handle({ params: { id } }, { actor, services, response }) {
      const cancelled = await services.compatibility.cancel(actor, id);
      response.status(202).json(answers.runDocument(cancelled));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/compatibility-runs/:id/events',
    id: 'followCompatibilityRun',
    summary: 'The run whenever it changes, as server-sent events, until it is over',
    action: 'package.read',
    params: runParams,
    answers: { 200: { description: 'Events `run`, with the run as data', contentType: 'text/event-stream' } },
    async handle({ params: { id } }, call) {
      const { actor, services } = call;
      await sendRunEvents(call, async () => answers.runDocument(await services.compatibility.run(actor, id)));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/approvals/:id/compatibility',
    id: 'getApprovalCompatibility',
    summary: 'Which prompts of a version that waits work with which models, for its reviewers and authors',
    action: 'approval.read',
    params: requestParams,
    query: answers.testsQuery,
    answers: { 200: { description: 'The matrix', schema: answers.matrix } },
    async handle({ params: { id }, query: { tests } }, { actor, services, response }) {
      const { compatibility } = services;
      const found = await compatibility.matrix(await compatibility.requested(actor, id));
      response.set('cache-control', 'no-store').json(answers.matrixDocument(found, tests));
    },
  }),
  defineRoute({
    method: 'post',
    path: '/approvals/:id/compatibility',
    id: 'reportApprovalCompatibility',
    summary:
      'Report what a run of your own found about exactly the version that waits; it stands as your word',
    action: 'approval.decide',
    params: requestParams,
    body: reportBody,
    bodyBytes: REPORT_BYTES,
    answers: { 201: { description: 'What was recorded', schema: answers.receipt } },
    async handle({ params: { id }, body: { models } }, { actor, services, response }) {
      const receipt = await services.compatibility.reportRequested(actor, id, models);
      response.status(201).json(answers.receiptDocument(receipt));
    },
  }),
  defineRoute({
    method: 'post',
    path: '/approvals/:id/compatibility-runs',
    id: 'startApprovalCompatibilityRun',
    summary: 'Have the tests of a version run before it is approved; the answer is the job',
    action: 'approval.decide',
    params: requestParams,
    body: answers.runBody,
    answers: { 202: { description: 'The run, or the one that does the same already', schema: answers.run } },
    async handle({ params: { id }, body: { models, prompts } }, { actor, services, response }) {
      const choice = { models, prompts };
      sendStarted(response, await services.compatibility.startRequested(actor, id, choice));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/approvals/:id/compatibility-runs',
    id: 'listApprovalCompatibilityRuns',
    summary: 'The runs of a version that waits, newest first, for its reviewers and authors',
    action: 'approval.read',
    params: requestParams,
    query: z.strictObject({ limit: count(100, 20) }),
    answers: { 200: { description: 'The runs', schema: answers.runs } },
    async handle({ params: { id }, query: { limit } }, { actor, services, response }) {
      const { compatibility } = services;
      const runs = await compatibility.runs(await compatibility.requested(actor, id), limit);
      response.set('cache-control', 'no-store').json({ runs: runs.map(answers.runDocument) });
    },
  }),
];

function sendStarted(response: Response, run: CompatibilityRun): void {
  response.status(202).set('location', `/compatibility-runs/${run.id}`).json(answers.runDocument(run));
}
