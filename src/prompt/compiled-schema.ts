import { z } from 'zod';
import { PrompdError } from '../core/errors.js';
import type { CompiledPrompt } from './compiled-prompt.js';
import { PARAMETER_TYPES, type PropertyRules, type ValueRules } from './parameter-type.js';

/** How deep rules of nested values may go; the format allows less. */
const MAX_DEPTH = 64;

const size = z.number().min(0).exactOptional();
const rules = {
  type: z.enum(PARAMETER_TYPES),
  enum: z.array(z.unknown()).exactOptional(),
  pattern: z.string().exactOptional(),
  min: z.number().exactOptional(),
  max: z.number().exactOptional(),
  minLength: size,
  maxLength: size,
  minItems: size,
  maxItems: size,
};
const inner: z.ZodType<ValueRules> = z.lazy(() => z.object({ ...rules, ...nested }));
const property: z.ZodType<PropertyRules> = z.lazy(() =>
  z.object({ ...rules, ...nested, required: z.boolean() }),
);
const nested = {
  items: inner.exactOptional(),
  properties: z.record(z.string(), property).exactOptional(),
};

const schema = z.object({
  messages: z.array(z.object({ role: z.string(), text: z.string() })),
  contexts: z.array(z.object({ text: z.string(), language: z.string() })),
  parameters: z.array(
    z.object({
      ...rules,
      ...nested,
      name: z.string(),
      required: z.boolean(),
      description: z.string().exactOptional(),
      default: z.unknown().exactOptional(),
      example: z.unknown().exactOptional(),
      errorMessage: z.string().exactOptional(),
    }),
  ),
  borrowed: z.array(z.string()),
  inputs: z.record(z.string(), z.unknown()),
  execution: z.record(z.string(), z.unknown()),
});

/**
 * Reads a compiled prompt that came from outside. That it is the one that was meant only its digest says.
 * @throws PrompdError EPROMPT
 */
export function parseCompiled(raw: unknown): CompiledPrompt {
  const parsed = isTooDeep(raw, MAX_DEPTH) ? undefined : schema.safeParse(raw);
  if (parsed?.success) return parsed.data;
  const [issue] = parsed?.error.issues ?? [];
  const where = issue?.path.join('.');
  throw new PrompdError('EPROMPT', `The compiled prompt cannot be read${where ? ` (${where})` : ''}.`, {
    facts: { place: where ?? '' },
    hint: 'It was damaged on its way, or made by another version of prompd.',
  });
}

function isTooDeep(value: unknown, left: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return left === 0 || Object.values(value).some(member => isTooDeep(member, left - 1));
}
