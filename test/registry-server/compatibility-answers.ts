import { z } from 'zod';

const cellSchema = z.object({
  provider: z.string(),
  asked: z.string(),
  model: z.string().nullable(),
  variant: z.string().optional(),
  status: z.string(),
  expired: z.boolean(),
  evidence: z
    .looseObject({
      source: z.string(),
      testedBy: z.string(),
      score: z.number(),
      version: z.string(),
      tests: z.array(z.looseObject({ name: z.string(), status: z.string() })).optional(),
    })
    .nullable(),
});
/** The matrix of a version. */
export const matrixSchema = z.object({
  prompts: z.array(
    z.object({
      prompt: z.string(),
      digest: z.string().nullable(),
      suite: z.string().nullable(),
      models: z.array(cellSchema),
    }),
  ),
});
/** A run. */
export const runSchema = z.looseObject({
  id: z.string(),
  state: z.string(),
  attempts: z.number(),
  revision: z.number(),
  total: z.number().nullable(),
  done: z.number(),
  error: z.looseObject({ code: z.string() }).nullable(),
  outcome: z.array(z.looseObject({ prompt: z.string(), status: z.string() })).nullable(),
});

/** The report of a run in which the one test of `ask` failed. @param surveyed of the version's matrix */
export function failedReport(surveyed: z.infer<typeof matrixSchema>['prompts']): object {
  const tests = surveyed
    .filter(({ prompt }) => prompt === 'ask')
    .map(({ prompt, digest, suite }) => ({
      name: 'says when',
      prompt,
      promptDigest: digest,
      suiteDigest: suite,
      runs: [{ status: 'failed', model: 'echo', assertions: [] }],
    }));
  return { models: [{ provider: 'echo', model: 'echo', tests }] };
}
