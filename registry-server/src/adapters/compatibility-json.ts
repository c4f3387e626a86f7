import { COMPATIBILITY_STATUSES } from 'prompd/core';
import type { ModelName } from 'prompd/testing';
import { z } from 'zod';
import type { Evidence, EvidenceTest, RunOutcome } from '../domain/compatibility.js';
import type { RunError } from '../ports/compatibility-repository.js';

// What stands in the texts of the tables: this server wrote it, and an older one may have.
const models = z.array(z.object({ provider: z.string(), model: z.string() }));
const prompts = z.array(z.string());
const error = z.object({ code: z.string(), message: z.string() });
const outcome = z.array(
  z.object({
    prompt: z.string(),
    provider: z.string(),
    asked: z.string(),
    model: z.string(),
    status: z.enum(COMPATIBILITY_STATUSES),
    score: z.number().nullable(),
    reason: z.string().optional(),
  }),
);
const tests = z.array(
  z.object({
    name: z.string(),
    status: z.string(),
    runs: z.array(
      z.object({
        status: z.string(),
        latencyMs: z.number().optional(),
        tokens: z.number().optional(),
        answerDigest: z.string().optional(),
        excerpt: z.string().optional(),
        failures: z.array(z.string()),
        error: error.optional(),
      }),
    ),
    more: z.number().optional(),
  }),
);
const status = z.enum(COMPATIBILITY_STATUSES).exclude(['untested']);

export function readModels(text: string): readonly ModelName[] {
  return models.parse(JSON.parse(text));
}

export function readPrompts(text: string | null): readonly string[] | null {
  return text === null ? null : prompts.parse(JSON.parse(text));
}

export function readError(text: string | null): RunError | null {
  return text === null ? null : error.parse(JSON.parse(text));
}

export function readOutcome(text: string | null): readonly RunOutcome[] | null {
  return text === null ? null : outcome.parse(JSON.parse(text));
}

export function readTests(text: string): readonly EvidenceTest[] {
  return tests.parse(JSON.parse(text));
}

export function evidenceStatus(raw: string): Evidence['status'] {
  return status.parse(raw);
}
