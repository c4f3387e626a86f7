import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { problem } from './answers.js';
import type { Route } from './route.js';

const ARCHIVE = { schema: { type: 'string' as const, format: 'binary' } };

/** The OpenAPI document of the routes, from the schemas that check their requests. */
export function openApiDocument(routes: readonly Route[]): ReturnType<typeof createDocument> {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'prompd registry',
      version: '1',
      description: 'Publish, search and serve prompt packages. Every error is a problem document (RFC 9457).',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths,
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  });
}

function operation(route: Route): ZodOpenApiOperationObject {
  const answers = Object.entries(route.answers).map(([status, { description, schema, contentType }]) => {
    const content = schema
      ? { 'application/json': { schema } }
      : contentType === undefined
        ? undefined
        : { [contentType]: ARCHIVE };
    return [status, content ? { description, content } : { description }] as const;
  });
  const open = [
    'registry.describe',
    'registry.search',
    'package.read',
    'advisory.read',
    'log.read',
    'identity.sign-in',
  ].includes(route.action);
  return {
    operationId: route.id,
    summary: route.summary,
    security: open ? [{}, { token: [] }] : [{ token: [] }],
    requestParams: { path: route.params, query: route.query },
    ...(route.body
      ? { requestBody: { required: true, content: { 'application/json': { schema: route.body } } } }
      : {}),
    ...(route.upload ? { requestBody: { required: true, content: { 'application/gzip': ARCHIVE } } } : {}),
    responses: {
      ...Object.fromEntries(answers),
      default: { description: 'A problem', content: { 'application/problem+json': { schema: problem } } },
    },
  };
}
