import { z } from 'zod';
import { compilePattern } from '../core/pattern.js';
import { checkJsonSchema } from './json-schema-check.js';

const MAX_TEXT = 100_000;
const MAX_SCHEMA = 64 * 1024;
const text = z.string().min(1).max(MAX_TEXT);
const share = z.number().min(0).max(1);

const schema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('contains'), value: text }),
  z.strictObject({ type: z.literal('not-contains'), value: text }),
  z.strictObject({ type: z.literal('equals'), value: z.string().max(MAX_TEXT) }),
  z.strictObject({ type: z.literal('regex'), value: text }),
  z.strictObject({ type: z.literal('json-schema'), value: z.union([z.boolean(), z.looseObject({})]) }),
  z.strictObject({ type: z.literal('similarity'), value: text, threshold: share.optional() }),
  z.strictObject({ type: z.literal('max-tokens'), value: z.int().min(0) }),
  z.strictObject({ type: z.literal('latency'), value: z.number().positive() }),
  z.strictObject({
    type: z.literal('judge'),
    value: text,
    threshold: share.optional(),
    prompt: z.string().min(1).max(300).optional(),
    provider: z.string().min(1).max(60).optional(),
    model: z.string().min(1).max(120).optional(),
  }),
]);

/** The kinds of statements. */
export const ASSERTION_TYPES = schema.options.map(({ shape }) => shape.type.value);

/** One statement about an answer. */
export type Assertion = z.infer<typeof schema>;
export type JudgeAssertion = Extract<Assertion, { type: 'judge' }>;

/** Least similarity where a test names none. */
export const DEFAULT_SIMILARITY = 0.8;

/**
 * Reads one statement of a package's test, and makes sure that it can be decided before a model is asked.
 * @returns the statement, or why it cannot be used
 */
export async function readAssertion(raw: unknown): Promise<Assertion | string> {
  const parsed = schema.safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const at = issue?.path.map(String).join('.');
    return `${at ? `"${at}": ` : ''}${issue?.message ?? 'it cannot be read'}`;
  }
  const assertion = parsed.data;
  if (assertion.type === 'regex') {
    const pattern = compilePattern(assertion.value);
    if (typeof pattern === 'string') return `the pattern cannot be used: ${pattern}`;
  }
  if (assertion.type === 'json-schema') {
    if (JSON.stringify(assertion.value).length > MAX_SCHEMA) return 'the schema is longer than 64 KiB';
    const answer = await checkJsonSchema({ schema: assertion.value });
    if (answer.kind === 'unusable') return `the schema cannot be used: ${answer.reason}`;
  }
  return assertion;
}
