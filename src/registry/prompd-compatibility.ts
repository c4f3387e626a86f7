import { z } from 'zod';
import { COMPATIBILITY_STATUSES } from '../core/model-policy.js';
import type { RegistryCompatibility, TestedTarget } from './compatibility.js';
import type { HttpAnswer, HttpClient, HttpRequest } from './http.js';
import { readAnswer } from './json-answer.js';
import { jsonLimits } from './json-limits.js';
import { answerError, readProblem } from './problem-document.js';
import { asker } from './prompd-ask.js';
import { JSON_TYPES } from './prompd-changes.js';

const text = z.string().max(1000);
const matrixSchema = z.object({
  package: text,
  version: text,
  prompts: z
    .array(
      z.object({
        prompt: text,
        digest: text.nullable(),
        suite: text.nullable(),
        problem: z.string().max(10_000).optional(),
        models: z
          .array(
            z.object({
              provider: text,
              asked: text,
              model: text.nullable(),
              variant: text.optional(),
              status: z.enum(COMPATIBILITY_STATUSES),
              expired: z.boolean(),
              evidence: z
                .object({
                  score: z.number().min(0).max(1),
                  source: text,
                  testedBy: text,
                  version: text,
                  testedAt: text,
                  expiresAt: text,
                })
                .nullable(),
            }),
          )
          .max(10_000),
      }),
    )
    .max(10_000),
});

const receiptSchema = z.object({
  recorded: z.array(z.object({ prompt: text, model: text, status: text })).max(100_000),
  untested: z.array(z.object({ prompt: text, model: text, reason: z.string().max(100_000) })).max(100_000),
});

const runSchema = z.object({
  id: text,
  package: text,
  version: text,
  models: z.array(z.object({ provider: text, model: text })).max(1000),
  state: text,
  requestedBy: text,
  requestedAt: text,
  total: z.int().nullable(),
  done: z.int(),
  outcome: z
    .array(
      z.object({
        prompt: text,
        provider: text,
        asked: text,
        model: text,
        status: z.enum(COMPATIBILITY_STATUSES),
        score: z.number().min(0).max(1).nullable(),
        reason: z.string().max(100_000).optional(),
      }),
    )
    .max(100_000)
    .nullable(),
  error: z.object({ code: text, message: z.string().max(100_000) }).nullable(),
  finishedAt: text.nullable(),
});
const runsSchema = z.object({ runs: z.array(runSchema).max(1000) });

/** What a registry that speaks prompd's own protocol knows of prompts and models. */
export function prompdCompatibility(http: HttpClient, registryUrl: string): RegistryCompatibility {
  const ask = (
    method: HttpRequest['method'],
    { of, body }: { of: TestedTarget; body?: object },
  ): Promise<HttpAnswer> => {
    const url = new URL(`${pathOf(of)}/compatibility`, registryUrl);
    return http.send({
      method,
      url,
      headers: { accept: JSON_TYPES, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: Buffer.from(JSON.stringify(body)) } : {}),
      // A report that is there twice says no more than once.
      ...jsonLimits(url),
    });
  };
  const askRun = asker(http, registryUrl, 'the runs');
  const runsOf = (of: TestedTarget) => `${pathOf(of)}/compatibility-runs`;
  const one = (id: string) => `compatibility-runs/${encodeURIComponent(id)}`;
  const named = (id: string) => `run "${id.slice(0, 100)}"`;
  return {
    async start(of, models) {
      const options = { body: { models }, subject: subjectOf(of) };
      return readAnswer(await askRun('POST', runsOf(of), options), runSchema);
    },
    async runs(of) {
      return readAnswer(await askRun('GET', runsOf(of), { subject: subjectOf(of) }), runsSchema).runs;
    },
    run: async id => readAnswer(await askRun('GET', one(id), { subject: named(id) }), runSchema),
    cancel: async id => readAnswer(await askRun('DELETE', one(id), { subject: named(id) }), runSchema),
    async matrix(of) {
      const answer = await ask('GET', { of });
      if (answer.status === 200) return readAnswer(answer, matrixSchema);
      if (answer.status === 404 && readProblem(answer)?.code === 'ENOROUTE') return undefined;
      throw answerError(answer, subjectOf(of), registryUrl);
    },
    async report(of, models) {
      const answer = await ask('POST', { of, body: { models } });
      if (answer.status === 201) return readAnswer(answer, receiptSchema);
      throw answerError(answer, subjectOf(of), registryUrl);
    },
  };
}

/** Relative to the registry's address. */
function pathOf(of: TestedTarget): string {
  if ('request' in of) return `approvals/${encodeURIComponent(of.request)}`;
  return `packages/${encodeURIComponent(of.name)}/${encodeURIComponent(of.selector)}`;
}

function subjectOf(of: TestedTarget): string {
  return 'request' in of ? `request "${of.request.slice(0, 100)}"` : `${of.name}@${of.selector}`;
}
