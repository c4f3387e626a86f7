import { RE2JS } from 're2js';
import type { DraftRules, ValueType } from './model.js';
import { isRecord } from './structured-text.js';

/** Told of what a schema says and rules cannot. @param path of the schema's member, such as `items.format` */
export type SchemaLoss = (what: string, why: string) => void;

const MAX_DEPTH = 15;
const TYPES: Readonly<Record<string, ValueType>> = {
  string: 'string',
  text: 'string',
  str: 'string',
  integer: 'integer',
  int: 'integer',
  number: 'number',
  float: 'number',
  double: 'number',
  boolean: 'boolean',
  bool: 'boolean',
  array: 'array',
  list: 'array',
  object: 'object',
  dict: 'object',
  map: 'object',
  any: 'json',
  json: 'json',
};
/** Of a schema: rules here, or things that change nothing about which values fit. */
const KNOWN = new Set([
  ...[
    'type',
    'enum',
    'const',
    'pattern',
    'minimum',
    'maximum',
    'minLength',
    'maxLength',
    'minItems',
    'maxItems',
  ],
  ...[
    'items',
    'properties',
    'required',
    'description',
    'title',
    'default',
    'examples',
    'example',
    '$schema',
    '$id',
  ],
  ...['$comment', 'additionalProperties', 'nullable', 'name', 'kind', 'sample', 'is_required', 'enumValues'],
]);
const NUMBERS = [
  ['minimum', 'min'],
  ['maximum', 'max'],
] as const;
const COUNTS = ['minLength', 'maxLength', 'minItems', 'maxItems'] as const;

/** The type that a word stands for in one of the formats, if any. */
export function typeNamed(word: string): ValueType | undefined {
  const lower = word.toLowerCase();
  return Object.hasOwn(TYPES, lower) ? TYPES[lower] : undefined;
}

/** The rules of a JSON Schema, as far as a parameter's rules can say the same. */
export function rulesOf(schema: unknown, loss: SchemaLoss, depth = 0): DraftRules {
  if (!isRecord(schema)) return { type: 'json' };
  if (depth > MAX_DEPTH) {
    loss('schema', `It is nested more than ${MAX_DEPTH} deep; what lies deeper is not checked.`);
    return { type: 'json' };
  }
  for (const key of Object.keys(schema)) {
    if (!KNOWN.has(key))
      loss(`schema keyword "${key}"`, 'Rules of a parameter have nothing like it; it is not checked.');
  }
  const type = typeOf(schema, loss);
  const fixed = schema['const'] === undefined ? choicesOf(schema) : [schema['const']];
  return {
    type,
    ...(fixed ? enumRule(fixed, type, loss) : {}),
    ...patternRule(schema['pattern'], loss),
    ...numberRules(schema),
    ...(isRecord(schema['items']) ? { items: rulesOf(schema['items'], loss, depth + 1) } : {}),
    ...propertyRules(schema, loss, depth),
  };
}

/** The rules that fit an example. */
export function rulesFromSample(value: unknown): DraftRules {
  if (typeof value === 'string') return { type: 'string' };
  if (typeof value === 'boolean') return { type: 'boolean' };
  if (typeof value === 'number') return { type: Number.isSafeInteger(value) ? 'integer' : 'number' };
  if (Array.isArray(value)) {
    const kinds = new Set(value.map(item => rulesFromSample(item).type));
    const [only] = kinds;
    return {
      type: 'array',
      ...(kinds.size === 1 && only && only !== 'json' ? { items: { type: only } } : {}),
    };
  }
  return { type: isRecord(value) ? 'object' : 'json' };
}

/** Whether a value has a type. */
export function hasType(value: unknown, type: ValueType): boolean {
  switch (type) {
    case 'string':
    case 'file':
      return typeof value === 'string';
    case 'integer':
      return Number.isSafeInteger(value);
    case 'number':
    case 'float':
      return typeof value === 'number' && Number.isFinite(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isRecord(value);
    case 'json':
      return value !== undefined;
    case 'base64':
      return false;
  }
}

/** Whether a pattern is found in a text. @throws when it cannot be compiled */
export function matches(text: string, pattern: string): boolean {
  return RE2JS.compile(RE2JS.translateRegExp(pattern)).matcher(text).find();
}

function typeOf(schema: Readonly<Record<string, unknown>>, loss: SchemaLoss): ValueType {
  const raw = schema['type'] ?? schema['kind'];
  const words = (Array.isArray(raw) ? raw : [raw]).filter(
    word => typeof word === 'string' && word !== 'null',
  );
  const [word] = words;
  if (words.length > 1) {
    loss('schema type', `A parameter has one type, not ${words.join(' or ')}: any value fits.`);
    return 'json';
  }
  if (typeof word === 'string') {
    const type = typeNamed(word);
    if (type) return type;
    loss(`type "${word.slice(0, 40)}"`, 'Parameters have no such type: any value fits.');
    return 'json';
  }
  if (isRecord(schema['properties'])) return 'object';
  if (schema['items'] !== undefined) return 'array';
  const choices = choicesOf(schema);
  if (choices?.every(choice => typeof choice === 'string')) return 'string';
  return 'json';
}

function choicesOf(schema: Readonly<Record<string, unknown>>): readonly unknown[] | undefined {
  const choices = schema['enum'] ?? schema['enumValues'];
  return Array.isArray(choices) ? choices.filter(choice => choice !== null) : undefined;
}

function enumRule(
  choices: readonly unknown[],
  type: ValueType,
  loss: SchemaLoss,
): { enum: readonly unknown[] } | Record<string, never> {
  const fitting = choices.filter(choice => hasType(choice, type));
  if (fitting.length < choices.length)
    loss('schema enum', 'Choices that do not have the type were left out.');
  return fitting.length === 0 ? {} : { enum: fitting };
}

/** Patterns run in an engine of linear time, which has no look-around and no back-references. */
function patternRule(pattern: unknown, loss: SchemaLoss): { pattern?: string } {
  if (typeof pattern !== 'string') return {};
  try {
    if (pattern.length > 1000) throw new RangeError('too long');
    matches('', pattern);
    return { pattern };
  } catch {
    loss('schema pattern', 'It needs an engine with look-around or back-references; it is not checked.');
    return {};
  }
}

function numberRules(schema: Readonly<Record<string, unknown>>): Partial<DraftRules> {
  const rules: [string, number][] = [];
  for (const [from, to] of NUMBERS) {
    const value = schema[from];
    if (typeof value === 'number' && Number.isFinite(value)) rules.push([to, value]);
  }
  for (const key of COUNTS) {
    const value = schema[key];
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) rules.push([key, value]);
  }
  return Object.fromEntries(rules);
}

function propertyRules(
  schema: Readonly<Record<string, unknown>>,
  loss: SchemaLoss,
  depth: number,
): Pick<DraftRules, 'properties'> {
  const { properties, required } = schema;
  if (!isRecord(properties)) return {};
  const needed = new Set(Array.isArray(required) ? required : []);
  const entries = Object.entries(properties).map(
    ([name, member]) => [name, { ...rulesOf(member, loss, depth + 1), required: needed.has(name) }] as const,
  );
  return { properties: Object.fromEntries(entries) };
}
