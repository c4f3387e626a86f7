import { COMPATIBILITY_STATUSES } from 'prompd/core';
import { z } from 'zod';
import {
  type CompatibilityRun,
  EVIDENCE_SOURCES,
  type Evidence,
  isRunId,
  type MatrixRow,
  RUN_STATES,
} from '../domain/compatibility.js';
import { sendRunEvents } from './compatibility-events.js';
import { reportBody } from './compatibility-report.js';
import { definePackageRoute, defineRoute } from './route.js';
import { count, selectorParams, text, versionParams } from './schemas.js';

const nullable = z.string().nullable();
const status = z.enum(COMPATIBILITY_STATUSES);
const testedCase = z
  .object({
    name: z.string(),
    status: z.string(),
    runs: z.array(
      z.object({
        status: z.string(),
        latencyMs: z.number().optional(),
        tokens: z.number().optional().meta({ description: 'Input and output together' }),
        answerDigest: z.string().optional(),
        excerpt: z.string().optional().meta({ description: 'The beginning of the answer' }),
        failures: z.array(z.string()).meta({ description: 'Statements that did not hold' }),
        error: z.object({ code: z.string(), message: z.string() }).optional(),
      }),
    ),
    more: z.number().optional().meta({ description: 'Runs that are not listed' }),
  })
  .meta({ id: 'TestedCase' });
const evidence = z
  .object({
    prompt: z.string(),
    provider: z.string(),
    asked: z.string(),
    model: z.string(),
    status,
    score: z.number(),
    source: z.enum(EVIDENCE_SOURCES),
    testedBy: z.string(),
    run: nullable,
    version: z.string(),
    testedAt: z.string(),
    expiresAt: z.string(),
    tests: z.array(testedCase).optional(),
  })
  .meta({ id: 'CompatibilityEvidence' });

const matrix = z
  .object({
    package: z.string(),
    version: z.string(),
    prompts: z.array(
      z.object({
        prompt: z.string(),
        digest: nullable,
        suite: nullable,
        problem: z.string().optional(),
        models: z.array(
          z.object({
            provider: z.string(),
            asked: z.string(),
            model: nullable,
            variant: z.string().optional(),
            digest: z.string(),
            status,
            expired: z.boolean(),
            evidence: evidence.nullable(),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'CompatibilityMatrix' });

const modelName = z.object({ provider: z.string(), model: z.string() });
const run = z
  .object({
    id: z.string(),
    package: z.string(),
    version: z.string(),
    models: z.array(modelName),
    prompts: z.array(z.string()).nullable().meta({ description: 'Null for all that have tests' }),
    state: z.enum(RUN_STATES),
    requestedBy: z.string(),
    requestedAt: z.string(),
    attempts: z.number(),
    nextAt: nullable,
    cancelledBy: nullable,
    total: z.number().nullable(),
    done: z.number(),
    outcome: z
      .array(
        z.object({
          prompt: z.string(),
          provider: z.string(),
          asked: z.string(),
          model: z.string(),
          status,
          score: z.number().nullable(),
          reason: z.string().optional(),
        }),
      )
      .nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    revision: z.number(),
    startedAt: nullable,
    finishedAt: nullable,
  })
  .meta({ id: 'CompatibilityRun' });

const runBody = z
  .strictObject({
    models: z
      .array(z.strictObject({ provider: text(60).min(1), model: text(120).min(1) }))
      .min(1)
      .max(100)
      .optional()
      .meta({ description: 'The models of the version that the registry asks, by default' }),
    prompts: z
      .array(text(64).min(1))
      .min(1)
      .max(1000)
      .optional()
      .meta({ description: 'Whose tests run; all that have tests, by default' }),
  })
  .meta({ id: 'NewCompatibilityRun' });

const runParams = z.strictObject({
  id: z
    .string()
    .refine(isRunId, { message: 'is not the id of a run', params: { problem: 'ENOTFOUND' } })
    .meta({ example: 'cr_5f0c1d2e3a4b5c6d7e8f9a0b' }),
});

const receipt = z.object({
  recorded: z.array(evidence),
  untested: z.array(z.object({ prompt: z.string(), model: z.string(), reason: z.string() })),
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
    query: z.strictObject({
      tests: z
        .enum(['true', 'false'])
        .default('false')
        .meta({ description: 'Whether the evidence lists its tests' }),
    }),
    answers: { 200: { description: 'The matrix', schema: matrix } },
    async handle({ params: { version }, query: { tests }, subject }, { services, response }) {
      const { prompts, ...of } = await services.compatibility.matrix(subject, version);
      response.json({ ...of, prompts: prompts.map(row => shownRow(row, tests === 'true')) });
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
    answers: { 201: { description: 'What was recorded', schema: receipt } },
    async handle({ params: { version }, body: { models }, subject }, { actor, services, response }) {
      const { recorded, untested } = await services.compatibility.report(actor, subject, { version, models });
      response.status(201).json({ recorded: recorded.map(one => shownEvidence(one, false)), untested });
    },
  }),
  definePackageRoute({
    method: 'post',
    path: '/packages/:name/:version/compatibility-runs',
    id: 'startCompatibilityRun',
    summary: 'Have the tests of a version run; the answer is the job',
    action: 'package.test',
    params: selectorParams,
    body: runBody,
    answers: { 202: { description: 'The run, or the one that does the same already', schema: run } },
    async handle({ params: { version }, body: { models, prompts }, subject }, { actor, services, response }) {
      const started = await services.compatibility.start(actor, subject, {
        selector: version,
        models,
        prompts,
      });
      response.status(202).set('location', `/compatibility-runs/${started.id}`).json(shownRun(started));
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
    answers: { 200: { description: 'The runs', schema: z.object({ runs: z.array(run) }) } },
    async handle({ params: { version }, query: { limit }, subject }, { services, response }) {
      const runs = await services.compatibility.runs(subject, version, limit);
      response.json({ runs: runs.map(shownRun) });
    },
  }),
  defineRoute({
    method: 'get',
    path: '/compatibility-runs/:id',
    id: 'getCompatibilityRun',
    summary: 'How far a run is, and what came of it',
    action: 'package.read',
    params: runParams,
    answers: { 200: { description: 'The run', schema: run } },
    async handle({ params: { id } }, { actor, services, response }) {
      response.set('cache-control', 'no-store').json(shownRun(await services.compatibility.run(actor, id)));
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/compatibility-runs/:id',
    id: 'cancelCompatibilityRun',
    summary: 'Stop a run, or keep it from starting',
    action: 'package.test',
    params: runParams,
    answers: { 202: { description: 'The run, which stops', schema: run } },
    async handle({ params: { id } }, { actor, services, response }) {
      const cancelled = await services.compatibility.cancel(actor, id);
      response.status(202).json(shownRun(cancelled));
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
      await sendRunEvents(call, async () => shownRun(await services.compatibility.run(actor, id)));
    },
  }),
];

function shownRow({ models, ...row }: MatrixRow, withTests: boolean) {
  return {
    ...row,
    models: models.map(({ evidence: found, ...cell }) => ({
      ...cell,
      evidence: found && shownEvidence(found, withTests),
    })),
  };
}

function shownEvidence(found: Evidence, withTests: boolean) {
  const { tests, promptDigest: _prompt, suiteDigest: _suite, testedAt, expiresAt, ...rest } = found;
  return {
    ...rest,
    testedAt: testedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    ...(withTests ? { tests } : {}),
  };
}

function shownRun({ requestedAt, nextAt, startedAt, finishedAt, ...rest }: CompatibilityRun) {
  return {
    ...rest,
    requestedAt: requestedAt.toISOString(),
    nextAt: nextAt?.toISOString() ?? null,
    startedAt: startedAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}
