// Writes what the web interface knows of the API, from the server's OpenAPI document: the address of each operation, and
// the types of what it takes and gives. Runs with each build, after the server is compiled.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compile } from 'json-schema-to-typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const { allRoutes } = await import(serverModule('app.js'));
const { openApiDocument } = await import(serverModule('routes/openapi.js'));
const document = openApiDocument(allRoutes().filter(route => !route.path.startsWith('/npm/')));
const folder = path.join(root, 'registry-server/web/src/api');

const operations = Object.entries(document.paths).flatMap(([address, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ address, method, ...operation })),
);

const BANNER = '/* Made from the OpenAPI document of the registry by `scripts/web-api.mjs`. */\n';

write(
  'addresses.ts',
  `${BANNER}export const ADDRESSES = {\n${operations
    .map(({ operationId, method, address }) => `  ${operationId}: ['${method.toUpperCase()}', '${address}'],`)
    .join('\n')}\n} as const;\n`,
);

const schema = {
  title: 'Operations',
  type: 'object',
  additionalProperties: false,
  required: operations.map(({ operationId }) => operationId),
  properties: Object.fromEntries(operations.map(operation => [operation.operationId, shapeOf(operation)])),
  components: document.components,
};
// The library takes a member of that name for the keyword.
const HIDDEN = 'deprecated__';
const types = await compile(prepared(schema), 'Operations', {
  bannerComment: BANNER.trim(),
  additionalProperties: false,
  ignoreMinAndMaxItems: true,
  unknownAny: true,
  format: false,
});
write('operations.ts', types.replaceAll(HIDDEN, 'deprecated'));

function serverModule(name) {
  return pathToFileURL(path.join(root, 'registry-server/dist', name)).href;
}

function shapeOf({ parameters = [], requestBody, responses }) {
  const of = place => {
    const mine = parameters.filter(parameter => parameter.in === place);
    return mine.length === 0
      ? undefined
      : {
          type: 'object',
          additionalProperties: false,
          required: mine.filter(({ required }) => required).map(({ name }) => name),
          properties: Object.fromEntries(mine.map(({ name, schema }) => [name, loose(schema)])),
        };
  };
  const body = requestBody?.content?.['application/json']?.schema;
  const success = Object.entries(responses).find(([status]) => /^2/.test(status))?.[1];
  const members = {
    path: of('path'),
    query: of('query'),
    body,
    answer: success?.content?.['application/json']?.schema ?? {},
  };
  const there = Object.fromEntries(Object.entries(members).filter(([, member]) => member !== undefined));
  const optional = there.query && there.query.required.length === 0 ? ['query'] : [];
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(there).filter(key => !optional.includes(key)),
    properties: there,
  };
}

/** What stands in an address is text, also where the server makes a number of it. */
function loose(schema) {
  return schema.enum ? schema : { anyOf: [{ type: 'string' }, { type: 'number' }] };
}

/** Without titles, which would become the names of types also where two have the same. */
function prepared(value, key = '') {
  if (Array.isArray(value)) return value.map(item => prepared(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'title' || key === 'properties')
      .map(([name, member]) => [
        key === 'properties' && name === 'deprecated' ? HIDDEN : name,
        key === 'required' || name === 'required' ? hide(member) : prepared(member, name),
      ]),
  );
}

function hide(required) {
  return Array.isArray(required) ? required.map(name => (name === 'deprecated' ? HIDDEN : name)) : required;
}

function write(name, text) {
  const file = path.join(folder, name);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
}
