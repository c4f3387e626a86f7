import type { DraftRules } from './model.js';
import { isRecord } from './structured-text.js';

/** Words that a line of Picoschema may begin with. */
const SCALARS = new Set(['string', 'number', 'integer', 'boolean', 'null', 'any']);
const JSON_TYPES = new Set([...SCALARS, 'object', 'array']);
const MAX_DEPTH = 15;

type Schema = Readonly<Record<string, unknown>>;

/** Told of the name of a schema that is registered in a program, not written in the file. */
export type NamedSchema = (name: string) => void;

/**
 * The JSON Schema of a schema as dotprompt files have it: Picoschema, or JSON Schema itself.
 * @see https://google.github.io/dotprompt/reference/picoschema/
 */
export function jsonSchemaOf(schema: unknown, named: NamedSchema): Schema {
  if (isRecord(schema)) {
    if (typeof schema['type'] === 'string' && JSON_TYPES.has(schema['type'])) return schema;
    if (isRecord(schema['properties'])) return { ...schema, type: 'object' };
  }
  return convert(schema, named, 0);
}

/** What Picoschema can say of a parameter, or of a member of one. */
interface Described extends DraftRules {
  readonly required?: boolean;
  readonly description?: string;
}

/**
 * Picoschema of rules, as far as it has words for them.
 * @param lost told the name of each rule that it has none for
 * @returns a field: its key with marks, and its value
 */
export function picoschemaOf(
  name: string,
  rules: Described,
  lost: (rule: string) => void,
): [string, unknown] {
  const mark = rules.required ? name : `${name}?`;
  const about = rules.description?.replace(/\s+/g, ' ').trim();
  const typed = (word: string) => `${mark}(${word}${about ? `, ${about.replace(/[()]/g, '')}` : ''})`;
  for (const rule of Object.keys(rules)) if (!SAID.has(rule)) lost(rule);
  if (rules.enum) return [typed('enum'), [...rules.enum]];
  if (rules.type === 'array') return [typed('array'), rules.items ? itemsOf(rules.items, lost) : 'any'];
  if (rules.type === 'object' && rules.properties)
    return [typed('object'), membersOf(rules.properties, lost)];
  const word = scalarWord(rules.type);
  return [mark, about ? `${word}, ${about}` : word];
}

const SAID = new Set([
  'name',
  'type',
  'required',
  'description',
  'default',
  'example',
  'enum',
  'items',
  'properties',
]);

function itemsOf(rules: DraftRules, lost: (rule: string) => void): unknown {
  for (const rule of Object.keys(rules))
    if (!['type', 'properties', 'items'].includes(rule)) lost(`items.${rule}`);
  if (rules.type === 'object' && rules.properties) return membersOf(rules.properties, lost);
  if (rules.type === 'array') lost('items of items');
  return scalarWord(rules.type);
}

function membersOf(
  properties: NonNullable<DraftRules['properties']>,
  lost: (rule: string) => void,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, rules]) => picoschemaOf(name, rules, lost)),
  );
}

function scalarWord(type: string): string {
  if (type === 'float') return 'number';
  if (type === 'file' || type === 'base64') return 'string';
  return SCALARS.has(type) ? type : 'any';
}

function convert(schema: unknown, named: NamedSchema, depth: number): Schema {
  if (depth > MAX_DEPTH) return {};
  if (typeof schema === 'string') return fromWord(schema, named);
  if (!isRecord(schema)) return {};
  const properties: [string, Schema][] = [];
  const required: string[] = [];
  for (const [key, value] of Object.entries(schema)) {
    if (key === '(*)') continue;
    const { name, optional, type, description } = readKey(key);
    if (!optional) required.push(name);
    const member =
      type === undefined ? convert(value, named, depth + 1) : typedMember(type, value, named, depth);
    properties.push([name, description === undefined ? member : { ...member, description }]);
  }
  return { type: 'object', properties: Object.fromEntries(properties), required };
}

function typedMember(type: string, value: unknown, named: NamedSchema, depth: number): Schema {
  if (type === 'array') return { type: 'array', items: convert(value, named, depth + 1) };
  if (type === 'enum') return { enum: Array.isArray(value) ? value : [] };
  return convert(value, named, depth + 1);
}

/** `tags?(array, what it is about)`. */
function readKey(key: string): { name: string; optional: boolean; type?: string; description?: string } {
  const open = key.indexOf('(');
  const word = open === -1 ? key : key.slice(0, open);
  const optional = word.endsWith('?');
  const name = optional ? word.slice(0, -1) : word;
  if (open === -1) return { name, optional };
  const [type = '', ...rest] = key.slice(open + 1, key.endsWith(')') ? -1 : undefined).split(',');
  const description = rest.join(',').trim();
  return { name, optional, type: type.trim(), ...(description ? { description } : {}) };
}

function fromWord(text: string, named: NamedSchema): Schema {
  const comma = text.indexOf(',');
  const word = (comma === -1 ? text : text.slice(0, comma)).trim();
  const about = comma === -1 ? '' : text.slice(comma + 1).trim();
  if (!SCALARS.has(word)) named(word);
  const type = word === 'any' || word === 'null' || !SCALARS.has(word) ? {} : { type: word };
  return { ...type, ...(about ? { description: about } : {}) };
}
