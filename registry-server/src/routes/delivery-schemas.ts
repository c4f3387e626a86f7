import { COMPATIBILITY_STATUSES } from 'prompd/core';
import { z } from 'zod';
import { DELIVERY } from '../settings.js';
import { count, distTag, packageName, text, version } from './schemas.js';

/** An id of a prompt in a manifest. */
const promptId = text(214).min(1).meta({ description: 'Id of a prompt of the package', example: 'summary' });
const selection = {
  tag: distTag.optional().meta({ description: 'A channel; `latest` where neither tag nor version is named' }),
  version: text(256).optional().meta({ description: 'An exact version, or a range', example: '1.2.0' }),
  model: text(200).min(1).optional().meta({
    description: 'Takes the variant that the package has for it, if any',
    example: 'claude-sonnet-4-5',
  }),
  key: text(DELIVERY.key)
    .min(1)
    .optional()
    .meta({ description: 'Tells users apart where the channel is split: each keeps its version' }),
};

export const deliveryParams = z.strictObject({ name: packageName, prompt: promptId });
export const deliveryQuery = z.strictObject(selection);
export const renderBody = z
  .strictObject({
    ...selection,
    parameters: z.record(z.string().max(200), z.unknown()).default({}),
    preview: z
      .boolean()
      .default(false)
      .meta({ description: 'Whether somebody only looks at it: it is not counted as used' }),
  })
  .meta({ id: 'RenderRequest' });
export const batchBody = z
  .strictObject({
    prompts: z
      .array(z.strictObject({ ...selection, package: packageName, prompt: promptId }))
      .min(1)
      .max(DELIVERY.batch),
  })
  .meta({ id: 'DeliveryBatch' });

export const eventsQuery = z.strictObject({
  packages: text(60_000)
    .optional()
    .transform(raw => raw?.split(',').filter(name => name !== ''))
    .pipe(z.array(packageName).max(DELIVERY.streamPackages).optional())
    .meta({ description: 'Names with commas between; all that the caller may see by default' }),
  lastEventId: text(32)
    .optional()
    .meta({ description: 'As the header `Last-Event-ID`, for those who cannot send it' }),
});

const outcome = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'must be a short word of small letters, digits and . _ -')
  .meta({ description: 'What came of it, in words of the application', example: 'accepted' });

export const feedbackBody = z
  .strictObject({
    package: packageName,
    prompt: promptId,
    version,
    key: selection.key,
    outcome,
    score: z.number().min(-1e12).max(1e12).optional(),
    note: text(2000).optional(),
  })
  .meta({ id: 'DeliveryFeedback' });

export const sinceQuery = z.strictObject({ days: count(3650, 30) });

export const splitBody = z
  .strictObject({
    version,
    weight: z
      .number()
      .int()
      .min(1)
      .max(99)
      .meta({ description: 'Percent of the readers that get the version' }),
    reason: text(1000).min(1).optional(),
  })
  .meta({ id: 'ChannelSplit' });

const provenance = {
  stale: z.boolean().meta({ description: 'The database could not be asked whether it still holds' }),
  source: z.enum(['memory', 'redis', 'database']),
  servedAt: z.string(),
  age: z.number().meta({ description: 'Seconds since it was read from the database' }),
};
const identity = {
  package: z.string(),
  prompt: z.string(),
  version: z.string(),
  tag: z.string().nullable(),
  variant: z
    .string()
    .nullable()
    .meta({ description: 'The file that stands in for the prompt, for the model that was named' }),
  digest: z.string().meta({ description: 'Of the canonical JSON of `content`' }),
  publishedAt: z.string(),
  deprecated: z.string().optional(),
  compatibility: z
    .object({ model: z.string(), status: z.enum(COMPATIBILITY_STATUSES) })
    .optional()
    .meta({ description: 'There where the prompt was not found to work with the model that was named' }),
  split: z
    .object({
      variant: z.enum(['a', 'b']),
      weight: z.number(),
      versions: z.object({ a: z.string(), b: z.string() }),
      key: z.string().optional(),
    })
    .optional(),
};

const rule = z.number().optional();
const parameter = z
  .looseObject({
    name: z.string(),
    type: z.string(),
    required: z.boolean(),
    description: z.string().optional(),
    default: z.unknown().optional(),
    example: z.unknown().optional(),
    enum: z.array(z.unknown()).optional(),
    pattern: z.string().optional(),
    min: rule,
    max: rule,
    minLength: rule,
    maxLength: rule,
  })
  .meta({ id: 'DeliveredParameter' });

export const deliveryAnswer = z
  .object({
    ...identity,
    content: z
      .looseObject({ parameters: z.array(parameter) })
      .meta({ description: 'The prompt with all that it is made of, as docs/delivery.md says' }),
    contract: z.record(z.string(), z.unknown()),
    ...provenance,
  })
  .meta({ id: 'Delivery' });

export const renderAnswer = z
  .object({
    messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
    text: z.string(),
    ...identity,
    ...provenance,
  })
  .meta({ id: 'RenderedPrompt' });

export const batchAnswer = z.object({
  results: z.array(z.looseObject({ status: z.number() })).meta({
    description: 'In the order of the request: a delivery, or a status and its problem',
  }),
});

export const usageAnswer = z.object({
  usage: z.array(
    z.object({
      day: z.string(),
      version: z.string(),
      prompt: z.string(),
      tag: z.string(),
      token: z.string(),
      count: z.number(),
    }),
  ),
});

export const feedbackAnswer = z.object({
  feedback: z.array(
    z.object({
      version: z.string(),
      prompt: z.string(),
      outcome: z.string(),
      count: z.number(),
      keys: z.number(),
      scored: z.number(),
      meanScore: z.number().nullable(),
      lowestScore: z.number().nullable(),
      highestScore: z.number().nullable(),
    }),
  ),
});

const split = z.object({ version: z.string(), weight: z.number() }).nullable();
export const splitAnswer = z.object({
  tag: z.string(),
  split,
  history: z.array(
    z.object({
      from: split,
      to: split,
      actor: z.string(),
      reason: z.string().nullable(),
      movedAt: z.string(),
    }),
  ),
});
