import { z } from 'zod';
import { SORTS } from '../domain/search-query.js';
import { BATCH_LIMITS, MAX_PAGE } from '../settings.js';
import { openApiDocument } from './openapi.js';
import { defineRoute, type Route } from './route.js';
import { text } from './schemas.js';

const anything = z.record(z.string(), z.unknown());
const readinessQuery = z.strictObject({
  exclude: text(100)
    .optional()
    .transform(raw => raw?.split(',') ?? [])
    .pipe(z.array(z.enum(['database', 'blobs'])))
    .meta({ description: 'Parts that are not looked at, with commas between', example: 'database,blobs' }),
});

/** @param described the routes that the API's document is made of */
export function systemRoutes(described: readonly Route[]): readonly Route[] {
  const own = [
    defineRoute({
      method: 'get',
      path: '/.well-known/registry.json',
      id: 'describeRegistry',
      summary: 'What kind of registry this is and what it can do',
      action: 'registry.describe',
      answers: { 200: { description: 'The description', schema: anything } },
      async handle(_input, { services, response, baseUrl, limits }) {
        response.set('cache-control', 'public, max-age=300').json({
          name: 'prompd registry',
          kind: 'prompd',
          protocol: 1,
          url: baseUrl,
          capabilities: [
            'packument',
            'tarball',
            'publish',
            'dist-tags',
            'search',
            'deprecate',
            'yank',
            'unpublish',
            'owners',
            'projects',
            'approvals',
            'channels',
            'audit',
            'dependents',
            'whoami',
            'tokens',
            'users',
            'device-login',
            'trusted-publishing',
            'advisories',
            'webhooks',
            'compatibility',
            'transparency-log',
            'signatures',
            'author-signatures',
            'resolve',
            'tarballs',
            'delivery',
            'npm',
            ...(services.mirror.states().length > 0 ? ['uplinks'] : []),
          ],
          limits: {
            archiveBytes: limits.archiveBytes,
            pageSize: MAX_PAGE,
            batchTarballs: BATCH_LIMITS.tarballs,
          },
          search: { sorts: SORTS, filters: ['category', 'author', 'keyword'] },
          endpoints: {
            packages: '/packages',
            packument: '/packages/{name}',
            version: '/packages/{name}/{version}',
            tarball: '/packages/{name}/-/{file}',
            distTags: '/packages/{name}/dist-tags',
            owners: '/packages/{name}/owners',
            projects: '/projects',
            audit: '/audit',
            dependents: '/packages/{name}/dependents',
            whoami: '/whoami',
            tokens: '/tokens',
            users: '/users',
            jwks: '/.well-known/jwks.json',
            deviceAuthorization: '/device/authorize',
            token: '/auth/token',
            advisories: '/advisories',
            webhooks: '/webhooks',
            compatibility: '/packages/{name}/{version}/compatibility',
            compatibilityRuns: '/packages/{name}/{version}/compatibility-runs',
            log: '/log',
            keys: '/-/npm/v1/keys',
            resolve: '/-/resolve',
            tarballs: '/-/tarballs',
            delivery: '/delivery/{name}/{prompt}',
            deliveryEvents: '/delivery/events',
            npm: '/npm/',
            openapi: '/openapi.json',
          },
        });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/healthz',
      id: 'health',
      summary: 'Whether the process lives',
      action: 'registry.describe',
      answers: { 200: { description: 'It does', schema: anything } },
      async handle(_input, { response }) {
        response.set('cache-control', 'no-store').json({ status: 'ok' });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/readyz',
      id: 'readiness',
      summary: 'Whether database and blobs can be used',
      action: 'registry.describe',
      query: readinessQuery,
      answers: { 200: { description: 'They can', schema: anything }, 503: { description: 'They cannot' } },
      async handle({ query: { exclude } }, { services, response }) {
        response.set('cache-control', 'no-store');
        const parts = await services.readiness.check(exclude);
        // An uplink that is down is no reason to send requests elsewhere: what it gave is served.
        const uplinks = Object.fromEntries(services.mirror.states().map(({ name, state }) => [name, state]));
        response.json({ status: 'ok', parts, uplinks });
      },
    }),
  ];
  let document: ReturnType<typeof openApiDocument> | undefined;
  const openapi: Route = defineRoute({
    method: 'get',
    path: '/openapi.json',
    id: 'openapi',
    summary: 'This document',
    action: 'registry.describe',
    answers: { 200: { description: 'OpenAPI 3.1', schema: anything } },
    async handle(_input, { response }) {
      document ??= openApiDocument([...described, ...own, openapi]);
      response.set('cache-control', 'public, max-age=300').json(document);
    },
  });
  return [...own, openapi];
}
