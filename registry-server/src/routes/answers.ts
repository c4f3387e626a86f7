import { AUDIT_SEVERITIES } from 'prompd/core';
import { z } from 'zod';
import { SCOPES } from '../domain/actor.js';
import { approval } from './approval-answers.js';

/** The shapes of answers, for the API's document. */
const access = z.enum(['public', 'private']);
const strings = z.array(z.string());
const textMap = z.record(z.string(), z.string());
const uplink = z.string().meta({ description: 'The uplink that the package is mirrored from' });

const dist = z
  .object({
    integrity: z.string().meta({ description: 'sha512 of the archive, as in Subresource Integrity' }),
    shasum: z.string(),
    tarball: z.string().meta({ description: 'Absolute address of the archive' }),
    size: z.number(),
    unpackedSize: z.number(),
    fileCount: z.number(),
    signatures: z
      .array(z.object({ keyid: z.string(), sig: z.string() }))
      .meta({ description: "By the registry, over `name@version:integrity`, as npm's are" }),
    authorSignatures: z
      .array(z.object({ keyid: z.string(), key: z.string(), sig: z.string() }))
      .optional()
      .meta({ description: 'By the author, as docs/signatures.md says' }),
  })
  .meta({ id: 'Dist' });

const versionEntry = z
  .object({
    name: z.string(),
    version: z.string(),
    description: z.string().optional(),
    license: z.string().optional(),
    dependencies: textMap,
    engines: textMap.optional(),
    prompts: textMap,
    deprecated: z.string().optional(),
    yanked: z.boolean().optional(),
    dist,
  })
  .meta({ id: 'VersionEntry' });

export const packument = z
  .object({
    name: z.string(),
    description: z.string(),
    'dist-tags': textMap,
    versions: z.record(z.string(), versionEntry),
    time: textMap,
    access,
    uplink: uplink.optional(),
    author: z.string(),
    category: z.string(),
    keywords: strings,
    downloads: z.number(),
    readme: z.string().nullable(),
    advisories: z
      .array(
        z.object({
          id: z.string(),
          severity: z.enum(AUDIT_SEVERITIES),
          title: z.string(),
          vulnerable: z.string(),
          patched: z.string().optional(),
        }),
      )
      .optional()
      .meta({ description: 'Those that hold, newest first' }),
  })
  .meta({ id: 'Packument' });

export const versionDetails = versionEntry
  .extend({
    access,
    manifest: z.record(z.string(), z.unknown()),
    readme: z.string().nullable(),
    publishedAt: z.string(),
    publishedBy: z.string(),
  })
  .meta({ id: 'Version' });

export const searchPage = z
  .object({
    total: z.number(),
    limit: z.number(),
    offset: z.number(),
    packages: z.array(
      z.object({
        name: z.string(),
        version: z.string(),
        description: z.string(),
        author: z.string(),
        category: z.string(),
        keywords: strings,
        downloads: z.number(),
        uplink: uplink.optional(),
        updated: z.string(),
      }),
    ),
  })
  .meta({ id: 'SearchPage' });

const facet = z.array(z.object({ value: z.string(), count: z.number() }));
export const facets = z
  .object({ categories: facet, authors: facet, keywords: facet })
  .meta({ id: 'Facets', description: 'At most 30 of each, most frequent first' });

export const receipt = z
  .object({
    name: z.string(),
    version: z.string(),
    integrity: z.string(),
    tag: z.string(),
    status: z.enum(['published', 'pending']),
    authorKeyid: z.string().optional(),
    approval: approval.optional().meta({ description: 'What a pending version waits for' }),
  })
  .meta({ id: 'Receipt' });

export const distTags = textMap.meta({ id: 'DistTags' });

export const distTagMoves = z.object({
  moves: z.array(
    z.object({
      tag: z.string(),
      from: z.string().nullable(),
      to: z.string().nullable(),
      actor: z.string(),
      movedAt: z.string(),
    }),
  ),
});

export const owners = z
  .object({ owners: z.array(z.object({ user: z.string(), addedBy: z.string(), addedAt: z.string() })) })
  .meta({ id: 'Owners' });

export const dependents = z
  .object({
    total: z.number(),
    packages: z.array(z.object({ name: z.string(), version: z.string(), range: z.string() })),
  })
  .meta({ id: 'Dependents' });

export const identity = z
  .object({ user: z.string(), name: z.string(), scopes: z.array(z.enum(SCOPES)) })
  .meta({ id: 'Identity' });

const tokenFields = {
  id: z.number(),
  name: z.string(),
  user: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
  cidrs: strings.meta({ description: 'Networks that it may be used from; none is all' }),
  packages: strings.meta({ description: 'Packages and scopes that it is for; none is all' }),
};
export const issuedToken = z.object({ token: z.string(), ...tokenFields }).meta({ id: 'IssuedToken' });
export const tokenList = z.object({ tokens: z.array(z.object(tokenFields)) });

export const registryKeys = z
  .object({
    keys: z.array(
      z.object({
        expires: z.string().nullable(),
        keyid: z.string(),
        keytype: z.string(),
        scheme: z.string(),
        key: z.string(),
      }),
    ),
  })
  .meta({ id: 'RegistryKeys' });

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    code: z.string(),
    detail: z.string(),
    instance: z.string().meta({ description: 'The id of the request, as in the header x-request-id' }),
    hint: z.string().optional(),
    facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), strings])),
    problems: z
      .array(
        z.object({
          code: z.string(),
          severity: z.enum(['error', 'warning']),
          message: z.string(),
          file: z.string(),
          line: z.number().optional(),
          column: z.number().optional(),
          hint: z.string().optional(),
        }),
      )
      .optional(),
    identical: z.boolean().optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' });
