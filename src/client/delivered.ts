import { z } from 'zod';
import { digestOf } from '../core/digest.js';
import { PrompdError } from '../core/errors.js';
import { COMPATIBILITY_STATUSES, type CompatibilityStatus } from '../core/model-policy.js';
import type { CompiledPrompt } from '../prompt/compiled-prompt.js';
import { parseCompiled } from '../prompt/compiled-schema.js';
import { nameOf, type Wanted } from './wanted.js';

const text = z.string().max(2_000);

const schema = z.object({
  package: z.string().max(214),
  prompt: z.string().max(128),
  version: z.string().max(256),
  tag: z.string().max(64).nullish(),
  digest: z.string().max(100),
  content: z.unknown(),
  contract: z.unknown(),
  publishedAt: text.nullish(),
  deprecated: text.nullish(),
  revokedAt: text.nullish(),
  split: z.object({ variant: z.enum(['a', 'b']) }).nullish(),
  compatibility: z.object({ model: text, status: z.enum(COMPATIBILITY_STATUSES) }).nullish(),
  stale: z.boolean().nullish(),
  age: z.number().nonnegative().nullish(),
});

/** That a prompt was not found to work with the model that was named. */
export interface CompatibilityNote {
  readonly model: string;
  readonly status: CompatibilityStatus;
}

/** What a registry delivered, after its digest was checked. */
export interface Delivered {
  readonly package: string;
  readonly prompt: string;
  readonly version: string;
  readonly tag: string | null;
  readonly digest: string;
  readonly content: CompiledPrompt;
  /** Its parameters and section ids, as the format states them. */
  readonly contract: unknown;
  readonly publishedAt?: string;
  readonly deprecated?: string;
  /** The side of a channel that is split over two versions. */
  readonly split?: { readonly variant: 'a' | 'b' };
  readonly compatibility?: CompatibilityNote;
}

/** What a registry said of how it knows. */
export interface RegistryView {
  readonly stale: boolean;
  /** Seconds since the registry itself read the answer. */
  readonly age: number;
}

/**
 * Reads an answer of the delivery protocol: from the network, from a file of the cache, or from a bootstrap file.
 * @param raw parsed JSON
 * @throws PrompdError EBADRESPONSE for anything else, or the answer to another question; EINTEGRITY when the content has
 *   not the digest that is named
 */
export function readDelivered(raw: unknown, wanted: Wanted): Delivered & { readonly view: RegistryView } {
  const parsed = schema.safeParse(raw);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') ?? '';
    throw unusable(wanted, `cannot be read at "${where.slice(0, 80) || 'the top'}"`);
  }
  const { content, digest, stale, age, publishedAt, deprecated, split, tag, revokedAt, ...rest } =
    parsed.data;
  const { compatibility } = rest;
  if (rest.package !== wanted.package || rest.prompt !== wanted.prompt)
    throw unusable(wanted, 'is of another prompt');
  if (wanted.version !== undefined && rest.version !== wanted.version)
    throw unusable(wanted, 'is of another version');
  if (wanted.tag !== undefined && tag !== wanted.tag) throw unusable(wanted, 'is of another channel');
  if (revokedAt != null) throw unusable(wanted, 'is of a version that was revoked');
  const found = digestOf(content);
  if (found !== digest) {
    throw new PrompdError(
      'EINTEGRITY',
      `The content of ${nameOf(wanted)} has not the digest that came with it.`,
      {
        facts: { prompt: nameOf(wanted), expected: digest, found },
      },
    );
  }
  if (!isCompiled(content)) throw unusable(wanted, 'has no content');
  return {
    package: rest.package,
    prompt: rest.prompt,
    version: rest.version,
    tag: tag ?? null,
    digest,
    content: frozen(content),
    contract: frozen(rest.contract),
    ...(publishedAt == null ? {} : { publishedAt }),
    ...(deprecated == null ? {} : { deprecated }),
    ...(split == null ? {} : { split }),
    ...(compatibility == null ? {} : { compatibility }),
    view: { stale: stale ?? false, age: age ?? 0 },
  };
}

/**
 * Nothing is taken out that a newer registry may have put in: the digest is that of all of it.
 * @throws PrompdError EPROMPT
 */
function isCompiled(content: unknown): content is CompiledPrompt {
  parseCompiled(content);
  return true;
}

/** Whoever gets it cannot change what the next one gets. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) frozen(member);
  }
  return value;
}

function unusable(wanted: Wanted, why: string): PrompdError {
  return new PrompdError('EBADRESPONSE', `The answer for ${nameOf(wanted)} ${why}.`, {
    facts: { prompt: nameOf(wanted) },
  });
}
