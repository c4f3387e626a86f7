import { digestOf } from 'prompd/core';
import { z } from 'zod';
import type { Delivered } from '../../domain/delivery.js';

const version = z.object({
  version: z.string(),
  variant: z.string().nullable(),
  digest: z.string(),
  content: z.string(),
  contract: z.string(),
  publishedAt: z.string(),
  deprecated: z.string().nullable(),
  privateSources: z.array(z.string()),
});

const schema = z.object({
  a: version,
  split: z.object({ b: version, weight: z.number().int().min(1).max(99) }).optional(),
  readAt: z.number(),
});

/** What is delivered, as servers keep it for each other. */
export function deliveredText(delivered: Delivered): string {
  return JSON.stringify(delivered);
}

/** @returns undefined for what nobody here wrote, or what was damaged: it counts as not kept */
export function deliveredFrom(text: string): Delivered | undefined {
  try {
    const { a, split, readAt } = schema.parse(JSON.parse(text));
    for (const one of split ? [a, split.b] : [a]) {
      JSON.parse(one.contract);
      if (digestOf(JSON.parse(one.content)) !== one.digest) return undefined;
    }
    return { a, split, readAt };
  } catch {
    return undefined;
  }
}
