import { AUDIT_SEVERITIES, auditSeverity, versionRange } from 'prompd/core';
import { z } from 'zod';
import { advisoryDocument, advisoryNumber } from '../domain/advisory.js';
import { defineRoute, type Route } from './route.js';
import { count, packageName, text } from './schemas.js';

const MAX_BULK_PACKAGES = 5000;
const MAX_BULK_VERSIONS = 1000;

const address = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .meta({ description: 'Where people read about it', example: 'https://example.com/advisories/1' });

const fields = {
  vulnerable: versionRange.meta({ description: 'The versions that it is about', example: '>=1.0.0 <1.0.3' }),
  severity: auditSeverity,
  title: text(200).min(1),
  text: text(20_000),
  patched: versionRange.nullable().meta({ description: 'The versions that are mended', example: '>=1.0.3' }),
  url: address.nullable(),
};

const advisoryBody = z
  .strictObject({
    ...fields,
    package: packageName,
    text: fields.text.default(''),
    patched: fields.patched.default(null),
    url: fields.url.default(null),
  })
  .meta({ id: 'NewAdvisory' });

const advisoryChanges = z
  .strictObject({
    vulnerable: fields.vulnerable.optional(),
    severity: fields.severity.optional(),
    title: fields.title.optional(),
    text: fields.text.optional(),
    patched: fields.patched.optional(),
    url: fields.url.optional(),
    withdrawn: z.boolean().optional(),
  })
  .meta({ id: 'AdvisoryChanges', description: 'What is named is changed; null removes.' });

const idParams = z.strictObject({
  id: z.string().max(100).meta({ example: 'PSA-2f6h-9cjm-xq3r' }),
});
const listQuery = z.strictObject({
  package: packageName.optional(),
  limit: count(250, 100),
  offset: count(100_000, 0),
});

const bulkBody = z
  .record(z.string().max(214), z.array(z.string().max(256)).max(MAX_BULK_VERSIONS))
  .refine(
    all => Object.keys(all).length <= MAX_BULK_PACKAGES,
    `must not have more than ${MAX_BULK_PACKAGES} packages`,
  )
  .meta({ id: 'InstalledVersions', description: 'Package name to the versions that are installed' });

const nullable = z.string().nullable();
const advisory = z
  .object({
    id: z.string(),
    package: z.string(),
    vulnerable: z.string(),
    severity: z.enum(AUDIT_SEVERITIES),
    title: z.string(),
    text: z.string(),
    patched: nullable,
    url: nullable,
    published: z.string(),
    updated: z.string(),
    withdrawn: nullable,
    publishedBy: z.string(),
  })
  .meta({ id: 'Advisory' });

const bulkAdvisory = z
  .object({
    id: z.union([z.string(), z.number()]).meta({ description: 'A number below /npm/' }),
    url: z.string(),
    title: z.string(),
    severity: z.enum(AUDIT_SEVERITIES),
    vulnerable_versions: z.string(),
    patched_versions: nullable,
    overview: z.string(),
    published: z.string(),
    cwe: z.array(z.string()),
    cvss: z.object({ score: z.number(), vectorString: nullable }),
  })
  .meta({ id: 'BulkAdvisory' });

export const advisoryRoutes = [
  defineRoute({
    method: 'get',
    path: '/advisories',
    id: 'listAdvisories',
    summary: 'Advisories, newest first; withdrawn ones say when they were',
    action: 'advisory.read',
    query: listQuery,
    answers: { 200: { description: 'The advisories', schema: z.object({ advisories: z.array(advisory) }) } },
    async handle({ query: { package: name, limit, offset } }, { actor, services, response }) {
      const found = await services.advisories.list(actor, { package: name, limit, offset });
      response
        .vary('authorization')
        .set('cache-control', 'no-cache')
        .json({ advisories: found.map(advisoryDocument) });
    },
  }),
  defineRoute({
    method: 'get',
    path: '/advisories/:id',
    id: 'getAdvisory',
    summary: 'One advisory',
    action: 'advisory.read',
    params: idParams,
    answers: { 200: { description: 'The advisory', schema: advisory } },
    async handle({ params: { id } }, { actor, services, response }) {
      const found = await services.advisories.find(actor, id);
      response.vary('authorization').set('cache-control', 'no-cache').json(advisoryDocument(found));
    },
  }),
  defineRoute({
    method: 'post',
    path: '/advisories',
    id: 'publishAdvisory',
    summary: 'Warn of versions of a package',
    action: 'advisory.publish',
    body: advisoryBody,
    answers: { 201: { description: 'It is published', schema: advisory } },
    async handle({ body: { package: name, ...body } }, { actor, services, response }) {
      response.status(201).json(advisoryDocument(await services.advisories.publish(actor, name, body)));
    },
  }),
  defineRoute({
    method: 'put',
    path: '/advisories/:id',
    id: 'changeAdvisory',
    summary: 'Change what an advisory says, or withdraw it',
    action: 'advisory.publish',
    params: idParams,
    body: advisoryChanges,
    answers: { 200: { description: 'The advisory after the change', schema: advisory } },
    async handle({ params: { id }, body }, { actor, services, response }) {
      response.json(advisoryDocument(await services.advisories.change(actor, id, body)));
    },
  }),
  bulkRoute('', 'findAdvisories'),
];

/** The advisories that hold for what is installed; npm's clients ask below the address that they know. */
export function bulkRoute(prefix: '' | '/npm', id: string): Route {
  return defineRoute({
    method: 'post',
    path: `${prefix}/-/npm/v1/security/advisories/bulk`,
    id,
    summary: 'The advisories that hold for installed versions, as "npm audit" asks for them',
    action: 'advisory.read',
    body: bulkBody,
    answers: {
      200: { description: 'Package name to advisories', schema: z.record(z.string(), z.array(bulkAdvisory)) },
    },
    async handle({ body }, { actor, services, response, baseUrl }) {
      const found = await services.advisories.affecting(actor, new Map(Object.entries(body)));
      response.vary('authorization').set('cache-control', 'no-cache');
      response.json(
        Object.fromEntries(
          [...found].map(([name, advisories]) => [
            name,
            advisories.map(
              ({ id, url, title, severity, vulnerable, patched, text: overview, published }) => ({
                // pnpm from 11 on drops an advisory without a word when this is no number.
                id: prefix === '' ? id : advisoryNumber(id),
                url: url ?? `${baseUrl}/advisories/${id}`,
                title,
                severity,
                vulnerable_versions: vulnerable,
                patched_versions: patched ?? null,
                overview,
                published,
                cwe: [],
                cvss: { score: 0, vectorString: null },
              }),
            ),
          ]),
        ),
      );
    },
  });
}
