import { type Integrity, isDistTag, isPackageName, isVersion, parseIntegrity } from 'prompd/core';
import { z } from 'zod';
import { RequestError } from '../../domain/problem-document.js';

const MAX_MEMBERS = 50_000;
const bounded = <K extends z.ZodString, V extends z.ZodType>(key: K, value: V) =>
  z
    .record(key, value)
    .refine(all => Object.keys(all).length <= MAX_MEMBERS, `must not have more than ${MAX_MEMBERS} members`);

const message = z
  .string()
  .max(1000)
  .regex(/^[^\0]*$/, 'must not hold NUL');

const version = z.object({
  /** Empty takes the message away; false is what some clients send for none. */
  deprecated: z.union([message, z.literal(false)]).nullish(),
  dist: z.object({ integrity: z.string().max(1024).optional() }).optional(),
});

const attachment = z.object({ data: z.string(), length: z.number().int().nonnegative().optional() });

/**
 * What of a package's document that a client of npm's sends the registry looks at; the rest it knows better.
 * @see https://github.com/npm/registry/blob/main/docs/REGISTRY-API.md
 */
export const npmDocument = z.object({
  _rev: z.string().max(100).optional(),
  name: z.string().refine(isPackageName, 'is not a package name').optional(),
  'dist-tags': bounded(z.string().refine(isDistTag, 'is not a tag'), z.string().max(256)).optional(),
  versions: bounded(z.string().refine(isVersion, 'is not a version'), version).optional(),
  maintainers: z
    .array(z.object({ name: z.string().max(100) }))
    .max(1000)
    .optional(),
  access: z.enum(['public', 'restricted']).nullish(),
  _attachments: z.record(z.string().max(1024), attachment).optional(),
});

export type NpmDocument = z.infer<typeof npmDocument>;

/** A publication, as a document of npm's names it. */
export interface NpmPublication {
  readonly version: string;
  readonly tag: string;
  readonly access: 'public' | 'private' | undefined;
  readonly integrity: Integrity | undefined;
  readonly archive: Buffer;
}

/** Whether the document brings an archive. */
export function isPublication({ _attachments: attachments = {} }: NpmDocument): boolean {
  return Object.keys(attachments).length > 0;
}

/**
 * Takes a publication out of a document: one version, under one tag, with one archive.
 * @throws RequestError EBADREQUEST; PrompdError EBADINTEGRITY for an integrity that is no sha512
 */
export function publicationOf(document: NpmDocument): NpmPublication {
  const { versions = {}, _attachments: attachments = {}, access } = document;
  const [version, described] = only(Object.entries(versions), 'version');
  const [, archive] = only(Object.entries(attachments), 'attachment');
  const [tag, target] = only(Object.entries(document['dist-tags'] ?? { latest: version }), 'tag');
  if (target !== version) {
    throw new RequestError('EBADREQUEST', `The tag "${tag}" must name the version that is published.`, {
      facts: { tag, expected: version, found: target },
    });
  }
  const integrity = described.dist?.integrity;
  return {
    version,
    tag,
    access: access === 'restricted' ? 'private' : (access ?? undefined),
    integrity: integrity === undefined ? undefined : parseIntegrity(integrity),
    archive: decoded(archive),
  };
}

/** The message that a client wants shown for a version; null for none. */
export function wantedDeprecation({ deprecated }: z.infer<typeof version>): string | null {
  return deprecated || null;
}

function only<T>(all: readonly T[], what: string): T {
  const [first] = all;
  if (first !== undefined && all.length === 1) return first;
  throw new RequestError(
    'EBADREQUEST',
    `A publication has exactly one ${what}; this one has ${all.length}.`,
    { facts: { found: all.length } },
  );
}

/** Node's own decoder takes anything; what is not base64 was damaged on its way. */
function decoded({ data, length }: z.infer<typeof attachment>): Buffer {
  const bytes = /^[A-Za-z0-9+/]*={0,2}$/.test(data) ? Buffer.from(data, 'base64') : undefined;
  if (bytes !== undefined && (length === undefined || length === bytes.length)) return bytes;
  throw new RequestError('EBADREQUEST', 'The archive is not the base64 of as many bytes as it says.');
}
