import { COMPATIBILITY_STATUSES } from 'prompd/core';
import { z } from 'zod';
import {
  type CompatibilityRun,
  EVIDENCE_SOURCES,
  type Evidence,
  type MatrixRow,
  RUN_STATES,
} from '../domain/compatibility.js';
import type { Matrix, ReportReceipt } from '../services/compatibility.js';
import { text } from './schemas.js';

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

export const matrix = z
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
export const run = z
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

export const runBody = z
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

export const receipt = z.object({
  recorded: z.array(evidence),
  untested: z.array(z.object({ prompt: z.string(), model: z.string(), reason: z.string() })),
});

export const runs = z.object({ runs: z.array(run) });

export const testsQuery = z.strictObject({
  tests: z
    .enum(['true', 'false'])
    .default('false')
    .meta({ description: 'Whether the evidence lists its tests' }),
});

/** A matrix as the API shows it. */
export function matrixDocument({ prompts, ...of }: Matrix, tests: 'true' | 'false') {
  return { ...of, prompts: prompts.map(row => shownRow(row, tests === 'true')) };
}

/** What came of a report, as the API shows it. */
export function receiptDocument({ recorded, untested }: ReportReceipt) {
  return { recorded: recorded.map(one => shownEvidence(one, false)), untested };
}

/** A run as the API shows it. */
export function runDocument({
  requestedAt,
  nextAt,
  startedAt,
  finishedAt,
  isPublished: _isPublished,
  ...rest
}: CompatibilityRun) {
  return {
    ...rest,
    requestedAt: requestedAt.toISOString(),
    nextAt: nextAt?.toISOString() ?? null,
    startedAt: startedAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}

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
