import { MAX_LOG_PACKAGES } from 'prompd/core';
import { HASH_BYTES } from 'prompd/verify';
import { z } from 'zod';
import { MAX_PAGE } from '../settings.js';
import { defineRoute } from './route.js';
import { count, packageName, version, wholeNumber } from './schemas.js';

const MAX_SIZE = 999_999_999;

const size = z.int().min(0).max(MAX_SIZE);
const leafParams = z.strictObject({
  hash: z
    .string()
    .regex(new RegExp(`^[0-9a-f]{${HASH_BYTES * 2}}$`), 'must be 64 hex digits')
    .meta({ description: 'Hash of a leaf, in hex' }),
});
const sizeQuery = z.strictObject({ size: wholeNumber(MAX_SIZE).optional() });
const consistencyQuery = z.strictObject({
  first: count(MAX_SIZE, 0),
  second: wholeNumber(MAX_SIZE).optional(),
});
const entriesQuery = z.strictObject({ start: count(MAX_SIZE, 0), limit: count(MAX_PAGE, 100) });
const proofsBody = z
  .strictObject({
    from: size.optional().meta({ description: 'Leaves of the tree that the caller remembers' }),
    packages: z
      .array(z.strictObject({ name: packageName, version }))
      .max(MAX_LOG_PACKAGES)
      .default([]),
  })
  .meta({ id: 'ProofsRequest' });

const hash = z.string().meta({ description: '32 bytes in base64' });
const path = z.array(hash).meta({ description: 'Hashes as RFC 6962 orders them' });
const head = z
  .object({
    size: z.number(),
    root: hash,
    timestamp: z.number().meta({ description: 'Milliseconds since 1970' }),
    publicKey: z.string().meta({ description: 'SubjectPublicKeyInfo of an Ed25519 key, DER in base64' }),
    signature: z.string().meta({ description: 'Of the TreeHeadSignature of RFC 6962, in base64' }),
  })
  .meta({ id: 'SignedTreeHead' });
const leaf = z
  .object({
    name: z.string(),
    version: z.string(),
    integrity: z.string(),
    publishedAt: z.string(),
    nonce: z.string(),
  })
  .meta({ id: 'LogLeaf' });

export const logRoutes = [
  defineRoute({
    method: 'get',
    path: '/log',
    id: 'getTreeHead',
    summary: 'The signed head of the log of everything published',
    action: 'log.read',
    answers: { 200: { description: 'The head', schema: head } },
    async handle(_input, { services, response }) {
      response.set('cache-control', 'no-cache').json(await services.log.head());
    },
  }),
  defineRoute({
    method: 'get',
    path: '/log/entries',
    id: 'listLogEntries',
    summary: 'Leaves of the log in their order; of a package that the caller may not see, the hash alone',
    action: 'log.read',
    query: entriesQuery,
    answers: {
      200: {
        description: 'The leaves',
        schema: z.object({
          entries: z.array(z.object({ index: z.number(), hash, leaf: leaf.nullable() })),
        }),
      },
    },
    async handle({ query }, { actor, services, response }) {
      const entries = await services.log.entries(actor, query);
      response.vary('authorization').set('cache-control', 'no-cache');
      response.json({
        entries: entries.map(({ index, leafHash, leaf: said }) => ({
          index,
          hash: leafHash.toString('base64'),
          leaf: said ?? null,
        })),
      });
    },
  }),
  defineRoute({
    method: 'get',
    path: '/log/leaves/:hash',
    id: 'proveLeaf',
    summary: 'The proof that a leaf of this hash stands in the log',
    action: 'log.read',
    params: leafParams,
    query: sizeQuery,
    answers: {
      200: {
        description: 'Where it stands, and its path',
        schema: z.object({ index: z.number(), size: z.number(), path }),
      },
    },
    async handle({ params, query }, { services, response }) {
      const proof = await services.log.leaf(Buffer.from(params.hash, 'hex'), query.size);
      response.set('cache-control', 'no-cache').json({ ...proof, path: inBase64(proof.path) });
    },
  }),
  defineRoute({
    method: 'get',
    path: '/log/consistency',
    id: 'proveConsistency',
    summary: 'The proof that one tree is the beginning of another',
    action: 'log.read',
    query: consistencyQuery,
    answers: {
      200: {
        description: 'The path between the two',
        schema: z.object({ first: z.number(), second: z.number(), path }),
      },
    },
    async handle({ query: { first, second } }, { services, response }) {
      const proof = await services.log.consistency(first, second);
      response.set('cache-control', 'no-cache').json({ ...proof, path: inBase64(proof.path) });
    },
  }),
  defineRoute({
    method: 'post',
    path: '/log/proofs',
    id: 'proveVersions',
    summary: 'Head, consistency with a remembered head, and the inclusion of versions, in one answer',
    action: 'log.read',
    body: proofsBody,
    answers: {
      200: {
        description: 'What is not in the log, or not for the caller to know, is left out of the inclusions',
        schema: z.object({
          head,
          consistency: path.nullable(),
          inclusions: z.array(leaf.omit({ integrity: true }).extend({ index: z.number(), path })),
        }),
      },
    },
    async handle({ body: { from, packages } }, { actor, services, response }) {
      const proofs = await services.log.proofs(actor, { from, packages });
      response.vary('authorization').set('cache-control', 'no-store');
      response.json({
        ...proofs,
        consistency: proofs.consistency === null ? null : inBase64(proofs.consistency),
        inclusions: proofs.inclusions.map(({ integrity: _known, ...inclusion }) => ({
          ...inclusion,
          path: inBase64(inclusion.path),
        })),
      });
    },
  }),
];

function inBase64(hashes: readonly Buffer[]): string[] {
  return hashes.map(each => each.toString('base64'));
}
