import { readFileSync } from 'node:fs';

/** A part of the manifest's JSON Schema, as far as editors are told of it. */
export type SchemaNode = Readonly<Record<string, unknown>>;

const SCHEMA = new URL('../../prompd.schema.json', import.meta.url);
let root: SchemaNode | undefined;

/** The JSON Schema of prompd.json. */
function schema(): SchemaNode {
  root ??= asNode(JSON.parse(readFileSync(SCHEMA, 'utf8'))) ?? {};
  return root;
}

/** Every part of the schema that a place in the manifest can be of. @param path keys and indices from the outside */
export function schemasAt(path: readonly (string | number)[]): SchemaNode[] {
  return path.reduce<SchemaNode[]>(
    (nodes, step) => nodes.flatMap(node => branches(stepInto(node, step))),
    branches(schema()),
  );
}

/** The members that the schema names at a place, with what it says of each. */
export function membersAt(path: readonly (string | number)[]): ReadonlyMap<string, SchemaNode> {
  const found = new Map<string, SchemaNode>();
  for (const node of schemasAt(path)) {
    for (const [name, value] of Object.entries(asNode(node['properties']) ?? {})) {
      const member = asNode(value);
      if (member) found.set(name, { ...resolve(member), ...member });
    }
  }
  return found;
}

/** The values that the schema lists at a place. */
export function valuesAt(path: readonly (string | number)[]): unknown[] {
  return schemasAt(path).flatMap(node => {
    if (Array.isArray(node['enum'])) return node['enum'];
    if ('const' in node) return [node['const']];
    return node['type'] === 'boolean' ? [true, false] : [];
  });
}

/** What the schema says of a place, in a sentence. */
export function descriptionAt(path: readonly (string | number)[]): string | undefined {
  const [last] = path.slice(-1);
  const member = typeof last === 'string' ? membersAt(path.slice(0, -1)).get(last) : undefined;
  const words = [member, ...schemasAt(path)].map(node => node?.['description']);
  return words.find(word => typeof word === 'string');
}

/** The same part with what it refers to, and each of its alternatives. */
function branches(node: SchemaNode | undefined, depth = 0): SchemaNode[] {
  if (!node || depth > 10) return [];
  const full = resolve(node);
  const inner = ['anyOf', 'oneOf', 'allOf'].flatMap(key => (Array.isArray(full[key]) ? full[key] : []));
  return [full, ...inner.flatMap(branch => branches(asNode(branch), depth + 1))];
}

function stepInto(node: SchemaNode, step: string | number): SchemaNode | undefined {
  if (typeof step === 'number') return asNode(node['items']);
  const own = asNode(node['properties']);
  return (own && asNode(own[step])) ?? asNode(node['additionalProperties']);
}

function resolve(node: SchemaNode): SchemaNode {
  const reference = node['$ref'];
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return node;
  const target = reference
    .slice(2)
    .split('/')
    .reduce<SchemaNode | undefined>((inner, key) => asNode(inner?.[key]), schema());
  return target ? { ...target, ...node } : node;
}

function asNode(value: unknown): SchemaNode | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}
