import { z } from 'zod';
import { projectParams } from './project-schemas.js';
import { definePackageRoute, defineProjectRoute } from './route.js';
import { count, packageParams, version } from './schemas.js';

const day = z.iso.date().optional();
const rangeQuery = z
  .strictObject({ from: day, to: day })
  .refine(
    ({ from, to }) => from === undefined || to === undefined || from <= to,
    'from must not be after to',
  );
const impactQuery = z.strictObject({ version: version.optional() });

const counted = z.number();
const statistics = z
  .object({
    total: counted,
    days: z.array(z.object({ day: z.string(), count: counted })),
    versions: z.array(z.object({ version: z.string(), count: counted })),
    clients: z
      .array(z.object({ client: z.string(), count: counted }))
      .meta({ description: 'By what asked, as far as it says so itself' }),
  })
  .meta({ id: 'Downloads' });
const impact = z
  .object({
    package: z.string(),
    version: z.string(),
    published: z.boolean(),
    tags: z.array(z.string()),
    freshness: z.object({ latest: z.string(), publishedAt: z.string(), days: counted }),
    dependents: z.object({
      total: counted,
      taking: counted,
      stranded: counted,
      packages: z.array(
        z.object({
          name: z.string(),
          version: z.string(),
          range: z.string(),
          takes: z.boolean(),
          instead: z.string().nullable(),
        }),
      ),
    }),
    downloads: statistics,
  })
  .meta({ id: 'Impact' });
const projectUse = z
  .object({
    days: z.array(z.object({ day: z.string(), downloads: counted, deliveries: counted })),
    packages: z.array(
      z.object({
        package: z.string(),
        latest: z.string(),
        publishedAt: z.string(),
        downloads: counted,
        deliveries: counted,
        feedback: counted,
      }),
    ),
  })
  .meta({ id: 'ProjectUsage' });

/** They stand before the routes of versions, as their addresses look alike. */
export const analyticsRoutes = [
  definePackageRoute({
    method: 'get',
    path: '/packages/:name/downloads',
    id: 'getDownloads',
    summary: 'Downloads of the last 30 days, or of those that are named, by day, version and client',
    action: 'package.read',
    params: packageParams,
    query: rangeQuery,
    answers: { 200: { description: 'The sums', schema: statistics } },
    async handle({ query, subject }, { services, response }) {
      response.json(await services.analytics.downloads(subject, query));
    },
  }),
  definePackageRoute({
    method: 'get',
    path: '/packages/:name/impact',
    id: 'getImpact',
    summary: 'What taking a version away, or adding it, would hit',
    action: 'package.read',
    params: packageParams,
    query: impactQuery,
    answers: { 200: { description: 'Dependents, tags and downloads', schema: impact } },
    async handle({ query, subject }, { actor, services, response }) {
      response.json(await services.analytics.impact(actor, subject, query.version));
    },
  }),
  defineProjectRoute({
    method: 'get',
    path: '/projects/:project/usage',
    id: 'getProjectUsage',
    summary: 'Downloads and deliveries of the last days by day and package of a project',
    action: 'usage.read',
    params: projectParams,
    query: z.strictObject({ days: count(365, 30) }),
    answers: { 200: { description: 'The sums', schema: projectUse } },
    async handle({ subject: { scope }, query: { days } }, { actor, services, response }) {
      await services.delivery.usage.flush();
      const use = await services.analytics.project(actor, scope, days);
      response.json({
        days: use.days,
        packages: use.packages.map(one => ({ ...one, publishedAt: one.publishedAt.toISOString() })),
      });
    },
  }),
];
