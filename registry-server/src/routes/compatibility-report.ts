import { type Digest, ERROR_TABLE, type ErrorCode } from 'prompd/core';
import { ASSERTION_TYPES, caseStatus, type ModelReport, scoreOf, verdictOf } from 'prompd/models';
import { z } from 'zod';
import { text } from './schemas.js';

const STATUSES = ['passed', 'failed', 'refused', 'undecided'] as const;
const digest = z
  .string()
  .regex(/^sha256-[0-9a-f]{64}$/, 'is not a digest')
  .transform(raw => raw as Digest);
const code = z
  .string()
  .refine((raw): raw is ErrorCode => Object.hasOwn(ERROR_TABLE, raw), 'is not a code of the error table');

const runSchema = z.object({
  status: z.enum(STATUSES),
  model: text(200).min(1).optional(),
  latencyMs: z.number().nonnegative().max(1e9).optional(),
  answerDigest: digest.optional(),
  excerpt: z.string().max(1000).optional(),
  assertions: z
    .array(z.object({ type: z.enum(ASSERTION_TYPES), passed: z.boolean(), message: z.string().max(20_000) }))
    .max(1000),
  error: z.object({ code, message: z.string().max(20_000) }).optional(),
});

/** What `prompd test` reports of one model, without what the registry finds out by itself: verdicts and scores. */
const modelSchema = z
  .object({
    provider: text(60).min(1),
    model: text(120).min(1),
    tests: z
      .array(
        z.object({
          name: z.string().max(1000),
          prompt: z.string().max(200),
          promptDigest: digest,
          suiteDigest: digest,
          runs: z.array(runSchema).min(1).max(1000),
        }),
      )
      .min(1)
      .max(1000),
  })
  .transform(({ provider, model, tests: written }): ModelReport => {
    const tests = written.map(one => ({
      ...one,
      runs: one.runs.map(withoutUndefined),
      status: caseStatus(one.runs),
    }));
    return {
      provider,
      model,
      answeredBy: [],
      verdict: verdictOf(tests),
      score: scoreOf(tests),
      tests,
    };
  });

export const reportBody = z
  .object({ models: z.array(modelSchema).min(1).max(100) })
  .meta({ id: 'CompatibilityReport', description: 'As `prompd test --json` prints it' });

type Run = ModelReport['tests'][number]['runs'][number];

function withoutUndefined({
  model,
  latencyMs,
  answerDigest,
  excerpt,
  error,
  ...run
}: z.output<typeof runSchema>): Run {
  return {
    ...run,
    ...(model === undefined ? {} : { model }),
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(answerDigest === undefined ? {} : { answerDigest }),
    ...(excerpt === undefined ? {} : { excerpt }),
    ...(error === undefined ? {} : { error }),
  };
}
